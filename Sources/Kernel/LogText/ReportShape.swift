/// What part of a report a text is, as far as that tells how it may go on: only what begins such a part is looked at.
enum ReportShape: Sendable {
    /// `X invoked oom-killer: gfp_mask=…`, or its beginning.
    case header
    /// `X: page allocation failure: order:4, mode:0x40c00(…)`
    case failure
    /// `CPU: 3 PID: 77 Comm: X Not tainted 6.1.0 #1`
    case processor
    /// `Node 0 DMA free:15872kB min:…`, `Node 0 active_anon:…kB`, `active_anon:61 inactive_anon:…`
    case counters
    /// `Node 0 DMA: 1*4kB 0*8kB … = 15872kB`
    case buddy
    /// `lowmem_reserve[]: 0 2780 15835`
    case reserve
    /// `oom-kill:constraint=…`
    case choice
    /// `Out of memory: Killed process 1 (X) …`, and other sentences.
    case sentence
    /// `[ pid ]   uid  tgid total_vm …`
    case heading
    /// `[  390]     0   390    39012 …`
    case row
    /// `memory: usage 481280kB, limit 481280kB, failcnt 9260`
    case usage
    /// `Node 0 hugepages_total=0 …`
    case hugePages
    /// `Node 0 DMA` and nothing else: the beginning of something.
    case place

    init?(_ text: [UInt8]) {
        let text = text.drop { $0 == UInt8(ascii: " ") }
        guard let first = text.first else { return nil }
        guard let shape = ReportShape.byFirst(first, text) ?? ReportShape.byName(text) else { return nil }
        self = shape
    }

    /// True for lines with a process name in them, which may hold anything.
    var beginsWithName: Bool {
        switch self {
        case .header, .failure, .processor, .choice, .sentence, .row: true
        default: false
        }
    }
}

extension ReportShape {
    private static func byFirst(_ first: UInt8, _ text: ArraySlice<UInt8>) -> ReportShape? {
        switch first {
        case UInt8(ascii: "["): bracket(text)
        case UInt8(ascii: "N"), UInt8(ascii: "D"), UInt8(ascii: "H"): place(text)
        case UInt8(ascii: "M"): text.begins(with: "Memory cgroup") ? memoryCgroup(text) : place(text)
        case UInt8(ascii: "C"): isProcessor(text) ? .processor : nil
        case UInt8(ascii: "P"): isProcessor(text) ? .processor : nil
        case UInt8(ascii: "O"): text.begins(with: "Out of") ? .sentence : nil
        case UInt8(ascii: "K"): text.begins(with: "Kill") || text.begins(with: "Kernel panic") ? .sentence : nil
        case UInt8(ascii: "T"): text.begins(with: "Task in") || text.begins(with: "Tasks in") ? .sentence : nil
        case UInt8(ascii: "o"): text.begins(with: "oom-kill:") ? .choice : text.begins(with: "oom_reaper:") ? .sentence : nil
        case UInt8(ascii: "l"): text.begins(with: "lowmem_reserve[]:") ? .reserve : nil
        case UInt8(ascii: "p"): text.begins(with: "protections[]:") ? .reserve : counters(text)
        default: usage(text) ?? counters(text)
        }
    }

    private static func byName(_ text: ArraySlice<UInt8>) -> ReportShape? {
        if text.holds("oom-killer:") || text.suffix(8).equals(" invoked") { return .header }
        return text.holds("page allocation failure") ? .failure : nil
    }

    private static func memoryCgroup(_ text: ArraySlice<UInt8>) -> ReportShape? {
        if text.begins(with: "Memory cgroup stats") { return .counters }
        return text.begins(with: "Memory cgroup out of") || text.count < 24 ? .sentence : nil
    }

    private static func isProcessor(_ text: ArraySlice<UInt8>) -> Bool {
        text.begins(with: "CPU: ") || text.begins(with: "Pid: ")
    }

    private static func usage(_ text: ArraySlice<UInt8>) -> ReportShape? {
        let isUsage =
            text.begins(with: "memory: usage") || text.begins(with: "memory+swap: usage") || text.begins(with: "swap: usage")
            || text.begins(with: "kmem: usage")
        return isUsage ? .usage : nil
    }

    /// `[  390]     0   390 …`, `[  pid  ]   uid …`; a stack's `[<c01408cb>]` is neither.
    private static func bracket(_ text: ArraySlice<UInt8>) -> ReportShape? {
        guard let end = text.firstIndex(of: UInt8(ascii: "]")), end - text.startIndex < 16 else { return nil }
        let inside = text[(text.startIndex + 1)..<end].filter { $0 != UInt8(ascii: " ") }
        if inside.elementsEqual("pid".utf8) { return .heading }
        guard !inside.isEmpty, inside.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        return text[(end + 1)...].first == UInt8(ascii: " ") ? .row : nil
    }

    /// A zone's or a node's line, told by what follows its name.
    private static func place(_ text: ArraySlice<UInt8>) -> ReportShape? {
        var rest = text
        let hasNode = rest.begins(with: "Node ")
        if hasNode {
            rest = rest.dropFirst(5).drop { $0 &- UInt8(ascii: "0") < 10 }
            if rest.isEmpty { return .place }
            guard rest.first == UInt8(ascii: " ") else { return nil }
            rest = rest.dropFirst()
        }
        if let zone = zoneNames.first(where: { rest.begins(with: $0) }) { rest = rest.dropFirst(zone.utf8CodeUnitCount) }
        switch rest.first {
        case nil: return .place
        case UInt8(ascii: ":"): return isBuddy(rest.dropFirst()) ? .buddy : nil
        case UInt8(ascii: " ") where rest.dropFirst().isEmpty: return .place
        default:
            if hasNode, rest.begins(with: "hugepages_") { return .hugePages }
            rest = rest.drop { $0 == UInt8(ascii: " ") }
            return counters(rest)
        }
    }

    private static let zoneNames: [StaticString] = ["DMA32", "DMA", "Normal", "HighMem", "Movable", "Device"]

    private static func isBuddy(_ text: ArraySlice<UInt8>) -> Bool {
        text.drop { $0 == UInt8(ascii: " ") }.first.map { $0 &- UInt8(ascii: "0") < 10 } ?? true
    }

    /// `free:3548kB …`, `Active:29519 …`: a name, a colon, a number.
    private static func counters(_ text: ArraySlice<UInt8>) -> ReportShape? {
        let name = text.prefix { ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: "_") || $0 == 0x28 || $0 == 0x29 }
        guard name.count > 1, text[name.endIndex...].first == UInt8(ascii: ":") else { return nil }
        guard let digit = text[name.endIndex...].dropFirst().first, digit &- UInt8(ascii: "0") < 10 else { return nil }
        return .counters
    }
}
