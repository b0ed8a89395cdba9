import Foundation
public import Kernel

/// A process that the kernel killed for going over the limit of a memory cgroup of our own.
///
/// Reports are rate-limited to ten in five seconds for the whole machine: a few of these at a time, not more.
public struct CgroupKill: Sendable {
    public let processID: ProcessID
    /// As it stands at the end of the path in the log; a container's own path may come before it.
    public let cgroup: CgroupPath
    /// When its death was known.
    public let diedAt: Timestamp

    /// Why it cannot be done on this machine; nil if it can.
    public static let obstacle: String? = {
        guard getuid() == 0 else { return "a memory cgroup of our own needs root" }
        guard MemoryGroup.isPossible else { return "no memory cgroup hierarchy is mounted in /sys/fs/cgroup" }
        do {
            try MemoryGroup(limit: defaultLimit).remove()
            return nil
        } catch { return "no memory cgroup can be made here: \(error)" }
    }()

    public static let defaultLimit = Bytes(kibibytes: 16 * 1024)

    /// Makes a cgroup, lets a process eat memory in it until the kernel kills it, and removes the cgroup.
    public init(limit: Bytes = defaultLimit) throws {
        let group = try MemoryGroup(limit: limit)
        let eater = Process()
        eater.executableURL = URL(fileURLWithPath: "/bin/sh")
        eater.arguments = ["-c", "echo $$ > \"$0\" && exec tail /dev/zero", group.processes]
        eater.standardOutput = FileHandle.nullDevice
        try eater.run()
        eater.waitUntilExit()
        diedAt = Timestamp(unixNanoseconds: Int(Date().timeIntervalSince1970 * 1e9))
        try group.remove()
        guard eater.terminationReason == .uncaughtSignal, eater.terminationStatus == SIGKILL else {
            throw Failure("the eater ended with status \(eater.terminationStatus) instead of being killed")
        }
        processID = ProcessID(eater.processIdentifier)
        cgroup = group.path
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }
}
