/// How two halves of a line belong together.
enum LineJoint: Sendable {
    case blank
    case nothing
    /// A process name holds it.
    case newline

    var bytes: [UInt8] {
        switch self {
        case .blank: [UInt8(ascii: " ")]
        case .nothing: []
        case .newline: [UInt8(ascii: "\n")]
        }
    }
}

/// A line that may go on in the next one.
struct HeldLine: Sendable {
    var line: LogLine
    /// Nil for a prefix with nothing behind it.
    var shape: ReportShape?
    var edges: LineEdges

    /// A mailer broke the line at a blank and left it.
    var endsWithBlank: Bool { edges.endsWithBlank }

    var text: ArraySlice<UInt8> { line.text[...] }

    var lastWord: ArraySlice<UInt8> {
        text.lastIndex(of: UInt8(ascii: " ")).map { text[($0 + 1)...] } ?? text
    }

    /// How `next`, which has no prefix, goes on with it; nil where it is a line of its own.
    func wrap(_ next: LogLine) -> LineJoint? {
        let rest = next.text[...]
        guard let shape else { return ReportShape(next.text) == nil ? nil : .nothing }
        if opensLine(next.text) { return nil }
        switch shape {
        case .header: return header(rest)
        case .failure: return failure(rest)
        case .processor: return processor(rest)
        case .counters: return counters(rest)
        case .buddy: return buddy(rest)
        case .reserve: return rest.isNumbers ? .blank : nil
        case .choice: return choice(rest)
        case .sentence: return sentence(rest)
        case .heading: return heading(rest)
        case .row: return row(rest)
        case .usage: return usage(rest)
        case .hugePages: return rest.begins(with: "hugepages_") ? .blank : nil
        case .place: return .blank
        }
    }

    /// A terminal of a fixed width: this line filled it, so that `next` goes on where it stopped, in the middle of a word too.
    func fill(_ next: LogLine, _ edges: LineEdges) -> LineJoint? {
        guard self.edges.isFull, shape != nil, !opensLine(next.text) else { return nil }
        return endsWithBlank || edges.indent > self.edges.indent ? .blank : .nothing
    }

    /// True if a report's next line begins here, whatever was held.
    private func opensLine(_ next: [UInt8]) -> Bool {
        guard let opener = ReportShape(next) else { return shape == .place }
        switch opener {
        case .header: return shape != .header || !(lastWord.equals("invoked") || next.starts(with: "invoked"))
        case .sentence: return !(shape == .sentence && lastWord.equals("memory:"))
        case .counters, .buddy, .place:
            if shape == .place { return next.starts(with: "Node ") }
            return next.first.map("NDHMA".utf8.contains) == true
        default: return true
        }
    }

    private func header(_ rest: ArraySlice<UInt8>) -> LineJoint? {
        let keys: [StaticString] = [
            "oom-killer:", "gfp_mask=", "order=", "oom_score_adj=", "oom_adj=", "oomkilladj=", "nodemask=",
        ]
        let isOver = text.holds("adj=") && !["=", "-", ","].contains(String(decoding: text.suffix(1), as: UTF8.self))
        guard keys.contains(where: rest.holds) || !isOver && rest.isLeftover else { return nil }
        if rest.first == UInt8(ascii: ",") { return .nothing }
        return endsWithBlank || lastWord.equals("invoked") || rest.begins(with: "invoked") || text.ends(in: ":,")
            ? .blank : .nothing
    }

    private func failure(_ rest: ArraySlice<UInt8>) -> LineJoint? {
        let keys: [StaticString] = [
            "allocation failure", "failure:", "failure.", "order:", "mode:", "nodemask=", "cpuset=", "mems_allowed=",
        ]
        guard keys.contains(where: rest.holds) || !text.holds("mode:") && rest.isLeftover else { return nil }
        // Since 5.0 these two follow a comma without a blank.
        if rest.begins(with: "cpuset=") || rest.begins(with: "mems_allowed=") { return .nothing }
        return endsWithBlank || text.ends(in: ":,.") || lastWord.equals("page") || lastWord.equals("allocation")
            ? .blank : .nothing
    }

    private func processor(_ rest: ArraySlice<UInt8>) -> LineJoint? {
        guard !text.holds(" #") else { return nil }
        let isVersion = rest.first.map { $0 &- UInt8(ascii: "0") < 10 } == true && rest.prefix(5).contains(UInt8(ascii: "."))
        let begins: [StaticString] = ["#", "tainted", "Tainted:", "Not tainted", "Comm:", "PID:", "UID:", "Kdump:", "comm:"]
        return isVersion || rest.holds(" #") || begins.contains(where: rest.begins) ? .blank : nil
    }

    private func choice(_ rest: ArraySlice<UInt8>) -> LineJoint? {
        guard rest.contains(UInt8(ascii: "=")) || !text.holds(",uid=") && rest.isLeftover else { return nil }
        return endsWithBlank ? .blank : .nothing
    }

    private func sentence(_ rest: ArraySlice<UInt8>) -> LineJoint? {
        let keys: [StaticString] = [
            "total-vm:", "vsz:", "-rss:", "UID", "pgtables:", "oom_score_adj:", "score ", "child", "process ", "already exiting",
            "killable", "killed ", "limit of ", "memory.oom.group", "out of memory", "memory:",
        ]
        let isOver =
            text.holds("oom_score_adj:") || text.ends(in: ".") || lastWord.suffix(2).equals("kB") || text.holds("limit of /")
        guard keys.contains(where: rest.holds) || !isOver && rest.isLeftover || isVictim(rest) else { return nil }
        if rest.begins(with: "kB") { return .nothing }
        if isVictim(rest) || isNameOpen && !text.ends(in: "(") { return .blank }
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

    private func heading(_ rest: ArraySlice<UInt8>) -> LineJoint? {
        let isColumns = rest.allSatisfy { $0 &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: " ") }
        let columns: [StaticString] = [
            "rss", "name", "swapents", "oom_score_adj", "oom_adj", "pgtables_bytes", "nr_p", "total_vm",
        ]
        return !lastWord.equals("name") && isColumns && columns.contains(where: rest.holds) ? .blank : nil
    }

    private func row(_ rest: ArraySlice<UInt8>) -> LineJoint? {
        guard let bracket = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let numbers = text[(bracket + 1)...]
        guard numbers.isNumbers else { return nil }
        let isNumber = rest.prefix { $0 != UInt8(ascii: " ") }.allSatisfy {
            $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-")
        }
        return isNumber || numbers.split(separator: UInt8(ascii: " ")).count >= 7 ? .blank : nil
    }

    private func usage(_ rest: ArraySlice<UInt8>) -> LineJoint? {
        if rest.begins(with: "limit ") || rest.begins(with: "failcnt ") || rest.begins(with: "usage ") { return .blank }
        guard !text.holds("failcnt "), let first = rest.first, first &- UInt8(ascii: "0") < 10 else {
            return lastWord.equals("failcnt") && rest.isNumbers ? .blank : nil
        }
        return lastWord.last.map { $0 &- UInt8(ascii: "0") < 10 } == true ? .nothing : .blank
    }
}

extension ArraySlice<UInt8> {
    var isNumbers: Bool {
        !isEmpty && allSatisfy { $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") }
    }

    /// The end of a line that was cut at a fixed column: a piece of a word.
    var isLeftover: Bool {
        count <= 40 && !contains(UInt8(ascii: " ")) && !ends(in: ":") && first.map("([.-=".utf8.contains) != true
    }

    func ends(in bytes: String) -> Bool { last.map(bytes.utf8.contains) ?? false }

    /// A whole word of the sentences about kills, so that a line that ends with it was cut behind it.
    fileprivate var isWordOfSentence: Bool {
        let words: [StaticString] = [
            "Out", "of", "Memory", "memory", "cgroup", "out", "Killed", "Kill", "kill", "process", "score", "or", "sacrifice",
            "a", "on", "not", "deadlocked", "System", "panic", "Kernel", "-",
            "and", "no", "killable", "UID", "as", "result", "limit", "due", "to", "going", "be", "are", "already", "is", "now",
        ]
        return words.contains(where: equals)
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
}
