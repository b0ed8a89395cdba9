/// Joins again what mailers and consoles cut, one line held back at a time.
///
///     [  951.727784] systemd invoked oom-killer:
///     gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0,
///     oom_score_adj=0
struct LineMender: Sendable {
    private let longestLine: Int
    private var held: HeldLine?
    /// The last line with a prefix: what a line without one may belong to.
    private var context: LogLine?

    init(longestLine: Int) { self.longestLine = longestLine }

    var isWaiting: Bool { held != nil }

    /// Gives out what is over with this line. It keeps the number of its first half.
    mutating func add(_ next: LogLine, _ edges: LineEdges = LineEdges(), _ ready: inout [LogLine]) {
        if let joint = joint(with: next, edges), var held {
            let isApart = joint == .blank && next.text.first == UInt8(ascii: " ")
            held.line.text += (isApart ? [] : joint.bytes) + next.text
            held.shape = ReportShape(held.line.text) ?? held.shape
            held.edges = edges
            self.held = held
            return
        }
        flush(&ready)
        var line = next
        if next.transport == .bare { inherit(&line) } else { context = next }
        let shape = ReportShape(line.text)
        if shape != nil || line.text.isEmpty && line.isFromKernel {
            held = HeldLine(line: line, shape: shape, edges: edges)
        } else {
            ready.append(line)
        }
    }

    /// A line without words: what comes after it is another line.
    mutating func interrupt(_ ready: inout [LogLine]) {
        flush(&ready)
        context = nil
    }

    mutating func flush(_ ready: inout [LogLine]) {
        if let held { ready.append(held.line) }
        held = nil
    }

    private func joint(with next: LogLine, _ edges: LineEdges) -> LineJoint? {
        guard let held, held.line.text.count + next.text.count < longestLine else { return nil }
        if next.transport != .bare { return held.torn(next) }
        if let joint = held.fill(next, edges) { return joint }
        return held.wrap(next) ?? (held.line.transport == .bare ? held.torn(next) : nil)
    }

    /// journalctl and dmesg print the second line of a record without a prefix, or with blanks in its place.
    private func inherit(_ line: inout LogLine) {
        guard let context else { return }
        let text = line.text[...]
        guard RecordLines.isStatistic(text) || ReportShape(line.text)?.beginsWithName == false else { return }
        let (number, words) = (line.number, line.text)
        line = context
        line.number = number
        line.text = words
        line.isContinuation = false
    }
}
