import Glibc
public import Kernel

/// Which file of the state directory is the store, and what is done when it cannot be.
public enum StoreFile {
    public static let name = "oomwarden.sqlite3"

    /// What the owner of the machine should know of the opening.
    public enum Remark: Hashable, Sendable {
        /// It was damaged, and lies there now.
        case setAside(as: String, keepsCounters: Bool)
        /// A newer version wrote it; ours is another file.
        case newerSchema(path: String, found: Int, writing: String)
        /// It could not be set aside, or the new one not be written: events stay in memory.
        case notWritable(StoreError)
    }

    /// Opens the store of a directory; where that is not possible, one that will be tried again with each write.
    public static func open(in directory: String, now: Timestamp) -> (store: EventStore, remarks: [Remark]) {
        open(directory + "/" + name, now: now, beside: directory + "/oomwarden-v\(Schema.version).sqlite3")
    }

    /// Moves a damaged store and its log out of the way; the counters, where they can still be read, go into the new one.
    public static func replace(_ store: EventStore, now: Timestamp) -> (store: EventStore, remarks: [Remark]) {
        store.close()
        let saved = Result { () throws(StoreError) in try Remains(of: store.path) }
        guard let aside = setAside(store.path, now: now) else {
            let error = StoreError(reason: .corrupt, path: store.path, statement: nil, code: 0)
            return (store, [.notWritable(error)])
        }
        let fresh = EventStore(path: store.path)
        do throws(StoreError) {
            try saved.value?.write(to: fresh)
            try fresh.open()
            return (fresh, [.setAside(as: aside, keepsCounters: saved.value != nil)])
        } catch { return (fresh, [.setAside(as: aside, keepsCounters: false), .notWritable(error)]) }
    }

    private static func open(_ path: String, now: Timestamp, beside other: String?) -> (store: EventStore, remarks: [Remark]) {
        let store = EventStore(path: path)
        do throws(StoreError) {
            try store.open()
            giveToOwner(of: path)
            try store.checkIfSmall()
            return (store, [])
        } catch {
            switch error.reason {
            case .corrupt: return replace(store, now: now)
            case .newerSchema(let found, _):
                guard let other else { return (store, [.notWritable(error)]) }
                let (ours, remarks) = open(other, now: now, beside: nil)
                return (ours, [.newerSchema(path: path, found: found, writing: other)] + remarks)
            default: return (store, [.notWritable(error)])
            }
        }
    }

    /// What root imports is the daemon's to write: the file belongs to whoever the directory does, as SQLite itself has it
    /// for the files beside.
    static func giveToOwner(of path: String) {
        guard geteuid() == 0, let slash = path.lastIndex(of: "/") else { return }
        var (directory, file) = (stat(), stat())
        guard stat(String(path[..<slash]), &directory) == 0, stat(path, &file) == 0 else { return }
        guard file.st_uid != directory.st_uid else { return }
        for name in ["", "-wal", "-shm"].map({ path + $0 }) {
            // In a directory of theirs a link may lie there, to a file that is none of theirs.
            guard lstat(name, &file) == 0, file.st_mode & S_IFMT == S_IFREG, file.st_nlink == 1 else { continue }
            _ = lchown(name, directory.st_uid, directory.st_gid)
        }
    }

    /// Renames the file and what SQLite keeps beside it. nil where the directory does not let us.
    static func setAside(_ path: String, now: Timestamp) -> String? {
        var aside = "\(path).corrupt-\(now.compactText)"
        var copy = 1
        while access(aside, F_OK) == 0 {
            copy += 1
            aside = "\(path).corrupt-\(now.compactText)-\(copy)"
        }
        for suffix in ["-wal", "-shm"] where access(path + suffix, F_OK) == 0 {
            guard rename(path + suffix, aside + suffix) == 0 else { return nil }
        }
        return rename(path, aside) == 0 ? aside : nil
    }
}

/// The counters and facts of a damaged store, as far as they can be read.
private struct Remains {
    private let counters: [(String, Int)]
    private let facts: [(String, String)]

    init(of path: String) throws(StoreError) {
        let database = try Database(path, .read)
        counters = try database.counters()
        facts = try database.facts()
    }

    func write(to store: EventStore) throws(StoreError) {
        try store.write { (database) throws(StoreError) in
            for (name, value) in counters { try database.add(value, to: name) }
            for (name, value) in facts {
                try database.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", [.text(name), .text(value)])
            }
        }
    }
}

extension EventStore {
    private static let small = Bytes(kibibytes: 32 << 10)

    /// A large one would delay the start; the worker looks through that.
    func checkIfSmall() throws(StoreError) {
        guard try fileSize() <= Self.small else { return }
        try check()
    }

    /// - Throws: `.corrupt` where the file is damaged.
    public func check() throws(StoreError) {
        let found = try read { (database) throws(StoreError) in
            try database.rows("PRAGMA quick_check(1)") { row throws(StoreError) in try row.text(0) }
        }
        guard found == ["ok"] else {
            throw StoreError(reason: .corrupt, path: path, statement: "PRAGMA quick_check: \(found.first ?? "")", code: 0)
        }
    }
}

extension StoreFile.Remark: CustomStringConvertible {
    public var description: String {
        switch self {
        case .setAside(let path, let keepsCounters):
            "the store was damaged; it is kept as \(path), and a new one has been begun"
                + (keepsCounters ? " with its counters" : "; counters begin at 0")
        case .newerSchema(let path, let found, let ours):
            "\(path) has schema \(found) of a newer oomwarden and is left as it is; this one writes \(ours)"
        case .notWritable(let error): "events stay in memory until the store can be written: \(error)"
        }
    }
}

extension Timestamp {
    /// `20261123T185605Z`: for names of files.
    var compactText: String {
        var seconds = unixNanoseconds / 1_000_000_000
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return String(seconds) }
        let fields = [(parts.tm_year + 1900, 4), (parts.tm_mon + 1, 2), (parts.tm_mday, 2)].map(padded)
        let time = [(parts.tm_hour, 2), (parts.tm_min, 2), (parts.tm_sec, 2)].map(padded)
        return fields.joined() + "T" + time.joined() + "Z"
    }

    private func padded(_ number: Int32, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(digits - text.count, 0)) + text
    }
}

extension StoreFile {
    /// The file that a daemon of this version would write, for those who only read.
    public static func present(in directory: String) -> String {
        let path = directory + "/" + name
        let beside = directory + "/oomwarden-v\(Schema.version).sqlite3"
        do throws(StoreError) {
            let found = try Database(path, .read).schemaVersion()
            return found > Schema.version && access(beside, F_OK) == 0 ? beside : path
        } catch { return path }
    }
}
