public import Store

/// Who asks, as far as we know it, and what that one may do.
public struct Principal: Hashable, Sendable {
    /// A token's name or `uid 1000`; nil for a client without a credential.
    public var name: String?
    public var scopes: Set<Scope>
    /// `127.0.0.1:41022`, or `unix`.
    public var address: String?

    public enum Scope: String, Hashable, Sendable, CaseIterable {
        /// Sees process lists, quotes of the log and what needs rights to read, off loopback too.
        case read
        case protect
        case tune
        /// All of the others, tokens, and other owners' leases.
        case admin
    }

    public init(name: String?, scopes: Set<Scope>, address: String?) {
        self.name = name
        self.scopes = scopes
        self.address = address
    }

    public func may(_ scope: Scope) -> Bool { scopes.contains(scope) || scopes.contains(.admin) }

    public var who: AuditEntry.Who { AuditEntry.Who(name: name, address: address) }

    /// What the daemon does by itself.
    public static let daemon = Principal(name: AuditEntry.Who.daemon.name, scopes: [.admin], address: nil)
}
