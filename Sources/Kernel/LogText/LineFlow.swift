/// One line of a file in, lines of the kernel's log out, once it is sure that they are whole.
struct LineFlow: Sendable {
    private var mender = LineMender()
    private var entry = JournalEntry()
    /// The line before was a record of /dev/kmsg: ` KEY=value` lines may describe its device.
    private var isInRecord = false
    private var labels = LineLabels()

    /// Something may go on in the next line.
    var isWaiting: Bool { mender.isWaiting || entry.isOpen }

    mutating func add(_ bytes: [UInt8], number: Int, _ ready: inout [LogLine]) {
        if takeRecord(bytes, number, &ready) { return }
        if entry.take(field: bytes, number: number) { return }
        closeEntry(&ready)
        if bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: " ") || bytes.first == UInt8(ascii: "\t"),
            takeJSON(bytes, number, &ready)
        {
            return
        }
        for row in LostBreaks.split(bytes) { takePasted(row, number, &ready) }
    }

    private mutating func takePasted(_ bytes: [UInt8], _ number: Int, _ ready: inout [LogLine]) {
        let pasted = PastedText(labels.strip(bytes))
        if pasted.bytes.isEmpty {
            mender.interrupt(&ready)
        } else if !takeRecord(pasted.bytes, number, &ready) {
            let whole = number == 1 ? pasted.bytes.behindCutPrefix : pasted.bytes
            take(whole, number: number, edges: pasted.edges, over: nil, &ready)
        }
    }

    mutating func finish(_ ready: inout [LogLine]) {
        closeEntry(&ready)
        mender.interrupt(&ready)
    }

    private mutating func closeEntry(_ ready: inout [LogLine]) {
        guard entry.isOpen else { return }
        mender.flush(&ready)
        ready += entry.lines()
        entry = JournalEntry()
    }
}

extension LineFlow {
    /// A record of /dev/kmsg is exact: what its text ends with belongs to it.
    private mutating func takeRecord(_ bytes: [UInt8], _ number: Int, _ ready: inout [LogLine]) -> Bool {
        guard let first = bytes.first else { return false }
        if isInRecord, first == UInt8(ascii: " "), JournalEntry.isField(bytes.dropFirst()) { return true }
        isInRecord = false
        guard first &- UInt8(ascii: "0") < 10, isRecord(bytes) else { return false }
        let text = bytes.last == UInt8(ascii: "\r") ? Array(bytes.dropLast()) : bytes
        guard case .success(let record) = Result(catching: { () throws(ParseError) in try KernelLogRecord(parsing: text) }) else {
            return false
        }
        isInRecord = true
        closeEntry(&ready)
        mender.interrupt(&ready)
        ready += record.logLines.map { line in
            var line = line
            line.number = number
            return line
        }
        return true
    }

    /// `6,440,2703129,-;`: three numbers, flags.
    private func isRecord(_ bytes: [UInt8]) -> Bool {
        var at = 0
        for _ in 0..<3 {
            let end = bytes.endOfDigits(from: at)
            guard end > at, bytes.has(",", at: end) else { return false }
            at = end + 1
        }
        return bytes.has("-", at: at) || bytes.has("c", at: at) || bytes.has("+", at: at)
    }

    /// The message of a journal's entry, or the line of a log that docker or a shipper of logs wrapped.
    private mutating func takeJSON(_ bytes: [UInt8], _ number: Int, _ ready: inout [LogLine]) -> Bool {
        let text = bytes.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "\"") else { return false }
        var wrapped: [UInt8]?
        var found = JournalEntry()
        var isObject = text.count == 1
        for member in JSONMembers(Array(text)) {
            found.set(member.key, member.value, number: number)
            isObject = true
            let isMessage = ["message", "log", "msg"].contains { member.key.elementsEqual($0.utf8) }
            if isMessage, wrapped == nil { wrapped = member.value }
        }
        guard isObject else { return false }
        mender.interrupt(&ready)
        let lines = found.lines()
        ready += lines
        if lines.isEmpty, let wrapped { take(wrapped: wrapped, number, &ready) }
        return true
    }

    private mutating func take(wrapped: [UInt8], _ number: Int, _ ready: inout [LogLine]) {
        for part in RecordLines.split(wrapped) {
            for line in part.contains(UInt8(ascii: "\n")) && part.holdsStamp ? RecordLines.all(part) : [part] where !line.isEmpty
            {
                take(line, number: number, edges: .none, over: .json, &ready)
            }
        }
        mender.flush(&ready)
    }
}

extension LineFlow {
    /// A line of any transport that is no JSON and no record; `over` is what it was wrapped in.
    private mutating func take(
        _ bytes: [UInt8], number: Int, edges: LineEdges, over: LogTransport?, _ ready: inout [LogLine]
    ) {
        var rest = bytes
        while true {
            var line = LogPrefix.line(of: rest, number: number)
            if let over, line.transport == .bare || over == .json { line.transport = over }
            if line.transport == .syslog || line.transport == .bare { line.text = OctalEscapes.decoded(line.text) }
            let cut = line.isFromKernel ? GluedLines.prefix(in: line.text) : nil
            let behind = cut.map { Array(line.text[$0...]) }
            if let cut { line.text = Array(line.text[..<cut].trimmed) }
            give(line, behind == nil ? edges : .none, &ready)
            guard let behind else { return }
            rest = behind
        }
    }

    private mutating func give(_ line: LogLine, _ edges: LineEdges, _ ready: inout [LogLine]) {
        let texts = RecordLines.split(line.text).flatMap { line.isFromKernel ? GluedLines.split($0) : [$0] }
        for (index, text) in texts.enumerated() {
            var part = line
            part.text = text
            mender.add(part, index == texts.count - 1 ? edges : .none, &ready)
        }
    }
}

extension [UInt8] {
    /// The first line of a log that begins anywhere, in the middle of a stamp too: `62109] Out of memory: Killed process 9 (x) …`.
    fileprivate var behindCutPrefix: [UInt8] {
        guard first("total-vm:") != nil, KillMessage.at(startOf: self) == nil, let kill = first(": Killed process ") else {
            return self
        }
        let start = (Swift.max(kill - 27, 1)..<Swift.max(kill, 2)).first { KillMessage.at($0, in: self)?.1 == kill + 2 }
        guard let start, start < 32, self[start - 1] == UInt8(ascii: " "), self[..<start].contains(UInt8(ascii: "]")) else {
            return self
        }
        return LogPrefix.line(of: self, number: 1).transport == .bare ? Array(self[start...]) : self
    }

    /// `[   12.345678]` stands in it.
    fileprivate var holdsStamp: Bool { GluedLines.prefix(in: [UInt8(ascii: " ")] + self) != nil }
}
