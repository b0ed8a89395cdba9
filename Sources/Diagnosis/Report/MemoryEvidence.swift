import Kernel

// The machine's counters as evidence.

extension ReportFacts {
    var swapEvidence: [LogEvidence] {
        guard let swap = report.swap else { return [] }
        guard swap.total > .zero else { return [LogEvidence("there is no swap", report.quotes.swapTotal)].compactMap { $0 } }
        return [
            LogEvidence("\(max(swap.free, .zero).words) of swap were free", report.quotes.swapFree),
            LogEvidence("of \(swap.total.words) in all", report.quotes.swapTotal),
        ].compactMap { $0 }
    }

    /// A counter of Mem-Info with what it amounts to.
    func counterEvidence(_ names: [String], _ claim: String) -> LogEvidence? {
        guard let name = names.first(where: { counterLine($0) != nil }) else { return nodeEvidence(names, claim) }
        return LogEvidence(claim, counterLine(name), keys: names.flatMap { ["\($0):", "\($0.capitalizedFirst):"] })
    }

    private func nodeEvidence(_ names: [String], _ claim: String) -> LogEvidence? {
        guard let node = report.nodes.first(where: { node in names.contains { node[$0] != nil } }) else { return nil }
        return LogEvidence(claim, node.line, keys: names.map { "\($0):" })
    }

    var anonymousEvidence: LogEvidence? {
        if use.parts["anonymous"] == nil, let both = use.parts["active_and_inactive"] {
            return counterEvidence(
                ["active", "inactive"], "\(both.words) were processes' memory and page cache\(shareWords(both))")
        }
        let ofProcesses = use["anonymous"]
        return counterEvidence(
            ["active_anon", "inactive_anon"],
            "\(ofProcesses.words) were memory of processes that no file backs\(shareWords(ofProcesses))")
    }

    var cacheEvidence: LogEvidence? {
        guard let cache = use.parts["page_cache"] else { return nil }
        return counterEvidence(
            ["active_file", "inactive_file"], "only \(cache.words) were page cache, which could have been dropped")
    }

    var ramEvidence: LogEvidence? {
        guard let ram = report.totals.ram else { return nil }
        return LogEvidence("the machine has \(Bytes(ram, of: pageSize).words) of memory", report.quotes.totalRAM)
    }

    func shareWords(_ bytes: Bytes) -> String {
        guard let whole = use.whole else { return "" }
        return " (\(percent(bytes.thousandths(of: whole))) of \(whole.words))"
    }

    /// Why this process: where the table decides, its place in the order.
    var choiceEvidence: [LogEvidence] {
        let chosen = report.chosen?.processID ?? report.victims.first?.processID
        guard let chosen, let line = report.quotes.choice ?? report.quotes.kill else { return [] }
        if badness.limitation == nil, badness.rank(of: chosen) == 1, let first = badness.ranking.first {
            let adjustment = first.task.scoreAdjustment.map { $0 == 0 ? "" : " with its adjustment of \($0)" } ?? ""
            let others = badness.ranking.count
            let order = others > 1 ? "of \(others) processes that could be chosen it weighed most:" : "it weighed"
            let claim = "\(order) \(first.badness.pages.count) pages\(adjustment)"
            return [LogEvidence(claim, line)].compactMap { $0 }
        }
        guard badness.limitation == .invokerKilled else { return [] }
        return [LogEvidence("vm.oom_kill_allocating_task is set: who asked was killed, whoever is biggest", line)].compactMap {
            $0
        }
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
