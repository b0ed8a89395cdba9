import Glibc
import Kernel

/// `STATE/tokens`, which only its owner may read: the daemon's user, or root.
public struct TokenTableFile: Sendable {
    public let path: String
    private let directory: String

    public init(in directory: String) {
        self.directory = directory
        path = directory + "/tokens"
    }

    /// No file is no tokens.
    ///
    /// - Throws: where the file or its directory is open to others, belongs to somebody else, or has a line that is none of ours.
    public func read() throws(TokenFile.TokenError) -> TokenTable {
        // Whoever owns the directory may replace the file anyway.
        let owner = try TokenFile.check(directory: directory)
        let bytes: [UInt8]
        do { bytes = try TokenFile.readChecked(path, atMost: Self.largest, owner: owner) } catch TokenFile.TokenError.file(
            .absent)
        {
            return TokenTable()
        }
        guard bytes.count < Self.largest else { throw .file(.unreadable(path: path, errno: EFBIG)) }
        do { return try TokenTable(parsing: bytes) } catch { throw .malformedTable(path: path, error) }
    }

    /// Reads, changes and replaces it; another process that does so waits.
    ///
    /// Root, who makes tokens for a daemon with a user of its own, gives the file to whom the directory belongs.
    public func update(_ change: (inout TokenTable) -> Bool) throws(TokenFile.TokenError) -> Bool {
        let lock = try locked()
        defer { close(lock) }
        var table = try read()
        guard change(&table) else { return false }
        do {
            let file = try StateFile(replacing: path)
            if geteuid() == 0 { try file.give(toOwnerOf: directory) }
            try file.append(table.text)
            try file.commit()
        } catch { throw .file(error) }
        return true
    }

    /// The directory is what is locked: the file itself is replaced.
    private func locked() throws(TokenFile.TokenError) -> Int32 {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(SourceError(path: directory, errno: errno)) }
        guard retryingInterrupts({ Int(flock(descriptor, LOCK_EX)) }) == 0 else {
            let error = errno
            close(descriptor)
            throw .file(.unreadable(path: directory, errno: error))
        }
        return descriptor
    }

    /// Thousands of tokens; more is no file of ours.
    private static let largest = 1 << 20
}

/// Which state of a file this is: another one after each write, rename or chmod. nil where there is none.
public struct FileStamp: Hashable, Sendable {
    private let device: UInt
    private let inode: UInt
    private let size: Int
    private let changedAt: Int

    public init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        size = Int(status.st_size)
        changedAt = status.st_ctim.tv_sec &* 1_000_000_000 &+ status.st_ctim.tv_nsec
    }
}
