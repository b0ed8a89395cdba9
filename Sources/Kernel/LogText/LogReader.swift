/// Bytes of any log in, lines of the kernel's log out: every transport, and the ways in which people paste.
///
/// While no report is open, lines that can neither begin one nor belong to one are dismissed unseen; that is most of any
/// log. It holds one block of the log, and one line back that may go on in the next.
public struct LogReader: Sendable {
    /// True while a report is open: then every line is given out.
    public var isAttentive = false
    private let limits: Limits
    private var block: [UInt8] = []
    /// Where the first line begins that has not been looked at, and its number.
    private var next = 0
    private var number = 1
    /// Lines before it have been given out, or left behind.
    private var given = 0
    private var flow = LineFlow()

    /// How much is kept of a log that never ends a line.
    public struct Limits: Sendable {
        /// A longer line is read in pieces.
        public var lineBytes = 65_536
        public var blockBytes = 131_072
        /// Before a line that begins a report, the end of the log that is looked at again.
        public var lookBackBytes = 8_192
        public var lookBackLines = 16

        public init() {}
    }

    public init(limits: Limits = Limits()) {
        self.limits = limits
        block.reserveCapacity(limits.blockBytes + limits.lineBytes + limits.lookBackBytes)
    }
}

extension LogReader {
    /// The next part of the log, cut anywhere, in the middle of a line too. It is not kept.
    ///
    /// `take` gets each line and says whether it wants to see all of those that follow.
    public mutating func read(_ chunk: ArraySlice<UInt8>, _ take: (LogLine) -> Bool) {
        var rest = chunk
        while !rest.isEmpty {
            let part = rest.prefix(limits.blockBytes)
            rest = rest.dropFirst(part.count)
            let known = block.count
            block.append(contentsOf: part)
            if let newline = block[known...].lastIndex(of: UInt8(ascii: "\n")) {
                readLines(before: newline + 1, take)
            } else if block.count - next > limits.lineBytes {
                readEndlessLine(take)
            }
            leaveBehind()
        }
    }

    /// The log ends here: the last line, without a newline, and what was held back.
    public mutating func finish(_ take: (LogLine) -> Bool) {
        if next < block.count {
            block.append(UInt8(ascii: "\n"))
            readLines(before: block.count, take)
        }
        var ready: [LogLine] = []
        flow.finish(&ready)
        give(ready, take)
        block.removeAll(keepingCapacity: true)
        next = 0
        given = 0
    }

    private mutating func readLines(before end: Int, _ take: (LogLine) -> Bool) {
        while next < end {
            if isAttentive || flow.isWaiting {
                readLine(before: end, take)
            } else if let line = nextCandidate(before: end) {
                lookBack(before: line, take)
                readLine(before: end, take)
            }
        }
    }

    /// Steps to the line that may begin a report, or to `end`.
    private mutating func nextCandidate(before end: Int) -> Int? {
        let (needle, newlines) = block.withUnsafeBytes { NeedleScan(bytes: $0).next(in: next..<end) }
        number += newlines
        guard let needle else {
            next = end
            return nil
        }
        next = block[next..<needle].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? next
        return next
    }

    private mutating func readLine(before end: Int, _ take: (LogLine) -> Bool) {
        let newline = block[next..<end].firstIndex(of: UInt8(ascii: "\n")) ?? end
        read(next..<newline, number: number, take)
        next = min(newline + 1, end)
        given = next
        number += 1
    }

    private mutating func readEndlessLine(_ take: (LogLine) -> Bool) {
        let scan = block.withUnsafeBytes { NeedleScan(bytes: $0).next(in: next..<$0.count) }
        if isAttentive || flow.isWaiting || scan.needle != nil { read(next..<block.count, number: number, take) }
        next = block.count
        given = next
    }

    private mutating func read(_ line: Range<Int>, number: Int, _ take: (LogLine) -> Bool) {
        var ready: [LogLine] = []
        var start = line.lowerBound
        repeat {
            let end = min(line.upperBound, start + limits.lineBytes)
            var text = Array(block[start..<end])
            text.replaceNoBreakSpaces()
            flow.add(text, number: number, &ready)
            start = end
        } while start < line.upperBound
        give(ready, take)
    }

    private mutating func give(_ lines: [LogLine], _ take: (LogLine) -> Bool) {
        for line in lines { isAttentive = take(line) }
    }

    private mutating func leaveBehind() {
        let wanted = max(given, next - limits.lookBackBytes)
        guard wanted > 0 else { return }
        // What is left begins with a line, not in the middle of one.
        let start = wanted == given ? given : block[wanted..<next].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? next
        block.removeSubrange(..<start)
        next -= start
        given = 0
    }
}

extension LogReader {
    /// Lines before a report's first needle that belong to it: the first half of a wrapped one, counters of Mem-Info,
    /// the stack of a report whose head is missing, the fields of a journal's entry.
    private mutating func lookBack(before line: Int, _ take: (LogLine) -> Bool) {
        var starts: [Int] = []
        var start = line
        let isField = JournalEntry.isField(block[line...].prefix { $0 != UInt8(ascii: "\n") })
        let most = isField ? limits.lookBackLines * 4 : limits.lookBackLines
        while start > given, starts.count < most {
            let before = block[given..<(start - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? given
            let text = block[before..<(start - 1)]
            guard isField ? JournalEntry.isField(text) : starts.isEmpty || LogReader.mayBePartOfReport(text) else { break }
            starts.append(before)
            start = before
        }
        for (index, start) in starts.enumerated().reversed() {
            let end = index == 0 ? line : starts[index - 1]
            read(start..<(end - 1), number: number - index - 1, take)
        }
        given = line
    }
}
