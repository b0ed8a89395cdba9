extension OpenReport {
    /// With its first victim.
    func killed(_ victim: Victim, by line: LogLine, _ message: KillMessage?) -> OOMReport {
        var whole = self
        if let text = summaryText, let exact = OOMSummary(text, victim: victim.comm) {
            whole.set(exact)
        } else {
            whole.takeCutSummary()
        }
        whole.message = message ?? whole.message
        whole.touch(line)
        var report = whole.report
        report.kind = isBare ? .killWithoutReport : .kill
        report.victims = [victim.completed(by: whole.summary)]
        report.anchor = line.number
        report.time = line.time
        report.wallClock = line.wallClock
        report.quotes.kill = QuotedLine(number: line.number, bytes: line.text)
        report.isWholeGroup = isWholeGroup
        whole.report.victims = report.victims
        report.scope = whole.scope
        report.request = request
        // Whoever was killed had a row.
        let isTableLost = report.tasks.line != nil && report.tasks.rows.isEmpty
        report.isPartial = isBare ? false : !whole.isWhole || isTableLost
        return report
    }

    /// The line is all there, or its end will not come.
    private mutating func takeCutSummary() {
        guard summary == nil, let text = summaryText, let facts = OOMSummary.facts(ofCut: text) else { return }
        report.constraint = facts.constraint
        report.limitCgroup = report.limitCgroup ?? facts.limit
        report.victimCgroup = report.victimCgroup ?? facts.task
    }

    func refused(_ refusal: OOMReport.Refusal, by line: LogLine?) -> OOMReport {
        var whole = self
        if let line { whole.touch(line) }
        var report = whole.report
        report.kind = .noKill
        report.refusal = refusal
        if let line { report.quotes.remark = QuotedLine(number: line.number, bytes: line.text) }
        report.scope = scope
        report.request = request
        report.isPartial = !isWhole
        return report
    }

    /// What a report that is given up has to tell; nil if it is nothing.
    func lastWord(_ reason: Closing) -> OOMReport? {
        if isOnlyShown { return nil }
        if isSpared { return refused(.alreadyExiting, by: nil) }
        if summary != nil, !isTorn, reason == .silence { return refused(.alreadyExiting, by: nil) }
        if report.kind != .allocationFailure, isBare, choice == nil, signs.isEmpty { return nil }
        var whole = self
        whole.takeCutSummary()
        var report = whole.report
        report.scope = whole.scope
        report.request = request
        report.isPartial = report.kind == .allocationFailure ? !isWhole : true
        if let summary, isTornAfterSummary {
            report.victims = [Victim(processID: summary.processID, comm: summary.comm, userID: summary.userID)]
            report.anchor = report.lines.upperBound
            report.time = lastTime
        }
        if header == nil, report.victims.isEmpty, signs.contains(.failure), !signs.contains(.killer) {
            report.kind = .allocationFailure
        }
        return report
    }

    enum Closing { case silence, endOfLog }

    /// Nothing that every kernel prints in such a report is missing.
    private var isWhole: Bool {
        let hasHead = header != nil || report.kind == .allocationFailure
        let isOfGroup = report.memcg?.memory != nil && scope == .memcg
        return hasHead && !isTorn && !isMixed && (isOfGroup || hasWholeMemory)
    }

    private var hasWholeMemory: Bool {
        !report.zones.isEmpty
            && report.zones.allSatisfy { $0.zoneLine != nil && $0.protectionLine != nil && $0.blocksLine != nil }
    }

    /// `constraint` alone does not do: 5.0 and 5.1 always say NONE (it is set since 5.2), and a line with CPUSET or
    /// MEMORY_POLICY says `global_oom` as well.
    private var scope: OOMScope {
        if report.request?.order == -1 || signs.contains(.manual) || isManual { return .manual }
        if report.limitCgroup != nil { return .memcg }
        if summary != nil || report.constraint != nil {
            switch report.constraint {
            case "memcg": return .memcg
            case "cpuset": return .cpuset
            case "mempolicy": return .mempolicy
            case "none": return message == .memcg ? .memcg : summary == nil && signs.contains(.memcg) ? .memcg : .global
            default: return .unknown
            }
        }
        return scopeWithoutSummary
    }

    private var scopeWithoutSummary: OOMScope {
        if signs.contains(.memcg) || report.memcg != nil { return .memcg }
        if let message { return message.scope }
        if signs.contains(.killer) || report.kind == .allocationFailure || signs.contains(.failure) { return .global }
        if let request, request.kind != .kernel || request.order ?? 0 > 0 { return .global }
        if let victim = report.victims.first, victim.processID != nil { return .global }
        let hasMemory = !report.zones.isEmpty || report.counters != nil || !report.hugePages.isEmpty || report.totals.ram != nil
        return hasMemory || report.swap != nil ? .global : .unknown
    }
}

extension Victim {
    fileprivate func completed(by summary: OOMSummary?) -> Victim {
        guard userID == nil, let summary, summary.processID == processID else { return self }
        return Victim(
            processID: processID, comm: comm, userID: summary.userID, scoreAdjustment: scoreAdjustment, memory: memory)
    }
}
