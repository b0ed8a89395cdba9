import Foundation
import Glibc
import Kernel
import Support

/// A process that has very many children when it is told to; they end with it.
final class ForkStorm {
    private let program: RunningProgram

    init(children: Int) throws {
        let storm = URL(fileURLWithPath: Oomwarden.path).deletingLastPathComponent().path + "/storm"
        let program = try RunningProgram([storm, String(children)])
        self.program = program
        try waitUntil { program.output.text.contains("ready") }
    }

    /// Why the daemon is not told of processes here; nil where it is.
    static let obstacle: String? = {
        do {
            let can = try DaemonProcess().get("/capabilities").json["can"].elements
            let events = can.first { $0["what"] == "follow_process_events" }
            guard events?["possible"] != .bool(true) else { return nil }
            return "the kernel does not tell of processes here: \(events?["because"].string ?? "not in /capabilities")"
        } catch { return "\(error)" }
    }()

    var id: ProcessID { ProcessID(program.pid) }

    /// What it says when all are made.
    struct Made {
        let children: [ProcessID]
        let lastFork: Nanoseconds
    }

    func makeChildren() throws -> Made {
        program.signal(SIGUSR1)
        var words: [Substring] = []
        try waitUntil {
            words = program.output.text.firstMatch(of: /done ([\d ]+)\n/)?.1.split(separator: " ") ?? []
            return !words.isEmpty
        }
        let numbers = words.compactMap { Int($0) }
        return Made(
            children: numbers.dropFirst().map { ProcessID(Int32($0)) }, lastFork: Nanoseconds(numbers.first ?? 0))
    }

    /// Without Foundation, which takes several times as long for each of some thousand files.
    static func adjustment(of process: ProcessID) -> Int? {
        let file = open("/proc/\(process)/oom_score_adj", O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = read(file, &bytes, bytes.count)
        return Int(String(decoding: bytes.prefix(max(count, 0)).dropLast(), as: UTF8.self))
    }
}

extension Nanoseconds {
    /// Of the clock that the storm reads.
    static var monotonic: Nanoseconds {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Nanoseconds(now.tv_sec * 1_000_000_000 + now.tv_nsec)
    }
}
