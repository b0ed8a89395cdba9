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
    /// Of its last piece.
    private(set) var edges: LineEdges
    /// Lines that were joined to it.
    private(set) var joins = 0

    init(line: LogLine, shape: ReportShape?, edges: LineEdges) {
        self.line = line
        self.shape = shape
        self.edges = edges
    }

    mutating func append(_ next: [UInt8], _ joint: LineJoint, _ edges: LineEdges) {
        let isApart = joint == .blank && next.first == UInt8(ascii: " ")
        if !isApart { line.text += joint.bytes }
        line.text += next
        shape = ReportShape(line.text) ?? shape
        self.edges = edges
        joins += 1
    }

    /// A mailer broke the line at a blank and left it.
    var endsWithBlank: Bool { edges.endsWithBlank }

    var text: ArraySlice<UInt8> { line.text[...] }

    var lastWord: ArraySlice<UInt8> {
        text.lastIndex(of: UInt8(ascii: " ")).map { text[($0 + 1)...] } ?? text
    }

    /// How `next`, which has no prefix, goes on with it; nil where it is a line of its own.
    func wrap(_ next: LogLine, _ wrap: Wrap) -> LineJoint? {
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
        case .sentence: return sentence(rest, wrap)
        case .heading: return heading(rest, wrap)
        case .row: return row(rest, wrap)
        case .usage: return usage(rest)
        case .hugePages: return rest.begins(with: "hugepages_") ? .blank : nil
        case .place: return .blank
        }
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
        // A path may be longer than the terminal is wide.
        let isPath = !rest.contains(UInt8(ascii: " ")) && rest.first != UInt8(ascii: "[")
        guard rest.contains(UInt8(ascii: "=")) || !text.holds(",uid=") && isPath else { return nil }
        return endsWithBlank ? .blank : .nothing
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
}
