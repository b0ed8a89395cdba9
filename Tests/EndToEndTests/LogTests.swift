import Foundation
import Support
import Testing

/// What the daemon says on stderr, and to whom.
@Suite struct LogTests {
    /// The pipe holds 16 pages, the last of them a single line (fs/pipe.c, `pipe_poll()`); a thread that waited for its reader
    /// would serve nobody.
    @Test func aLogThatNobodyReadsDoesNotStopTheServer() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/socket"
        let program = try RunningProgram(
            [
                Oomwarden.path, "serve", "--state-dir", directory.path, "--web.listen-address", "unix:\(path)",
                "--log.level=debug",
            ],
            isRead: false)
        #expect(eventually(within: 10) { (try? RawClient(.unix(path: path))) != nil })
        // A request without a Host is refused, and each refusal is a line.
        var refusals: Set<Int> = []
        let isFull = try eventually(within: 20) {
            let before = program.errors.unread
            for _ in 0..<20 { refusals.insert(try Self.ask(path, "GET / HTTP/1.1\r\n\r\n")) }
            return before > 50_000 && program.errors.unread == before
        }
        #expect(refusals == [400])
        #expect(isFull, "\(program.errors.unread) bytes in the pipe")
        #expect(try Self.ask(path, "GET /zones HTTP/1.1\r\nHost: a\r\n\r\n") == 200)
        let lines = program.errors.takeUnread().split(separator: "\n")
        #expect(lines.allSatisfy { $0.wholeMatch(of: /\d{4}-\d\d-\d\dT[\d:.]+Z (debug|info|notice|warning): .+/) != nil })
        // What was lost is counted as soon as somebody reads again.
        _ = try Self.ask(path, "GET / HTTP/1.1\r\n\r\n")
        #expect(eventually(within: 5) { program.errors.takeUnread().contains("lines before this one were dropped") })
        program.signal(SIGTERM)
        #expect(try program.end(within: 5) == .exit(0))
    }

    private static func ask(_ path: String, _ request: String) throws -> Int {
        let client = try RawClient(.unix(path: path))
        client.send(request)
        return try client.response().status
    }

    /// A socket with the number of stderr would be sent the log.
    @Test func streamsThatWereClosedAreNotGivenToClients() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/socket"
        let program = try RunningProgram([
            "sh", "-c", "exec \"$0\" \"$@\" <&- >&- 2>&-", Oomwarden.path, "serve", "--state-dir", directory.path,
            "--web.listen-address", "unix:\(path)",
        ])
        #expect(eventually(within: 10) { (try? RawClient(.unix(path: path))) != nil })
        for stream in 0...2 {
            let target = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(program.pid)/fd/\(stream)")
            #expect(target == "/dev/null")
        }
        #expect(try Self.ask(path, "GET /zones HTTP/1.1\r\nHost: a\r\n\r\n") == 200)
    }

    /// A decoded path may hold line breaks and priorities; a line of the log is one line all the same.
    @Test(arguments: ["text", "journald"])
    func aPathCannotWriteALineOfItsOwn(format: String) throws {
        let root = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: root.path + "/proc", withIntermediateDirectories: false)
        let daemon = try DaemonProcess(["--root", root.path, "--log.level", "debug", "--log.format", format])
        #expect(try daemon.get("/zones/0/X%0a%3c0%3ekernel%20panic%1b%5b2J").status == 503)
        #expect(eventually(within: 5) { daemon.log.contains { $0.contains("kernel panic") } })
        let line = try #require(daemon.log.first { $0.contains("kernel panic") })
        #expect(line.contains("GET /zones/0/X\\x0a<0>kernel panic\\x1b[2J"))
        #expect(!daemon.log.contains { $0.hasPrefix("<0>") })
    }

    @Test func logLinesAreText() throws {
        let lines = try Self.log(["--log.format=text"])
        #expect(
            lines.allSatisfy { $0.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|notice): .+/) != nil }, "\(lines)")
    }

    @Test func logLinesAreJSON() throws {
        let lines = try Self.log(["--log.format=json"])
        for line in lines {
            let document = try JSON(line)
            #expect(document["time"].string?.hasSuffix("Z") == true)
            #expect(["info", "notice"].contains(document["level"].string))
            #expect(document["message"].string?.isEmpty == false)
        }
    }

    @Test(arguments: [(["--log.format=journald"], [:]), ([], ["JOURNAL_STREAM": "8:1"])])
    func logLinesHaveTheJournalsPriorities(_ arguments: [String], _ environment: [String: String]) throws {
        let lines = try Self.log(arguments, environment)
        // syslog(3): notice is 5, informational 6.
        #expect(lines.contains { $0.hasPrefix("<5>serving on http://127.0.0.1:") })
        #expect(lines.allSatisfy { $0.hasPrefix("<5>") || $0.hasPrefix("<6>") }, "\(lines)")
    }

    @Test func theLevelLeavesOutWhatIsBelow() throws {
        let lines = try Self.log(["--log.level=notice", "--log.format=json"])
        #expect(try lines.map { try JSON($0)["level"].string } == ["notice", "notice", "notice"])
    }

    /// All that a daemon says that is started and stopped.
    private static func log(_ arguments: [String], _ environment: [String: String] = [:]) throws -> [String] {
        let machine = try MovableMachine(Fixture("6.1-amd64-storm"))
        let daemon = try machine.daemon(arguments, environment: environment)
        try daemon.waitUntilReady()
        daemon.program.signal(SIGTERM)
        #expect(try daemon.program.end(within: 5) == .exit(0))
        _ = daemon.program.errors.wholeText()
        return daemon.log
    }
}
