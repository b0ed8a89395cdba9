import Foundation
import Kernel
import Support

/// A daemon with actions on, and a client that has its token.
struct Guardian {
    let daemon: DaemonProcess
    let token: String

    init(_ daemon: DaemonProcess? = nil) throws {
        self.daemon = try daemon ?? DaemonProcess(["--web.enable-actions"])
        token = try self.daemon.token()
    }

    /// - Parameter body: nil for none.
    func protect(_ pid: some CustomStringConvertible, _ body: String?, _ fields: [String] = [], query: String = "") throws
        -> RawResponse
    {
        let type = body == nil ? [] : ["Content-Type: application/json"]
        return try daemon.post(
            "/processes/\(pid)/protect\(query)", ["Authorization: Bearer \(token)"] + type + fields, body: body)
    }

    func unprotect(_ pid: some CustomStringConvertible, _ fields: [String] = []) throws -> RawResponse {
        try daemon.post("/processes/\(pid)/unprotect", ["Authorization: Bearer \(token)"] + fields)
    }
}

/// A child that does nothing.
struct Sleeper {
    let program: RunningProgram
    var pid: pid_t { program.pid }

    /// - Parameters:
    ///   - wrapper: what starts it, such as `setpriv` with its arguments.
    init(in group: MemoryGroup? = nil, wrapper: [String] = []) throws {
        var words = wrapper + ["sleep", "600"]
        if let group { words = ["sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", group.processes] + words }
        let program = try RunningProgram(words)
        self.program = program
        guard eventually(within: 10, { Self.text(program.pid, "comm") == "sleep\n" }) else {
            throw RunningProgram.Failure("no sleep: \(program.errors.text)")
        }
    }

    func adjustment() throws -> Int { Int(try number("oom_score_adj")) }

    func number(_ file: String) throws -> Double {
        guard let number = Double(Self.text(pid, file).trimmingCharacters(in: .newlines)) else {
            throw RunningProgram.Failure("no \(file) of \(pid)")
        }
        return number
    }

    func end() {
        program.signal(SIGKILL)
        _ = eventually(within: 5) { program.ending != nil }
    }

    private static func text(_ pid: pid_t, _ file: String) -> String {
        (try? String(contentsOfFile: "/proc/\(pid)/\(file)", encoding: .utf8)) ?? ""
    }
}

/// Of this very process, and so of the daemons that it starts.
func holds(_ capability: CapabilitySet) -> Bool {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let mask = status.firstMatch(of: /CapEff:\t([0-9a-f]+)/).flatMap { UInt64($0.1, radix: 16) } ?? 0
    return CapabilitySet(rawValue: mask).isSuperset(of: capability)
}
