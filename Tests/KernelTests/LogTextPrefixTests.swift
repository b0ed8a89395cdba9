import Kernel
import Testing

/// A prefix, and what a reader has to say of it.
struct PrefixedLine: Sendable, CustomTestStringConvertible {
    let prefix: String
    let transport: LogTransport
    var microseconds: Int?
    var date: String?
    var caller: String?

    var testDescription: String { prefix }

    static let all: [PrefixedLine] = dmesg + syslog + journal

    static let dmesg: [PrefixedLine] = [
        PrefixedLine(prefix: "[    1.234567] ", transport: .dmesg, microseconds: 1_234_567),
        PrefixedLine(prefix: "[  829.16] ", transport: .dmesg, microseconds: 829_160_000),
        PrefixedLine(prefix: "  [271641.879153] ", transport: .dmesg, microseconds: 271_641_879_153),
        PrefixedLine(prefix: "[   17.041319][ T3106] ", transport: .dmesg, microseconds: 17_041_319, caller: "T3106"),
        PrefixedLine(prefix: "[71073.562094] [T13546] ", transport: .dmesg, microseconds: 71_073_562_094, caller: "T13546"),
        PrefixedLine(prefix: "[   17.041319][    C0] ", transport: .dmesg, microseconds: 17_041_319, caller: "C0"),
        PrefixedLine(prefix: "[  +0.002367] ", transport: .dmesg),
        PrefixedLine(prefix: "[   17.041319 <    0.000012>] ", transport: .dmesg, microseconds: 17_041_319),
        PrefixedLine(prefix: "[<    0.000012>] ", transport: .dmesg),
        PrefixedLine(prefix: "[Dec 8 17:51] ", transport: .dmesg, date: "Dec 8 17:51"),
        PrefixedLine(prefix: "[Thu Dec  7 00:05:14 2017] ", transport: .dmesg, date: "Thu Dec  7 00:05:14 2017"),
        PrefixedLine(prefix: "[Mo Dez  8 17:51:31 2025] ", transport: .dmesg, date: "Mo Dez  8 17:51:31 2025"),
        PrefixedLine(prefix: "[lun. déc.  8 17:51:31 2025] ", transport: .dmesg, date: "lun. déc.  8 17:51:31 2025"),
        PrefixedLine(
            prefix: "2025-12-08T17:51:31,123456+00:00 ", transport: .dmesg, date: "2025-12-08T17:51:31,123456+00:00"),
        PrefixedLine(prefix: "<6>[   17.041319] ", transport: .dmesg, microseconds: 17_041_319),
        PrefixedLine(prefix: "kern  :warn  : [   17.041319] ", transport: .dmesg, microseconds: 17_041_319),
        PrefixedLine(prefix: "kern  :err   : [Thu Dec  7 00:05:14 2017] ", transport: .dmesg, date: "Thu Dec  7 00:05:14 2017"),
    ]

    static let syslog: [PrefixedLine] = [
        PrefixedLine(prefix: "Jun 10 13:33:11 host kernel: ", transport: .syslog, date: "Jun 10 13:33:11"),
        PrefixedLine(prefix: "Feb 4 16:15:15 kernel: ", transport: .syslog, date: "Feb 4 16:15:15"),
        PrefixedLine(prefix: "Feb  4 16:15:15 host user.warn kernel: ", transport: .syslog, date: "Feb  4 16:15:15"),
        PrefixedLine(prefix: "Feb  4 16:15:15 kern.warn: ", transport: .syslog, date: "Feb  4 16:15:15"),
        PrefixedLine(prefix: "Feb  4 16:15:15 host kern.warn kernel: ", transport: .syslog, date: "Feb  4 16:15:15"),
        PrefixedLine(
            prefix: "Mar 22 19:50:04 host kernel: [ 2196.817021] ", transport: .syslog, microseconds: 2_196_817_021,
            date: "Mar 22 19:50:04"),
        PrefixedLine(
            prefix: "Mar 22 19:50:04 host kernel: [ 2196.817021][  T123] ", transport: .syslog, microseconds: 2_196_817_021,
            date: "Mar 22 19:50:04", caller: "T123"),
        PrefixedLine(prefix: "Mar 22 19:50:04 2019 kernel: ", transport: .syslog, date: "Mar 22 19:50:04 2019"),
        PrefixedLine(prefix: "Mar 22 2019 19:50:04 host kernel: ", transport: .syslog, date: "Mar 22 2019 19:50:04"),
        PrefixedLine(prefix: "<4>Mar 22 19:50:04 host kernel: ", transport: .syslog, date: "Mar 22 19:50:04"),
        PrefixedLine(
            prefix: "2025-12-08T17:51:31.123456+01:00 host kernel: ", transport: .syslog,
            date: "2025-12-08T17:51:31.123456+01:00"),
        PrefixedLine(
            prefix: "2025-12-08T17:51:31Z host kernel: [   17.041319] ", transport: .syslog, microseconds: 17_041_319,
            date: "2025-12-08T17:51:31Z"),
        PrefixedLine(
            prefix: "<4>1 2025-12-08T17:51:31Z host kernel - - - ", transport: .syslog, date: "2025-12-08T17:51:31Z"),
        PrefixedLine(
            prefix: "<4>1 2025-12-08T17:51:31Z host kernel - - [a@1 b=\"c]\\\"\"] ", transport: .syslog,
            date: "2025-12-08T17:51:31Z"),
        PrefixedLine(prefix: "[W] Oct 22 20:02:32 kernel: ", transport: .syslog, date: "Oct 22 20:02:32"),
        PrefixedLine(
            prefix: "2019-10-11T20:02:32.123Z| vcpu-5| I125: Guest: <6>[   17.041319] ", transport: .syslog,
            microseconds: 17_041_319, date: "2019-10-11T20:02:32.123Z"),
        PrefixedLine(
            prefix: "2019-10-11T20:02:32.123Z In(05) vcpu-5 - Guest: <6>[   17.041319] ", transport: .syslog,
            microseconds: 17_041_319, date: "2019-10-11T20:02:32.123Z"),
        PrefixedLine(
            prefix: "Sat Jan 27 00:14:32 2024 kern.warn kernel: [  795.398379] ", transport: .logread,
            microseconds: 795_398_379, date: "Sat Jan 27 00:14:32 2024"),
        PrefixedLine(prefix: "kernel: [   17.041319] ", transport: .syslog, microseconds: 17_041_319),
    ]

    static let journal: [PrefixedLine] = [
        PrefixedLine(prefix: "Dez 08 17:51:31 host kernel: ", transport: .syslog, date: "Dez 08 17:51:31"),
        PrefixedLine(prefix: "Dec 08 17:51:31.123456 host kernel: ", transport: .syslog, date: "Dec 08 17:51:31.123456"),
        PrefixedLine(prefix: "2025-12-08T17:51:31+0100 host kernel: ", transport: .syslog, date: "2025-12-08T17:51:31+0100"),
        PrefixedLine(
            prefix: "Mon 2025-12-08 17:51:31 CET host kernel: ", transport: .journal, date: "Mon 2025-12-08 17:51:31 CET"),
        PrefixedLine(prefix: "1765212691.123456 host kernel: ", transport: .journal, date: "1765212691.123456"),
        PrefixedLine(prefix: "[21161.093418] host kernel: ", transport: .journal, microseconds: 21_161_093_418),
        PrefixedLine(
            prefix: "2025-12-08T17:51:31.123456789Z stderr F [   17.041319] ", transport: .json, microseconds: 17_041_319,
            date: "2025-12-08T17:51:31.123456789Z"),
    ]
}

@Suite struct LogTextPrefixTests {
    private let words = "tmux: server invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"

    @Test(arguments: PrefixedLine.all)
    func readsWhatATransportPutsBeforeTheText(_ expected: PrefixedLine) throws {
        let line = try #require(readAll(expected.prefix + words + "\n").first)
        #expect(line.words == words)
        #expect(line.transport == expected.transport)
        #expect(line.time?.microseconds == expected.microseconds)
        #expect(line.wallClock?.text == expected.date)
        #expect(line.caller == expected.caller)
        #expect(line.isFromKernel)
        #expect(line.program == nil)
    }

    @Test(arguments: [
        ("Jun 10 13:33:11 host sshd[12]: kernel: Out of memory: Killed process 1 (init)", "sshd"),
        ("Jun 10 13:33:11 host myapp: Out of memory: Killed process 1 (init)", "myapp"),
        ("Jun 10 13:33:11 host myapp: [ 12.345678] Out of memory: Killed process 1 (init)", "myapp"),
        ("Jun 10 13:33:11 host systemd-oomd[812]: Killed /system.slice/a.service due to memory pressure", "systemd-oomd"),
        ("2025-12-08T17:51:31Z host earlyoom[9]: sending SIGKILL to process 77 uid 0 \"x\"", "earlyoom"),
        ("<30>1 2025-12-08T17:51:31Z host systemd-oomd 812 - - Killed /a due to memory pressure", "systemd-oomd"),
        ("Dec 08 17:51:31 host systemd-oomd.service[812]: Killed /a due to memory pressure", "systemd-oomd"),
        ("Sat Jan 27 00:14:32 2024 daemon.notice netifd: oom", "netifd"),
        ("[21161.093418] host systemd-oomd[812]: Killed /a due to memory pressure", "systemd-oomd"),
    ])
    func namesTheProgramThatIsNotTheKernel(_ log: String, _ program: String) throws {
        let line = try #require(readAll(log).first)
        #expect(line.program == program)
        #expect(!line.isFromKernel)
    }

    @Test func tellsUserSpaceByTheFacilityOfARawPriority() throws {
        let line = try #require(readAll("<12>[   17.041319] Out of memory: Killed process 1 (init)").first)
        #expect(!line.isFromKernel)
    }

    @Test func takesAProgramsOwnLogForNoKernels() throws {
        let line = try #require(readAll("2025-12-08 17:51:31,123 ERROR Out of memory: Killed process 1 (init)").first)
        #expect(!line.isFromKernel)
    }

    @Test func takesOneBlankOnlyBehindTheTag() throws {
        let line = try #require(
            readAll("Jun 10 13:33:11 host kernel:  active_file:1283 inactive_file:2866 isolated_file:0").first)
        #expect(line.words == " active_file:1283 inactive_file:2866 isolated_file:0")
    }

    @Test(arguments: [
        ("2025-12-08T17:51:31+01:00 host kernel: x", 1_765_212_691),
        ("2025-12-08T17:51:31,5-0130 x", 1_765_221_691),
        ("2024-02-29T00:00:00Z host kernel: x", 1_709_164_800),
    ])
    func knowsTheSecondWhereTheZoneIsSaid(_ log: String, _ seconds: Int) throws {
        #expect(try #require(readAll(log).first).wallClock?.unixSeconds == seconds)
    }

    @Test func saysNoSecondWithoutAYear() throws {
        #expect(try #require(readAll("Jun 10 13:33:11 host kernel: x").first).wallClock?.unixSeconds == nil)
    }

    @Test func takesARowOfTasksForNoStamp() throws {
        let line = try #require(
            readAll("[  390]     0   390    39012     6739      78       51             0 systemd-journal").first)
        #expect(line.transport == .bare)
        #expect(line.words.hasPrefix("[  390] "))
    }

    @Test func takesTheKernelsWordsWithoutATagForTheKernels() throws {
        let line = try #require(
            readAll("Jun 10 13:33:11 host Out of memory: Kill process 9 (x) score 1 or sacrifice child").first)
        #expect(line.words.hasPrefix("Out of memory"))
        #expect(line.isFromKernel)
    }
}
