/// One process was killed. The only line of a report that is not rate-limited.
///
/// Kernel: mm/oom_kill.c, `__oom_kill_process()`; in one line up to 2.6.15 and since 5.1, `UID:` and what follows it since 5.4.
/// Up to 2.6.15 there is a line for each thread that shares the memory.
struct KillLine: Hashable, Sendable {
    /// Nil in 2.6.20 to 5.0, where it stands in a line of its own before this one.
    let message: KillMessage?
    /// Its process is nil in `VM: killing process`.
    let victim: Victim
}

extension KillLine {
    /// Nil if `text` is no such line.
    ///
    ///     Out of memory: Killed process 111 (big) total-vm:67110248kB, anon-rss:219844kB, file-rss:4kB, shmem-rss:796kB, \
    ///     UID:0 pgtables:468kB oom_score_adj:0
    init?(_ text: [UInt8]) {
        switch text.first {
        case UInt8(ascii: "K"), UInt8(ascii: "M"), UInt8(ascii: "N"), UInt8(ascii: "O"): self.init(text, from: 0)
        case UInt8(ascii: "V"): self.init(pageFault: text)
        default: self.init(cutHead: text)
        }
    }

    /// The first line of a log that begins anywhere.
    ///
    ///     t of memory: Killed process 111 (big) total-vm:67110248kB, …
    private init?(cutHead text: [UInt8]) {
        guard let words = text.first("Killed process "), (2...29).contains(words) else { return nil }
        let isOfGroup = KillMessage.words(of: .memcg, endWith: text[..<words])
        guard isOfGroup || KillMessage.words(of: .global, endWith: text[..<words]) else { return nil }
        guard let kill = KillLine(Array(text[words...])) else { return nil }
        // `of memory: ` may be the end of either.
        self.init(message: isOfGroup && words > 14 ? .memcg : nil, victim: kill.victim)
    }

    /// The same anywhere in `text`, which is no line of the kernel: a field of JSON, an event of Kubernetes.
    ///
    ///     "message": "Memory cgroup out of memory: Killed process 2025 (stress) total-vm:7216kB, anon-rss:1024kB, …
    init?(embeddedIn text: [UInt8]) {
        guard let words = text.first("Killed process ") else { return nil }
        let start = (0...words).first { KillMessage.at($0, in: text)?.1 == words }
        self.init(text, from: start ?? words)
    }

    private init?(_ text: [UInt8], from start: Int) {
        let message = KillMessage.at(start, in: text)
        let words = message?.1 ?? start
        guard text.has("Killed process ", at: words), let processID = text.processID(at: words + 15) else { return nil }
        let end = text.endOfDigits(from: words + 15)
        if let name = text.startOfVictimName(from: end) {
            victim = Victim(processID, named: name, in: text)
        } else if text[end...].allSatisfy({ $0 == UInt8(ascii: " ") }) {
            victim = Victim(processID: processID)
        } else {
            return nil
        }
        self.message = message?.0
    }

    /// On ia64 with the process number: `VM: killing process cc1(4711)`.
    ///
    ///     VM: killing process gunzip
    private init?(pageFault text: [UInt8]) {
        guard text.starts(with: "VM: killing process "), text.count > 20 else { return nil }
        message = .pageFault
        let name = text[20...]
        if name.last == UInt8(ascii: ")"), let open = text.last("("), open > 20, let processID = text.processID(at: open + 1),
            text.endOfDigits(from: open + 1) == text.count - 1
        {
            victim = Victim(processID: processID, comm: CommandName(text[20..<open]))
        } else {
            victim = Victim(processID: nil, comm: CommandName(name))
        }
    }
}

extension [UInt8] {
    /// Behind ` (`, or RHEL 6's `, UID 48, (`.
    fileprivate func startOfVictimName(from index: Int) -> Int? {
        if has(" (", at: index) { return index + 2 }
        // The blank went where a mailer broke the line.
        if has("(", at: index) { return index + 1 }
        guard has(", UID ", at: index) else { return nil }
        let end = endOfDigits(from: index + 6)
        return has(", (", at: end) ? end + 3 : nil
    }
}

extension Victim {
    /// `big) total-vm:…`: the name may hold `)` and the first words behind it, so its end is looked for from the right.
    fileprivate init(_ processID: ProcessID, named start: Int, in text: [UInt8]) {
        guard let end = text.endOfName(from: start, before: [") total-vm:", ") vsz:", "), UID ", ").", ")"]) else {
            self.init(processID: processID)
            return
        }
        self.init(
            processID: processID, comm: CommandName(text[start..<end]), userID: text.userID(named: start, from: end),
            scoreAdjustment: text.decimal(after: "oom_score_adj:", from: end), memory: Memory(in: text, from: end))
    }
}

extension [UInt8] {
    /// `UID:0 `, or RHEL's `, UID 48,` before or behind the name. Nothing behind it: it may be cut.
    fileprivate func userID(named start: Int, from end: Int) -> Int? {
        let number: Int
        if let key = first("UID:", from: end) {
            number = key + 4
        } else if has("), UID ", at: end) {
            number = end + 7
        } else if let key = last("UID ", before: start) {
            number = key + 4
        } else {
            return nil
        }
        return endOfDigits(from: number) < count ? decimal(at: number) : nil
    }
}

extension Victim.Memory {
    fileprivate init(in text: [UInt8], from start: Int) {
        func amount(_ key: StaticString) -> Bytes? { text.kibibytes(after: key, from: start) }
        let resident = [amount("anon-rss:"), amount("file-rss:"), amount("shmem-rss:")]
        self.init(
            total: amount("total-vm:") ?? amount("vsz:"), anonymous: resident[0], file: resident[1], shared: resident[2],
            pageTables: amount("pgtables:").map { trueSize(ofPageTables: $0, mapping: resident) })
    }
}

extension [UInt8] {
    /// Nil where the unit is missing: the number is cut.
    fileprivate func kibibytes(after key: StaticString, from start: Int) -> Bytes? {
        guard let at = first(key, from: start).map({ $0 + key.utf8CodeUnitCount }), let number = decimal(at: at),
            has("kB", at: endOfDigits(from: at))
        else { return nil }
        return Bytes(kibibytes: number)
    }
}

/// 5.4 and 5.5 print bytes and call them kB (`mm_pgtables_bytes()` without the shift that came in 5.6).
///
/// A table of 4 KiB maps 2 MiB. So its true size is far below the memory that it maps, and its size in bytes is a bigger
/// number than the resident kB; and it is a whole number of pages, which a true number of kB is once in a thousand.
private func trueSize(ofPageTables printed: Bytes, mapping resident: [Bytes?]) -> Bytes {
    guard resident.contains(where: { $0 != nil }), printed.kibibytes % PageSize.fourKiB.bytes == 0 else { return printed }
    return printed > resident.reduce(.zero) { $0 + ($1 ?? .zero) } ? Bytes(printed.kibibytes) : printed
}
