import CLinux
import Glibc
public import Kernel

/// A file of the state directory that is written aside and takes its name when it is whole and on the disk.
public struct StateFile: ~Copyable {
    private let path: String
    private let aside: String
    private let file: FileDescriptor

    public init(replacing path: String) throws(SourceError) {
        self.path = path
        aside = path + ".new"
        unlink(aside)
        let opened = retryingInterrupts { [aside] in Int(open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)) }
        guard opened >= 0 else { throw .unreadable(path: aside, errno: errno) }
        file = FileDescriptor(adopting: Int32(opened))
    }

    public func append(_ bytes: [UInt8]) throws(SourceError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                let rest = UnsafeRawBufferPointer(rebasing: all[done...])
                return retryingInterrupts { write(file.raw, rest.baseAddress, rest.count) }
            }
            guard count > 0 else { throw .unreadable(path: aside, errno: errno) }
            done += count
        }
    }

    /// For root, who writes for a daemon with a user of its own.
    public func give(toOwnerOf directory: String) throws(SourceError) {
        var status = stat()
        guard stat(directory, &status) == 0 else { throw SourceError(path: directory, errno: errno) }
        guard fchown(file.raw, status.st_uid, status.st_gid) == 0 else { throw .unreadable(path: aside, errno: errno) }
    }

    /// Puts it in the place of the earlier one.
    public consuming func commit() throws(SourceError) {
        guard fsync(file.raw) == 0, rename(aside, path) == 0 else { throw .unreadable(path: path, errno: errno) }
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let parent = try FileDescriptor(opening: directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY)
        guard fsync(parent.raw) == 0 else { throw .unreadable(path: directory, errno: errno) }
    }

    /// The whole file; nil where there is none.
    public static func read(_ path: String, atMost limit: Int) throws(SourceError) -> [UInt8]? {
        guard access(path, F_OK) == 0 || errno != ENOENT else { return nil }
        let file = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < limit {
            let count = retryingInterrupts { Glibc.read(file.raw, &piece, piece.count) }
            guard count >= 0 else { throw SourceError(path: path, errno: errno) }
            if count == 0 { break }
            bytes += piece[..<count]
        }
        return bytes
    }
}

/// Memory that must be there when the machine has none.
public enum LockedMemory {
    /// Keeps these pages in memory, each from its first use on.
    ///
    /// - Throws: where the limit (RLIMIT_MEMLOCK) does not allow it, or the kernel is older than 4.4.
    public static func lockOnFault(_ memory: UnsafeRawBufferPointer) throws(SourceError) {
        guard oomwarden_lock_on_fault(memory.baseAddress, UInt(memory.count)) == 0 else {
            throw .unreadable(path: "mlock2", errno: errno)
        }
    }
}
