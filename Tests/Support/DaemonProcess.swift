import Foundation

/// The program as it was built.
public enum Oomwarden {
    /// Beside the test bundle, or where OOMWARDEN_BINARY says.
    public static let path: String = {
        if let given = ProcessInfo.processInfo.environment["OOMWARDEN_BINARY"] { return given }
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? "/proc/self/exe"
        return URL(fileURLWithPath: bundle).resolvingSymlinksInPath().deletingLastPathComponent().path + "/oomwarden"
    }()

    /// What a command said, and how it ended.
    public struct Finished: Sendable {
        public let code: Int32
        public let output: String
        public let errors: String
    }

    /// Runs a command to its end, which must come within 20 s.
    public static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Finished {
        let program = try RunningProgram([path] + arguments, environment: environment)
        guard case .exit(let code) = try program.end(within: 20) else {
            throw RunningProgram.Failure("oomwarden \(arguments) was killed: \(program.errors.text)")
        }
        return Finished(code: code, output: program.output.wholeText(), errors: program.errors.wholeText())
    }
}

/// `oomwarden serve` on a port of its own, with a state directory of its own. It ends with the value.
public final class DaemonProcess: Sendable {
    public let program: RunningProgram
    public let stateDirectory: String
    /// The first address on which it serves.
    public let address: RawClient.Address
    private let ownDirectory: TemporaryDirectory?

    /// Waits until it serves.
    ///
    /// - Parameters:
    ///   - wrapper: a program and its arguments that is to start it, such as `setpriv`.
    ///   - address: nil for a port that the system chooses.
    public init(
        _ arguments: [String] = [], environment: [String: String] = [:], stateDirectory: String? = nil, wrapper: [String] = [],
        listen: String? = nil
    ) throws {
        ownDirectory = stateDirectory == nil ? try TemporaryDirectory() : nil
        self.stateDirectory = stateDirectory ?? (ownDirectory.map { $0.path + "/state" } ?? "")
        let flags = ["serve", "--state-dir", self.stateDirectory, "--web.listen-address", listen ?? "127.0.0.1:0"]
        let program = try RunningProgram(wrapper + [Oomwarden.path] + flags + arguments, environment: environment)
        self.program = program
        var address: RawClient.Address?
        let isDecided = eventually(within: 20) {
            address = Self.address(in: program.errors.text)
            return address != nil || program.ending != nil
        }
        guard let address else {
            let what = isDecided ? "the daemon ended" : "the daemon named no address"
            throw RunningProgram.Failure("\(what): \(program.errors.wholeText())")
        }
        self.address = address
    }

    /// Of the line `… notice: serving on http://127.0.0.1:PORT`, once it is whole, in any format.
    private static func address(in text: String) -> RawClient.Address? {
        if let match = text.firstMatch(of: /serving on http:\/\/127\.0\.0\.1:(\d+)[^\d]/) {
            return UInt16(match.1).map { .tcp(port: $0) }
        }
        return text.firstMatch(of: /serving on unix:([^\s"]+)\s/).map { .unix(path: String($0.1)) }
    }

    /// Lines of the log so far.
    public var log: [String] { program.errors.lines }

    /// 64 hexadecimal digits.
    public func token() throws -> String {
        try String(contentsOfFile: stateDirectory + "/token", encoding: .utf8).trimmingCharacters(in: .newlines)
    }

    public func client() throws -> RawClient { try RawClient(address) }

    public func get(_ target: String, _ fields: [String] = []) throws -> RawResponse {
        try ask("GET \(target)", fields)
    }

    /// - Parameter body: nil for none.
    public func post(_ target: String, _ fields: [String] = [], body: String? = nil) throws -> RawResponse {
        let length = body.map { ["Content-Length: \($0.utf8.count)"] } ?? ["Content-Length: 0"]
        return try ask("POST \(target)", fields + length, body: body ?? "")
    }

    public func delete(_ target: String, _ fields: [String] = []) throws -> RawResponse {
        try ask("DELETE \(target)", fields)
    }

    private func ask(_ line: String, _ fields: [String], body: String = "") throws -> RawResponse {
        let client = try client()
        let head = ["\(line) HTTP/1.1", "Host: localhost", "Connection: close"] + fields
        client.send(head.joined(separator: "\r\n") + "\r\n\r\n" + body)
        return try client.response(within: 10)
    }

    /// Waits until the kernel's log has been read to its end.
    public func waitUntilReady() throws {
        guard try eventually(within: 10, { try get("/-/ready").status == 200 }) else {
            throw RunningProgram.Failure("not ready: \(try get("/-/ready").text)")
        }
    }
}
