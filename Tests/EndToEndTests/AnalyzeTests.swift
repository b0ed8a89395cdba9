import Foundation
import Support
import Testing

/// `oomwarden analyze` as a person and as a program uses it.
@Suite struct AnalyzeTests {
    private static let article = Fixture("2.6.16-i386-seed-2013").root + "/messages"
    private static let capture = Fixture("6.1-amd64-movable-dry").root + "/dev/kmsg"

    /// By a shell, for standard input.
    private func shell(_ script: String, _ arguments: String..., environment: [String: String] = [:]) throws
        -> (ending: RunningProgram.Ending, output: String, errors: String)
    {
        let program = try RunningProgram(["sh", "-c", script, Oomwarden.path] + arguments, environment: environment)
        let ending = try program.end(within: 20)
        return (ending, program.output.wholeText(), program.errors.wholeText())
    }

    @Test func reportsAreAnExitOfZero() throws {
        let finished = try Oomwarden.run(["analyze", Self.article])
        #expect(finished.code == 0)
        #expect(finished.errors.isEmpty)
        #expect(finished.output.contains("zone_exhausted"))
        #expect(finished.output.split(separator: "\n", omittingEmptySubsequences: false).count <= 63, "one screen")
    }

    @Test func noReportIsAnExitOfOne() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array("all is well\n".utf8), to: "messages")
        let finished = try Oomwarden.run(["analyze", directory.path + "/messages"])
        #expect(finished.code == 1)
        #expect(finished.output.isEmpty)
        #expect(finished.errors == "oomwarden: no OOM report in \(directory.path)/messages\n")
        let json = try Oomwarden.run(["analyze", "--json", directory.path + "/messages"])
        #expect(json.code == 1)
        #expect(try JSON(json.output)["reports"].elements.isEmpty)
    }

    @Test func whatCannotBeReadIsAnExitOfTwoAndTheRestIsShown() throws {
        let finished = try Oomwarden.run(["analyze", "/nowhere/messages", Self.article])
        #expect(finished.code == 2)
        #expect(finished.output.contains("zone_exhausted"))
        #expect(finished.errors == "oomwarden: /nowhere/messages: no such file\n")
    }

    @Test(arguments: ["\"$0\" analyze < \"$1\"", "cat \"$1\" | \"$0\" analyze -", "cat \"$1\" | \"$0\" analyze"])
    func standardInputIsRead(script: String) throws {
        let finished = try shell(script, Self.article)
        #expect(finished.ending == .exit(0))
        #expect(finished.output == (try Oomwarden.run(["analyze", Self.article]).output))
    }

    @Test func severalFilesAreNamed() throws {
        let finished = try Oomwarden.run(["analyze", Self.article, Self.capture])
        #expect(finished.code == 0)
        #expect(finished.output.contains(Self.article) && finished.output.contains(Self.capture))
        let document = try JSON(try Oomwarden.run(["analyze", "--json", Self.article, Self.capture]).output)
        #expect(document["reports"].elements.first?["file"] == .string(Self.article))
        #expect(document["reports"].elements.last?["file"] == .string(Self.capture))
    }

    @Test(arguments: ["gzip", "xz", "zstd"])
    func archivesAreReadByTheirFirstBytes(program: String) throws {
        let script = "command -v \(program) > /dev/null || exit 77; \(program) -c \"$1\" > \"$2\" && \"$0\" analyze \"$2\""
        let directory = try TemporaryDirectory()
        let finished = try shell(script, Self.article, directory.path + "/messages.1")
        guard finished.ending != .exit(77) else { return print("\(program) is not installed, so no archive of it is read here") }
        #expect(finished.ending == .exit(0))
        #expect(finished.output == (try Oomwarden.run(["analyze", Self.article]).output))
    }

    @Test func aTornArchiveShowsWhatStandsBeforeTheTear() throws {
        let script = "(cat \"$1\"; seq 200000) | gzip -c | head -c 200000 | \"$0\" analyze"
        let finished = try shell(script, Self.article)
        #expect(finished.ending == .exit(2))
        #expect(finished.output.contains("zone_exhausted"))
        #expect(
            finished.errors == "oomwarden: standard input: byte 200000: expected more of a gzip file, found the end of the file\n"
        )
    }

    @Test func colourIsForTerminalsAndThoseWhoAsk() throws {
        #expect(!(try Oomwarden.run(["analyze", Self.article]).output.contains("\u{1b}")))
        #expect(try Oomwarden.run(["analyze", "--color", "always", Self.article]).output.contains("\u{1b}[1m"))
        #expect(!(try Oomwarden.run(["analyze", "--color", "never", Self.article]).output.contains("\u{1b}")))
    }

    @Test(arguments: [("xterm", "", true), ("xterm", "1", false), ("dumb", "", false)])
    func onATerminalNoColorIsHeard(term: String, noColor: String, isColored: Bool) throws {
        let script = "command -v script > /dev/null || exit 77; exec script -qec \"'$0' analyze '$1'\" /dev/null"
        let finished = try shell(script, Self.article, environment: ["TERM": term, "NO_COLOR": noColor])
        guard finished.ending != .exit(77) else { return print("script(1) is not installed, so there is no terminal here") }
        #expect(finished.output.contains("zone_exhausted"))
        #expect(finished.output.contains("\u{1b}[") == isColored)
    }

    @Test func aReaderThatLeavesIsNoError() throws {
        let finished = try shell(
            "for i in 1 2 3 4 5 6 7 8; do cat \"$1\"; done | \"$0\" analyze --verbose | head -c 10", Self.capture)
        #expect(finished.ending == .exit(0))
        #expect(finished.errors == "")
    }

    @Test func theDaemonSaysTheSame() throws {
        let daemon = try DaemonProcess(["--root", Fixture("6.1-amd64-movable-dry").root])
        let log = try Data(contentsOf: URL(fileURLWithPath: Self.capture))
        let client = try RawClient(daemon.address)
        client.send(
            Array("POST /oom-kills/analyze HTTP/1.1\r\nHost: x\r\nContent-Length: \(log.count)\r\n\r\n".utf8) + [UInt8](log))
        let answer = try client.response().json
        let ours = try JSON(try Oomwarden.run(["analyze", "--json", Self.capture]).output)
        #expect(answer["reports"].elements.map { $0.without("file") } == ours["reports"].elements.map { $0.without("file") })
    }
}
