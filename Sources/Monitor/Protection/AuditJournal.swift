public import Host
import Kernel
public import Logging
public import Store

/// Tells the journal of each entry of the audit, with fields that `journalctl OOMWARDEN_WHO=…` can ask for.
public struct AuditJournal: Sendable {
    /// Of every such entry: `journalctl MESSAGE_ID=…` (systemd.journal-fields(7)).
    public static let messageID = "b5f9d83c1c0e4f0a9a6d4e7721c8a35d"

    private let sender: JournalSender
    private let logger: Logger

    public init(_ sender: JournalSender, logger: Logger) {
        self.sender = sender
        self.logger = logger
    }

    public func tell(_ entry: AuditEntry) {
        do { try sender.send(Self.fields(of: entry)) } catch {
            // The audit has it; where there is no journal, nobody waits for it.
            logger.debug("the journal was not told of audit entry \(entry.id): \(error), ignoring")
        }
    }

    static func fields(of entry: AuditEntry) -> [(name: String, value: [UInt8])] {
        let values: [(String, String?)] = [
            ("MESSAGE", entry.sentence), ("MESSAGE_ID", messageID), ("PRIORITY", String(entry.result.priority)),
            ("SYSLOG_IDENTIFIER", "oomwarden"), ("OOMWARDEN_VERB", entry.verb.rawValue),
            ("OOMWARDEN_RESULT", entry.result.rawValue), ("OOMWARDEN_WHO", entry.who.name),
            ("OOMWARDEN_ADDRESS", entry.who.address), ("OOMWARDEN_PID", entry.subject.map { "\($0.process)" }),
            ("OOMWARDEN_BEFORE", entry.before.map { "\($0)" }), ("OOMWARDEN_AFTER", entry.after.map { "\($0)" }),
            ("OOMWARDEN_LEASE", entry.lease), ("OOMWARDEN_POLICY", entry.policy), ("OOMWARDEN_REASON", entry.reason),
            ("OOMWARDEN_DETAIL", entry.detail), ("OOMWARDEN_ACTION", entry.action), ("OOMWARDEN_ENTRY", String(entry.id)),
        ]
        let told = values.compactMap { name, value in value.map { (name: name, value: Array($0.utf8)) } }
        return told + (entry.subject?.command.map { [(name: "OOMWARDEN_COMM", value: $0.bytes)] } ?? [])
    }
}

extension AuditEntry {
    /// `backup protect mysqld (4711): oom_score_adj 0 to -900, done`.
    var sentence: String {
        var text = "\(who.name ?? "somebody") \(verb.rawValue)"
        if let subject { text += " \(subject.command.map { "\($0.text) " } ?? "")(\(subject.process))" }
        if let before, let after {
            text += ": oom_score_adj \(before) to \(after)"
        } else if let after {
            text += ": oom_score_adj \(after)"
        }
        text += ", \(result.rawValue)"
        return text + (detail.map { ": \($0)" } ?? "")
    }
}

extension AuditEntry.Result {
    /// syslog(3): what is only begun is for debugging, what went wrong is a warning.
    fileprivate var priority: Int {
        switch self {
        case .intended: 7
        case .done, .recovered: 5
        case .refused, .failed, .leftAlone: 4
        }
    }
}
