import Diagnosis
import Kernel

extension OOMKillsDocument {
    /// The same values for people: a row per victim.
    public var table: String {
        var table = TerminalTable([
            ("KILLED AT", .left), ("SCOPE", .left), ("CAUSE", .left), ("PID", .right), ("COMM", .left), ("ANON", .right),
            ("FILE", .right), ("SHMEM", .right), ("ADJ", .right), ("CGROUP", .left), ("REPORT", .left),
        ])
        for entry in events {
            for victim in entry.event.victims { table.add(Self.row(victim, of: entry)) }
            if entry.event.victims.isEmpty { table.add(Self.row(nil, of: entry)) }
        }
        let trouble = sources.compactMap { state in state.reason.map { "\(state.source) cannot be read: \($0)\n" } }.joined()
        return (events.isEmpty ? "no OOM kill\n" : table.text) + trouble
    }

    private static func row(_ victim: Victim?, of entry: OOMKillsEntry) -> [String] {
        let event = entry.event
        return [
            event.killedAt?.rfc3339 ?? event.time.map { "boot + \($0.microseconds / 1_000_000) s" } ?? "-", event.scope.rawValue,
            entry.diagnosis?.cause.rawValue ?? entry.record.kind,
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
