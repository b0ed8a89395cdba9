public import Kernel

/// Something that belongs to an event, or to the time when it was made, and that the store does not look into.
public struct Attachment: Hashable, Sendable {
    public let kind: String
    public let recordedAt: Timestamp
    public let data: [UInt8]

    public init(kind: String, recordedAt: Timestamp, data: [UInt8]) {
        self.kind = kind
        self.recordedAt = recordedAt
        self.data = data
    }
}

extension EventStore {
    /// In the place of an earlier one of that kind.
    ///
    /// - Returns: false where there is no such event.
    @discardableResult
    public func attach(_ attachment: Attachment, to id: String) throws(StoreError) -> Bool {
        try write { (database) throws(StoreError) in
            try database.run(
                "DELETE FROM attachments WHERE kind = ? AND event = (SELECT seq FROM events WHERE id = ?)",
                [.text(attachment.kind), .text(id)])
            try database.run(
                "INSERT INTO attachments SELECT seq, ?, ?, ? FROM events WHERE id = ?",
                [
                    .text(attachment.kind), .integer(attachment.recordedAt.unixNanoseconds), .bytes(attachment.data), .text(id),
                ])
            return database.changes > 0
        }
    }

    public func attachment(_ kind: String, of id: String) throws(StoreError) -> Attachment? {
        try read { (database) throws(StoreError) in
            try database.attachments("kind = ? AND event = (SELECT seq FROM events WHERE id = ?)", [.text(kind), .text(id)])
        }.first
    }

    /// One that belongs to no event, beside those that are there.
    public func keep(_ attachment: Attachment) throws(StoreError) {
        try write { (database) throws(StoreError) in
            try database.run(
                "INSERT INTO attachments VALUES (NULL, ?, ?, ?)",
                [.text(attachment.kind), .integer(attachment.recordedAt.unixNanoseconds), .bytes(attachment.data)])
        }
    }

    /// Those that belong to no event, the newest first.
    public func kept(_ kind: String, limit: Int = 100) throws(StoreError) -> [Attachment] {
        try read { (database) throws(StoreError) in
            try database.attachments(
                "kind = ? AND event IS NULL ORDER BY recorded_at DESC, rowid DESC LIMIT ?", [.text(kind), .integer(limit)])
        }
    }
}

extension Database {
    fileprivate func attachments(_ condition: String, _ values: [SQLValue]) throws(StoreError) -> [Attachment] {
        try rows("SELECT kind, recorded_at, data FROM attachments WHERE \(condition)", values) { row throws(StoreError) in
            Attachment(
                kind: try row.text(0), recordedAt: Timestamp(unixNanoseconds: try row.integer(1)), data: row.bytesOrNull(2) ?? [])
        }
    }
}
