public import Kernel

/// Where a process stands among units and cgroups, as far as policies ask for it.
public struct PolicyPlace: Hashable, Sendable {
    /// The unit of the system's manager: what comes first behind the slices. Only root makes those.
    ///
    /// Below it a service, a container or a user's manager may make groups of any name, which are not taken for units.
    public let unit: ArraySlice<UInt8>?
    /// The last name of the path, for a unit of a user's manager.
    public let innermost: ArraySlice<UInt8>?
    public let group: CgroupPath
    /// Below `user.slice`: whoever logs in has a say there.
    public let isOfUser: Bool

    ///     /system.slice/system-postgresql.slice/postgresql@15-main.service
    public init?(of membership: CgroupMembership) {
        guard let memory = membership.memory?.path else { return nil }
        let managed =
            membership.hierarchies.first { $0.controllers.contains("name=systemd") }
            ?? membership.hierarchies.first { $0.number == 0 }
        let parts = managed.map { $0.path.bytes.split(separator: Self.slash) } ?? []
        let first = parts.first { !$0.ends(with: ".slice") }
        unit = first.flatMap { Self.isUnit($0) ? $0 : nil }
        innermost = parts.last.flatMap { Self.isUnit($0) ? $0 : nil }
        group = memory
        isOfUser = [managed?.path ?? memory, memory].contains { path in
            path.bytes.split(separator: Self.slash, maxSplits: 1).first?.elementsEqual("user.slice".utf8) == true
        }
    }

    private static let slash = UInt8(ascii: "/")

    private static func isUnit(_ name: ArraySlice<UInt8>) -> Bool {
        name.ends(with: ".service") || name.ends(with: ".scope") || name.ends(with: ".socket") || name.ends(with: ".mount")
            || name.ends(with: ".swap")
    }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with literal: StaticString) -> Bool {
        literal.withUTF8Buffer { suffix(literal.utf8CodeUnitCount).elementsEqual($0) }
    }
}
