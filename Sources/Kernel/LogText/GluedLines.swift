/// Finds the line breaks that were lost: where a second prefix stands within a line, or a report's next line begins.
enum GluedLines {
    /// Where the prefix of another line begins behind the first byte; nil if none does.
    ///
    ///     Creating journal (262144 blocks): [   34.739137] mkfs.ext4 invoked oom-killer:
    ///     Out of Memory: Killed process 2368 (jserver). Jul 19 05:19:24 asl131 kernel: OOM kill occurred
    static func prefix(in text: [UInt8]) -> Int? {
        for index in text.indices.dropFirst() {
            switch text[index] {
            case UInt8(ascii: "["): if isStamp(text[index...]) || isDate(text[index...]) { return index }
            case UInt8(ascii: ":"): if let start = startOfDate(around: index, in: text) { return start }
            default: continue
            }
        }
        return nil
    }

    /// `[   34.739137] `: six decimals, as the kernel has them always.
    private static func isStamp(_ text: ArraySlice<UInt8>) -> Bool {
        let seconds = text.dropFirst().drop { $0 == UInt8(ascii: " ") }
        let point = seconds.drop { $0 &- UInt8(ascii: "0") < 10 }
        guard point.startIndex > seconds.startIndex, point.first == UInt8(ascii: ".") else { return false }
        let decimals = point.dropFirst().prefix { $0 &- UInt8(ascii: "0") < 10 }
        guard decimals.count == 6 else { return false }
        let end = point[decimals.endIndex...]
        return end.begins(with: "] ") || end.begins(with: "][")
    }

    /// `[Mon Dec  8 17:51:31 2025] `, in any language: two colons between digits, and a year at the end.
    private static func isDate(_ text: ArraySlice<UInt8>) -> Bool {
        let window = text.prefix(48)
        guard let end = window.firstIndex(of: UInt8(ascii: "]")), end - window.startIndex > 20 else { return false }
        let inside = window[window.startIndex + 1..<end]
        let colons = inside.indices.filter { inside[$0] == UInt8(ascii: ":") }
        guard colons.count == 2, colons[1] - colons[0] == 3, window[(end + 1)...].first == UInt8(ascii: " ") else { return false }
        return inside.suffix(5).first == UInt8(ascii: " ") && inside.suffix(4).allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }

    /// `Jul 19 05:19:24 asl131 kernel:` around the first colon of its time.
    private static func startOfDate(around colon: Int, in text: [UInt8]) -> Int? {
        guard colon >= 9, text.count - colon > 14, text[colon + 3] == UInt8(ascii: ":") else { return nil }
        guard text[(colon - 2)..<colon].isNumbers, text[colon - 3] == UInt8(ascii: " ") else { return nil }
        var day = colon - 4
        while day > 0, text[day] &- UInt8(ascii: "0") < 10 || text[day] == UInt8(ascii: " ") { day -= 1 }
        let start = day - 2
        guard start > 0, text[start] &- UInt8(ascii: "A") < 26, text[start - 1] &- UInt8(ascii: "a") >= 26 else { return nil }
        return text[(colon + 5)..<min(text.count, colon + 80)].holds(" kernel:") ? start : nil
    }
}
