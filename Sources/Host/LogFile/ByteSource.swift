import Glibc
import Kernel

/// The raw bytes of a file or of standard input, with a buffer for what was looked at and not yet used.
struct ByteSource: ~Copyable {
    let name: String
    /// nil for a pipe or a terminal.
    let size: Int?
    private let raw: Int32
    /// nil for standard input, which is not ours to close.
    private let opened: FileDescriptor?
    private var buffer: [UInt8]
    private var start = 0
    private var end = 0
    private var hasEnded = false
    private var taken = 0

    init(path: String, name: String) throws(LogFileError) {
        self.name = name
        if path == "-" {
            raw = STDIN_FILENO
            opened = nil
        } else {
            do throws(SourceError) {
                let file = try FileDescriptor(opening: path, O_RDONLY)
                raw = file.raw
                opened = consume file
            } catch {
                throw LogFileError(error, name: name)
            }
        }
        var status = stat()
        let isFile = fstat(raw, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = isFile ? Int(status.st_size) : nil
        buffer = []
        buffer.reserveCapacity(Self.capacity)
    }

    /// How many bytes were used.
    var position: Int { taken }

    /// True where nothing more can be had without waiting: what there is should be given out first.
    var wouldBlock: Bool {
        guard start == end, !hasEnded, size == nil else { return false }
        var ready = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
        return poll(&ready, 1, 0) == 0
    }

    /// The first bytes, left where they are; fewer than six only where the file has no more.
    mutating func peek() throws(LogFileError) -> ArraySlice<UInt8> {
        while end - start < 6, !hasEnded { try fill() }
        return buffer[start..<end]
    }

    /// What was read and not used, at least one byte; empty at the end.
    mutating func available() throws(LogFileError) -> ArraySlice<UInt8> {
        while start == end, !hasEnded { try fill() }
        return buffer[start..<end]
    }

    mutating func take(_ count: Int) {
        start += count
        taken += count
    }

    /// Straight into the reader's own buffer, but for what was looked at. 0 at the end.
    mutating func read(into target: inout [UInt8]) throws(LogFileError) -> Int {
        guard start == end else {
            let count = min(end - start, target.count)
            for offset in 0..<count { target[offset] = buffer[start + offset] }
            take(count)
            return count
        }
        guard !hasEnded else { return 0 }
        let count = try Self.read(raw, name, into: &target, from: 0)
        hasEnded = count == 0
        taken += count
        return count
    }

    private mutating func fill() throws(LogFileError) {
        if start == end { (start, end) = (0, 0) }
        if buffer.count < Self.capacity { buffer += [UInt8](repeating: 0, count: Self.capacity - buffer.count) }
        let from = end
        let count = try Self.read(raw, name, into: &buffer, from: from)
        hasEnded = count == 0
        end += count
    }

    private static func read(
        _ raw: Int32, _ name: String, into room: inout [UInt8], from start: Int
    ) throws(LogFileError) -> Int {
        while true {
            let count = room.withUnsafeMutableBytes { bytes in
                let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
                return retryingInterrupts { Glibc.read(raw, rest.baseAddress, rest.count) }
            }
            if count >= 0 { return count }
            guard errno == EAGAIN else { throw .unreadable(name: name, errno: errno) }
            // Standard input may be shared with somebody who has made it non-blocking.
            var ready = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
            poll(&ready, 1, -1)
        }
    }

    private static let capacity = Bytes(kibibytes: 64).count
}

extension LogFileError {
    init(_ error: SourceError, name: String) {
        switch error {
        case .unreadable(_, let errno): self = .unreadable(name: name, errno: errno)
        default: self = .unreadable(name: name, errno: ENOENT)
        }
    }
}
