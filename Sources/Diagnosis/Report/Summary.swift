import Kernel

extension ReportFacts {
    /// One paragraph: who, why, what the memory was full of, and whether the kill could help.
    func summary(_ verdict: Verdict) -> String {
        let reason = verdict.isUnexplained ? "; the log does not say why: " : " because "
        var text = "\(subject)\(reason)\(verdict.because)."
        if let refusal { text = "no process was killed: \(refusal). The kernel looked for one\(reason)\(verdict.because)." }
        if let filled = filledWords(verdict) { text += " \(filled)" }
        if let chosen = choiceWords { text += " \(chosen)" }
        return text
    }

    private var subject: String {
        switch report.kind {
        case .allocationFailure: "\(requestWords) failed"
        case .kill, .killWithoutReport, .userspaceKill, .noKill: killSubject
        }
    }

    private var killSubject: String {
        guard let first = report.victims.first else {
            if report.kind == .userspaceKill, let group = report.victimCgroup {
                return "\(CgroupIdentity(of: group).unit.map { "unit \($0)" } ?? group.words) was killed"
            }
            guard let invoker = report.invoker else { return "the OOM killer was called" }
            return "the OOM killer was called for a request of \(invoker.words)"
        }
        let others = report.victims.count - 1
        if others == 0 { return "\(first.words) was killed" }
        return "\(first.words) and \(others) other\(others == 1 ? "" : "s") were killed"
    }

    /// `a request for 64 KiB (order 4) of kworker/u32:45 (19318)`
    private var requestWords: String {
        let size = report.request?.order.map { order in
            "a request for \(Bytes(self.order.pages, of: pageSize).words) (order \(order))"
        }
        return (size ?? "a request for memory") + (report.invoker.map { " of \($0.words)" } ?? "")
    }

    private var refusal: String? {
        guard report.kind == .noKill || report.refusal != nil, report.victims.isEmpty else { return nil }
        switch report.refusal {
        case .nobodyToKill: return "there was none that may be killed"
        case .alreadyExiting: return "the one that was chosen was ending already"
        case .panic: return "the kernel panicked instead"
        case .switchedOff: return "the kernel's OOM killer is switched off (vm.oom-kill)"
        case nil: return "the log does not say why not"
        }
    }

    private func filledWords(_ verdict: Verdict) -> String? {
        let fillings = (verdict.fillings ?? use.fillings).filter {
            !$0.what.hasPrefix("free") && $0.thousandths >= 50
        }
        guard use.whole != nil || verdict.fillings != nil, !fillings.isEmpty else { return nil }
        let parts = fillings.prefix(3).map { "\($0.bytes.words) \($0.words) (\(percent($0.thousandths)))" }
        let place = verdict.fillings != nil ? "The group's memory" : "The memory"
        return "\(place) held \(parts.listed)."
    }

    private var choiceWords: String? {
        guard let victim = report.victims.first, report.kind == .kill else { return nil }
        if report.isWholeGroup { return "memory.oom.group is set, so every process of the group was killed." }
        if badness.limitation == .invokerKilled {
            return "It was killed because it asked, not because it was big (vm.oom_kill_allocating_task)."
        }
        guard let chosen = report.chosen?.processID ?? victim.processID, badness.limitation == nil, badness.rank(of: chosen) == 1,
            badness.ranking.count > 1, let first = badness.ranking.first
        else { return nil }
        let parent =
            chosen == victim.processID ? "It was" : "Its parent \(first.task.comm.text) (\(first.task.processID.rawValue)) was"
        return "\(parent) chosen as the biggest of \(badness.ranking.count) that may be killed\(Self.adjusted(first.task))."
    }

    private static func adjusted(_ task: TaskTable.Task) -> String {
        guard let adjustment = task.scoreAdjustment, adjustment != 0 else { return "" }
        return ", its oom_score_adj of \(adjustment) counted"
    }
}

extension Filling {
    /// For a sentence.
    var words: String {
        switch what {
        case "anonymous": "of processes' own (anonymous) memory"
        case "page_cache": "of page cache"
        case "active_and_inactive": "of processes' memory and page cache"
        case "shmem": "of shared memory and tmpfs files"
        case "slab_unreclaimable": "of the kernel's own objects (slab) that cannot be freed"
        case "slab_reclaimable", "slab": "of the kernel's own objects (slab)"
        case "page_tables": "of page tables"
        case "kernel_stacks": "of kernel stacks"
        case "huge_pages": "set aside as huge pages"
        case "unevictable": "of locked memory"
        case "unaccounted": "that no counter accounts for"
        case "sockets": "of socket buffers"
        case "other_kernel": "of other kernel memory"
        default: "of \(what)"
        }
    }
}

extension [String] {
    /// `a, b and c`
    var listed: String {
        guard count > 1, let last else { return first ?? "" }
        return "\(dropLast().joined(separator: ", ")) and \(last)"
    }
}
