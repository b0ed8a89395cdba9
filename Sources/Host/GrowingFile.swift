import Glibc
public import Kernel

/// A log file that another program appends to, read line by line from its end; what rotates it does not matter.
///
/// logrotate(8) renames the file and makes a new one while the writer still has the old one open, or (`copytruncate`)
/// empties it in place.
public struct GrowingFile: ~Copyable {
    public let path: String
    private var descriptor: FileDescriptor
    private var identity: Identity
    private var offset: Int
    /// A line whose end has not been written yet.
    private var unfinished: [UInt8] = []
    /// The end of a line that is too long is passed over.
    private var isSkipping = false
    /// Another file has its name since the last reading.
    private var isReplaced = false
    private var buffer = [UInt8](repeating: 0, count: Self.bufferSize)

    private static let bufferSize = Bytes(kibibytes: 16).count
    private static let longestLine = Bytes(kibibytes: 64).count

    /// Opens it at its end.
    public init(path: String) throws(SourceError) {
        let opened = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK)
        let status = try Self.status(of: opened, path)
        self.path = path
        descriptor = opened
        identity = Identity(status)
        offset = Int(status.st_size)
    }

    /// Gives the lines that have been written since the last call. Never blocks.
    public mutating func readLines(_ take: (ArraySlice<UInt8>) -> Void) throws(SourceError) {
        try readToEnd(take)
        if isReplaced {
            // One call later, so that the writer has had time to notice; then the old one is at its end.
            try openAnew()
            try readToEnd(take)
        }
        var status = stat()
        isReplaced = stat(path, &status) == 0 && Identity(status) != identity
    }

    private struct Identity: Hashable {
        let device: dev_t
        let inode: ino_t

        init(_ status: stat) {
            device = status.st_dev
            inode = status.st_ino
        }
    }

    private mutating func openAnew() throws(SourceError) {
        let opened = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK)
        identity = Identity(try Self.status(of: opened, path))
        descriptor = opened
        begin()
    }

    private mutating func begin() {
        offset = 0
        unfinished.removeAll()
        isSkipping = false
    }

    private mutating func readToEnd(_ take: (ArraySlice<UInt8>) -> Void) throws(SourceError) {
        if try Self.status(of: descriptor, path).st_size < offset { begin() }
        while true {
            let (raw, place) = (descriptor.raw, off_t(offset))
            let count = buffer.withUnsafeMutableBytes { bytes in
                retryingInterrupts { pread(raw, bytes.baseAddress, bytes.count, place) }
            }
            guard count >= 0 else { throw SourceError(path: path, errno: errno) }
            guard count > 0 else { return }
            offset += count
            split(buffer[..<count], take)
        }
    }

    private mutating func split(_ chunk: ArraySlice<UInt8>, _ take: (ArraySlice<UInt8>) -> Void) {
        var start = chunk.startIndex
        while let newline = chunk[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if isSkipping {
                isSkipping = false
            } else if unfinished.isEmpty {
                take(chunk[start..<newline])
            } else {
                unfinished += chunk[start..<newline]
                take(unfinished[...])
                unfinished.removeAll()
            }
            start = newline + 1
        }
        guard !isSkipping else { return }
        unfinished += chunk[start...]
        guard unfinished.count > Self.longestLine else { return }
        unfinished.removeAll()
        isSkipping = true
    }

    private static func status(of descriptor: borrowing FileDescriptor, _ path: String) throws(SourceError) -> stat {
        var status = stat()
        guard fstat(descriptor.raw, &status) == 0 else { throw SourceError(path: path, errno: errno) }
        return status
    }
}
