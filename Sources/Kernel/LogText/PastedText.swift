/// Takes off what mailers, wikis and terminals put on a line of a log. Transports that are exact do not come here.
///
///     > **Jun 10 13:33:11 xx kernel: DMA free:3548kB**
struct PastedText {
    private(set) var bytes: [UInt8]
    private(set) var edges: LineEdges

    init(_ line: [UInt8]) {
        bytes = line
        edges = LineEdges(width: line.count)
        if isOrdinary == false { clean() }
        stripEnd()
        stripStart()
    }

    /// Most lines have nothing to clean.
    private var isOrdinary: Bool {
        bytes.allSatisfy { byte in
            switch byte {
            case 0..<0x20, 0xc2, 0xe2, 0xef, UInt8(ascii: "&"), UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "*"): false
            default: true
            }
        }
    }

    private mutating func clean() {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            if let (byte, length) = replacement(at: at) {
                if let byte { result.append(byte) }
                at += length
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        bytes = result
    }

    /// What stands here in place of one byte, and how long it is; nil where the byte stays.
    private func replacement(at index: Int) -> (UInt8?, Int)? {
        switch bytes[index] {
        case 0x1b: isColoured ? (nil, lengthOfEscapeSequence(at: index)) : nil
        case UInt8(ascii: "\r"), 0: (nil, 1)
        case 0xc2: bytes.has("\u{a0}", at: index) ? (UInt8(ascii: " "), 2) : nil
        case 0xe2: bytes.has("\u{200b}", at: index) ? (nil, 3) : nil
        case 0xef: bytes.has("\u{feff}", at: index) ? (nil, 3) : nil
        case UInt8(ascii: "&"): entity(at: index)
        case UInt8(ascii: "\\"): isEscapedPunctuation(at: index) ? (bytes[index + 1], 2) : nil
        case UInt8(ascii: "*"): bytes.has("**", at: index) ? (nil, 2) : nil
        case UInt8(ascii: "`"): (nil, 1)
        default: nil
        }
    }

    /// What colours a line ends it with a reset; a process name with an escape sequence in it does not.
    private var isColoured: Bool { bytes.first("\u{1b}[0m") != nil || bytes.first("\u{1b}[m") != nil }

    /// ECMA-48 §5.4: `ESC [`, parameters, a final byte. Any other escape is taken for two bytes.
    private func lengthOfEscapeSequence(at index: Int) -> Int {
        guard bytes.has("\u{1b}[", at: index) else { return 1 }
        var end = index + 2
        while end < bytes.count, (0x20...0x3f).contains(bytes[end]) { end += 1 }
        return end < bytes.count ? end - index + 1 : end - index
    }

    private func entity(at index: Int) -> (UInt8?, Int)? {
        let entities: [(StaticString, UInt8)] = [
            ("&gt;", UInt8(ascii: ">")), ("&lt;", UInt8(ascii: "<")), ("&amp;", UInt8(ascii: "&")),
            ("&quot;", UInt8(ascii: "\"")), ("&#39;", UInt8(ascii: "'")), ("&#34;", UInt8(ascii: "\"")),
            ("&nbsp;", UInt8(ascii: " ")),
        ]
        guard let (text, byte) = entities.first(where: { bytes.has($0.0, at: index) }) else { return nil }
        return (byte, text.utf8CodeUnitCount)
    }

    /// Markdown's backslash, before what would otherwise be markup: `\<TASK\>`, `oom\_kill`, `1\*4kB`.
    private func isEscapedPunctuation(at index: Int) -> Bool {
        guard index + 1 < bytes.count else { return false }
        return "<>*_[]#|~&`".utf8.contains(bytes[index + 1])
    }

    private mutating func stripEnd() {
        while let last = bytes.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
            bytes.removeLast()
            edges.endsWithBlank = true
        }
    }

    /// Indents and the quote marks of mails, in any order; emphasis around the whole line. Some archives of mails put DEL
    /// before a line that could be taken for one of their own.
    private mutating func stripStart() {
        var text = bytes.drop { " \t>|\u{7f}".utf8.contains($0) }
        if ["* ", "- ", "+ ", "• "].contains(where: { text.starts(with: $0.utf8) }) {
            text = text.drop { $0 > 0x20 }.drop { $0 == UInt8(ascii: " ") }
        }
        let indent = text.startIndex
        edges.beginsWithBlank = bytes[..<indent].last == UInt8(ascii: " ")
        // The other side of a table's cell.
        if bytes[..<indent].contains(UInt8(ascii: "|")), bytes.last == UInt8(ascii: "|"), text.count > 1 {
            bytes.removeLast()
            stripEnd()
        }
        bytes.removeFirst(indent)
        stripQuotes()
        for mark in "*_".utf8 where bytes.count > 2 && bytes.first == mark && bytes.last == mark {
            bytes = Array(bytes[1..<(bytes.count - 1)])
        }
    }

    /// `"text",` of a list of strings. A member of JSON has quotes within.
    private mutating func stripQuotes() {
        guard let mark = bytes.first, mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "'"), bytes.count > 2 else { return }
        let end = bytes.last == UInt8(ascii: ",") ? bytes.count - 2 : bytes.count - 1
        guard end > 1, bytes[end] == mark, !bytes[1..<end].contains(mark) else { return }
        bytes = Array(bytes[1..<end].drop { $0 == UInt8(ascii: " ") })
    }
}
