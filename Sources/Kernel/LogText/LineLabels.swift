/// Takes off what editors and tools put before each line of a log: its number, the name of its file.
///
///     1041:Out of memory: Killed process 9 (x) …
///       12  Mem-Info:
///     /var/log/messages-20130610:Mem-Info:
///
/// A label is believed when the rest of its line is plainly the kernel's; then lines with such a label lose it too, whatever
/// they say. Nothing that the kernel prints begins like one.
struct LineLabels: Sendable {
    private var hasNumbers = false
    private var file: [UInt8] = []

    mutating func strip(_ line: [UInt8]) -> [UInt8] {
        var rest = line[...]
        if let end = endOfFile(line) {
            let behind = line[(end + 1)...]
            let isKnown = !file.isEmpty && line[..<end].elementsEqual(file)
            if isKnown || isPlain(behind) || endOfNumber(behind).map({ isPlain(line[$0...]) }) == true {
                file = Array(line[..<end])
                rest = behind
            }
        }
        if let end = endOfNumber(rest) {
            hasNumbers = hasNumbers || isPlain(rest[end...])
            if hasNumbers { rest = rest[end...] }
        }
        return rest.startIndex == 0 ? line : Array(rest)
    }

    /// Behind `  12  `, `12:`, `12-`, `12|` or `12` and a tab.
    private func endOfNumber(_ text: ArraySlice<UInt8>) -> Int? {
        let digits = text.drop { $0 == UInt8(ascii: " ") }
        let rest = digits.drop { $0 &- UInt8(ascii: "0") < 10 }
        guard (1...7).contains(rest.startIndex - digits.startIndex), let mark = rest.first else { return nil }
        switch mark {
        case UInt8(ascii: ":"), UInt8(ascii: "-"):
            // `12:13:14`, `2013-06-10` are dates.
            let digits = rest.dropFirst().prefix { $0 &- UInt8(ascii: "0") < 10 }
            let isDate = !hasNumbers || digits.count == 2 && rest.dropFirst(3).first == mark
            return !digits.isEmpty && isDate ? nil : rest.startIndex + 1
        case UInt8(ascii: "\t"), UInt8(ascii: "|"): return rest.startIndex + 1
        case UInt8(ascii: " ") where rest.begins(with: "  ") || rest.begins(with: " |"): return rest.startIndex + 2
        case UInt8(ascii: ".") where rest.begins(with: ". "): return rest.startIndex + 2
        default: return nil
        }
    }

    /// Where grep's mark stands behind a file's name. `kworker/0:1` is a process.
    private func endOfFile(_ line: [UInt8]) -> Int? {
        if !file.isEmpty, line.count > file.count, line.starts(with: file), isMark(line[file.count]) { return file.count }
        let name = line.prefix { $0 != UInt8(ascii: ":") && $0 > UInt8(ascii: " ") }
        guard name.count > 2, name.count < line.count, line[name.count] == UInt8(ascii: ":"),
            isFile(name)
        else { return nil }
        return name.count
    }

    private func isFile(_ name: ArraySlice<UInt8>) -> Bool {
        let signs: [StaticString] = [".log", ".txt", "messages", "syslog", "dmesg"]
        return name.begins(with: "/") || name.begins(with: "./") || signs.contains(where: name.holds)
    }

    private func isMark(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-") }

    /// It has a prefix that no program's own text has, or it is a line of a report whatever comes before.
    private func isPlain(_ text: ArraySlice<UInt8>) -> Bool {
        let words = PastedText(Array(text)).bytes
        // The number was the process's name.
        if words.starts(with: "page allocation failure") { return false }
        if words.contains(UInt8(ascii: ";")),
            case .success = Result(catching: { () throws(ParseError) in try KernelLogRecord(parsing: words) })
        {
            return true
        }
        return LogPrefix.line(of: words, number: 1).transport != .bare || ReportShape(words) != nil
            || words.starts(with: "Mem-Info:")
    }
}
