extension GluedLines {
    /// The lines of a report that stand in one; nearly always it is one.
    ///
    ///     lowmem_reserve[]: 0 2780 15835 Node 0 DMA32: 203*4kB (UEM) 231*8kB (UEM) = 2660kB 100155 total pagecache pages
    static func split(_ text: [UInt8]) -> [[UInt8]] {
        guard let first = shape(of: text) else { return [text] }
        var part = Part(text: text, shape: first)
        var result: [[UInt8]] = []
        for index in text.indices.dropFirst() where part.endsBefore(index) {
            result.append(Array(part.behind(index).trimmed))
            part.start = index
            // A header's name may be any other line's beginning, and only the first line can be one.
            let shape = ReportShape(Array(text[index...].prefix(80)))
            let isBehind = shape == .header && text.first("oom-killer:", from: index).map { $0 > index + longestName } ?? false
            part.shape = isBehind ? nil : shape
        }
        result.append(Array(text[part.start...]))
        return result
    }

    /// ` invoked ` and a name of 15 bytes before it.
    private static let longestName = 24

    /// That of its first line. It may be the second half of one; a zone's reserve or a swap's size shows what it is part of.
    private static func shape(of text: [UInt8]) -> ReportShape? {
        let isTotal = text.starts(with: "Free swap ") || text.starts(with: "Total swap ") || text.starts(with: "Swap cache")
        let reserve = text.first("lowmem_reserve[]: ")
        guard let shape = ReportShape(text) else { return isTotal || reserve != nil ? .counters : nil }
        guard shape == .header, let header = text.first("oom-killer:") else { return shape }
        return isTotal || reserve.map { $0 < header } ?? false ? .counters : shape
    }
}

/// The line of a report that is being read, within a text that may hold the next one too.
private struct Part {
    let text: [UInt8]
    var shape: ReportShape?
    var start = 0

    func behind(_ index: Int) -> ArraySlice<UInt8> { text[start..<index] }

    /// True if the part is over at `index`, and the next line of a report begins there.
    func endsBefore(_ index: Int) -> Bool {
        let rest = text[index...]
        if isOfZones, rest.begins(with: "lowmem_reserve[]:") || rest.begins(with: "protections[]:") { return true }
        guard text[index - 1] == UInt8(ascii: " ") else { return false }
        switch rest.first {
        case UInt8(ascii: "["): return isRow(rest) && (shape == .row || shape == .heading) || isHeading(rest) && mayEnd(index)
        case UInt8(ascii: "N"), UInt8(ascii: "D"): return isPlace(rest, at: index)
        case UInt8(ascii: "H"), UInt8(ascii: "M"): return isPlace(rest, at: index) || isOpener(rest) && mayEnd(index)
        case UInt8(ascii: "K"): return rest.begins(with: "Killed process ") && endsSentence(index)
        case UInt8(ascii: "a"):
            return rest.begins(with: "active_anon:") && behind(index).trimmed.equals("Mem-Info:")
        case .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return shape != .row && isTotal(rest) && mayEnd(index)
        default: return isOpener(rest) && mayEnd(index)
        }
    }

    private var isOfZones: Bool { shape == .counters || shape == .buddy || shape == .reserve }

    /// A zone's name is a line's beginning only behind the end of another zone's line.
    private func isPlace(_ rest: ArraySlice<UInt8>, at index: Int) -> Bool {
        guard isOfZones || shape == .hugePages, ReportShape(Array(behind(index))) != .place else { return false }
        switch ReportShape(Array(rest.prefix(80))) {
        case .counters, .buddy, .hugePages: return true
        default: return false
        }
    }

    /// A row has six numbers at least, which is more than a name of fifteen bytes can forge.
    private func isRow(_ rest: ArraySlice<UInt8>) -> Bool {
        guard ReportShape(Array(rest.prefix(32))) == .row, let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
        let words = rest[(end + 1)...].prefix(100).split(separator: UInt8(ascii: " ")).prefix(6)
        return words.count == 6 && words.allSatisfy(\.isNumbers)
    }

    private func isHeading(_ rest: ArraySlice<UInt8>) -> Bool { ReportShape(Array(rest.prefix(32))) == .heading }

    /// `100155 total pagecache pages`
    private func isTotal(_ rest: ArraySlice<UInt8>) -> Bool {
        let words = rest.drop { $0 &- UInt8(ascii: "0") < 10 }
        let totals: [StaticString] = [
            " total pagecache", " pages in swap", " pages RAM", " pages HighMem", " pages reserved", " pages shared",
        ]
        return totals.contains(where: words.begins)
    }

    /// What no process name can begin with, being too long, or what stands only where no name is.
    private func isOpener(_ rest: ArraySlice<UInt8>) -> Bool {
        switch rest.first {
        case UInt8(ascii: "o"):
            rest.begins(with: "oom-kill:constraint=") || rest.begins(with: "oom_reaper: reaped process")
                || shape != .row && rest.begins(with: "oom-killer: gfp_mask=")
        case UInt8(ascii: "O"): rest.begins(with: "Out of memory: Kill") || rest.begins(with: "Out of Memory: Kill")
        case UInt8(ascii: "M"):
            rest.begins(with: "Memory cgroup out of memory: Kill")
                || shape != .row && (rest.begins(with: "Mem-Info:") || rest.begins(with: "Memory cgroup stats for "))
        case _ where shape == .row: false
        case UInt8(ascii: "C"): rest.begins(with: "Call Trace:") || rest.begins(with: "CPU: ") && rest.prefix(40).holds("PID: ")
        case UInt8(ascii: "H"): rest.begins(with: "Hardware name:")
        case UInt8(ascii: "T"):
            rest.begins(with: "Tasks state (memory") || rest.begins(with: "Total swap = ") || rest.begins(with: "Task in /")
        case UInt8(ascii: "F"): rest.begins(with: "Free swap  = ")
        case UInt8(ascii: "S"): rest.begins(with: "Swap cache stats: ")
        case UInt8(ascii: "m"), UInt8(ascii: "k"), UInt8(ascii: "s"): ReportShape(Array(rest.prefix(40))) == .usage
        default: false
        }
    }

    private func endsSentence(_ index: Int) -> Bool {
        let text = behind(index).trimmed
        return text.suffix(5).equals("child") || text.ends(in: ".")
    }

    /// The part may be over: what it has to say has been said, so that it is not within a process name.
    private func mayEnd(_ index: Int) -> Bool {
        let text = behind(index)
        switch shape {
        case .header: return text.holds("adj=")
        case .failure: return text.holds("mode:")
        case .processor: return text.holds(" #")
        case .choice: return text.holds(",uid=")
        case .sentence: return endsSentence(index) || text.holds("-rss:") || text.holds("limit of /")
        case .place: return false
        default: return true
        }
    }
}
