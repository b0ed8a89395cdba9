/// Which task was chosen, and by which limit: the last line of a report before the kill.
///
/// Kernel: mm/oom_kill.c, `dump_oom_summary()`; since 5.0. It is printed in pieces, so other lines may cut it in two.
struct OOMSummary: Hashable, Sendable {
    /// The log's own word without its prefix, in small letters: `none`, `cpuset`, `mempolicy`, `memcg`, or a later one.
    let constraint: String?
    /// The nodes that a memory policy left, as printed: `0-1`; nil for `(null)`.
    let nodeMask: String?
    /// The group whose limit was reached; nil if the whole machine (or its nodes) had nothing left.
    let limitCgroup: CgroupPath?
    let taskCgroup: CgroupPath?
    let isGlobal: Bool
    let comm: CommandName
    let processID: ProcessID
    let userID: Int
}

extension OOMSummary {
    static func begins(_ text: [UInt8]) -> Bool { text.starts(with: "oom-kill:constraint=") }

    /// True for what the kernel prints as a further piece of the line.
    static func continues(_ text: [UInt8]) -> Bool {
        text.starts(with: ",cpuset=") || text.starts(with: ",oom_memcg=") || text.starts(with: ",global_oom")
            || text.starts(with: ",task_memcg=") || text.starts(with: ",task=")
    }

    /// Read from both ends: what stands between may hold anything, a name that looks like the end of the line, too.
    /// `victim`, from the kill line, tells where the name begins if it holds `,task=` itself. Nil if a piece is missing.
    ///
    ///     oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=box,mems_allowed=0,oom_memcg=/box,\
    ///     task_memcg=/box,task=eater,pid=111,uid=0
    init?(_ text: [UInt8], victim: CommandName? = nil) {
        guard Self.begins(text), let tail = Tail(of: text, victim: victim) else { return nil }
        let paths = Paths(in: Array(text[..<tail.start]))
        constraint = Self.word(in: text)
        // Right behind the word: a cpuset's name may hold the key.
        nodeMask = text.first(",").flatMap { text.has(",nodemask=", at: $0) ? text.nodeList(after: ",nodemask=", from: $0) : nil }
        limitCgroup = paths.limit
        taskCgroup = paths.task
        isGlobal = paths.isGlobal
        comm = tail.comm
        processID = tail.processID
        userID = tail.userID
    }

    /// What is certain in a line whose end is lost: what another key follows.
    ///
    ///     oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=box,mems_allowed=0,oom_memcg=/box,task_mem
    static func facts(ofCut text: [UInt8]) -> (constraint: String?, limit: CgroupPath?, task: CgroupPath?)? {
        guard begins(text) else { return nil }
        let hasWord = text[20...].contains(UInt8(ascii: ","))
        guard let end = text.last(",task=") else {
            guard let key = text.last(",task_mem") else { return (hasWord ? word(in: text) : nil, nil, nil) }
            return (word(in: text), Paths(in: Array(text[..<key])).limit, nil)
        }
        let paths = Paths(in: Array(text[..<end]))
        return (word(in: text), paths.limit, paths.task)
    }

    private static func word(in text: [UInt8]) -> String? {
        let word = text[20...].prefix { $0 != UInt8(ascii: ",") }
        let short = word.starts(with: "CONSTRAINT_".utf8) ? word.dropFirst(11) : word
        guard !short.isEmpty else { return nil }
        let text = String(decoding: short, as: UTF8.self).lowercased()
        return text == "memory_policy" ? "mempolicy" : text
    }
}

/// `,task=eater,pid=118,uid=0` and nothing behind it.
private struct Tail {
    let start: Int
    let comm: CommandName
    let processID: ProcessID
    let userID: Int

    init?(of text: [UInt8], victim: CommandName?) {
        guard let uid = text.last(",uid="), text.endOfNumber(from: uid + 5) == text.count,
            let userID = text.decimal(at: uid + 5)
        else { return nil }
        guard let pid = text.last(",pid=", before: uid), text.endOfDigits(from: pid + 5) == uid,
            let processID = text.processID(at: pid + 5)
        else { return nil }
        guard let start = Self.start(in: text, before: pid, victim: victim) else { return nil }
        self.start = start
        self.userID = userID
        self.processID = processID
        comm = CommandName(text[(start + 6)..<pid])
    }

    private static func start(in text: [UInt8], before pid: Int, victim: CommandName?) -> Int? {
        if let name = victim?.bytes, case let start = pid - name.count - 6, text.has(",task=", at: start),
            text[(start + 6)..<pid].elementsEqual(name)
        {
            return start
        }
        return text.last(",task=", before: pid)
    }
}

/// What stands before the tail: `…,oom_memcg=/box,task_memcg=/box/a` or `…,global_oom,task_memcg=/`.
private struct Paths {
    let limit: CgroupPath?
    let task: CgroupPath?
    let isGlobal: Bool

    /// The name of the cpuset, which stands before them, is no path: it cannot hold the slash that both begin with.
    init(in text: [UInt8]) {
        if let key = text.first(",oom_memcg=/") {
            (limit, task) = Self.split(Array(text[(key + 11)...]))
            isGlobal = false
        } else if let key = text.first(",global_oom,task_memcg=/") {
            (limit, task) = (nil, CgroupPath(text[(key + 23)...]))
            isGlobal = true
        } else {
            (limit, task) = (nil, nil)
            isGlobal = text.ends(with: ",global_oom")
        }
    }

    /// The task is in the limited group or below it: that tells the second path from a name that holds the key.
    private static func split(_ text: [UInt8]) -> (CgroupPath, CgroupPath?) {
        var from = 0
        var fallback: (CgroupPath, CgroupPath?)?
        while let key = text.first(",task_memcg=/", from: from) {
            let paths = (CgroupPath(text[..<key]), CgroupPath(text[(key + 12)...]))
            if paths.1.isSameOrBelow(paths.0) { return paths }
            fallback = fallback ?? paths
            from = key + 1
        }
        return fallback ?? (CgroupPath(text), nil)
    }
}

extension [UInt8] {
    fileprivate func endOfNumber(from index: Int) -> Int { endOfDigits(from: has("-", at: index) ? index + 1 : index) }
}
