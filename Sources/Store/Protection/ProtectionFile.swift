public import Kernel

/// The file of the state directory that holds leases and audit, and what is done when it is damaged.
public enum ProtectionFile {
    /// What the owner of the machine should know of the opening.
    public enum Remark: Hashable, Sendable {
        /// It was damaged, and lies there now: leases of before are not known any more.
        case setAside(as: String)
        /// Nothing is protected until it can be written.
        case notWritable(StoreError)
    }

    /// Opens the store of a directory; where that is not possible, one that will be tried again with each write.
    public static func open(in directory: String, now: Timestamp) -> (store: ProtectionStore, remark: Remark?) {
        let store = ProtectionStore(path: directory + "/" + ProtectionStore.fileName)
        do throws(StoreError) {
            try openChecked(store)
            return (store, nil)
        } catch {
            guard error.reason == .corrupt else { return (store, .notWritable(error)) }
            store.close()
            guard let aside = StoreFile.setAside(store.path, now: now) else { return (store, .notWritable(error)) }
            do throws(StoreError) {
                try openChecked(store)
                return (store, .setAside(as: aside))
            } catch { return (store, .notWritable(error)) }
        }
    }

    private static func openChecked(_ store: ProtectionStore) throws(StoreError) {
        try store.open()
        StoreFile.giveToOwner(of: store.path)
        let found = try store.use { (database) throws(StoreError) in
            try database.rows("PRAGMA quick_check(1)") { row throws(StoreError) in try row.text(0) }
        }
        guard found == ["ok"] else {
            throw StoreError(
                reason: .corrupt, path: store.path, statement: "PRAGMA quick_check: \(found.first ?? "")", code: 0)
        }
    }
}

extension ProtectionFile.Remark: CustomStringConvertible {
    public var description: String {
        switch self {
        case .setAside(let path):
            "the store of leases was damaged; it is kept as \(path), a new one has been begun, and what was protected stays as it is"
        case .notWritable(let error): "nothing will be protected until the store of leases can be written: \(error)"
        }
    }
}
