/// A line of the memory cgroup's block, read. Kernel: mm/memcontrol.c, `mem_cgroup_print_oom_info()`; since 2.6.30.
enum MemcgLine: Hashable, Sendable {
    /// `Task in /a killed as a result of limit of /b`; from 3.15 to 3.18 in pieces, so that either may be nil.
    case limit(task: CgroupPath?, limit: CgroupPath?)
    /// `memory: usage 102400kB, limit 102400kB, failcnt 756`; limit nil for none.
    case counter(Counter, usage: Bytes, limit: Bytes?, failures: Int?)
    /// `Memory cgroup stats for /box: cache:0KB rss:…` with amounts behind it up to 5.2, without them since.
    case statistics(of: CgroupPath?, [Amount])
    /// `anon 57171968`, a line of the statistics since 5.3. Only what is counted in bytes is an amount.
    case statistic(name: String, value: Int)

    enum Counter: String, Hashable, Sendable {
        case memory, memoryAndSwap = "memory+swap", swap, kernel = "kmem"
    }
}

extension MemcgLine {
    /// Nil if `text` is no such line. Of the statistics' lines only those whose name is known: `anon 57171968` may be
    /// anything. Blanks before it do not count.
    ///
    ///     Task in /test killed as a result of limit of /test
    init?(_ text: [UInt8]) {
        guard let first = text.first(where: { $0 != UInt8(ascii: " ") }) else { return nil }
        let line: MemcgLine?
        switch first {
        case UInt8(ascii: "T"), UInt8(ascii: "M"): line = Self.limit(text) ?? Self.statistics(text)
        case UInt8(ascii: "k"), UInt8(ascii: "m"), UInt8(ascii: "s"): line = Self.counter(text) ?? Self.known(text)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): line = Self.known(text)
        default: line = nil
        }
        guard let line else { return nil }
        self = line
    }
}

extension MemcgLine {
    /// 3.15 to 3.18 print the two halves as two records. No task where nobody was chosen.
    private static func limit(_ text: [UInt8]) -> MemcgLine? {
        let cursor = LineCursor(lineOf: text)
        let start = cursor.at
        if let path = path(behind: "Memory limit reached of cgroup ", at: start, in: text) {
            return .limit(task: nil, limit: path)
        }
        guard text.has("Task in /", at: start) else { return nil }
        return split(Array(text[(start + 8)...]))
    }

    /// The other half of a line of 3.15 to 3.18; its words stand alone, so it is looked for only where the first half was.
    ///
    ///      killed as a result of limit of /b
    init?(limitBehindTask text: [UInt8]) {
        let start = LineCursor(lineOf: text).at
        guard let path = Self.path(behind: "killed as a result of limit of ", at: start, in: text) else { return nil }
        self = .limit(task: nil, limit: path)
    }

    private static func path(behind words: StaticString, at index: Int, in text: [UInt8]) -> CgroupPath? {
        let start = index + words.utf8CodeUnitCount
        guard text.has(words, at: index), text.has("/", at: start) else { return nil }
        return CgroupPath(text[start...])
    }

    /// The task is in the limited group or below it: that tells the words from a group's name that holds them.
    private static func split(_ text: [UInt8]) -> MemcgLine {
        var fallback: MemcgLine?
        var from = 0
        while let words = text.first(" killed as a result of limit of /", from: from) {
            let (task, limit) = (CgroupPath(text[..<words]), CgroupPath(text[(words + 32)...]))
            let line = MemcgLine.limit(task: task, limit: limit)
            if task.isSameOrBelow(limit) { return line }
            fallback = fallback ?? line
            from = words + 1
        }
        return fallback ?? .limit(task: CgroupPath(text), limit: nil)
    }

    /// `kmem` is called so on cgroup v1; `swap` since 5.3 on v2. A limit that is cut off cannot be told from none: then nil.
    ///
    ///     memory+swap: usage 206240kB, limit 1048576kB, failcnt 0
    private static func counter(_ text: [UInt8]) -> MemcgLine? {
        var cursor = LineCursor(lineOf: text)
        guard let name = cursor.counterName(), cursor.skip(": usage "), let usage = cursor.number() else { return nil }
        guard cursor.skip("kB, limit "), let limit = cursor.number(), cursor.skip("kB") else { return nil }
        let failures = cursor.skip(", failcnt ") ? cursor.number() : nil
        return .counter(
            name, usage: Bytes(kibibytes: usage), limit: limit < noLimit ? Bytes(kibibytes: limit) : nil, failures: failures)
    }

    /// `PAGE_COUNTER_MAX` and `RES_COUNTER_MAX` in kB differ by page size and version; all are above this.
    private static let noLimit = 1 << 52
}

extension LineCursor {
    fileprivate mutating func counterName() -> MemcgLine.Counter? {
        if skip("memory+swap") { return .memoryAndSwap }
        if skip("memory") { return .memory }
        if skip("kmem") { return .kernel }
        return skip("swap") ? .swap : nil
    }
}
