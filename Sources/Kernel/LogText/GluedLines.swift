/// Finds the line breaks that were lost: where a second prefix stands within a line, or a report's next line begins.
enum GluedLines {
    /// Where the prefix of another line begins behind the first byte; nil if none does.
    ///
    ///     Creating journal (262144 blocks): [   34.739137] mkfs.ext4 invoked oom-killer:
    ///     Out of Memory: Killed process 2368 (jserver). Jul 19 05:19:24 asl131 kernel: OOM kill occurred
    static func prefix(in text: [UInt8]) -> Int? {
        for index in text.indices.dropFirst() {
            switch text[index] {
            case UInt8(ascii: "["): if isStamp(text[index...]) { return index }
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

    /// The lines of a report that stand in one; nearly always it is one.
    static func split(_ text: [UInt8]) -> [[UInt8]] {
        guard var shape = ReportShape(text) else { return [text] }
        var result: [[UInt8]] = []
        var start = 0
        var at = 1
        while at < text.count {
            if let next = opener(text[at...], behind: text[start..<at], shape) {
                result.append(Array(text[start..<at].trimmed))
                shape = next
                start = at
            }
            at += 1
        }
        result.append(Array(text[start...]))
        return result
    }

    /// What begins here, if a line may end before it.
    private static func opener(_ rest: ArraySlice<UInt8>, behind text: ArraySlice<UInt8>, _ shape: ReportShape) -> ReportShape? {
        switch rest.first {
        case UInt8(ascii: "l"), UInt8(ascii: "p"):
            return rest.begins(with: "lowmem_reserve[]:") || rest.begins(with: "protections[]:") ? .reserve : nil
        case UInt8(ascii: "N"), UInt8(ascii: "D"), UInt8(ascii: "H"), UInt8(ascii: "M"):
            return place(rest, behind: text, shape)
        case UInt8(ascii: "["): return shape == .row || shape == .heading ? row(rest) : nil
        case UInt8(ascii: "o"): return rest.begins(with: "oom-kill:constraint=") && isOver(text, shape) ? .choice : nil
        case UInt8(ascii: "O"):
            let isKill = rest.begins(with: "Out of memory: Kill") || rest.begins(with: "Out of Memory: Kill")
            return isKill && isOver(text, shape) ? .sentence : nil
        case UInt8(ascii: "K"):
            let isKill =
                rest.begins(with: "Killed process ") && (text.trimmed.suffix(5).equals("child") || text.trimmed.ends(in: "."))
            return isKill ? .sentence : nil
        default: return nil
        }
    }

    /// A zone's name is a line's beginning only behind the end of another zone's line.
    private static func place(_ rest: ArraySlice<UInt8>, behind text: ArraySlice<UInt8>, _ shape: ReportShape) -> ReportShape? {
        if rest.begins(with: "Memory cgroup out of memory: Kill"), isOver(text, shape) { return .sentence }
        guard shape == .counters || shape == .buddy || shape == .reserve || shape == .hugePages else { return nil }
        guard text.last == UInt8(ascii: " "), !text.trimmed.isPlace, let next = ReportShape(Array(rest.prefix(80))) else {
            return nil
        }
        return next == .counters || next == .buddy || next == .hugePages ? next : nil
    }

    /// A row has six numbers at least, which is more than a name of fifteen bytes can forge.
    private static func row(_ rest: ArraySlice<UInt8>) -> ReportShape? {
        guard ReportShape(Array(rest.prefix(32))) == .row, let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let words = rest[(end + 1)...].prefix(100).split(separator: UInt8(ascii: " ")).prefix(6)
        return words.count == 6 && words.allSatisfy(\.isNumbers) ? .row : nil
    }

    private static func isOver(_ text: ArraySlice<UInt8>, _ shape: ReportShape) -> Bool {
        switch shape {
        case .header: text.holds("adj=")
        case .choice: text.holds(",uid=")
        case .sentence: text.trimmed.ends(in: ".") || text.holds("-rss:") || text.trimmed.suffix(5).equals("child")
        default: true
        }
    }
}

extension ArraySlice<UInt8> {
    /// `Node 0`: what stands behind it belongs to it.
    fileprivate var isPlace: Bool { ReportShape(Array(self)) == .place }
}
