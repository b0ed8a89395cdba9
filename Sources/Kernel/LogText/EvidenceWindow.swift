/// The last lines of the kernel's log: when a report comes out of them, they are its evidence.
///
/// It holds what a report that is still open may be made of, and little more. A report that is longer than `bytes` loses
/// lines from its middle, where the table of tasks is; its head and its kill line stay.
public struct EvidenceWindow: Sendable {
    private var lines: [LogLine] = []
    private var first = 0
    private var size = 0
    private let bytes: Int

    /// Kept though no report is open: an order of SysRq, and kills that come without a report.
    private static let always = 64

    public init(bytes: Bytes = Bytes(kibibytes: 2 << 10)) { self.bytes = bytes.count }

    public mutating func add(_ line: LogLine) {
        lines.append(line)
        size += cost(of: line)
        if size > bytes { thin() }
    }

    /// Lines before this one are asked for no more; nil where no report is open.
    public mutating func forget(before earliest: Int?) {
        while lines.count - first > Self.always, earliest.map({ lines[first].number < $0 }) ?? true {
            size -= cost(of: lines[first])
            first += 1
        }
        guard first > lines.count / 2 else { return }
        lines.removeSubrange(..<first)
        first = 0
    }

    /// Those of the kernel, and of programs that kill, with these numbers.
    public func lines(_ numbers: ClosedRange<Int>) -> [LogLine] {
        lines[first...].filter { numbers.contains($0.number) && ($0.isFromKernel || $0.program != nil) }
    }

    private mutating func thin() {
        let count = lines.count - first
        let middle = (first + count / 2)..<max(lines.count - Self.always, first + count / 2)
        size -= lines[middle].reduce(0) { $0 + cost(of: $1) }
        lines.removeSubrange(middle)
    }

    private func cost(of line: LogLine) -> Int { line.text.count + MemoryLayout<LogLine>.stride }
}
