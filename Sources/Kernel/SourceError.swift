/// Why a source of the machine has no value: the system refused to read it, or its text was not understood.
public enum SourceError: Error, Hashable, Sendable {
    /// `open` or `read` failed with this `errno`.
    case unreadable(path: String, errno: Int32)
    /// It was read, but is not what the kernel is known to print.
    case malformed(path: String, ParseError)
    /// The kernel does not have it: no such file, or a switched-off feature (PSI).
    case absent(path: String)
    /// The process ended while it was being read.
    case gone(ProcessID)
}

/// A process by its number. Kernel: `pid_t`, in the reader's own pid namespace.
public struct ProcessID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: Int32

    public init(_ rawValue: Int32) { self.rawValue = rawValue }

    public static func < (a: ProcessID, b: ProcessID) -> Bool { a.rawValue < b.rawValue }

    public var description: String { String(rawValue) }
}

extension SourceError: CustomStringConvertible {
    /// For logs: with the path. Clients are told `reason`.
    public var description: String {
        switch self {
        case .unreadable(let path, _), .absent(let path): "\(path): \(reason)"
        case .malformed(let path, _): "\(path): \(reason)"
        case .gone(let process): "process \(process) has ended"
        }
    }

    /// Without the path: safe to be shown to a client.
    public var reason: String {
        switch self {
        case .unreadable(_, let errno): SourceError.meaning(ofErrno: errno)
        case .malformed(_, let error): error.description
        case .absent(let path): Self.isKernels(path) ? "this kernel does not have it" : "there is no such file"
        case .gone(let process): "process \(process) has ended"
        }
    }

    /// What is not in its file systems is not the kernel's to have.
    private static func isKernels(_ path: String) -> Bool {
        !path.contains("/") || ["/proc/", "/sys/", "/dev/"].contains { path.contains($0) }
    }

    /// The errors that reading /proc and /dev/kmsg can meet; the numbers are those of every Linux architecture we build for.
    public static func meaning(ofErrno errno: Int32) -> String {
        switch errno {
        case 1: "operation not permitted"
        case 2: "no such file"
        case 5: "input/output error"
        case 6: "no such device"
        case 12: "out of memory"
        case 13: "permission denied"
        case 17: "file exists"
        case 20: "not a directory"
        case 21: "is a directory"
        case 22: "invalid argument"
        case 24: "too many open files"
        case 28: "no space left on device"
        case 30: "read-only file system"
        case 38: "function not implemented"
        case 93: "protocol not supported: written by a newer program"
        case 95: "not supported: switched off when the machine was started"
        case 111: "connection refused"
        default: "error \(errno)"
        }
    }
}
