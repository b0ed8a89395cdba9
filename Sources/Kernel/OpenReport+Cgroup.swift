// The memory cgroup's block, the table of tasks and that of slab caches.

extension OpenReport {
    func accepts(_ line: MemcgLine) -> Bool {
        switch line {
        case .statistic: section == .statistics
        case .counter(let counter, _, _, _): part <= .cgroup && usage(of: counter) == nil
        case .limit, .statistics: part <= .cgroup
        }
    }

    mutating func take(_ cgroup: MemcgLine, _ line: LogLine, _ limits: OOMReportAssembler.Limits) {
        reach(.cgroup, line)
        let quote = QuotedLine(number: line.number, bytes: line.text)
        size += line.text.count
        switch cgroup {
        case .limit(let task, let limit):
            report.victimCgroup = report.victimCgroup ?? task
            report.limitCgroup = report.limitCgroup ?? limit
            report.quotes.limit = limit == nil ? report.quotes.limit ?? quote : quote
        case .counter(let counter, let usage, let limit, let failures):
            set(counter, MemcgUsage.Counter(usage: usage, limit: limit, failures: failures, line: quote))
        case .statistics(let group, let amounts):
            // Up to 5.2 a line for each group of the hierarchy; the first is the one whose limit was reached.
            guard report.memcg?.statisticsLine == nil else { return section = nil }
            section = .statistics
            change {
                $0.statisticsOf = group; $0.statistics = amounts; $0.statisticsLine = quote
            }
        case .statistic(let name, let value):
            guard MemcgLine.isByteStatistic(name), report.memcg.map({ $0.statistics.count < limits.statistics }) ?? true else {
                return
            }
            change { $0.statistics.append(Amount(name: name, bytes: Bytes(value))) }
        }
    }

    private mutating func change(_ body: (inout MemcgUsage) -> Void) {
        var usage = report.memcg ?? MemcgUsage()
        body(&usage)
        report.memcg = usage
    }

    private mutating func set(_ counter: MemcgLine.Counter, _ value: MemcgUsage.Counter) {
        change { usage in
            switch counter {
            case .memory: usage.memory = value
            case .memoryAndSwap: usage.memoryAndSwap = value
            case .swap: usage.swap = value
            case .kernel: usage.kernel = value
            }
        }
    }

    private func usage(of counter: MemcgLine.Counter) -> MemcgUsage.Counter? {
        switch counter {
        case .memory: report.memcg?.memory
        case .memoryAndSwap: report.memcg?.memoryAndSwap
        case .swap: report.memcg?.swap
        case .kernel: report.memcg?.kernel
        }
    }
}

extension OpenReport {
    mutating func begin(_ columns: TaskColumns, _ line: LogLine) {
        reach(.tasks, line)
        section = nil
        self.columns = columns
        report.tasks.line = QuotedLine(number: line.number, bytes: line.text)
        report.tasks.isComplete = !isTorn
    }

    /// Without the header the numbers of a row tell its columns.
    mutating func takeRow(_ line: LogLine, _ limits: OOMReportAssembler.Limits) {
        reach(.tasks, line)
        section = nil
        columns =
            columns
            ?? TaskColumns.guessed(
                from: line.text, release: report.release.flatMap { KernelVersion(release: $0) })
        guard let task = columns?.task(in: line.text, line: line.number) else { return report.tasks.isComplete = false }
        report.tasks.rows.append(task)
        if report.tasks.rows.count >= 2 * max(limits.tasks, 1) { report.tasks.keepLargest(limits.tasks) }
    }

    mutating func beginSlabs(_ line: LogLine) {
        reach(.slab, line)
        section = .slabs
    }

    mutating func take(_ slab: SlabLine, _ line: LogLine, _ limits: OOMReportAssembler.Limits) {
        touch(line)
        guard case .cache(let name, let used, let total) = slab, report.slabs.count < limits.slabs else { return }
        let quote = QuotedLine(number: line.number, bytes: line.text)
        report.slabs.append(SlabCache(name: name, used: used, total: total, line: quote))
    }
}
