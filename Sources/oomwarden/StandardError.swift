import ArgumentParser
import Host
import Kernel
import Logging
import Representation
import Synchronization

/// How much is logged.
enum LogLevel: String, CaseIterable, ExpressibleByArgument {
    case debug, info, notice, warning, error

    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}

/// How a line looks.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    /// `2026-09-21T14:13:20.250Z warning: source pressure failed: …`
    case text
    /// `{"time":"…","level":"warning","message":"…"}`
    case json
    /// `<4>source pressure failed: …` (sd-daemon(3))
    case journald
}

/// The log: lines on stderr. It never blocks; a line that nobody takes at once is dropped, and the next one says how many.
struct StandardError: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let format: LogFormat
    private let dropped = Dropped()

    private final class Dropped: Sendable {
        let count = Mutex(0)
    }

    /// - Parameter format: nil for journald where stderr is the journal, else text.
    static func logger(_ level: LogLevel, _ format: LogFormat?) -> Logger {
        let chosen = format ?? (SystemdNotifier().hasJournal ? LogFormat.journald : .text)
        return Logger(label: "oomwarden") { _ in StandardError(logLevel: level.level, format: chosen) }
    }

    private init(logLevel: Logger.Level, format: LogFormat) {
        self.logLevel = logLevel
        self.format = format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        dropped.count.withLock { count in
            let note = count > 0 ? " (\(count) lines before this one were dropped: nobody read them)" : ""
            let line = format.line(event.level, event.message.description.shortened + note, at: .now)
            count = StandardStream.error.writeLineWithoutWaiting(line) ? 0 : count + 1
        }
    }
}

extension LogFormat {
    /// One line, whatever the message holds: a path or a process name may have line breaks of its own.
    func line(_ level: Logger.Level, _ message: String, at time: Timestamp) -> [UInt8] {
        switch self {
        case .text:
            return Array("\(time.rfc3339) \(level.rawValue): \(message.printable)".utf8)
        case .json:
            return JSONWriter.document(pretty: false) { json in
                json.write("time", time)
                json.write("level", level.rawValue)
                json.write("message", message)
            }.dropLast()
        case .journald:
            return Array("<\(level.priority)>\(message.printable)".utf8)
        }
    }
}

extension Logger.Level {
    /// syslog(3).
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}

extension String {
    /// Short enough that a line of it, escaped, is written whole.
    fileprivate var shortened: String { utf8.count <= 600 ? self : String(prefix(600)) + "…" }
}
