import Diagnosis
import Kernel

extension OOMKillsDocument {
    /// The same values for people: a row per victim.
    public var table: String {
        var table = TerminalTable([
            ("KILLED AT", .left), ("SCOPE", .left), ("CAUSE", .left), ("PID", .right), ("COMM", .left), ("ANON", .right),
            ("FILE", .right),
            ("SHMEM", .right), ("ADJ", .right), ("CGROUP", .left), ("REPORT", .left),
        ])
        for event in events {
            let cause = OOMDiagnosis(of: event.report).cause.rawValue
            for victim in event.victims { table.add(Self.row(victim, of: event, cause)) }
            if event.victims.isEmpty { table.add(Self.row(nil, of: event, cause)) }
        }
        let trouble = sources.compactMap { state in state.reason.map { "\(state.source) cannot be read: \($0)\n" } }.joined()
        return (events.isEmpty ? "no OOM kill in the kernel log\n" : table.text) + trouble
    }

    private static func row(_ victim: Victim?, of event: OOMEvent, _ cause: String) -> [String] {
        [
            event.killedAt?.rfc3339 ?? event.time.map { "boot + \($0.microseconds / 1_000_000) s" } ?? "-", event.scope.rawValue,
            cause,
            victim?.processID?.description ?? "-",
            (victim?.comm?.text ?? "-").printable, human(victim?.memory.anonymous), human(victim?.memory.file),
            human(victim?.memory.shared), victim?.scoreAdjustment.map(String.init) ?? "-",
            (event.victimCgroup?.text ?? event.limitCgroup?.text ?? "-").printable, event.completeness.rawValue,
        ]
    }

    private static func human(_ bytes: Bytes?) -> String { bytes?.human ?? "-" }
}

extension String {
    /// Safe on a terminal: what a process may have in its name to steer or to deceive becomes visible, control characters
    /// (`\x1b`) and those that turn the direction of writing or have no width (`\u{202e}`).
    public var printable: String {
        guard unicodeScalars.contains(where: \.isHidden) else { return self }
        return unicodeScalars.map { $0.isHidden ? $0.escaped : String($0) }.joined()
    }
}

extension Unicode.Scalar {
    fileprivate var isHidden: Bool {
        if isASCII { return value < 0x20 || value == 0x7f }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    fileprivate var escaped: String {
        let digits = String(value, radix: 16)
        return value > 0xff ? "\\u{\(digits)}" : "\\x" + (value < 16 ? "0" : "") + digits
    }
}
