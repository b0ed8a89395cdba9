import Glibc
public import Kernel

/// A log on its way in: a file, compressed or not, or standard input. It is read once, from front to back, in chunks of one
/// buffer that is used again and again, so that a log may be larger than memory.
///
/// gzip, xz and zstd are known by their first bytes, whatever the name says; members may follow each other, as logrotate
/// and `cat` leave them.
public struct LogFile: ~Copyable {
    /// As the user gave it; for messages.
    public let name: String
    /// Of the file, compressed as it is; nil for a pipe.
    public let size: Int?
    /// How much of the file has been read.
    public var position: Int { source.position }
    private var source: ByteSource
    private var decoder: (any Decompressor)?
    private var isSniffed = false
    private var buffer: [UInt8]
    /// What went wrong behind bytes that were still good: they come first.
    private var pending: LogFileError?

    /// The size of a chunk.
    public static let chunk = Bytes(kibibytes: 256)

    /// - Parameter path: `-` is standard input.
    public init(opening path: String) throws(LogFileError) {
        name = path == "-" ? "standard input" : path
        source = try ByteSource(path: path, name: name)
        size = source.size
        buffer = [UInt8](repeating: 0, count: Self.chunk.count)
    }

    /// The next bytes of the log; nil at its end. Blocks while a pipe has nothing.
    ///
    /// The slice is of the file's own buffer: it must be done with before the next call, which else copies it.
    ///
    /// - Throws: where the file cannot be read on. What was good before that place has been given out.
    public mutating func readChunk() throws(LogFileError) -> ArraySlice<UInt8>? {
        if let pending {
            self.pending = nil
            throw pending
        }
        if !isSniffed { try sniff() }
        let count = try decoder == nil ? source.read(into: &buffer) : decode()
        if count == 0, let pending {
            self.pending = nil
            throw pending
        }
        return count > 0 ? buffer[..<count] : nil
    }

    private mutating func sniff() throws(LogFileError) {
        isSniffed = true
        switch Compression(magic: try source.peek()) {
        case nil: decoder = nil
        case .gzip?: decoder = GzipDecompressor()
        case .xz?: decoder = XZDecompressor()
        case .zstd?: decoder = ZstdDecompressor()
        case let other?: throw .unsupported(name: name, other)
        }
    }

    /// At least one byte, 0 at the end.
    private mutating func decode() throws(LogFileError) -> Int {
        guard let decoder else { return 0 }
        var filled = 0
        while filled < buffer.count {
            let input = try source.available()
            let step: DecompressionStep
            do {
                step = try decoder.step(input, isLast: input.isEmpty, into: &buffer, from: filled)
            } catch {
                pending = .damaged(name: name, decoder.compression, at: source.position, error)
                break
            }
            source.take(step.consumed)
            filled += step.produced
            if input.isEmpty && step.produced == 0 { break }
            if filled > 0 && source.wouldBlock { break }
        }
        return filled
    }
}

/// Why a log cannot be read, or not to its end.
public enum LogFileError: Error, Hashable, Sendable {
    case unreadable(name: String, errno: Int32)
    /// From this byte of the file on it is not what its first bytes promise, or it ends too early.
    case damaged(name: String, Compression, at: Int, DecompressionError)
    /// A compression that is known but not read here.
    case unsupported(name: String, Compression)
}

extension LogFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let name, let errno): "\(name): \(SourceError.meaning(ofErrno: errno))"
        case .damaged(let name, let compression, let at, let error):
            "\(name): byte \(at): expected more of a \(compression.rawValue) file, found \(error.found)"
        case .unsupported(let name, let compression):
            "\(name): \(compression.rawValue) is not read here; use \(compression.reader) \(name) | oomwarden analyze -"
        }
    }
}
