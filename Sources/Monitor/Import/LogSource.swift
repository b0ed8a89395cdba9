import Glibc
public import Host
import Kernel

/// Where a log of the past comes from, chunk by chunk.
public protocol LogSource: ~Copyable {
    /// The next bytes; nil at the end.
    mutating func readChunk() throws(LogFileError) -> ArraySlice<UInt8>?
}

extension LogFile: LogSource {}

extension KernelJournal: LogSource {
    public mutating func readChunk() throws(LogFileError) -> ArraySlice<UInt8>? {
        do throws(SourceError) { return try readLines()?[...] } catch { throw LogFileError(error) }
    }
}

extension LogFileError {
    init(_ error: SourceError) {
        self =
            switch error {
            case .unreadable(let path, let errno): .unreadable(name: path, errno: errno)
            case .absent(let path), .malformed(let path, _): .unreadable(name: path, errno: ENOENT)
            case .gone: .unreadable(name: "journal", errno: ENOENT)
            }
    }
}
