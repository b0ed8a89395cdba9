import CZlib
import Kernel

/// Lines of a log as bytes: compressed, since a report's table of tasks is mostly blanks and zeros.
enum EvidenceCodec {
    /// Of the format; a reader knows every one that there was.
    private static let version: UInt8 = 1
    /// A table of 100,000 tasks has 10 MB; what claims to be far more is damaged.
    private static let largest = Bytes(kibibytes: 64 << 10).count

    /// nil where there is no memory to compress them in.
    static func encode(_ lines: [LogLine]) -> [UInt8]? {
        var plain = ByteWriter()
        plain.append(UInt64(lines.count))
        for line in lines { plain.append(line) }
        var size = ByteWriter()
        size.append(UInt64(plain.bytes.count))
        return compressed(plain.bytes).map { [version] + size.bytes + $0 }
    }

    /// nil for what is none of ours.
    static func decode(_ bytes: [UInt8]) -> [LogLine]? {
        var reader = ByteReader(bytes)
        guard reader.byte() == version, let size = reader.count(upTo: largest) else { return nil }
        guard let plain = decompressed(reader.rest, size) else { return nil }
        var lines = ByteReader(plain)
        // A line has four bytes at least.
        guard let count = lines.count(upTo: plain.count) else { return nil }
        var found: [LogLine] = []
        for _ in 0..<count {
            guard let line = lines.line() else { return nil }
            found.append(line)
        }
        return found
    }

    private static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        var length = compressBound(UInt(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(length))
        let code = compress2(&output, &length, bytes, UInt(bytes.count), Z_DEFAULT_COMPRESSION)
        return code == Z_OK ? Array(output[..<Int(length)]) : nil
    }

    private static func decompressed(_ bytes: ArraySlice<UInt8>, _ size: Int) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: max(size, 1))
        var length = UInt(size)
        let code = bytes.withUnsafeBufferPointer { uncompress(&output, &length, $0.baseAddress, UInt($0.count)) }
        guard code == Z_OK, Int(length) == size else { return nil }
        return Array(output[..<size])
    }
}

extension ByteWriter {
    fileprivate mutating func append(_ line: LogLine) {
        let flags: [(Bool, UInt8)] = [
            (line.isFromKernel, 1), (line.isContinuation, 2), (line.time != nil, 4), (line.wallClock != nil, 8),
            (line.wallClock?.unixSeconds != nil, 16), (line.caller != nil, 32), (line.program != nil, 64),
        ]
        bytes.append(flags.reduce(0) { $1.0 ? $0 | $1.1 : $0 })
        append(signed: line.number)
        append(line.transport.rawValue.utf8)
        if let time = line.time { append(signed: time.microseconds) }
        if let clock = line.wallClock { append(clock.text.utf8) }
        if let seconds = line.wallClock?.unixSeconds { append(signed: seconds) }
        if let caller = line.caller { append(caller.utf8) }
        if let program = line.program { append(program.utf8) }
        append(line.text)
    }
}

extension ByteReader {
    fileprivate mutating func line() -> LogLine? {
        guard let flags = byte(), let number = signed(), let transport = text() else { return nil }
        // A transport that a later version knows is none that this one does.
        var line = LogLine(
            number: number, transport: LogTransport(rawValue: transport) ?? .bare, isFromKernel: flags & 1 != 0,
            isContinuation: flags & 2 != 0, text: [])
        if flags & 4 != 0 {
            guard let time = signed() else { return nil }
            line.time = TimeSinceBoot(microseconds: time)
        }
        if flags & 8 != 0 {
            guard let clock = text() else { return nil }
            let seconds = flags & 16 != 0 ? signed() : nil
            line.wallClock = WallTime(text: clock, unixSeconds: seconds)
        }
        if flags & 32 != 0 { line.caller = text() }
        if flags & 64 != 0 { line.program = text() }
        guard let text = bytes() else { return nil }
        line.text = Array(text)
        return line
    }
}
