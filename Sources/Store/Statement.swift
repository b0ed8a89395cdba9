import CSQLite

/// A prepared statement of one connection.
final class Statement {
    let sql: String
    fileprivate let handle: OpaquePointer
    private unowned let database: Database

    init(_ sql: String, of database: Database) throws(StoreError) {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(database.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw database.error(code, sql) }
        self.sql = sql
        handle = prepared
        self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    /// - Precondition: a value for each `?`.
    func bind(_ values: [SQLValue]) throws(StoreError) {
        precondition(sqlite3_bind_parameter_count(handle) == values.count, "a value for each ? of \(sql)")
        for (index, value) in values.enumerated() {
            let code = bind(value, Int32(index + 1))
            guard code == SQLITE_OK else { throw database.error(code, sql) }
        }
    }

    /// False when there is no further row.
    func step() throws(StoreError) -> Bool {
        let code = sqlite3_step(handle)
        guard code == SQLITE_ROW || code == SQLITE_DONE else { throw database.error(code, sql) }
        return code == SQLITE_ROW
    }

    /// Gives back its locks and what was bound.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    func damaged(_ column: Int32) -> StoreError {
        StoreError(reason: .corrupt, path: database.path, statement: sql, code: 0)
    }

    private func bind(_ value: SQLValue, _ index: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let value): sqlite3_bind_int64(handle, index, Int64(value))
        case .text(let text): oomwarden_bind_text(handle, index, text, Int32(text.utf8.count))
        case .bytes(let bytes) where bytes.isEmpty: sqlite3_bind_zeroblob(handle, index, 0)
        case .bytes(let bytes): oomwarden_bind_blob(handle, index, bytes, Int32(clamping: bytes.count))
        }
    }
}

/// What SQLite keeps in a column.
enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int)
    case text(String)
    case bytes([UInt8])
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    init(integerLiteral value: Int) { self = .integer(value) }

    init(stringLiteral value: String) { self = .text(value) }

    init(_ value: Int?) { self = value.map(SQLValue.integer) ?? .null }

    init(_ value: String?) { self = value.map(SQLValue.text) ?? .null }

    init(_ value: [UInt8]?) { self = value.map(SQLValue.bytes) ?? .null }

    init(_ value: Bool) { self = .integer(value ? 1 : 0) }
}

/// The row that a statement stands on. It is good until the statement goes on.
struct Row {
    private let statement: Statement

    init(of statement: Statement) { self.statement = statement }

    /// - Throws: where the column is NULL, which our schema does not let it be.
    func integer(_ column: Int32) throws(StoreError) -> Int {
        guard let value = integerOrNull(column) else { throw statement.damaged(column) }
        return value
    }

    func integerOrNull(_ column: Int32) -> Int? {
        isNull(column) ? nil : Int(sqlite3_column_int64(statement.handle, column))
    }

    func text(_ column: Int32) throws(StoreError) -> String {
        guard let value = textOrNull(column) else { throw statement.damaged(column) }
        return value
    }

    func textOrNull(_ column: Int32) -> String? {
        bytesOrNull(column).map { String(decoding: $0, as: UTF8.self) }
    }

    func bytesOrNull(_ column: Int32) -> [UInt8]? {
        guard !isNull(column) else { return nil }
        let start = sqlite3_column_blob(statement.handle, column)
        let count = Int(sqlite3_column_bytes(statement.handle, column))
        return Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    func flag(_ column: Int32) throws(StoreError) -> Bool { try integer(column) != 0 }

    private func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement.handle, column) == SQLITE_NULL }
}
