// The lines that are wrapped most are the longest: those of nodes and zones. They have units, those of Mem-Info none, and
// that is how the second half of the one is told from a line of the other.

extension HeldLine {
    func counters(_ rest: ArraySlice<UInt8>) -> LineJoint? {
        guard !RecordLines.isStatistic(rest) else { return nil }
        let words = rest.split(separator: UInt8(ascii: " "))
        guard let first = words.first, words.dropFirst().allSatisfy(isCounter), isCounter(first) || isLastWordCut else {
            return nil
        }
        guard hasUnit(rest) ? mayHaveUnit : isLastWordCut && (mayHaveUnit || words.count == 1) else { return nil }
        return jointOfCounters(before: first)
    }

    /// `free:3548kB`, `8kB`, `shmem_thp:`, `all_unreclaimable?`, `yes`.
    private func isCounter(_ word: ArraySlice<UInt8>) -> Bool {
        if word.equals("yes") || word.equals("no") || word.last == UInt8(ascii: "?") { return true }
        let name = word.prefix { ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: "_") || $0 == 0x28 || $0 == 0x29 }
        var value = word[name.endIndex...]
        if value.first == UInt8(ascii: ":") { value = value.dropFirst() } else if !name.isEmpty { return false }
        let unit = value.drop { $0 &- UInt8(ascii: "0") < 10 }
        return unit.isEmpty || unit.equals("kB") || unit.equals("KB") || unit.equals("k")
    }

    /// The last word is no whole `name:number`, so the next line has its end.
    private var isLastWordCut: Bool {
        let word = lastWord
        guard let colon = word.lastIndex(of: UInt8(ascii: ":")) else { return !(word.equals("yes") || word.equals("no")) }
        let value = word[(colon + 1)...]
        return value.isEmpty || !(value.suffix(2).equals("kB") || value.suffix(2).equals("KB") || !mayHaveUnit)
    }

    private func hasUnit(_ text: ArraySlice<UInt8>) -> Bool {
        text.holds("kB") || text.holds("KB") || text.holds("all_unreclaimable") || text.holds("pages_scanned")
            || text.suffix(3).equals("yes") || text.suffix(2).equals("no")
    }

    private var mayHaveUnit: Bool {
        hasUnit(text) || text.first.map { $0 &- UInt8(ascii: "A") < 26 } == true && !text.begins(with: "Active")
    }

    private func jointOfCounters(before first: ArraySlice<UInt8>) -> LineJoint? {
        let last = lastWord
        if last.equals("yes") || last.equals("no") { return first.begins(with: "Balloon:") ? .blank : nil }
        if endsWithBlank || last.suffix(2).equals("kB") || last.suffix(2).equals("KB") || last.ends(in: "?:") { return .blank }
        if ReportShape(Array(text)) == .place { return .blank }
        let endsWithDigit = last.last.map { $0 &- UInt8(ascii: "0") < 10 } == true && last.contains(UInt8(ascii: ":"))
        let beginsWithName = first.contains(UInt8(ascii: ":")) || first.begins(with: "all_unreclaimable")
        return endsWithDigit && beginsWithName ? .blank : .nothing
    }

    /// `0*128kB 1*256kB (E) = 3384kB`: nothing but such pieces, up to the sum.
    func buddy(_ rest: ArraySlice<UInt8>) -> LineJoint? {
        guard !isBuddySummedUp, rest.allSatisfy("0123456789*kB()UEMRCIH= ".utf8.contains) else { return nil }
        let isWhole = lastWord.suffix(2).equals("kB") || lastWord.ends(in: "):=")
        return endsWithBlank || isWhole && !rest.begins(with: "kB") ? .blank : .nothing
    }

    private var isBuddySummedUp: Bool {
        guard let equals = text.lastIndex(of: UInt8(ascii: "=")) else { return false }
        return text[equals...].suffix(2).equals("kB")
    }
}

extension HeldLine {
    /// How `next`, which has a prefix of its own, goes on with it: a kernel that forgot to say that it continues a line
    /// (4.8, some of 4.9) has each piece as a record; and a console breaks a line at a process name's newline.
    func torn(_ next: LogLine) -> LineJoint? {
        guard isOfSameMoment(next), let shape else { return nil }
        let rest = next.text[...]
        switch shape {
        case .place: return opensPlace(next.text) ? .blank : nil
        case .buddy: return buddy(rest) == nil ? nil : .blank
        case .reserve: return rest.isNumbers ? .blank : nil
        case .header: return goesOn(rest) && !text.holds("adj=") ? .nothing : nil
        case .sentence where text.begins(with: "Task in ") && rest.begins(with: " killed as a result"): return .nothing
        case .choice where rest.first == UInt8(ascii: ",") && !text.holds(",uid="): return .nothing
        case .choice: return line.time != nil && !text.holds(",pid=") && rest.holds(",pid=") ? .newline : nil
        case .sentence: return line.time != nil && isNameOpen && rest.contains(UInt8(ascii: ")")) ? .newline : nil
        default: return nil
        }
    }

    /// `(null)` and `,  order=0` are printed by themselves where the mask of nodes is (4.11 to 4.14).
    private func goesOn(_ rest: ArraySlice<UInt8>) -> Bool {
        rest.first == UInt8(ascii: ",") || text.ends(in: "=") && (rest.equals("(null)") || rest.isNumbers)
    }

    private func opensPlace(_ next: [UInt8]) -> Bool {
        guard !next.starts(with: "Node ") else { return false }
        switch ReportShape(next) {
        case .counters, .buddy, .place: return true
        default: return false
        }
    }

    /// `Killed process 121 (new`
    var isNameOpen: Bool {
        guard let open = text.lastIndex(of: UInt8(ascii: "(")), text.holds("process ") else { return false }
        return !text[open...].contains(UInt8(ascii: ")"))
    }

    private func isOfSameMoment(_ next: LogLine) -> Bool {
        guard line.transport == next.transport, line.isFromKernel == next.isFromKernel, line.wallClock == next.wallClock else {
            return false
        }
        guard let time = line.time, let later = next.time else { return line.time == next.time }
        return !time.isOlder(than: TimeSinceBoot(microseconds: 10_000), at: later)
    }
}
