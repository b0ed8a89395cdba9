public import Kernel

/// A stall as text: what is kept of it, and read again by later versions. A word that they do not know is passed over.
extension Stall {
    /// One line, and a second one when it is over.
    ///
    ///     stall began=1790000000250000000 after=5000000000 reasons=memory_high full=9969 refaulted=0 stalls=0 limits=12 cgroup=/box
    ///     ended=1790000060250000000 after=65000000000
    public var lines: [LogLine] {
        var words = ["stall", "began=\(begin.wall.unixNanoseconds)", "after=\(begin.sinceBoot.count)"]
        words.append("reasons=" + reasons.map(\.rawValue).joined(separator: ","))
        if let full = worst.fullHundredths { words.append("full=\(full)") }
        words.append("refaulted=\(worst.refaultedPerSecond.count)")
        words += ["stalls=\(worst.allocationStallsPerSecond)", "limits=\(worst.limitEventsPerSecond)"]
        // The path comes last: it may hold anything.
        var texts = [Array(words.joined(separator: " ").utf8) + (group.map { Array(" cgroup=".utf8) + $0.bytes } ?? [])]
        if let end { texts.append(Array("ended=\(end.wall.unixNanoseconds) after=\(end.sinceBoot.count)".utf8)) }
        return texts.enumerated().map { LogLine(number: $0.offset + 1, isFromKernel: false, text: $0.element) }
    }

    /// nil for lines of something else.
    public init?(lines: [LogLine]) {
        guard let first = lines.first.map({ StallWords($0.text) }), first.isStall, let begin = first.time("began") else {
            return nil
        }
        var worst = Severity()
        worst.fullHundredths = first.number("full")
        worst.refaultedPerSecond = Bytes(first.number("refaulted") ?? 0)
        worst.allocationStallsPerSecond = first.number("stalls") ?? 0
        worst.limitEventsPerSecond = first.number("limits") ?? 0
        let reasons = (first["reasons"] ?? "").split(separator: ",").compactMap { Reason(rawValue: String($0)) }
        self.init(owner: first.group.map(Owner.cgroup) ?? .machine, begin: begin, reasons: reasons, worst: worst)
        end = lines.dropFirst().first.flatMap { StallWords($0.text).time("ended") }
    }
}

/// `name=value`, with blanks between.
private struct StallWords {
    let isStall: Bool
    let group: CgroupPath?
    private let words: [Substring]

    init(_ text: [UInt8]) {
        let mark = Array(" cgroup=".utf8)
        let start = text.indices.first { text[$0...].starts(with: mark) }
        group = start.map { CgroupPath(text[($0 + mark.count)...]) }
        words = String(decoding: text[..<(start ?? text.endIndex)], as: UTF8.self).split(separator: " ")
        isStall = words.first == "stall"
    }

    subscript(name: String) -> Substring? { words.first { $0.hasPrefix(name + "=") }?.dropFirst(name.utf8.count + 1) }

    func number(_ name: String) -> Int? { self[name].flatMap { Int($0) } }

    func time(_ name: String) -> RecordedTime? {
        guard let wall = number(name), let sinceBoot = number("after") else { return nil }
        return RecordedTime(sinceBoot: Nanoseconds(sinceBoot), wall: Timestamp(unixNanoseconds: wall))
    }
}
