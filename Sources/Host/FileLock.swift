import Glibc
public import Kernel

/// Says that a file, or what it stands for, is in use for as long as the value lives, also to other programs; whatever ends us
/// ends it.
public final class FileLock: Sendable {
    private let file: FileDescriptor

    public enum Use: Sendable {
        /// With any number of others.
        case shared
        case alone
    }

    /// - Returns: nil where somebody else's use forbids ours.
    /// - Throws: where the file cannot be opened.
    public init?(of path: String, _ use: Use) throws(SourceError) {
        file = try FileDescriptor(opening: path, O_RDONLY)
        let raw = file.raw
        guard retryingInterrupts({ Int(flock(raw, (use == .alone ? LOCK_EX : LOCK_SH) | LOCK_NB)) }) == 0 else {
            if errno == EWOULDBLOCK { return nil }
            throw .unreadable(path: path, errno: errno)
        }
    }
}
