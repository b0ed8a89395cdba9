import Foundation
import Kernel

/// A journal below a root of its own, which systemd's own program writes: entries come while others follow it.
///
/// It takes journald's trusted fields (`_UID`) as they are given, as it does from other machines.
public final class JournalWriter: Sendable {
    public let root: TemporaryDirectory
    private let program: Process
    private let entries = Pipe()

    /// `make test` unpacks it; a machine with the package has it already.
    private static let path: String? = {
        let name = "lib/systemd/systemd-journal-remote"
        let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..").standardized.path
        return ["/\(name)", "\(home)/.build/tools/systemd-journal-remote/\(name)"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }()

    /// Why there is none on this machine; nil if there is.
    public static let obstacle: String? = {
        guard let path else { return "no systemd-journal-remote here; `make test` fetches it where apt-get can" }
        guard dlopen("libsystemd.so.0", RTLD_LAZY) != nil else { return "no libsystemd here" }
        do {
            // Its library may be of another version, or missing.
            let probe = try RunningProgram([path, "--version"])
            guard try probe.end(within: 10) == .exit(0) else { return "\(path) does not run: \(probe.errors.wholeText())" }
            _ = try JournalWriter()
            return nil
        } catch { return "systemd-journal-remote does not write here: \(error)" }
    }()

    /// Makes a journal with one entry, which nobody asks for.
    public init() throws {
        root = try TemporaryDirectory()
        let directory = root.path + "/var/log/journal/\(Self.machine)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        program = Process()
        program.executableURL = URL(fileURLWithPath: Self.path ?? "")
        program.arguments = ["--output=\(directory)/system.journal", "-"]
        program.standardInput = entries
        program.standardOutput = FileHandle.nullDevice
        program.standardError = FileHandle.nullDevice
        try program.run()
        try write(["SYSLOG_IDENTIFIER=cron", "_UID=0", "MESSAGE=sending SIGTERM to process 1 \"of no killer\": badness 1"])
        try waitUntil { !program.isRunning || Self.entryCount(directory + "/system.journal") > 0 }
        guard program.isRunning else { throw Ended(status: program.terminationStatus) }
    }

    deinit {
        try? entries.fileHandleForWriting.close()
        program.waitUntilExit()
    }

    /// Appends an entry of `FIELD=value`; its times are now.
    public func write(_ fields: [String]) throws {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var sinceBoot = timespec()
        clock_gettime(CLOCK_MONOTONIC, &sinceBoot)
        let times = [
            "__REALTIME_TIMESTAMP=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)",
            "__MONOTONIC_TIMESTAMP=\(sinceBoot.tv_sec * 1_000_000 + sinceBoot.tv_nsec / 1_000)",
            "_BOOT_ID=\(try Self.bootID())",
        ]
        let entry = (times + fields).joined(separator: "\n") + "\n\n"
        try entries.fileHandleForWriting.write(contentsOf: Data(entry.utf8))
    }

    /// systemd: src/libsystemd/sd-journal/journal-def.h, `n_entries` of the header; the lowest of its eight bytes.
    private static func entryCount(_ path: String) -> UInt8 {
        guard let file = FileHandle(forReadingAtPath: path), let header = try? file.read(upToCount: 160), header.count == 160
        else { return 0 }
        return header[152]
    }

    private struct Ended: Error { let status: Int32 }

    private static let machine = "0123456789abcdef0123456789abcdef"

    private static func bootID() throws -> String {
        let text = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return text.filter { $0.isHexDigit }
    }
}
