import CLinux
import Glibc
import Kernel

/// A journal that libsystemd has opened, and the entry at which it stands; closed when the value ends.
struct JournalHandle: ~Copyable {
    let raw: OpaquePointer
    private let path: String

    init(root: String) throws(SourceError) {
        let files = JournalFiles(root: root)
        guard let path = files.paths.first else { throw .absent(path: root + "/var/log/journal") }
        var opened: OpaquePointer?
        let result = root.isEmpty ? oomwarden_journal_open(&opened, nil) : oomwarden_journal_open(&opened, root)
        guard result >= 0, let opened else { throw Self.failure(toOpen: path, -result) }
        // Opening succeeds whether or not a file may be read.
        var bytes: UInt64 = 0
        guard oomwarden_journal_usage(opened, &bytes) >= 0, bytes > 0 else {
            oomwarden_journal_close(opened)
            throw files.refusal ?? .unreadable(path: path, errno: EPROTONOSUPPORT)
        }
        raw = opened
        self.path = path
    }

    deinit { oomwarden_journal_close(raw) }

    private static func failure(toOpen path: String, _ errno: Int32) -> SourceError {
        .unreadable(path: errno == ENOENT || errno == ENOSYS ? "libsystemd.so.0" : path, errno: errno)
    }
}

extension JournalHandle {
    @discardableResult
    func check(_ result: Int32) throws(SourceError) -> Int32 {
        guard result >= 0 else { throw .unreadable(path: path, errno: -result) }
        return result
    }

    /// nil of an earlier boot.
    var timeSinceBoot: TimeSinceBoot? {
        var microseconds: UInt64 = 0
        guard oomwarden_journal_get_monotonic(raw, &microseconds) >= 0 else { return nil }
        return TimeSinceBoot(microseconds: Int(clamping: microseconds))
    }

    /// What stands behind `NAME=`; nil where the entry has no such field.
    func field(_ name: String) -> [UInt8]? {
        var data: UnsafeRawPointer?
        var length = 0
        guard oomwarden_journal_get_data(raw, name, &data, &length) >= 0, let data else { return nil }
        return Array(UnsafeRawBufferPointer(start: data, count: length).dropFirst(name.utf8.count + 1))
    }
}
