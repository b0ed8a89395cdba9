import Glibc
import Synchronization

/// What is protected, until when and by whom, and every change that was made: one SQLite file of its own, so that a protect
/// waits for no import of old logs.
///
/// One connection serves all: questions are short. `synchronous = NORMAL`: the death of this process loses nothing that a write
/// has returned from; a loss of power may lose the last entries, and with it the processes that they are about.
public final class ProtectionStore: Sendable {
    public static let fileName = "protection.sqlite3"

    public let path: String
    private let mode: Database.Mode
    /// nil until the first use, and after one that failed.
    private let connection = Mutex<Database?>(nil)

    /// Does not touch the file. `:memory:` is one that nobody else sees, and that is lost with the value.
    public init(path: String) {
        self.path = path
        mode = .write
    }

    /// For those who only look; the daemon may be running.
    public init(reading path: String) {
        self.path = path
        mode = .read
    }

    /// Makes the file and its tables where they are missing.
    public func open() throws(StoreError) {
        try use { _ throws(StoreError) in }
    }

    /// Gives back every descriptor. A later call opens the file anew.
    public func close() {
        connection.withLock { $0 = nil }
    }
}

extension ProtectionStore {
    /// - Returns: the entries of the audit among them, with their numbers.
    @discardableResult
    public func write(_ changes: [ProtectionChange]) throws(StoreError) -> [AuditEntry] {
        guard !changes.isEmpty else { return [] }
        return try use { (database) throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                var entries: [AuditEntry] = []
                for change in changes {
                    if let entry = try database.make(change) { entries.append(entry) }
                }
                return entries
            }
        }
    }

    func use<T>(_ body: (Database) throws(StoreError) -> T) throws(StoreError) -> T {
        let result: Result<T, StoreError> = connection.withLock { connection in
            do throws(StoreError) {
                let database = try opened(connection)
                connection = database
                return .success(try body(database))
            } catch {
                // A connection that met a full disk or a damaged page is not trusted with the next write.
                if path != Self.memory { connection = nil }
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Reads also where nothing can be written: a store that was closed is whole without the files that SQLite wants beside it.
    func look<T>(_ body: (Database) throws(StoreError) -> T) throws(StoreError) -> T {
        do throws(StoreError) { return try use(body) } catch {
            guard error.isOfTheDisk, !hasLog else { throw error }
            return try body(try Database(path, .still))
        }
    }

    /// What has not been taken into the file yet would not be seen.
    private var hasLog: Bool {
        var log = stat()
        return stat(path + "-wal", &log) == 0 && log.st_size > 0
    }

    private static var memory: String { ":memory:" }

    private func opened(_ known: Database?) throws(StoreError) -> Database {
        if let known { return known }
        let database = try Database(path, mode)
        if mode == .write { try database.prepare(ProtectionSchema.steps) }
        return database
    }
}

/// One step of what is written together.
public enum ProtectionChange: Hashable, Sendable {
    case audit(AuditEntry)
    /// Adds it, or takes the place of what was known of it.
    case lease(Lease)
    case touched(TouchedProcess)
    /// Nothing of ours is in it any more.
    case untouched(TouchedProcess.Key)
}

extension Database {
    fileprivate func make(_ change: ProtectionChange) throws(StoreError) -> AuditEntry? {
        switch change {
        case .audit(let entry): return try append(entry)
        case .lease(let lease): try put(lease)
        case .touched(let process): try put(process)
        case .untouched(let key): try forget(key)
        }
        return nil
    }
}
