/// Why the store could not be read or written: SQLite's refusal with the statement that met it, or a file that is none of ours.
public struct StoreError: Error, Hashable, Sendable {
    public let reason: Reason
    public let path: String
    /// What SQLite was asked; nil where it was no statement.
    public let statement: String?
    /// SQLite's extended result code; 0 where it was not SQLite that refused.
    public let code: Int32

    public enum Reason: Hashable, Sendable {
        case full
        case readOnly
        case inputOutput
        case cannotOpen
        /// The file is damaged, or no database at all.
        case corrupt
        /// Another process has kept the lock for longer than we wait.
        case busy
        case outOfMemory
        /// Written by a later version of this program.
        case newerSchema(found: Int, known: Int)
        /// A fault of ours or of the library: what it says of it.
        case other(String)
    }
}

extension StoreError {
    /// True for what passes by itself, or when somebody makes room: to be tried again.
    public var mayPass: Bool {
        switch reason {
        case .full, .readOnly, .inputOutput, .cannotOpen, .busy, .outOfMemory: true
        case .corrupt, .newerSchema, .other: false
        }
    }

    /// What lies there may be whole all the same.
    var isOfTheDisk: Bool {
        switch reason {
        case .full, .readOnly, .inputOutput, .cannotOpen: true
        case .busy, .outOfMemory, .corrupt, .newerSchema, .other: false
        }
    }

    /// Without the path: safe to be shown to a client.
    public var sentence: String {
        switch reason {
        case .full: "no space is left for the store"
        case .readOnly: "the store may not be written"
        case .inputOutput: "input/output error of the store"
        case .cannotOpen: "the store cannot be opened"
        case .corrupt: "the store is damaged"
        case .busy: "another process holds the store's lock"
        case .outOfMemory: "out of memory"
        case .newerSchema(let found, let known):
            "the store has schema \(found), written by a newer oomwarden; this one knows up to \(known)"
        case .other(let message): message
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// For logs: with the path, SQLite's code and the statement.
    public var description: String {
        let said = code == 0 ? "" : " (SQLite \(code))"
        return "\(path): \(sentence)\(said)" + (statement.map { " in \($0.debugDescription)" } ?? "")
    }
}
