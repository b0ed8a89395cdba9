import Synchronization

/// The history: one SQLite file, written by one connection and read by as many as there are readers.
///
/// It is written with a write-ahead log and `synchronous = NORMAL`: the death of this process loses nothing that a write has
/// returned from, since the kernel has it; only power loss could, and then the kernel's ring is read again.
public final class EventStore: Sendable {
    public let path: String
    /// nil until the first write, and after one that could not be.
    private let writer = Mutex<Database?>(nil)
    private let readers = Mutex<[Database]>([])

    private static let idleReaders = 4

    /// Does not touch the file.
    public init(path: String) { self.path = path }

    /// Makes the file and its tables where they are missing.
    public func open() throws(StoreError) {
        try write { _ throws(StoreError) in }
    }

    /// Gives back every descriptor. A later call opens the file anew.
    public func close() {
        // The last connection to leave writes the log back into the file, and a reader may not.
        readers.withLock { $0 = [] }
        writer.withLock { $0 = nil }
    }
}

extension EventStore {
    /// On the connection that writes, in one transaction. Others wait.
    func write<T>(_ body: (Database) throws(StoreError) -> T) throws(StoreError) -> T {
        try withWriter { (database) throws(StoreError) in
            try database.transaction { () throws(StoreError) in try body(database) }
        }
    }

    /// For what cannot be in a transaction.
    func withWriter<T>(_ body: (Database) throws(StoreError) -> T) throws(StoreError) -> T {
        let result: Result<T, StoreError> = writer.withLock { connection in
            do throws(StoreError) {
                let database = try connection.opened(path)
                connection = database
                return .success(try body(database))
            } catch {
                // A connection that met a full disk or a damaged page is not trusted with the next write.
                connection = nil
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// On a connection of the caller's own, of which a few are kept.
    func read<T>(_ body: (Database) throws(StoreError) -> T) throws(StoreError) -> T {
        let database = try reader()
        let result = try body(database)
        readers.withLock { idle in
            if idle.count < Self.idleReaders { idle.append(database) }
        }
        return result
    }
}

extension EventStore {
    private func reader() throws(StoreError) -> Database {
        if let idle = readers.withLock({ $0.popLast() }) { return idle }
        return try Database(path, .read)
    }
}

extension Database? {
    fileprivate func opened(_ path: String) throws(StoreError) -> Database {
        if let self { return self }
        let database = try Database(path, .write)
        try database.prepare()
        return database
    }
}
