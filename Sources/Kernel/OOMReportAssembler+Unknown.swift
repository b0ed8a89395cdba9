extension OOMReportAssembler {
    /// A piece of a line, a function of a call trace, or nothing of ours.
    mutating func takeUnknown(_ line: LogLine) {
        stray?.age()
        request?.age()
        if Alarm.isOne(line.text) { alarm = Alarm() }
        guard !open.isEmpty || stray != nil else { return }
        if line.isContinuation || OOMSummary.mayContinue(line.text), join(line) { return }
        if let index = open.indices.last(where: { isOfSameCaller(open[$0], line) }), open[index].begin(node: line) { return }
        if line.text.starts(with: "Process "), open.indices.contains(where: { open[$0].takeProcess(line) }) { return }
        let signs = TraceSigns(line.text)
        guard !signs.isEmpty else { return }
        if let index = open.lastIndex(where: { $0.part <= .processor && isOfSameCaller($0, line) && $0.silence < 200 }) {
            open[index].signs.formUnion(signs)
        } else if recent?.isPanic == true {
            // The panic's own trace.
            stray = nil
        } else if let stray, stray.isRecent(at: line) {
            let index = openOrphan(line, part: .processor)
            open[index].reach(.processor, line)
            open[index].signs.formUnion(signs)
        }
    }

    private mutating func join(_ line: LogLine) -> Bool {
        for index in open.indices.reversed() where isOfSameCaller(open[index], line) {
            guard open[index].append(line.text, limit: limits.lineBytes) else { continue }
            open[index].touch(line)
            return true
        }
        return false
    }

    /// The kernel prints a list of free blocks in pieces, and other lines may cut it in many.
    @discardableResult
    mutating func note(_ line: LogLine, isFirstPiece: Bool) -> Bool {
        open.indices.reversed().contains { index in
            isOfSameCaller(open[index], line)
                && open[index].joinPiece(line, isFirst: isFirstPiece, limit: limits.lineBytes)
        }
    }
}

extension OpenReport {
    /// False if it is no piece of this report's last list.
    mutating func joinPiece(_ line: LogLine, isFirst: Bool, limit: Int) -> Bool {
        if isFirst {
            guard report.lines.upperBound == line.number, part == .blocks || part == .zones else { return false }
            pieces = (line.text, line.number)
            return true
        }
        guard let begun = pieces, line.isContinuation || line.isPiece, begun.text.count + line.text.count <= limit else {
            return false
        }
        // A piece ends with a blank, and some transports drop it.
        let isTrimmed = begun.text.last != UInt8(ascii: " ") && line.text.first != UInt8(ascii: " ")
        let text = begun.text + (isTrimmed ? [UInt8(ascii: " ")] : []) + line.text
        guard let first = MemInfoLine(begun.text) else { return joinToNode(text, line) }
        guard first.mayGoOn(with: line.text) else { return false }
        pieces = (text, begun.number)
        let quote = QuotedLine(number: begun.number, bytes: text)
        switch MemInfoLine(text) {
        case .blocks(let blocks): set(blocks, quote)
        case .protection(let pages): setProtection(pages, quote)
        default: return false
        }
        touch(line)
        return true
    }

    /// `Node 0 ` and then `DMA free:…`.
    private mutating func joinToNode(_ text: [UInt8], _ line: LogLine) -> Bool {
        guard let info = MemInfoLine(text), accepts(info) else { return false }
        pieces = (text, line.number)
        var whole = line
        whole.text = text
        take(info, whole)
        return true
    }

    /// False if the line is more than the beginning `Node 0 ` of another.
    mutating func begin(node line: LogLine) -> Bool {
        guard hasMemory, line.text.starts(with: "Node ") else { return false }
        let end = line.text.endOfDigits(from: 5)
        guard end > 5, line.text[end...].allSatisfy({ $0 == UInt8(ascii: " ") }) else { return false }
        pieces = (line.text[..<end] + [UInt8(ascii: " ")], line.number)
        touch(line)
        return true
    }

    private var hasMemory: Bool { part >= .memory && part <= .totals }
}

extension LogLine {
    /// Transports without flags: what has no beginning of its own.
    fileprivate var isPiece: Bool {
        switch MemInfoLine(text) {
        case .blocks(let blocks): blocks.node == nil
        case .zone(let zone): zone.node == nil
        case nil where text.first == UInt8(ascii: "("): text.first("*") != nil && text.first("kB") != nil
        case nil: text.first == UInt8(ascii: " ") && text.allSatisfy { $0 == UInt8(ascii: " ") || $0 &- UInt8(ascii: "0") < 10 }
        default: false
        }
    }
}

extension MemInfoLine {
    /// Flag `c` alone does not tell: some kernels set it on lines that continue nothing.
    fileprivate func mayGoOn(with piece: [UInt8]) -> Bool {
        let isOfNumbers = piece.first.map { $0 == UInt8(ascii: " ") || $0 &- UInt8(ascii: "0") < 10 } ?? false
        switch self {
        case .blocks(let blocks): return blocks.sum == nil && (isOfNumbers || piece.first.map { "(=".utf8.contains($0) } ?? false)
        case .protection: return isOfNumbers && piece.allSatisfy { $0 == UInt8(ascii: " ") || $0 &- UInt8(ascii: "0") < 10 }
        default: return false
        }
    }
}

/// The line of a call trace that has a process number, of which it is not known yet what it is about.
struct Stray: Sendable {
    let processor: ProcessorLine
    let line: LogLine
    private var distance = 0

    init(_ processor: ProcessorLine, _ line: LogLine) {
        self.processor = processor
        self.line = line
    }

    mutating func age() { distance += 1 }

    var isFresh: Bool { distance < 150 }

    /// A call trace with its registers has less lines.
    func isRecent(at other: LogLine) -> Bool {
        isFresh && (line.caller == nil || other.caller == nil || line.caller == other.caller)
            && !line.isOlder(than: TimeSinceBoot(seconds: 5), at: other)
    }
}

/// What else prints a call trace: the process that it is about may be asking for memory all the same.
struct Alarm: Sendable {
    private var distance = 0

    mutating func age() { distance += 1 }

    /// The modules and, on some architectures, the registers stand between the two.
    var isRecent: Bool { distance < 14 }

    /// `watchdog: BUG: soft lockup - CPU#20 stuck for 26s!`, `WARNING: CPU: 5 PID: 80 at mm/…`, `rcu: INFO: rcu_sched …`
    static func isOne(_ text: [UInt8]) -> Bool {
        let text = Array(text.drop { $0 == UInt8(ascii: " ") }.prefix(16))
        return switch text.first {
        case UInt8(ascii: "w"): text.starts(with: "watchdog: ")
        case UInt8(ascii: "W"): text.starts(with: "WARNING: ") || text.starts(with: "Watchdog ")
        case UInt8(ascii: "B"): text.starts(with: "BUG: ")
        case UInt8(ascii: "r"): text.starts(with: "rcu: INFO: ")
        case UInt8(ascii: "I"): text.starts(with: "INFO: ")
        case UInt8(ascii: "N"): text.starts(with: "NMI ")
        default: false
        }
    }
}

/// Somebody pressed SysRq: what follows within a few lines is the answer.
struct SysRqRequest: Sendable {
    enum Kind { case kill, showMemory }

    let kind: Kind
    let line: LogLine
    private var distance = 0

    init(_ kind: Kind, _ line: LogLine) {
        self.kind = kind
        self.line = line
    }

    mutating func age() { distance += 1 }

    var isFresh: Bool { distance < 8 }

    func isKill(at other: LogLine) -> Bool { kind == .kill && isRecent(at: other) }

    func isShow(at other: LogLine) -> Bool { kind == .showMemory && isRecent(at: other) }

    /// `sysrq: SysRq : Show Memory`
    static func isShowMemory(_ text: [UInt8]) -> Bool {
        guard text.first.map({ $0 | 0x20 }) == UInt8(ascii: "s"), text.ends(with: "Show Memory") else { return false }
        return text.starts(with: "sysrq: ") || text.starts(with: "SysRq : ")
    }

    private func isRecent(at other: LogLine) -> Bool {
        isFresh && !line.isOlder(than: TimeSinceBoot(seconds: 5), at: other)
    }
}

extension OOMSummary {
    /// Transports without flags: `/box,task=eater,pid=118,uid=0` behind `…,task_memcg=`.
    fileprivate static func mayContinue(_ text: [UInt8]) -> Bool {
        continues(text) || (text.first == UInt8(ascii: "/") && text.first(",task=") != nil && text.first(",uid=") != nil)
    }
}
