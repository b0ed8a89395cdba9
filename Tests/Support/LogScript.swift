public import Kernel

/// A kernel log written by hand: the lines come in order, a millisecond apart.
public struct LogScript {
    public var assembler: OOMReportAssembler
    /// Who writes what follows: `T41`.
    public var caller: String?
    private var sequence: UInt64 = 100
    private var time = 5_000_000
    private var states: [Int: OOMReport] = [:]

    public init(limits: OOMReportAssembler.Limits = OOMReportAssembler.Limits()) {
        assembler = OOMReportAssembler(limits: limits)
    }

    /// The events with a victim as they are known by now, in the order of the log.
    public var events: [OOMEvent] { reports.filter { !$0.victims.isEmpty }.map { OOMEvent($0, origin: "boot") } }

    /// All reports as they are known by now, those in which nobody died too, in the order of the log.
    public var reports: [OOMReport] { states.values.sorted { $0.anchor < $1.anchor } }

    /// Lines of the kernel, each a record.
    public mutating func kernel(_ lines: String...) { for line in lines { add(Array(line.utf8)) } }

    /// A line that a process wrote.
    public mutating func user(_ line: String) { add(Array(line.utf8), facility: 1) }

    /// A piece of a line that another record began.
    public mutating func piece(_ text: String) { add(Array(text.utf8), isContinuation: true) }

    public mutating func lose(_ records: UInt64) { sequence += records }

    public mutating func pass(seconds: Int) { time += seconds * 1_000_000 }

    public mutating func expire() { note(assembler.expire()) }

    public mutating func finish() { note(assembler.finish()) }

    private mutating func add(_ text: [UInt8], facility: Int = 0, isContinuation: Bool = false) {
        let record = KernelLogRecord(
            sequence: sequence, time: TimeSinceBoot(microseconds: time), facility: facility, isContinuation: isContinuation,
            caller: caller, text: text)
        sequence += 1
        time += 1_000
        note(assembler.add(record))
    }

    private mutating func note(_ reports: [OOMReport]) { for report in reports { states[report.anchor] = report } }
}
