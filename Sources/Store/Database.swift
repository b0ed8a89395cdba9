import CSQLite

/// A connection to one SQLite file. It has no lock of its own: one thread at a time, which is what its owners see to.
final class Database: @unchecked Sendable {
    let path: String
    let handle: OpaquePointer
    private var prepared: [String: Statement] = [:]

    enum Mode {
        /// Makes the file where it is missing.
        case write
        case read
        /// As the file stands, with no file made beside it: on a full disk, while nobody writes.
        case still
    }

    /// How long another process may hold the lock.
    private static let patience: Int32 = 5_000

    init(_ path: String, _ mode: Mode) throws(StoreError) {
        let flags = mode == .write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        let name = mode == .still ? "file:\(Self.escaped(path))?immutable=1" : path
        var opened: OpaquePointer?
        let uri = mode == .still ? SQLITE_OPEN_URI : 0
        let code = sqlite3_open_v2(name, &opened, flags | uri | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) }
            sqlite3_close_v2(opened)
            throw StoreError(code: code, message: message, path: path, statement: nil)
        }
        self.path = path
        handle = opened
        sqlite3_busy_timeout(opened, Self.patience)
    }

    /// https://www.sqlite.org/uri.html: what ends a path or begins an escape there.
    private static func escaped(_ path: String) -> String {
        let escapes: [Character: String] = ["%": "%25", "?": "%3f", "#": "%23"]
        return path.map { escapes[$0] ?? String($0) }.joined()
    }

    deinit {
        prepared.removeAll()
        sqlite3_close_v2(handle)
    }
}

extension Database {
    /// Runs a statement that gives no rows.
    func run(_ sql: String, _ values: [SQLValue] = []) throws(StoreError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {}
    }

    /// Several statements without values: a schema, a pragma.
    func runScript(_ sql: String) throws(StoreError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code, sql) }
    }

    /// Every row of a question, read by `row`.
    func rows<T>(
        _ sql: String, _ values: [SQLValue] = [], _ read: (Row) throws(StoreError) -> T
    ) throws(StoreError) -> [T] {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        var found: [T] = []
        while try statement.step() { found.append(try read(Row(of: statement))) }
        return found
    }

    /// The only row of a question; nil where it has none.
    func row<T>(
        _ sql: String, _ values: [SQLValue] = [], _ read: (Row) throws(StoreError) -> T
    ) throws(StoreError) -> T? {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        return try statement.step() ? try read(Row(of: statement)) : nil
    }

    /// A number of the database: a pragma, a count.
    func integer(_ sql: String, _ values: [SQLValue] = []) throws(StoreError) -> Int {
        try row(sql, values) { row throws(StoreError) in try row.integer(0) } ?? 0
    }

    /// All of `body` or, when it throws, nothing of it.
    func transaction<T>(_ body: () throws(StoreError) -> T) throws(StoreError) -> T {
        try runScript("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try runScript("COMMIT")
            return result
        } catch {
            // SQLite itself has rolled back after some errors, such as a full disk.
            if sqlite3_get_autocommit(handle) == 0 { _ = sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    var lastRow: Int { Int(sqlite3_last_insert_rowid(handle)) }

    var changes: Int { Int(sqlite3_changes64(handle)) }

    func error(_ code: Int32, _ sql: String?) -> StoreError {
        StoreError(code: code, message: String(cString: sqlite3_errmsg(handle)), path: path, statement: sql)
    }

    private func statement(_ sql: String) throws(StoreError) -> Statement {
        if let known = prepared[sql] { return known }
        let statement = try Statement(sql, of: self)
        prepared[sql] = statement
        return statement
    }
}

extension StoreError {
    init(code: Int32, message: String?, path: String, statement: String?) {
        let primary = code & 0xff
        let reason: Reason =
            switch primary {
            case SQLITE_FULL: .full
            case SQLITE_READONLY: .readOnly
            case SQLITE_IOERR: .inputOutput
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .cannotOpen
            case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_NOMEM: .outOfMemory
            default: .other(message ?? String(cString: sqlite3_errstr(code)))
            }
        self.init(reason: reason, path: path, statement: statement, code: code)
    }
}
