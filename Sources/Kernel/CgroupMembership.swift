/// The control groups a process is in, one per hierarchy. Kernel: kernel/cgroup/cgroup.c, `proc_cgroup_show()`; since 2.6.24.
public struct CgroupMembership: Hashable, Sendable {
    /// In the file's order.
    public let hierarchies: [Hierarchy]

    /// The place in one tree of groups.
    public struct Hierarchy: Hashable, Sendable {
        /// 0 for version 2.
        public let number: Int
        /// `memory`, `name=systemd`, …; empty for version 2.
        public let controllers: [String]
        public let path: CgroupPath
    }

    /// The hierarchy whose limits the process's memory is charged to: that with the controller `memory`, else version 2.
    public var memory: Hierarchy? {
        hierarchies.first { $0.controllers.contains("memory") } ?? hierarchies.first { $0.number == 0 }
    }
}

extension CgroupMembership {
    /// The text of /proc/<pid>/cgroup. Paths may hold any byte but NUL and newline.
    ///
    ///     4:memory:/box
    ///     0::/system.slice/cron.service
    public init(parsing bytes: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(bytes)
        var hierarchies: [Hierarchy] = []
        while cursor.nextLine() { hierarchies.append(try Hierarchy(parsing: &cursor)) }
        self.init(hierarchies: hierarchies)
    }
}

extension CgroupMembership.Hierarchy {
    fileprivate init(parsing cursor: inout LineCursor) throws(ParseError) {
        guard let number = cursor.number(), cursor.skip(byte: UInt8(ascii: ":")) else {
            throw cursor.error(in: "cgroup", expected: "a hierarchy's number and ':'")
        }
        let start = cursor.at
        while let byte = cursor.peek, byte != UInt8(ascii: ":") { cursor.at += 1 }
        let controllers = cursor.text(start..<cursor.at)
        guard cursor.skip(byte: UInt8(ascii: ":")), cursor.peek == UInt8(ascii: "/") else {
            throw cursor.error(in: "cgroup", expected: "':' and a path after the controllers")
        }
        self.init(
            number: number, controllers: controllers.split(separator: ",").map(String.init),
            path: CgroupPath(cursor.bytes[cursor.rest()]))
    }
}
