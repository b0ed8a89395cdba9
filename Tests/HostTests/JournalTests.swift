import Foundation
import Kernel
import Support
import Testing

@testable import Host

@Suite(.enabled(if: JournalWriter.obstacle == nil, Comment(rawValue: JournalWriter.obstacle ?? "")))
struct JournalTests {
    @Test func whatIsWrittenWhileItIsFollowedComes() throws {
        let writer = try JournalWriter()
        var journal = try Journal(root: writer.root.path)
        try writer.write(["SYSLOG_IDENTIFIER=earlyoom", "_UID=0", "MESSAGE=\(Self.kill)"])
        let entry = try #require(try Self.next(&journal))
        #expect(entry.line.text == Array(Self.kill.utf8))
        #expect(entry.line.program == "earlyoom")
        #expect(entry.line.transport == .journal)
        #expect(!entry.line.isFromKernel)
        #expect(abs(entry.writtenAt.unixNanoseconds - Timestamp.now.unixNanoseconds) < 10_000_000_000)
        let uptime = Int(ProcessInfo.processInfo.systemUptime * 1_000_000)
        #expect(abs(try #require(entry.line.time).microseconds - uptime) < 10_000_000)
    }

    /// Behind a match that is the journal's last, and behind none at all.
    @Test func whatWasThereBeforeIsNotTold() throws {
        let writer = try JournalWriter()
        try writer.write(["SYSLOG_IDENTIFIER=earlyoom", "_UID=0", "MESSAGE=old"])
        var first = try Journal(root: writer.root.path)
        try writer.write(["SYSLOG_IDENTIFIER=earlyoom", "_UID=0", "MESSAGE=new"])
        // The old one may be on its way still.
        var texts: [String] = []
        while texts.last != "new" {
            texts.append(String(decoding: try #require(try Self.next(&first)).line.text, as: UTF8.self))
        }
        var second = try Journal(root: writer.root.path)
        #expect(try second.readNext() == nil)
        try writer.write(["_SYSTEMD_UNIT=systemd-oomd.service", "_UID=998", "MESSAGE=newest"])
        let entry = try #require(try Self.next(&second))
        #expect(entry.line.text == Array("newest".utf8))
        #expect(entry.line.program == "systemd-oomd")
    }

    /// A user may log under any name; journald says who it was.
    @Test func anEntryOfAnotherUserIsNone() throws {
        let writer = try JournalWriter()
        var journal = try Journal(root: writer.root.path)
        let forged = [
            ["SYSLOG_IDENTIFIER=earlyoom", "_UID=1000"],
            ["SYSLOG_IDENTIFIER=systemd-oomd", "_UID=1000", "_SYSTEMD_UNIT=user@1000.service"],
            ["SYSLOG_IDENTIFIER=earlyoom", "_UID=1000", "SYSTEMD_UNIT=earlyoom.service"],
            ["SYSLOG_IDENTIFIER=earlyoom"],
            ["SYSLOG_IDENTIFIER=kernel", "_UID=0"],
        ]
        for fields in forged { try writer.write(fields + ["MESSAGE=\(Self.kill)"]) }
        try writer.write(["SYSLOG_IDENTIFIER=earlyoom", "_UID=61234", "_SYSTEMD_UNIT=earlyoom.service", "MESSAGE=its own"])
        #expect(try Self.next(&journal)?.line.text == Array("its own".utf8))
    }

    @Test func aFileThatIsNoneIsAnErrorAndNotSilence() throws {
        let root = try TemporaryDirectory()
        let name = "var/log/journal/0123456789abcdef0123456789abcdef/system.journal"
        try root.write(Array("no journal".utf8), to: name)
        #expect(throws: SourceError.unreadable(path: root.path + "/" + name, errno: EPROTONOSUPPORT)) {
            _ = try Journal(root: root.path)
        }
    }

    static let kill = #"sending SIGTERM to process 4711 uid 1000 "firefox": oom_score 800, VmRSS 1234 MiB, cmdline "firefox""#

    /// Waits for it; nil after ten seconds.
    private static func next(_ journal: inout Journal) throws -> Journal.Entry? {
        let stop = try WakeUp()
        DispatchQueue.global().asyncAfter(deadline: .now() + 10) { stop.raise() }
        while !stop.isRaised {
            if let entry = try journal.readNext() { return entry }
            try journal.wait(until: stop)
        }
        return nil
    }
}

@Suite struct JournalAbsenceTests {
    @Test func aMachineWithoutOneHasNone() throws {
        let root = try TemporaryDirectory()
        #expect(!Journal.isPresent(root: root.path))
        #expect(throws: SourceError.absent(path: root.path + "/var/log/journal")) { _ = try Journal(root: root.path) }
    }

    /// Debian makes the directory; without journald it stays empty.
    @Test func anEmptyDirectoryIsNone() throws {
        let root = try TemporaryDirectory()
        try root.write([], to: "var/log/journal/README")
        #expect(!Journal.isPresent(root: root.path))
    }
}
