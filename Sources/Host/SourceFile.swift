import Glibc
import Kernel

/// A file of /proc that is read again and again.
struct SourceFile: ~Copyable {
    let path: String
    private let staysOpen: Bool
    /// The kernel prints all of it for one read (fs/seq_file.c, `single_open()`): what does not fill the buffer is whole.
    private let printsAtOnce: Bool
    private var descriptor: FileDescriptor?
    private var buffer: [UInt8] = []

    init(path: String, staysOpen: Bool, printsAtOnce: Bool = false) {
        self.path = path
        self.staysOpen = staysOpen
        self.printsAtOnce = printsAtOnce
    }

    /// The text as it is now, understood by `parse`; the time that took is appended to `times`.
    mutating func read<Value>(
        _ times: inout [Nanoseconds], parse: ([UInt8]) throws(ParseError) -> Value
    ) -> Result<Value, SourceError> {
        let start = Nanoseconds.monotonic
        defer { times.append(Nanoseconds(Nanoseconds.monotonic.count - start.count)) }
        let text: [UInt8]
        do { text = try readBytes() } catch { return .failure(error) }
        do { return .success(try parse(text)) } catch { return .failure(.malformed(path: path, error)) }
    }

    mutating func readBytes() throws(SourceError) -> [UInt8] {
        let filled = try fill()
        return Array(buffer[..<filled])
    }

    /// As `readBytes()`, into an array that keeps its room: nothing is allocated once it has been as large.
    mutating func read(into text: inout [UInt8]) throws(SourceError) {
        let filled = try fill()
        text.removeAll(keepingCapacity: true)
        buffer.withUnsafeBufferPointer { text.append(contentsOf: $0[..<filled]) }
    }

    /// From offset 0 to the end of file. A file larger than the kernel's own buffer takes several reads.
    private mutating func fill() throws(SourceError) -> Int {
        if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: Self.initialSize) }
        let open = try descriptorToRead()
        var filled = 0
        while true {
            if filled == buffer.count { buffer.append(contentsOf: repeatElement(0, count: buffer.count)) }
            let count = try open.read(into: &buffer, from: filled, path: path)
            filled += count
            if count == 0 || (printsAtOnce && filled < buffer.count) { break }
        }
        if staysOpen { descriptor = consume open }
        return filled
    }

    /// A failed read drops the kept descriptor: the next reading opens the file anew.
    private mutating func descriptorToRead() throws(SourceError) -> FileDescriptor {
        if let kept = descriptor.take() { return kept }
        return try FileDescriptor(opening: path, O_RDONLY)
    }

    /// Holds zoneinfo of a machine of ordinary size in one read.
    private static let initialSize = 1 << 14
}
