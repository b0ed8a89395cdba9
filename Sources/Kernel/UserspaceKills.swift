/// Lines of systemd-oomd and earlyoom in, as they come, and one report per kill out.
///
/// earlyoom signals a process again that is slow to die, with SIGKILL in the end; since systemd 258 oomd tells a kill twice.
public struct UserspaceKills: Sendable {
    private var assembler = EvidenceAssembler()
    private var recent: [Told] = []
    private var last = 0

    private struct Told: Sendable {
        let victim: Target
        let at: Timestamp

        /// A clock that was set back tells nothing.
        func isOver(at time: Timestamp) -> Bool {
            let (age, overflow) = time.unixNanoseconds.subtractingReportingOverflow(at.unixNanoseconds)
            return overflow || age < 0 || age > victim.patience.count
        }
    }

    private enum Target: Hashable, Sendable {
        case process(ProcessID)
        case group(CgroupPath)

        /// A process that lives on for so long after a signal is signalled anew. oomd rests 15 s after a kill (systemd:
        /// src/oom/oomd-manager.h, `POST_ACTION_DELAY_USEC`), so that a second of the same group is another one.
        var patience: Nanoseconds {
            switch self {
            case .process: Nanoseconds(60_000_000_000)
            case .group: Nanoseconds(10_000_000_000)
            }
        }
    }

    public init() {}

    /// The report that `line` is, its anchor a number that none before it had; none for what tells no kill, or tells it again.
    public mutating func add(_ line: LogLine, at time: Timestamp) -> [EvidencedReport] {
        var line = line
        if line.number <= last { line.number = last == Int.max ? last : last + 1 }
        last = line.number
        return assembler.add(line).filter { isNews($0.report, at: time) }
    }

    private mutating func isNews(_ report: OOMReport, at time: Timestamp) -> Bool {
        guard let victim = Self.victim(of: report) else { return true }
        recent.removeAll { $0.isOver(at: time) }
        let isKnown = recent.contains { $0.victim == victim }
        recent.removeAll { $0.victim == victim }
        recent.append(Told(victim: victim, at: time))
        return !isKnown
    }

    private static func victim(of report: OOMReport) -> Target? {
        if let process = report.victims.first?.processID { return .process(process) }
        return report.victimCgroup.map { .group($0) }
    }
}
