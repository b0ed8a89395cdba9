/// A line that belongs to an OOM and is no part of its report.
///
/// Kernel: mm/oom_kill.c, drivers/tty/sysrq.c, lib/ratelimit.c.
enum RemarkLine: Hashable, Sendable {
    /// memory.oom.group; since 4.19. A kill line for each task of the group follows.
    case wholeGroup(CgroupPath)
    /// As a warning; since 4.19, where only an OOM of the machine panics for it.
    case nobodyToKill
    case panic(Panic)
    /// RHEL 3 and 4: `Would have oom-killed but /proc/sys/vm/oom-kill is disabled`.
    case switchedOff
    /// SysRq f; a header with order -1 follows since 4.4.
    case sysRq
    /// SysRq f, and nobody was eligible, or the killer was disabled.
    case requestIgnored
    /// What is left of a victim's memory, not what was freed. It may come seconds later.
    case reaped(ProcessID?, CommandName?)
    case notReaped(ProcessID?)
    /// `pagefault_out_of_memory()` without a kill; since 5.16.
    case pageFaultLeaked
    /// How many lines, of a function's or of any, the rate limit kept back. Nil up to 2.6.26, where it is of all.
    case suppressed(by: String?, count: Int)
    /// RHEL 4: `OOM kill occurred on an x86_64 NUMA system!`, with hints behind it.
    case numaHint
    /// Another process with the victim's memory dies too; 2.6.37 to 4.3. No victim of its own.
    case sharingMemory(ProcessID)
    /// The victim's memory is also init's and will not be reaped; since 4.8.
    case pinned(ProcessID)
    /// `tried to kill init!`; up to 2.6.35.
    case triedToKillInit
    /// `tried to kill an mm-less task!`; up to 2.6.35.
    case triedToKillWithoutMemory

    enum Panic: Hashable, Sendable {
        /// vm.panic_on_oom; compulsory is its value 2.
        case panicOnOOM(isCompulsory: Bool)
        case nobodyToKill
        /// Since 4.19, behind the warning that there is nobody to kill.
        case deadlocked
    }
}

extension RemarkLine {
    /// Nil if `text` is no such line.
    ///
    ///     Tasks in /box are going to be killed due to memory.oom.group set
    init?(_ text: [UInt8]) {
        let remark: RemarkLine?
        switch text.first {
        case UInt8(ascii: "T"): remark = Self.group(text)
        case UInt8(ascii: "K"): remark = Self.panic(text) ?? Self.sharing(text)
        case UInt8(ascii: "O"): remark = Self.capitalO(text)
        case UInt8(ascii: "W"): remark = text.starts(with: "Would have oom-killed") ? .switchedOff : nil
        case UInt8(ascii: "S"), UInt8(ascii: "s"): remark = Self.sysRq(text)
        case UInt8(ascii: "H"): remark = text.starts(with: "Huh VM_FAULT_OOM leaked out") ? .pageFaultLeaked : nil
        case UInt8(ascii: "o"): remark = Self.reaper(text)
        case UInt8(ascii: "t"): remark = Self.tried(text)
        default: remark = nil
        }
        guard let remark = remark ?? Self.suppressed(text) else { return nil }
        self = remark
    }
}

extension RemarkLine {
    private static func group(_ text: [UInt8]) -> RemarkLine? {
        guard text.starts(with: "Tasks in /"), let end = text.last(" are going to be killed"), end > 9 else { return nil }
        return .wholeGroup(CgroupPath(text[9..<end]))
    }

    private static func capitalO(_ text: [UInt8]) -> RemarkLine? {
        if text.starts(with: "Out of memory and no killable processes") { return .nobodyToKill }
        if text.starts(with: "OOM request ignored") { return .requestIgnored }
        return text.starts(with: "OOM kill occurred on an x86_64 NUMA") ? .numaHint : nil
    }

    /// Up to 2.6.8 without `- not syncing`; the words behind it changed in 2.6.36 and 4.19.
    ///
    ///     Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled
    private static func panic(_ text: [UInt8]) -> RemarkLine? {
        guard text.starts(with: "Kernel panic") else { return nil }
        if text.first("panic_on_oom is") != nil {
            let isCompulsory = text.first("ompulsory panic_on_oom") != nil
            return .panic(.panicOnOOM(isCompulsory: isCompulsory))
        }
        if text.first("Out of memory and no killable processes") != nil { return .panic(.nobodyToKill) }
        return text.first("System is deadlocked") != nil ? .panic(.deadlocked) : nil
    }

    ///     Kill process 4711 (java) sharing same memory
    private static func sharing(_ text: [UInt8]) -> RemarkLine? {
        guard text.starts(with: "Kill process "), text.last(") sharing same memory") != nil else { return nil }
        return text.processID(at: 13).map(RemarkLine.sharingMemory)
    }

    ///     sysrq: SysRq : Manual OOM execution
    private static func sysRq(_ text: [UInt8]) -> RemarkLine? {
        var start = 0
        if text.starts(with: "sysrq: ") { start = 7 }
        if text.has("SysRq : ", at: start) { start += 8 }
        guard start > 0 else { return nil }
        if text.has("Manual OOM execution", at: start) { return .sysRq }
        return text.has("OOM request ignored", at: start) ? .requestIgnored : nil
    }

    ///     oom_reaper: reaped process 5740 (pause), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB
    private static func reaper(_ text: [UInt8]) -> RemarkLine? {
        if text.starts(with: "oom killer "), text.last(" has mm pinned by ") != nil {
            return text.processID(at: 11).map(RemarkLine.pinned)
        }
        guard text.starts(with: "oom_reaper: ") else { return nil }
        if text.has("reaped process ", at: 12) {
            let number = text.has(":", at: 27) ? 28 : 27
            let name = text.endOfDigits(from: number) + 2
            let end = text.has("(", at: name - 1) ? text.endOfName(from: name, before: ["), now ", ")"]) : nil
            return .reaped(text.processID(at: number), end.map { CommandName(text[name..<$0]) })
        }
        guard text.has("unable to reap pid:", at: 12) || text.has("giving up pid:", at: 12) else { return nil }
        return .notReaped(text.first("pid:").flatMap { text.processID(at: $0 + 4) })
    }

    private static func tried(_ text: [UInt8]) -> RemarkLine? {
        if text.starts(with: "tried to kill init!") { return .triedToKillInit }
        return text.starts(with: "tried to kill an mm-less task!") ? .triedToKillWithoutMemory : nil
    }

    /// Of any function: `warn_alloc` and `oom_kill_process` have a limit of their own each; up to 3.3 they share one.
    ///
    ///     oom_kill_process: 132 callbacks suppressed
    private static func suppressed(_ text: [UInt8]) -> RemarkLine? {
        guard text.ends(with: " suppressed") || text.ends(with: " suppressed.") else { return nil }
        guard let colon = text.first(": "), colon > 0, colon < 64, let count = text.decimal(at: colon + 2) else { return nil }
        let end = text.endOfDigits(from: colon + 2)
        let name = text[..<colon]
        guard text.has(" callbacks ", at: end) || text.has(" messages ", at: end), !name.contains(UInt8(ascii: " ")) else {
            return nil
        }
        let isOfAll = name.elementsEqual("printk".utf8) || name.elementsEqual("__ratelimit".utf8)
        return .suppressed(by: isOfAll ? nil : String(decoding: name, as: UTF8.self), count: count)
    }
}
