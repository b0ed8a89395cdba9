import Foundation
import Support
import Testing

/// The file with the bearer token.
@Suite struct TokenTests {
    @Test func itIsMadeAtFirstStartAndKept() throws {
        let state = try TemporaryDirectory()
        let path = state.path + "/deep/state"
        let first = try DaemonProcess(stateDirectory: path)
        let token = try first.token()
        #expect(token.wholeMatch(of: /[0-9a-f]{64}/) != nil)
        var status = stat()
        #expect(stat(path + "/token", &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        #expect(eventually(within: 5) { first.log.contains { $0.hasSuffix("the bearer token is in \(path)/token") } })
        first.program.signal(SIGTERM)
        _ = try first.program.end(within: 20)
        #expect(try DaemonProcess(stateDirectory: path).token() == token)
        #expect(try DaemonProcess().token() != token)
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644])
    func aLooserModeIsRefusedAtStart(mode: Int) throws {
        let state = try TemporaryDirectory()
        try state.write(Array(String(repeating: "a", count: 64).utf8), to: "token")
        chmod(state.path + "/token", mode_t(mode))
        let start = try Self.start(in: state.path)
        #expect(start.code == 1)
        #expect(
            start.errors.contains(
                "\(state.path)/token: mode is 0\(String(mode, radix: 8)), expected 0600: others could read the token; run 'chmod 600 "
            ))
    }

    @Test func aFileWithoutATokenIsRefusedAtStart() throws {
        let state = try TemporaryDirectory()
        try state.write(Array("short\n".utf8), to: "token")
        chmod(state.path + "/token", 0o600)
        let start = try Self.start(in: state.path)
        #expect(start.code == 1)
        #expect(start.errors.contains("\(state.path)/token: expected at least 32 letters or digits; delete it for a new one"))
    }

    /// Reading a pipe would wait for a writer for ever, and a link leads to a token of somebody else's choice.
    @Test func neitherAPipeNorALinkIsRead() throws {
        let pipe = try TemporaryDirectory()
        #expect(mkfifo(pipe.path + "/token", 0o600) == 0)
        #expect(try Self.start(in: pipe.path).errors.contains("\(pipe.path)/token: expected a regular file"))
        let linked = try TemporaryDirectory()
        try linked.write(Array(String(repeating: "a", count: 64).utf8), to: "other")
        #expect(symlink(linked.path + "/other", linked.path + "/token") == 0)
        let start = try Self.start(in: linked.path)
        #expect(start.code == 1)
        #expect(start.errors.contains("\(linked.path)/token: expected a regular file"))
    }

    @Test func aDirectoryThatOthersMayWriteIsRefusedAtStart() throws {
        let state = try TemporaryDirectory()
        chmod(state.path, 0o777)
        let start = try Self.start(in: state.path)
        #expect(start.code == 1)
        #expect(start.errors.contains("\(state.path): mode is 0777, expected that only its owner may write"))
    }

    @Test func aDirectoryThatCannotBeMadeIsRefusedAtStart() throws {
        let start = try Self.start(in: "/proc/oomwarden")
        #expect(start.code == 1)
        #expect(start.errors.contains("the state directory cannot be made: /proc/oomwarden: "))
        #expect(start.errors.contains("use --state-dir DIR"))
    }

    @Test func whereItIsKeptWithoutAnOption() throws {
        let root = try TemporaryDirectory()
        for (name, place) in [("STATE_DIRECTORY", ""), ("XDG_STATE_HOME", "/oomwarden")] {
            let directory = "\(root.path)/\(name)"
            let arguments = [Oomwarden.path, "serve", "--web.listen-address", "127.0.0.1:0"]
            let program = try RunningProgram(arguments, environment: [name: directory])
            #expect(eventually(within: 10) { FileManager.default.fileExists(atPath: "\(directory)\(place)/token") })
            program.signal(SIGTERM)
        }
    }

    private static func start(in directory: String) throws -> Oomwarden.Finished {
        try Oomwarden.run(["serve", "--state-dir", directory, "--web.listen-address", "127.0.0.1:0"])
    }
}
