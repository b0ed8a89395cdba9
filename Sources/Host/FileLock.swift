import Glibc
public import Kernel

/// Says that a file, or what it stands for, is in use for as long as the value lives, also to other programs; whatever ends us
/// ends it.
public final class FileLock: Sendable {
    private let file: FileDescriptor

    /// Makes the file where it is missing, empty.
    ///
    /// - Returns: nil where somebody else has it.
    /// - Throws: where the file cannot be opened.
    public init?(of path: String) throws(SourceError) {
        // For all to read: whoever made it, the next one to lock it may be another user. Root does not follow a link of theirs.
        file = try FileDescriptor(opening: path, O_RDONLY | O_CREAT | O_NOFOLLOW, mode: 0o644)
        let raw = file.raw
        guard retryingInterrupts({ Int(flock(raw, LOCK_EX | LOCK_NB)) }) == 0 else {
            if errno == EWOULDBLOCK { return nil }
            throw .unreadable(path: path, errno: errno)
        }
    }
}
