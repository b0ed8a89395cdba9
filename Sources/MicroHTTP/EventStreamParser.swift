/// Takes a stream of events apart as it comes in: the head of the answer, its chunks (RFC 9112 §7.1), its lines
/// (HTML Living Standard §9.2.6).
struct EventStreamParser {
    private(set) var failure: EventStreamClient.Failure?
    /// Milliseconds, from the last `retry:`.
    private(set) var retry: Int?
    private var state = State.head
    private var isChunked = false
    private var status = 0
    private var raw: [UInt8] = []
    private var text: [UInt8] = []
    private var id: String?
    private var kind = ""
    private var data: [UInt8]?

    private enum State {
        case head, chunkSize, chunk(Int), chunkEnd, plain, over
    }

    /// What a server may say before a line ends.
    private static let longest = 1 << 22

    mutating func add(_ bytes: ArraySlice<UInt8>) -> [EventStreamClient.Event] {
        raw += bytes
        while step() {}
        if raw.count > Self.longest || text.count > Self.longest {
            failure = .refused(status: 400, body: "a line without an end")
        }
        guard status == 200 else {
            if status != 0 { failure = .refused(status: status, body: String(decoding: text.prefix(2_000), as: UTF8.self)) }
            return []
        }
        var events: [EventStreamClient.Event] = []
        while let line = takeLine(from: &text) { if let event = read(line) { events.append(event) } }
        return events
    }

    private mutating func step() -> Bool {
        switch state {
        case .head:
            guard let end = raw.firstRange(of: Array("\r\n\r\n".utf8)) else { return false }
            readHead(String(decoding: raw[..<end.lowerBound], as: UTF8.self))
            raw.removeFirst(end.upperBound)
            return true
        case .chunkSize:
            guard let line = takeLine(from: &raw) else { return false }
            let size = Int(String(decoding: line.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self), radix: 16) ?? 0
            state = size > 0 ? .chunk(size) : .over
            return size > 0
        case .chunk(let left):
            guard !raw.isEmpty else { return false }
            let count = min(left, raw.count)
            text += raw.prefix(count)
            raw.removeFirst(count)
            state = count == left ? .chunkEnd : .chunk(left - count)
            return true
        case .chunkEnd:
            guard takeLine(from: &raw) != nil else { return false }
            state = .chunkSize
            return true
        case .plain:
            text += raw
            raw = []
            return false
        case .over: return false
        }
    }

    private mutating func readHead(_ head: String) {
        let lines = head.lowercased().split(separator: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 500
        isChunked = lines.contains { $0.hasPrefix("transfer-encoding:") && $0.contains("chunked") }
        state = isChunked ? .chunkSize : .plain
    }

    /// The event that this line ends; nil where it ends none.
    private mutating func read(_ line: [UInt8]) -> EventStreamClient.Event? {
        guard !line.isEmpty else {
            defer { (kind, data) = ("", nil) }
            return data.map { EventStreamClient.Event(id: id, kind: kind.isEmpty ? "message" : kind, data: $0) }
        }
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        var value = line.dropFirst(name.count + 1)
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: name, as: UTF8.self) {
        case "id": id = String(decoding: value, as: UTF8.self)
        case "event": kind = String(decoding: value, as: UTF8.self)
        case "data": data = (data.map { $0 + [UInt8(ascii: "\n")] } ?? []) + value
        case "retry":
            retry = Int(String(decoding: value, as: UTF8.self)).flatMap { (0..<3_600_000).contains($0) ? $0 : nil } ?? retry
        default: break
        }
        return nil
    }

    /// Without its end, LF or CRLF; nil where there is none yet.
    private func takeLine(from bytes: inout [UInt8]) -> [UInt8]? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        var line = Array(bytes[..<end])
        bytes.removeFirst(end + 1)
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }
}
