import Foundation
import Support
import Testing

/// Sources that fail and come back, each in its turn: the rest is served all the while.
@Suite struct UnpluggedTests {
    enum Source: String, CaseIterable, Sendable {
        case zoneinfo, buddyinfo, meminfo, vmstat, pressure

        var file: String { self == .pressure ? "proc/pressure/memory" : "proc/\(rawValue)" }

        /// The route that lives on it alone.
        var route: String? {
            switch self {
            case .zoneinfo: "/zones"
            case .buddyinfo: "/fragmentation"
            case .meminfo, .vmstat, .pressure: nil
            }
        }
    }

    enum Failure: CaseIterable, Sendable { case removed, garbled, torn, empty }

    private static let fixture = Fixture("6.1-amd64-storm")

    @Test(arguments: Source.allCases, Failure.allCases)
    func theRestIsServedAndTheSourceIsNamed(_ source: Source, _ failure: Failure) throws {
        let machine = try MovableMachine(Self.fixture)
        let daemon = try machine.daemon()
        try daemon.waitUntilReady()
        try Self.expectWell(daemon)
        try machine.unplug(source.file, failure)
        let metrics = try Metrics(of: daemon)
        for other in Source.allCases {
            #expect(metrics["source_up{source=\"\(other)\"}"] == (other == source ? 0 : 1), "\(other)")
        }
        for target in ["/zones", "/fragmentation", "/oom-kills", "/-/healthy", "/-/ready"] {
            let answer = try daemon.get(target)
            #expect(answer.status == (target == source.route ? 503 : 200), "\(target)")
            if target == source.route { try Self.expectProblem(answer, naming: source, failure) }
        }
        try Self.expectNamed(source, by: daemon)
        try machine.plugIn(source.file)
        try Self.expectWell(daemon)
        try Self.expectNews(
            of: source, from: daemon, ["warning: source \(source) failed: ", "notice: source \(source) is well again"])
    }

    private static func expectWell(_ daemon: DaemonProcess) throws {
        let metrics = try Metrics(of: daemon)
        for source in Source.allCases { #expect(metrics["source_up{source=\"\(source)\"}"] == 1, "\(source)") }
        #expect(try daemon.get("/zones").status == 200)
        #expect(try daemon.get("/fragmentation").status == 200)
    }

    private static func expectProblem(_ answer: RawResponse, naming source: Source, _ failure: Failure) throws {
        #expect(try answer.problem == (failure == .removed ? "source_absent" : "source_unreadable"))
        #expect(answer.detail.hasPrefix("\(source) could not be read: "))
        // Where the file lies is for the log, not for clients.
        #expect(!answer.text.contains("/proc/"))
    }

    /// Wherever the machine's state is told: readiness, and a finding where zones are judged.
    private static func expectNamed(_ source: Source, by daemon: DaemonProcess) throws {
        let ready = try daemon.get("/-/ready").json["sources"].elements.first { $0["source"].string == source.rawValue }
        #expect(ready?["up"] == false)
        #expect(ready?["reason"].string?.isEmpty == false)
        guard source != .zoneinfo else { return }
        let findings = try daemon.get("/zones").json["findings"].elements
        #expect(findings.contains { $0["claim"].string?.contains(source.rawValue) == true })
    }

    /// One line each way, however many requests came in between.
    private static func expectNews(of source: Source, from daemon: DaemonProcess, _ expected: [String]) throws {
        func lines() -> [String] { daemon.log.filter { $0.contains("\(source)") } }
        #expect(eventually(within: 5) { lines().count >= expected.count })
        #expect(lines().count == expected.count, "\(lines())")
        for (line, part) in zip(lines(), expected) { #expect(line.contains(part)) }
    }

    @Test func aProcessThatIsNotUnderstoodIsNamedOnceInTheLog() throws {
        let machine = try MovableMachine(Self.fixture)
        try machine.write("Name:\tx\nPid:\tseven\n", to: "proc/7/status")
        let daemon = try machine.daemon()
        for _ in 0..<3 {
            let page = try daemon.get("/processes")
            #expect(page.status == 200)
            #expect(try page.json["unreadable"] == 1)
        }
        #expect(try Metrics(of: daemon)[#"source_up{source="processes"}"#] == 1)
        try machine.unplug("proc/7/status", .removed)
        #expect(try daemon.get("/processes").json["unreadable"] == 0)
        func lines() -> [String] { daemon.log.filter { $0.contains("source processes") } }
        #expect(eventually(within: 5) { lines().count >= 2 })
        #expect(lines().count == 2, "\(lines())")
        #expect(lines()[0].contains("warning: source processes: 1 not understood, the first is "))
        #expect(lines()[0].contains("/proc/7: "))
        #expect(lines()[1].contains("notice: source processes: every process is understood again"))
    }

    @Test func whatThisMachineDoesNotTellOfItsKernelIsDown() throws {
        let machine = try MovableMachine(Self.fixture)
        try machine.unplug("proc/sys/kernel/osrelease", .removed)
        let metrics = try Metrics(of: machine.daemon())
        #expect(metrics[#"source_up{source="osrelease"}"#] == 0)
        #expect(metrics[#"source_up{source="processes"}"#] == 1)
        #expect(metrics[#"source_up{source="self"}"#] == 1)
    }

    @Test func aMissingKernelLogIsTriedAgain() throws {
        let machine = try MovableMachine(Self.fixture)
        try machine.unplug("dev/kmsg", .removed)
        let daemon = try machine.daemon()
        // Nothing more is to come at the moment, so nothing is waited for.
        try daemon.waitUntilReady()
        let kills = try daemon.get("/oom-kills")
        #expect(kills.status == 503)
        #expect(kills.detail == "kmsg could not be read: this kernel does not have it")
        #expect(try Metrics(of: daemon)[#"source_up{source="kmsg"}"#] == 0)
        #expect(try daemon.get("/zones").status == 200)
        try machine.plugIn("dev/kmsg")
        // The first pauses are 1 and 2 s.
        #expect(try eventually(within: 8) { try daemon.get("/oom-kills").status == 200 })
        #expect(try eventually(within: 2) { try daemon.get("/oom-kills").json["events"].elements.count > 10 })
        #expect(try Metrics(of: daemon)[#"source_up{source="kmsg"}"#] == 1)
        let lines = daemon.log.filter { $0.contains("kernel log: ") }
        #expect(lines.count == 2, "\(lines)")
    }
}

/// A copy of a fixture whose files can be taken away and brought back while a daemon looks at it.
struct MovableMachine {
    private let fixture: Fixture
    private let directory: TemporaryDirectory

    init(_ fixture: Fixture) throws {
        self.fixture = fixture
        directory = try TemporaryDirectory()
        for file in [
            "proc/zoneinfo", "proc/buddyinfo", "proc/meminfo", "proc/vmstat", "proc/pressure/memory", "dev/kmsg",
        ] { try plugIn(file) }
        // Without these the daemon says, rightly, that it does not know the kernel.
        try directory.write(Array("6.1.0-56-amd64\n".utf8), to: "proc/sys/kernel/osrelease")
        try directory.write(Array("cbddabf7-bd37-4ff2-bc9a-ae739c641194\n".utf8), to: "proc/sys/kernel/random/boot_id")
    }

    func daemon(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> DaemonProcess {
        try DaemonProcess(["--root", directory.path, "--sample.max-age=0"] + arguments, environment: environment)
    }

    func write(_ text: String, to file: String) throws { try directory.write(Array(text.utf8), to: file) }

    func plugIn(_ file: String) throws { try directory.write(try fixture.bytes(file), to: file) }

    func unplug(_ file: String, _ failure: UnpluggedTests.Failure) throws {
        switch failure {
        case .removed: try FileManager.default.removeItem(atPath: directory.path + "/" + file)
        case .garbled: try directory.write(Array("Lorem ipsum\n".utf8), to: file)
        case .torn: try directory.write(Array(try fixture.bytes(file).prefix(25)), to: file)
        case .empty: try directory.write([], to: file)
        }
    }
}
