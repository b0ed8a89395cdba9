import Foundation

/// A root directory of the test's own, removed with the value.
public final class TemporaryRoot {
    public let path: String

    public init() throws {
        path = NSTemporaryDirectory() + "oomwarden-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    public func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
    }

    public func write(_ text: String, to name: String) throws {
        try makeDirectory((name as NSString).deletingLastPathComponent)
        try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
    }

    public func text(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

    public func status(_ pid: Int, of group: Int? = nil, state: String = "S (sleeping)", memory: Int? = 100, threads: Int = 1)
        -> String
    {
        let lines = memory.map { "VmRSS:\t\($0) kB\nVmPTE:\t0 kB\nVmSwap:\t0 kB\n" } ?? ""
        return "Name:\tfake\nState:\t\(state)\nTgid:\t\(group ?? pid)\nPid:\t\(pid)\nPPid:\t1\nUid:\t0\t0\t0\t0\n\(lines)"
            + "Threads:\t\(threads)\nCapEff:\t0000000000000000\n"
    }

    /// A process as far as anything is read of it here.
    public func addProcess(
        _ pid: Int, state: String = "S (sleeping)", memory: Int? = 100, threads: Int = 1, adjustment: Int? = 0
    ) throws {
        try write(status(pid, state: state, memory: memory, threads: threads), to: "proc/\(pid)/status")
        try writeStat(pid, state: state, start: 1000 + pid)
        try write("666\n", to: "proc/\(pid)/oom_score")
        if let adjustment { try write("\(adjustment)\n", to: "proc/\(pid)/oom_score_adj") }
    }

    public func writeStat(_ pid: Int, state: String = "S", flags: Int = 0x40_0000, start: Int) throws {
        let letter = state.prefix(1)
        try write("\(pid) (fake) \(letter) 1 1 1 0 -1 \(flags) 0 0 0 0 0 0 0 0 20 0 1 0 \(start) 0 0\n", to: "proc/\(pid)/stat")
    }
}
