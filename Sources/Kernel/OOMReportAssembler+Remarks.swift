// Lines of an OOM that are no part of its report: most often the reason why nobody died.

extension OOMReportAssembler {
    mutating func take(_ remark: RemarkLine, _ line: LogLine) {
        switch remark {
        case .wholeGroup: takeWholeGroup(line)
        case .nobodyToKill: refuse(.nobodyToKill, line)
        case .panic(.deadlocked), .panic(.nobodyToKill):
            if let report = recent?.panic(line) { ready.append(report) } else { refuse(.panic, line) }
        case .panic(.panicOnOOM): refuse(.panic, line)
        case .switchedOff: refuse(.switchedOff, line)
        case .sysRq: request = SysRqRequest(.kill, line)
        case .requestIgnored: takeIgnored(line)
        case .suppressed, .sharingMemory, .triedToKillInit, .triedToKillWithoutMemory, .pinned: quote(line)
        case .numaHint: if let report = recent?.hint(line) { ready.append(report) }
        case .reaped, .notReaped, .pageFaultLeaked: break
        }
    }

    /// The report that is being printed ends without a kill; without one, this line is all that there is.
    private mutating func refuse(_ refusal: OOMReport.Refusal, _ line: LogLine) {
        let index = open.lastIndex { $0.isOfKill && $0.summary == nil && $0.choice == nil && isOfSameCaller($0, line) }
        let report = index.map { open.remove(at: $0) } ?? bareReport(at: line)
        settle(report.refused(refusal, by: line), line, message: nil)
    }

    /// SysRq f had nobody to kill. Since 4.19 a warning may have said so before.
    private mutating func takeIgnored(_ line: LogLine) {
        if let last = recent, last.report.refusal == .nobodyToKill, !last.isOver { return }
        let index = open.lastIndex { $0.isOfKill && $0.summary == nil }
        var report = index.map { open.remove(at: $0) } ?? bareReport(at: line)
        report.isManual = true
        settle(report.refused(.nobodyToKill, by: line), line, message: nil)
    }

    /// Words about a report that is being printed.
    private mutating func quote(_ line: LogLine) {
        guard let index = open.indices.last, open[index].report.quotes.remark == nil else { return }
        open[index].report.quotes.remark = QuotedLine(number: line.number, bytes: line.text)
    }
}

extension OOMReportAssembler {
    /// systemd-oomd and earlyoom are no kernel, and what they say is a report of their own.
    mutating func takeUserspace(_ line: LogLine) -> [OOMReport] {
        guard line.program != nil, case .kill(let kill) = UserspaceKillLine(line.text, program: line.program) else { return [] }
        var report = OOMReport(kind: .userspaceKill, at: line)
        report.scope = kill.cgroup == nil ? .global : .memcg
        report.victimCgroup = kill.cgroup
        report.limitCgroup = kill.pressed
        report.quotes.remark = QuotedLine(number: line.number, bytes: line.text)
        if kill.processID != nil || kill.comm != nil {
            report.victims = [
                Victim(
                    processID: kill.processID, comm: kill.comm, userID: kill.userID, scoreAdjustment: kill.scoreAdjustment)
            ]
        }
        return [report]
    }
}
