public import Kernel
public import Logging
import Synchronization

/// Logs one line when a source fails, and one when it is well again.
public final class SourceHealth: Sendable {
    private let logger: Logger
    private let wasWell = Atomic<Bool>(true)
    private let failures = Mutex<[String: SourceError]>([:])

    public init(logger: Logger) { self.logger = logger }

    public func note(_ snapshot: Snapshot) {
        // Nearly always all is well, and was.
        let isWell = !Snapshot.Source.allCases.contains { snapshot.failure(of: $0) != nil }
        if isWell, wasWell.exchange(true, ordering: .acquiringAndReleasing) { return }
        if !isWell { wasWell.store(false, ordering: .releasing) }
        for source in Snapshot.Source.allCases { note(source.name, snapshot.failure(of: source)) }
    }

    /// The value, nil where it could not be read; that is noted.
    public func value<Value>(of source: String, _ read: () throws(SourceError) -> Value) -> Value? {
        do {
            let value = try read()
            note(source, nil)
            return value
        } catch {
            note(source, error)
            return nil
        }
    }

    private func note(_ source: String, _ failure: SourceError?) {
        let before = failures.withLock { failures in
            guard failures[source] != failure else { return failure }
            defer { failures[source] = failure }
            return failures[source]
        }
        guard before != failure else { return }
        if let failure {
            logger.warning("source \(source) failed: \(failure), ignoring")
        } else {
            logger.notice("source \(source) is well again")
        }
    }
}
