extension OOMReportAssembler {
    mutating func take(_ known: ReportLine, _ line: LogLine) {
        switch known {
        case .header(let header): begin(header, line)
        case .failure(let failure): begin(failure, line)
        case .processor(let processor): take(processor, line)
        case .cgroup(let cgroup): take(cgroup, line)
        case .memory(let memory): take(memory, line)
        case .slab(let slab): take(slab, line)
        case .tasks(let columns): take(columns, line)
        case .taskRow: takeRow(line)
        case .summary(let text): takeSummary(text, line)
        case .choice(let choice): take(choice, line)
        case .spared(let spared): take(spared, line)
        case .kill(let kill): take(kill, line)
        case .wholeGroup: takeWholeGroup(line)
        case .remark(let remark): take(remark, line)
        case .showMemory: request = SysRqRequest(.showMemory, line)
        case .cpuset(let cpuset): take(cpuset, line)
        case .boot: takeBoot(line)
        }
    }

    private mutating func begin(_ header: OOMReportHeader, _ line: LogLine) {
        // The kernel holds its oom_lock while the victims of a group are killed, so the next header is past them.
        recent?.isOver = true
        closeWholeFailures()
        stray = nil
        isOverflowing = false
        let index = openReport(.kill, line)
        open[index].begin(header, line.text)
        open[index].isManual = request?.isKill(at: line) ?? false
        request = nil
    }

    private mutating func begin(_ failure: AllocationFailureLine, _ line: LogLine) {
        stray = nil
        // It comes behind a page's failure, with lines of its own and no numbers of the machine.
        guard failure.kind != .slab else { return }
        closeWholeFailures()
        // 2.4 says it again and again, with nothing else, until the process is ended.
        if failure.comm == nil { open.removeAll { $0.hasFailure && $0.part == .head && $0.report.invoker == nil } }
        let index = openReport(.allocationFailure, line)
        open[index].begin(failure, line)
    }

    /// Nothing follows the totals of a page allocation failure.
    private mutating func closeWholeFailures() { close(.silence) { $0.isWholeFailure } }

    private mutating func take(_ processor: ProcessorLine, _ line: LogLine) {
        let index = open.lastIndex { report in
            guard report.part < .processor, isOfSameCaller(report, line) else { return false }
            guard processor.processID != nil, let invoker = report.report.invoker else { return report.silence <= 16 }
            return processor.isAbout(invoker.comm)
        }
        guard let index else {
            // The head of a trace that tells of something else, whatever functions stand in it.
            return stray = alarm?.isRecent == true ? nil : Stray(processor, line)
        }
        open[index].set(processor, line)
    }

    private mutating func take(_ cpuset: CpusetLine, _ line: LogLine) {
        guard let index = open.lastIndex(where: { $0.report.invoker?.comm == cpuset.comm && $0.part < .cgroup }) else { return }
        open[index].touch(line)
    }

    /// What was open when the machine stopped will not be ended.
    private mutating func takeBoot(_ line: LogLine) {
        noteLoss()
        close(.endOfLog) { _ in true }
        recent?.isOver = true
        release = line.text.word(after: "Linux version ")
    }

    private mutating func take(_ cgroup: MemcgLine, _ line: LogLine) {
        if let index = indexOfReport(at: .cgroup, line, where: { $0.isOfKill && $0.accepts(cgroup) }) {
            return open[index].take(cgroup, line, limits)
        }
        if let index = open.lastIndex(where: { $0.section == .statistics && $0.accepts(cgroup) && isOfSameCaller($0, line) }) {
            return open[index].take(cgroup, line, limits)
        }
        // A lone value may be anybody's.
        if case .statistic = cgroup { return }
        let index = openOrphan(line, part: .cgroup)
        open[index].take(cgroup, line, limits)
    }

    private mutating func take(_ memory: MemInfoLine, _ line: LogLine) {
        let part = ReportPart(memory)
        if case .other = memory {
            guard let index = indexOfShown(line) else { return }
            return open[index].touch(line)
        }
        if let index = indexOfReport(at: part, line, where: { $0.accepts(memory) }) {
            open[index].take(memory, line)
        } else if part == .totals, let index = open.lastIndex(where: { $0.part == .totals && $0.silence <= 2 }) {
            // Up to 2.6.26 an architecture's own lines say some things again.
            open[index].touch(line)
        } else if memory.mayBegin {
            let isShown = memory == .start && (request?.isShow(at: line) ?? false)
            let index = openOrphan(line, part: part)
            open[index].isOnlyShown = isShown
            open[index].take(memory, line)
        }
        note(line, isFirstPiece: true)
    }

    /// What is being printed, for a line that says nothing.
    private func indexOfShown(_ line: LogLine) -> Int? {
        let able = open.indices.filter { open[$0].part <= .totals && isOfSameCaller(open[$0], line) }
        return able.min { open[$0].silence < open[$1].silence }
    }

    private mutating func take(_ slab: SlabLine, _ line: LogLine) {
        if slab == .title {
            let index = indexOfReport(at: .slab, line) { $0.isOfKill && $0.part < .slab } ?? openOrphan(line, part: .slab)
            return open[index].beginSlabs(line)
        }
        guard let index = open.lastIndex(where: { $0.section == .slabs && isOfSameCaller($0, line) }) else { return }
        open[index].take(slab, line, limits)
    }

    private mutating func take(_ columns: TaskColumns, _ line: LogLine) {
        let index = indexOfReport(at: .tasks, line) { $0.isOfKill && $0.part < .tasks } ?? openOrphan(line, part: .tasks)
        open[index].begin(columns, line)
    }

    private mutating func takeRow(_ line: LogLine) {
        let index = indexOfReport(at: .tasks, line) { $0.isOfKill }
        if let index { return open[index].takeRow(line, limits) }
        guard !isOverflowing, TaskColumns.guessed(from: line.text)?.task(in: line.text, line: line.number) != nil else { return }
        let orphan = openOrphan(line, part: .tasks)
        open[orphan].takeRow(line, limits)
    }

    private mutating func takeSummary(_ text: [UInt8], _ line: LogLine) {
        let index = indexOfReport(lackingSummary: text, line) ?? openOrphan(line, part: .summary)
        open[index].reach(.summary, line)
        open[index].set(summary: text, number: line.number)
    }

    private mutating func take(_ choice: KillChoiceLine, _ line: LogLine) {
        let chosen = open.lastIndex { $0.summary != nil && $0.summary?.processID == choice.processID }
        let index =
            chosen
            ?? open.lastIndex {
                $0.isOfKill && $0.summary == nil && $0.choice == nil && $0.mayEnd(with: choice.message)
            }
        open[index ?? openReport(.kill, line)].set(choice, line)
    }

    private mutating func take(_ spared: SparedLine, _ line: LogLine) {
        if let index = open.lastIndex(where: { $0.summary != nil && $0.summary?.processID == spared.processID }) {
            open[index].isSpared = true
            open[index].touch(line)
        } else if recent?.spare(at: line, limits) != true {
            let index = openReport(.kill, line)
            open[index].isSpared = true
            open[index].message = spared.message
        }
    }

    /// A report without a head; the trace before it may tell who asked.
    mutating func openOrphan(_ line: LogLine, part: ReportPart) -> Int {
        isOverflowing = false
        let index = openReport(.kill, stray?.isRecent(at: line) == true ? stray?.line ?? line : line, part: part)
        if let stray, stray.isRecent(at: line) { open[index].adopt(stray) }
        stray = nil
        return index
    }
}
