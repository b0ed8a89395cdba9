public import Host
import Kernel
public import Logging
import Synchronization

/// Whose secret it is that a client shows: the token of the first start, or one of `STATE/tokens`, which is read again when it
/// has changed.
public final class Credentials: Sendable {
    private let first: SHA256Digest?
    private let file: TokenTableFile
    private let logger: Logger
    private let known: Mutex<Known>

    /// Who holds a secret, and what it is good for.
    public struct Holder: Hashable, Sendable {
        public let name: String
        public let scopes: Set<Principal.Scope>

        public init(name: String, scopes: Set<Principal.Scope>) {
            self.name = name
            self.scopes = scopes
        }
    }

    private struct Known: Sendable {
        var stamp: FileStamp?
        var tokens: [TokenTable.Token]
    }

    /// The name of the token of the first start.
    public static let firstName = "admin"

    /// - Throws: where the table cannot be trusted: a start shall say so.
    public init(first token: [UInt8], directory: String, logger: Logger) throws(TokenFile.TokenError) {
        first = SHA256Digest(of: token)
        file = TokenTableFile(in: directory)
        self.logger = logger
        let stamp = FileStamp(of: file.path)
        known = Mutex(Known(stamp: stamp, tokens: try file.read().tokens))
    }

    public func holder(of secret: [UInt8]) -> Holder? {
        guard let digest = SHA256Digest(of: secret) else { return nil }
        // All are compared: the time does not tell which one was met.
        let isFirst = first.map { $0.isEqualInConstantTime(to: digest) } ?? false
        let found = tokens().filter { $0.digest.isEqualInConstantTime(to: digest) }.first
        if isFirst { return Holder(name: Self.firstName, scopes: [.admin]) }
        return found.map { Holder(name: $0.name, scopes: Set($0.scopes.compactMap(Principal.Scope.init(rawValue:)))) }
    }

    private func tokens() -> [TokenTable.Token] {
        let stamp = FileStamp(of: file.path)
        if let kept = known.withLock({ $0.stamp == stamp ? $0.tokens : nil }) { return kept }
        do {
            let fresh = try file.read().tokens
            logger.info("\(file.path): \(fresh.count) tokens")
            known.withLock { $0 = Known(stamp: stamp, tokens: fresh) }
            return fresh
        } catch {
            // A table that cannot be trusted gives nobody a right; the token of the first start stays.
            logger.error("none of its tokens counts: \(error)")
            // One that could not be read may be read by the next who asks: no descriptor was free.
            if !error.mayPass { known.withLock { $0 = Known(stamp: stamp, tokens: []) } }
            return []
        }
    }
}
