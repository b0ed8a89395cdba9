import Diagnosis
import Kernel

/// Reports as values, so that what is shown of them stands on no parser. The zones are those of the 2013 article.
enum SampleReport {
    static var article: OOMReport {
        var line = LogLine(number: 1, transport: .syslog, text: Array("".utf8))
        line.wallClock = WallTime(text: "Jun 10 13:33:11", unixSeconds: nil)
        var report = OOMReport(kind: .kill, at: line)
        report.lines = 1...12
        report.isPartial = true
        report.zones = [
            zone("DMA", free: 3548, marks: (68, 84, 100), protection: [0, 0, 880, 4080], line: 1),
            zone("Normal", free: 1340, marks: (3756, 4692, 5632), protection: [0, 0, 0, 25600], line: 5),
            zone("HighMem", free: 1_615_600, marks: (512, 3928, 7344), protection: [0, 0, 0, 0], line: 7),
        ]
        report.zones[1].freeBlocks = [1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0]
        report.zones[1].pageSize = .fourKiB
        return report
    }

    private static func zone(
        _ name: String, free: Int, marks: (min: Int, low: Int, high: Int), protection: [Int], line: Int
    ) -> ReportedZone {
        var zone = ReportedZone(node: nil, name: name)
        zone.free = Bytes(kibibytes: free)
        zone.min = Bytes(kibibytes: marks.min)
        zone.low = Bytes(kibibytes: marks.low)
        zone.high = Bytes(kibibytes: marks.high)
        zone.protection = protection.map { Pages($0) }
        zone.isAllUnreclaimable = name != "HighMem"
        let text = "\(name) free:\(free)kB min:\(marks.min)kB low:\(marks.low)kB high:\(marks.high)kB all_unreclaimable? yes"
        zone.zoneLine = QuotedLine(number: line, bytes: text.utf8)
        return zone
    }

    static var articleDiagnosis: OOMDiagnosis {
        OOMDiagnosis(
            cause: .zoneExhausted, confidence: .certain,
            summary: "A process was killed because zone Normal is dry: 1340 kB are free, below its min of 3756 kB, and reclaim "
                + "has given up on it. 1615600 kB of HighMem are free, but a kernel request may not use them.",
            deniedBy: denial, filledBy: [Filling(what: "unaccounted", bytes: Bytes(kibibytes: 899_752), thousandths: 999)],
            evidence: [
                LogEvidence(
                    claim: "Normal has 1340 kB free against a min of 3756 kB and is all_unreclaimable", line: 5,
                    quote: "Normal free:1340kB min:3756kB low:4692kB high:5632kB active:0kB inactive:28kB present:901120kB "
                        + "pages_scanned:2456536 all_unreclaimable? yes"),
                LogEvidence(
                    claim: "DMA may not be used either: 887 free pages are not more than min 17 + reserve 880", line: 2,
                    quote: "lowmem_reserve[]: 0 0 880 4080"),
            ],
            remedies: [
                Remedy(
                    title: "Run a 64-bit kernel", why: "All memory is low memory then, and this cannot happen.", command: nil,
                    risk: "32-bit programs go on running; drivers from outside the kernel need a 64-bit build."),
                Remedy(
                    title: "Keep more of Normal from user pages", why: "HighMem requests then leave more of Normal alone.",
                    command: "sysctl -w vm.lowmem_reserve_ratio='256 32 8'", risk: "Less of Normal can hold page cache."),
                Remedy(
                    title: "Protect one process", why: "It is passed over.", command: "echo -17 > /proc/PID/oom_adj", risk: ""),
            ],
            zones: [
                verdict("DMA", 3548, min: 68, protection: 3520, isAllowed: true, canServe: false),
                verdict("Normal", 1340, min: 3756, protection: 0, isAllowed: true, canServe: false),
                verdict("HighMem", 1_615_600, min: 512, protection: 0, isAllowed: false, canServe: nil),
            ])
    }

    private static var denial: DeniedBy {
        var denial = DeniedBy(.watermark)
        denial.zone = "Normal"
        denial.watermark = "min"
        denial.free = Bytes(kibibytes: 1340)
        denial.needed = Bytes(kibibytes: 3756)
        return denial
    }

    private static func verdict(
        _ name: String, _ free: Int, min: Int, protection: Int, isAllowed: Bool, canServe: Bool?
    ) -> ZoneVerdict {
        ZoneVerdict(
            node: nil, name: name, free: Bytes(kibibytes: free), min: Bytes(kibibytes: min),
            protection: Bytes(kibibytes: protection), usable: Bytes(kibibytes: free), isAllowed: isAllowed, canServe: canServe)
    }

    /// A name that would clear the screen and blame another line, in every place where a name can stand.
    static var hostile: (OOMReport, OOMDiagnosis) {
        let comm = CommandName([0x1b, 0x5b, 0x32, 0x4a, 0x0a, 0xff, 0x78])
        var report = article
        report.victims = [Victim(processID: ProcessID(7), comm: comm)]
        report.invoker = OOMReport.Invoker(comm: comm, processID: ProcessID(8), scoreAdjustment: 0)
        var task = TaskTable.Task(processID: ProcessID(7), comm: comm, line: 3)
        task.resident = Pages(256)
        report.tasks.rows = [task]
        report.limitCgroup = CgroupPath(comm.bytes)
        report.release = comm.text
        report.wallClock = WallTime(text: comm.text, unixSeconds: nil)
        let diagnosis = OOMDiagnosis(
            cause: .unknown, confidence: .possible, summary: "\(comm.text) (7) was killed because \(comm.text)",
            filledBy: [Filling(what: comm.text, bytes: Bytes(1), thousandths: 1)],
            evidence: [LogEvidence(claim: comm.text, line: nil, source: comm.text, quote: comm.text + "!")],
            remedies: [Remedy(title: comm.text, why: comm.text, command: comm.text, risk: comm.text)],
            zones: [ZoneVerdict(node: 0, name: comm.text, free: Bytes(kibibytes: 4))])
        return (report, diagnosis)
    }
}
