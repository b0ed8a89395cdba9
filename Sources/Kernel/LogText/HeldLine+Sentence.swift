// The sentences about who is killed, and for which group.

extension HeldLine {
    func sentence(_ rest: ArraySlice<UInt8>, _ wrap: Wrap) -> LineJoint? {
        if isOfCgroups { return pathOfSentence(rest, wrap) }
        let keys: [StaticString] = [
            "total-vm:", "vsz:", "-rss:", "UID", "pgtables:", "oom_score_adj:", "score ", "child", "process ", "already exiting",
            "killable", "killed ", "limit of ", "memory.oom.group", "out of memory", "memory:",
        ]
        let isOver =
            text.holds("oom_score_adj:") && text.last != UInt8(ascii: ":") || text.ends(in: ".")
            || lastWord.suffix(2).equals("kB") || text.holds("limit of /")
        guard keys.contains(where: rest.holds) || !isOver && rest.isLeftover || isVictim(rest) else { return nil }
        let isNumber = rest.first.map { $0 &- UInt8(ascii: "0") < 10 } == true
        if rest.begins(with: "kB") || isNumber && text.last == UInt8(ascii: ":") { return endsWithBlank ? .blank : .nothing }
        if isVictim(rest) || isNameOpen && !text.ends(in: "(") && !wrap.isHard { return .blank }
        if !endsWithBlank, !wrap.edges.beginsWithBlank, isKeyCut(before: rest) { return .nothing }
        if endsWithBlank || text.ends(in: ",:)") || lastWord.isWordOfSentence { return .blank }
        let last = lastWord.last ?? 0
        return lastWord.suffix(2).equals("kB") || last &- UInt8(ascii: "0") < 10 && rest.first.map(\.isLetter) == true
            ? .blank : .nothing
    }

    /// `Killed process` and then `2368 (jserver).`, or `Killed process 2368` and then `(jserver).`
    private func isVictim(_ rest: ArraySlice<UInt8>) -> Bool {
        let isNumber = lastWord.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
        return rest.first == UInt8(ascii: "(") && isNumber && text.holds("ill")
            || lastWord.equals("process") && rest.first.map { $0 &- UInt8(ascii: "0") < 10 } == true
    }

    /// `a` and `non-rss:4kB`: the first half alone would be a word.
    private func isKeyCut(before rest: ArraySlice<UInt8>) -> Bool {
        let keys: [StaticString] = [
            "total-vm:", "anon-rss:", "file-rss:", "shmem-rss:", "UID:", "pgtables:", "oom_score_adj:",
        ]
        let whole = lastWord + rest.prefix(16)
        return keys.contains { lastWord.count < $0.utf8CodeUnitCount && whole.begins(with: $0) }
    }

    /// `Tasks in /a are going to be killed`, `Task in /a killed as a result of limit of /b`: a path is longer than a line.
    private var isOfCgroups: Bool { text.begins(with: "Task in") || text.begins(with: "Tasks in") }

    private func pathOfSentence(_ rest: ArraySlice<UInt8>, _ wrap: Wrap) -> LineJoint? {
        guard !text.holds("oom.group set"), wrap.isHard || !text.holds("limit of /") else { return nil }
        let isPath = !rest.contains(UInt8(ascii: " ")) && !rest.ends(in: ":") && rest.first != UInt8(ascii: "[")
        let goesOn: [StaticString] = ["killed ", "limit of", "are going", "memory.oom.group", "due to"]
        guard isPath || goesOn.contains(where: rest.holds) else { return nil }
        let words: [StaticString] = ["killed ", "are going ", "as a ", "going to ", "due to ", "of /"]
        let beginsWord = words.contains(where: rest.begins)
        return endsWithBlank || lastWord.isWordOfSentence || lastWord.equals("in") || beginsWord ? .blank : .nothing
    }
}

extension ArraySlice<UInt8> {
    /// A whole word of the sentences about kills, so that a line that ends with it was cut behind it.
    fileprivate var isWordOfSentence: Bool {
        let words: [StaticString] = [
            "Out", "of", "Memory", "memory", "cgroup", "out", "Killed", "Kill", "kill", "process", "score", "or", "sacrifice",
            "a", "on", "not", "deadlocked", "System", "panic", "Kernel", "-",
            "and", "no", "killable", "UID", "as", "result", "limit", "are", "memory.oom.group", "due", "to", "going", "be",
            "already", "is", "now",
        ]
        return words.contains(where: equals)
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
}
