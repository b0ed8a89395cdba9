import Glibc
import Kernel

/// What stops a reading: the system or the text.
enum ReadFailure: Error {
    case errno(Int32)
    case malformed(ParseError)

    /// The directory of a process outlives it for whoever holds it open: lookups then fail with one, reads with the other.
    var isGone: Bool {
        if case .errno(let errno) = self { errno == ENOENT || errno == ESRCH } else { false }
    }

    /// What is read of a cgroup that was removed after its file was found. Kernel: fs/kernfs/file.c, `kernfs_seq_start()`.
    var isRemovedGroup: Bool {
        if case .errno(ENODEV) = self { true } else { isGone }
    }

    /// /proc mounted with `hidepid=1` says EPERM to the processes of others.
    var isDenied: Bool {
        if case .errno(let errno) = self { errno == EACCES || errno == EPERM } else { false }
    }

    /// It is ours, not the file's: the next one would fail the same way.
    var isShortage: Bool {
        if case .errno(let errno) = self { errno == EMFILE || errno == ENFILE || errno == ENOMEM } else { false }
    }

    func sourceError(_ path: String) -> SourceError {
        switch self {
        case .errno(ENOENT): .absent(path: path)
        case .errno(let errno): .unreadable(path: path, errno: errno)
        case .malformed(let error): .malformed(path: path, error)
        }
    }

    func processError(_ process: ProcessID, _ path: String) -> ProcessError {
        if isGone { return .gone(process) }
        if isDenied, case .errno(let errno) = self { return .refused(.init(process: process, step: .read, errno: errno)) }
        return .failed(sourceError(path))
    }
}
