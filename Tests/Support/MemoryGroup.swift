import Foundation
public import Kernel

/// A memory cgroup of the test's own, with a limit; version 1 or 2, whichever is mounted.
public struct MemoryGroup: Sendable {
    /// As /proc and the log call it.
    public let path: CgroupPath
    private let directory: String

    static var isPossible: Bool { Hierarchy.found != nil }

    /// Whose pid is written there is in the group from then on.
    public var processes: String { directory + "/cgroup.procs" }

    public init(limit: Bytes) throws {
        guard let hierarchy = Hierarchy.found else { throw CgroupKill.Failure("no memory cgroups here") }
        let name = "/oomwarden-test-\(UUID().uuidString)"
        path = CgroupPath(name.utf8)
        directory = hierarchy.mount + name
        let control = hierarchy.mount + "/cgroup.subtree_control"
        if FileManager.default.fileExists(atPath: control) { try write("+memory", to: control) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        try write("\(limit.count)", to: directory + "/" + hierarchy.limitFile)
        // Without it the eater would fill the machine's swap first; it is there only where swap is accounted.
        let swap = directory + "/" + hierarchy.swapFile
        if FileManager.default.fileExists(atPath: swap) { try write(hierarchy.swapLimit(limit), to: swap) }
    }

    /// Below what is in use it would be refused, or kill at once.
    public func setLimit(_ limit: Bytes) throws {
        guard let hierarchy = Hierarchy.found else { return }
        try write("\(limit.count)", to: directory + "/" + hierarchy.limitFile)
        let swap = directory + "/" + hierarchy.swapFile
        if FileManager.default.fileExists(atPath: swap) { try write(hierarchy.swapLimit(limit), to: swap) }
    }

    public func usage() throws -> Bytes {
        let names = ["memory.usage_in_bytes", "memory.current"].map { directory + "/" + $0 }
        let text = names.compactMap { FileManager.default.contents(atPath: $0) }.first
        guard let text, let count = Int(String(decoding: text, as: UTF8.self).split(separator: "\n").first ?? "") else {
            throw CgroupKill.Failure("\(directory): no usage")
        }
        return Bytes(count)
    }

    /// The kernel may still be clearing up after the last process.
    public func remove() throws {
        guard eventually(within: 5, { rmdir(directory) == 0 || errno == ENOENT }) else {
            throw CgroupKill.Failure("\(directory) cannot be removed: \(String(cString: strerror(errno)))")
        }
    }
}

private struct Hierarchy: Sendable {
    let mount: String
    let limitFile: String
    let swapFile: String
    let swapLimit: @Sendable (Bytes) -> String

    static let found: Hierarchy? = {
        if FileManager.default.fileExists(atPath: "/sys/fs/cgroup/memory/memory.limit_in_bytes") {
            return Hierarchy(
                mount: "/sys/fs/cgroup/memory", limitFile: "memory.limit_in_bytes", swapFile: "memory.memsw.limit_in_bytes",
                swapLimit: { "\($0.count)" })
        }
        let controllers = FileManager.default.contents(atPath: "/sys/fs/cgroup/cgroup.controllers") ?? Data()
        guard String(decoding: controllers, as: UTF8.self).split(whereSeparator: \.isWhitespace).contains("memory") else {
            return nil
        }
        return Hierarchy(
            mount: "/sys/fs/cgroup", limitFile: "memory.max", swapFile: "memory.swap.max", swapLimit: { _ in "0" })
    }()
}

private func write(_ text: String, to path: String) throws {
    guard let file = FileHandle(forWritingAtPath: path) else { throw CgroupKill.Failure("\(path) cannot be written") }
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
}
