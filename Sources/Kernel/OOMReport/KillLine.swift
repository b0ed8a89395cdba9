/// One process was killed. The only line of a report that is not rate-limited.
///
/// Kernel: mm/oom_kill.c, `__oom_kill_process()`; in one line since 5.1, `UID:` and what follows it since 5.4.
struct KillLine: Hashable, Sendable {
    /// Nil in 5.0, where it stands in a line of its own before this one.
    let message: KillMessage?
    let victim: Victim
}

extension KillLine {
    /// Nil if `text` is no such line.
    ///
    ///     Out of memory: Killed process 111 (big) total-vm:67110248kB, anon-rss:219844kB, file-rss:4kB, shmem-rss:796kB, \
    ///     UID:0 pgtables:468kB oom_score_adj:0
    init?(_ text: [UInt8]) {
        let message = KillMessage.at(startOf: text)
        let start = message?.1 ?? 0
        guard text.has("Killed process ", at: start), let processID = text.processID(at: start + 15) else { return nil }
        let digits = text.endOfDigits(from: start + 15)
        guard text.has(" (", at: digits) else { return nil }
        self.message = message?.0
        victim = Victim(processID, named: digits + 2, in: text)
    }
}

extension Victim {
    /// `big) total-vm:…`: the name may hold `)` and the first words behind it, so its end is looked for from the right.
    fileprivate init(_ processID: ProcessID, named start: Int, in text: [UInt8]) {
        guard let end = text.last(") total-vm:") ?? text.last(")"), end >= start else {
            self.init(processID: processID)
            return
        }
        self.init(
            processID: processID, comm: CommandName(text[start..<end]),
            userID: text.decimal(after: "UID:", from: end), scoreAdjustment: text.decimal(after: "oom_score_adj:", from: end),
            memory: Memory(in: text, from: end))
    }
}

extension Victim.Memory {
    fileprivate init(in text: [UInt8], from start: Int) {
        func amount(_ key: StaticString) -> Bytes? { text.decimal(after: key, from: start).map { Bytes(kibibytes: $0) } }
        let resident = [amount("anon-rss:"), amount("file-rss:"), amount("shmem-rss:")]
        self.init(
            total: amount("total-vm:"), anonymous: resident[0], file: resident[1], shared: resident[2],
            pageTables: amount("pgtables:").map { trueSize(ofPageTables: $0, mapping: resident) })
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
