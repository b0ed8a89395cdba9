/// Where a control group stands in its hierarchy, from the root that the reader sees: `/`, `/system.slice/cron.service`.
///
/// Kernel: kernel/cgroup/cgroup.c, `cgroup_path_ns_locked()`. A group outside the reader's namespace begins with `/..`.
public struct CgroupPath: Hashable, Sendable {
    /// As the kernel prints them; they need not be UTF-8.
    public let bytes: [UInt8]

    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// For people: what is no UTF-8 is repaired.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// True where the kernel says that the group is no more, and also for a group of just such a name.
    public var isMarkedDeleted: Bool { bytes.suffix(10).elementsEqual(" (deleted)".utf8) }

    /// True where the reader's namespace does not show the group, so that there is no directory to be looked at.
    public var isOutsideNamespace: Bool { bytes.starts(with: "/..".utf8) && (bytes.count == 3 || bytes[3] == Self.slash) }

    public func isSameOrBelow(_ other: CgroupPath) -> Bool {
        guard other.bytes.count > 1 else { return true }
        return bytes.starts(with: other.bytes) && (bytes.count == other.bytes.count || bytes[other.bytes.count] == Self.slash)
    }

    /// The group that this one is in; nil for the root.
    public var parent: CgroupPath? {
        guard bytes.count > 1, let last = bytes.lastIndex(of: Self.slash) else { return nil }
        return CgroupPath(last == 0 ? bytes[0...0] : bytes[0..<last])
    }

    private static let slash = UInt8(ascii: "/")
}

extension CgroupPath: CustomStringConvertible {
    public var description: String { text }
}
