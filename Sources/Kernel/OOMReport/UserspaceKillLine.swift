/// What a daemon wrote that kills before the kernel has to.
///
/// systemd: src/oom/oomd-manager.c; since 247. earlyoom: kill.c. Neither is the kernel's word.
enum UserspaceKillLine: Hashable, Sendable {
    case kill(UserspaceKill)
    /// earlyoom, before it looks for somebody to kill: `low memory! at or below SIGTERM limits: mem 10.00%, swap 10.00%`.
    case lowMemory(signal: String)
}

/// One process (earlyoom) or all of a cgroup (systemd-oomd) was sent a signal.
struct UserspaceKill: Hashable, Sendable {
    var killer: Killer
    /// Nil of systemd-oomd, which kills a cgroup.
    var processID: ProcessID?
    var comm: CommandName?
    var userID: Int?
    /// The victim's cgroup, without a namespace.
    var cgroup: CgroupPath?
    /// The cgroup that was under pressure, perhaps an ancestor of the victim's; nil where swap was the reason.
    var pressed: CgroupPath?
    var isForSwap = false
    /// `SIGTERM`, `SIGKILL`; nil of systemd-oomd, which sends SIGKILL.
    var signal: String?
    var score: Int?
    var scoreAdjustment: Int?
    var resident: Bytes?

    enum Killer: String, Hashable, Sendable {
        case systemdOOMD = "systemd-oomd", earlyoom
    }
}

extension UserspaceKillLine {
    /// Nil if `text` is no such line, or another `program` wrote it. Without a program the words must do.
    ///
    ///     Killed /system.slice/a.service due to memory pressure for /system.slice being 65.30% > 60.00% for > 30s with …
    ///     sending SIGTERM to process 4711 uid 1000 "firefox": oom_score 800, VmRSS 1234 MiB, cmdline "/usr/bin/firefox"
    init?(_ text: [UInt8], program: String? = nil) {
        switch text.first {
        case UInt8(ascii: "K"), UInt8(ascii: "M"), UInt8(ascii: "k"):
            let isOOMD = program ?? "systemd-oomd" == "systemd-oomd"
            let old = program ?? "earlyoom" == "earlyoom" ? UserspaceKill(ofOldEarlyoom: text) : nil
            guard let kill = (isOOMD ? UserspaceKill(ofCgroup: text) : nil) ?? old else { return nil }
            self = .kill(kill)
        case UInt8(ascii: "s"):
            guard program ?? "earlyoom" == "earlyoom", let kill = UserspaceKill(signalled: text) else { return nil }
            self = .kill(kill)
        case UInt8(ascii: "l"):
            guard program ?? "earlyoom" == "earlyoom", text.starts(with: "low memory! at or below SIG") else { return nil }
            let signal = text[24...].prefix { $0 != UInt8(ascii: " ") }
            self = .lowMemory(signal: String(decoding: signal, as: UTF8.self))
        default: return nil
        }
    }
}

extension UserspaceKill {
    /// Since 258 `Marked … for killing`, and the kill follows. 247 to 249 have only swap in the words for it.
    fileprivate init?(ofCgroup text: [UInt8]) {
        let isMarked = text.starts(with: "Marked /")
        guard isMarked || text.starts(with: "Killed /") else { return nil }
        guard let words = text.last(isMarked ? " for killing due to " : " due to ") else { return nil }
        let reason = words + (isMarked ? 20 : 8)
        self.init(killer: .systemdOOMD)
        cgroup = CgroupPath(text[7..<words])
        if text.has("memory pressure for ", at: reason) {
            let end = text.last(" being ") ?? text.count
            pressed = end > reason + 20 ? CgroupPath(text[(reason + 20)..<end]) : nil
        } else if text.has("memory used ", at: reason) || text.has("swap used ", at: reason) {
            isForSwap = true
        } else {
            return nil
        }
    }

    /// Up to 1.2, and before 1.3.
    ///
    ///     Killing process 'bash' with signal 15, pid: 5874, badness: 538, VmRSS: 3160 MiB
    ///     killing process 5874 "bash" with signal 15: badness 538, VmRSS 3160 MiB
    fileprivate init?(ofOldEarlyoom text: [UInt8]) {
        guard text.starts(with: "Killing process ") || text.starts(with: "killing process ") else { return nil }
        guard let words = text.last(" with signal "), words > 17, let signal = text.decimal(at: words + 13) else { return nil }
        self.init(killer: .earlyoom)
        self.signal = signal == 15 ? "SIGTERM" : signal == 9 ? "SIGKILL" : nil
        let number = text.endOfDigits(from: 16)
        let name = number > 16 ? number + 2 : 17
        processID =
            number > 16 ? text.processID(at: 16) : text.first(", pid: ", from: words).flatMap { text.processID(at: $0 + 7) }
        guard name < words, processID != nil else { return nil }
        comm = CommandName(text[name..<(words - 1)])
        score = text.decimal(after: ": badness ", from: words) ?? text.decimal(after: ", badness: ", from: words)
        let resident = text.decimal(after: ", VmRSS ", from: words) ?? text.decimal(after: ", VmRSS: ", from: words)
        self.resident = resident.map { Bytes(mebibytes: $0) }
    }

    /// `badness` up to 1.7, then `oom_score`; `uid` since 1.4. The name may hold quotes.
    fileprivate init?(signalled text: [UInt8]) {
        guard text.starts(with: "sending SIG"), let words = text.first(" to process "), words < 24,
            let processID = text.processID(at: words + 12)
        else { return nil }
        self.init(killer: .earlyoom)
        self.processID = processID
        signal = String(decoding: text[8..<words], as: UTF8.self)
        let afterNumber = text.endOfDigits(from: words + 12)
        if text.has(" uid ", at: afterNumber) { userID = text.decimal(at: afterNumber + 5) }
        guard let open = text.first(" \"", from: afterNumber).map({ $0 + 2 }),
            let end = text.endOfName(from: open, before: ["\": badness ", "\": oom_score "])
        else { return }
        comm = CommandName(text[open..<end])
        score = text.decimal(after: "\": badness ", from: end) ?? text.decimal(after: "\": oom_score ", from: end)
        scoreAdjustment = text.decimal(after: ", oom_score_adj ", from: end)
        resident = text.decimal(after: ", VmRSS ", from: end).map { Bytes(mebibytes: $0) }
    }
}
