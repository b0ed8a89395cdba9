/// Joins again what mailers and consoles cut, one line held back at a time.
///
///     [  951.727784] systemd invoked oom-killer:
///     gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0,
///     oom_score_adj=0
struct LineMender: Sendable {
    private var held: HeldLine?
    /// Where the last line that was joined had been cut: a terminal cuts all at one column, a mailer each at a blank.
    private var column: Int?
    /// How many numbers the rows of the last table have.
    private var rowNumbers: Int?
    /// The last line with a prefix: what a line without one may belong to.
    private var context: LogLine?

    /// Each piece is judged with all that came before it: a line of 4 KiB at most, in not so many pieces that a log of
    /// short lines costs more than they do. The kernel's longest record is 1 KiB, which is 26 lines of 40 columns.
    private static let mostJoins = 32
    private static let longestJoined = 4 << 10

    var isWaiting: Bool { held != nil }

    /// Gives out what is over with this line. It keeps the number of its first half.
    mutating func add(_ next: LogLine, _ edges: LineEdges, _ ready: inout [LogLine]) {
        if let joint = joint(with: next, edges) {
            column = held?.edges.width
            held?.append(next.text, joint, edges)
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
        if let held {
            if held.shape == .heading {
                rowNumbers = held.text.split(separator: UInt8(ascii: " ")).drop { !$0.equals("uid") }.count - 1
            }
            ready.append(held.line)
        }
        held = nil
    }

    private func joint(with next: LogLine, _ edges: LineEdges) -> LineJoint? {
        guard let held, held.joins < Self.mostJoins, held.line.text.count + next.text.count < Self.longestJoined else {
            return nil
        }
        if next.transport != .bare { return held.torn(next) }
        let wrap = Wrap(edges: edges, isHard: held.edges.width > 0 && held.edges.width == column, rowNumbers: rowNumbers)
        return held.wrap(next, wrap) ?? (held.line.transport == .bare ? held.torn(next) : nil)
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
