import Foundation
import Support
import Testing

/// The commands that need no daemon, and what they say of themselves.
@Suite struct CommandTests {
    private static let fixture = Fixture("6.1-amd64-global-order0")

    @Test(arguments: [
        ("zones", "/zones"), ("fragmentation", "/fragmentation"), ("processes", "/processes"), ("kills", "/oom-kills"),
        ("victims", "/victims"),
    ])
    func jsonIsTheDaemonsDocument(_ command: String, _ route: String) throws {
        let daemon = try DaemonProcess(["--root", Self.fixture.root])
        try daemon.waitUntilReady()
        let finished = try Oomwarden.run([command, "--json", "--root", Self.fixture.root])
        #expect(finished.code == 0)
        let ours = try JSON(finished.output)
        #expect(ours != .missing)
        #expect(ours.without("collected_at") == (try daemon.get(route).json.without("collected_at")))
    }

    @Test(arguments: [
        ("zones", "/zones"), ("fragmentation", "/fragmentation"), ("processes", "/processes"), ("kills", "/oom-kills"),
        ("victims", "/victims"),
    ])
    func theTableIsTheDaemonsText(_ command: String, _ route: String) throws {
        let daemon = try DaemonProcess(["--root", Self.fixture.root])
        try daemon.waitUntilReady()
        let answer = try daemon.get(route, ["Accept: text/plain"])
        #expect(answer.headers["Content-Type"] == "text/plain; charset=utf-8")
        let finished = try Oomwarden.run([command, "--root", Self.fixture.root])
        #expect(finished.code == 0)
        #expect(finished.output.split(separator: "\n").count > 1)
        #expect(finished.output == answer.text)
    }

    @Test(arguments: ["zones", "fragmentation", "processes", "victims", "what-if"])
    func theyReadThisMachine(_ command: String) throws {
        let finished = try Oomwarden.run([command, "--json"])
        #expect(finished.code == 0)
        #expect(finished.errors.isEmpty)
        #expect(try JSON(finished.output)["collected_at"].string?.hasSuffix("Z") == true)
    }

    @Test func aSourceThatIsMissingIsSaidAndNoEmptyTable() throws {
        let root = try TemporaryDirectory()
        try root.write([], to: "proc/meminfo")
        for (command, file) in [("zones", "proc/zoneinfo"), ("fragmentation", "proc/buddyinfo"), ("kills", "dev/kmsg")] {
            let finished = try Oomwarden.run([command, "--root", root.path])
            #expect(finished.code == 1)
            #expect(finished.output.isEmpty)
            #expect(finished.errors.contains("\(root.path)/\(file): this kernel does not have it"), "\(finished.errors)")
        }
    }

    @Test func theVersionTellsOfTheBuild() throws {
        let finished = try Oomwarden.run(["--version"])
        #expect(finished.code == 0)
        #expect(
            finished.output.wholeMatch(of: /oomwarden \d+\.\d+\.\d+ \(revision \S+, Swift \S+\)\n/) != nil, "\(finished.output)")
    }

    @Test func withoutACommandTheHelpIsShown() throws {
        let finished = try Oomwarden.run([])
        #expect(finished.code == 0)
        let commands = [
            "analyze", "diagnose", "serve", "zones", "fragmentation", "kills", "processes", "victims", "what-if", "cgroups",
        ]
        for command in commands {
            #expect(finished.output.contains(command))
        }
    }

    /// What is written down for people to type must be there.
    @Test(arguments: [
        "Deploy/systemd/oomwarden.service", "Deploy/systemd/oomwarden.service.d/actions.conf", "README.md", "Makefile",
    ])
    func everyFlagInTheDocumentsIsInTheHelp(_ document: String) throws {
        let package = Fixture.directory.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        guard let text = try? String(contentsOf: package.appendingPathComponent(document), encoding: .utf8) else {
            return print("\(document) is not there, so it promises nothing")
        }
        for call in text.matches(
            of: /oomwarden (serve|analyze|diagnose|zones|fragmentation|kills|processes|victims|what-if|cgroups)\b([^`\n|#]*)/)
        {
            let help = try Oomwarden.run([String(call.1), "--help"])
            #expect(help.code == 0)
            for flag in call.2.matches(of: /--[a-z][a-z.-]*/) {
                let words = help.output.split { $0.isWhitespace || "[],".contains($0) }
                #expect(words.contains(flag.output), "\(call.1) has no \(flag.output)")
            }
        }
    }

    @Test(arguments: [
        ["victims", "--cgroup", "box"], ["victims", "--numa-nodes", "x"], ["victims", "--cgroup", "/", "--numa-nodes", "0"],
        ["victims", "--limit", "0"], ["what-if", "--pid", "1"], ["what-if", "--pid", "1", "--adj", "2000"],
        ["what-if", "--kills", "21"], ["cgroups", "--sort", "size"],
    ])
    func aWrongArgumentIsSaid(_ arguments: [String]) throws {
        let finished = try Oomwarden.run(arguments)
        #expect(finished.code == 64)
        #expect(finished.errors.contains("expected"), "\(finished.errors)")
    }

    @Test func aTrialIsMadeWithoutTheDaemon() throws {
        let finished = try Oomwarden.run(["what-if", "--pid", "111", "--adj", "-1000", "--root", Self.fixture.root, "--json"])
        #expect(finished.code == 0)
        let document = try JSON(finished.output)
        #expect(document["before"].elements.first?["pid"] == 111)
        #expect(document["after"].elements.first?["pid"] == 102)
    }

    @Test func whoIsNotThereIsSaid() throws {
        let finished = try Oomwarden.run(["what-if", "--pid", "4242", "--adj", "0", "--root", Self.fixture.root])
        #expect(finished.code == 1)
        #expect(finished.errors.contains("there is no process 4242"))
        let group = try Oomwarden.run(["victims", "--cgroup", "/nowhere", "--root", Self.fixture.root])
        #expect(group.errors.contains("there is no memory cgroup /nowhere"))
    }

    /// A closed pipe is how `oomwarden processes | head` ends.
    @Test func aReaderThatLeavesIsNoError() throws {
        let pipeline = try RunningProgram(["sh", "-c", "\"$0\" processes --json --limit 10000 | head -c 1", Oomwarden.path])
        #expect(try pipeline.end(within: 10) == .exit(0))
        #expect(pipeline.errors.wholeText() == "")
    }

    @Test(arguments: ["zones", "fragmentation", "kills", "processes"])
    func anAnswerThatIsNotTakenIsAnError(_ command: String) throws {
        let program = try RunningProgram(
            ["sh", "-c", "exec \"$0\" \"$@\" > /dev/full", Oomwarden.path, command, "--root", Self.fixture.root])
        #expect(try program.end(within: 10) == .exit(1))
        #expect(program.errors.wholeText().contains("standard output did not take all of it"))
    }
}
