public import Kernel

/// Sees from one sample to the next whether the machine, or a control group, stands still for want of memory.
///
/// PSI alone misleads. A process that `memory.high` slows down is all that wants to run, so the machine's `full` is near 100 %
/// with RAM free; and when the last cached pages go, `full` falls while they are read back as fast as before. So the machine's
/// stall also needs that the machine itself reclaims (the kernel's global counters leave out what a group's limit makes it
/// reclaim), and it goes on as long as dropped pages are read back.
public struct StallDetector: Sendable {
    private let pageSize: PageSize
    private var window = StallWindow()
    private var machine: Open?
    private var groups: [CgroupPath: Open] = [:]
    private var lastScan: CgroupScan?
    private var lastPressed: Nanoseconds?

    private struct Open: Sendable {
        var stall: Stall
        /// Since when nothing tells that it goes on.
        var quiet: RecordedTime?
    }

    /// Below 10 % of `full` people wait, but work goes on.
    private static let waiting = 1_000
    private static let waitingStill = 500
    /// A span without reasons after which a stall is over.
    private static let silence = 10_000_000_000
    /// A hung task is told of after two minutes (kernel.hung_task_timeout_secs).
    private static let hungTaskSpan = 150_000_000_000

    public init(pageSize: PageSize = .fourKiB) { self.pageSize = pageSize }

    public var current: [Stall] { (machine.map { [$0.stall] } ?? []) + groups.values.map(\.stall) }

    /// - Returns: the stall that began or ended with this sample.
    public mutating func note(_ row: SampleRow, at time: RecordedTime) -> [Stall] {
        guard let rates = window.add(StallWindow.Reading(row, at: time.sinceBoot), pageSize) else { return [] }
        if rates.isReclaiming, (rates.someHundredths ?? 0) >= Self.waiting { lastPressed = time.sinceBoot }
        var reasons: [Stall.Reason] = []
        let full = rates.severity.fullHundredths
        let isThrashing = rates.isReclaiming && rates.isThrashing
        let isStalling = rates.isReclaiming && rates.severity.allocationStallsPerSecond > 0
        if isThrashing { reasons.append(.refaults) }
        if isStalling { reasons.append(.allocationStalls) }
        let limit = machine == nil ? Self.waiting : Self.waitingStill
        if !reasons.isEmpty, let full, full >= limit { reasons.insert(.pressure, at: 0) }
        let isOn =
            machine == nil
            ? reasons.contains(.pressure) || (full == nil && isThrashing) : reasons.contains(.pressure) || isThrashing
        return step(&machine, .machine, isOn ? reasons : [], rates.severity, at: time)
    }

    /// - Returns: the stalls of groups that began or ended with this scan.
    public mutating func note(_ scan: CgroupScan) -> [Stall] {
        defer { lastScan = scan }
        guard let lastScan else { return [] }
        let span = scan.time.sinceBoot.count - lastScan.time.sinceBoot.count
        var changes: [Stall] = []
        var unseen = Set(groups.keys)
        for group in scan.groups {
            guard let before = lastScan.groups.first(where: { $0.path == group.path }), span > 0 else { continue }
            unseen.remove(group.path)
            let (reasons, severity) = judge(group, before, Nanoseconds(span))
            changes += step(&groups[group.path], .cgroup(group.path), reasons, severity, at: scan.time)
        }
        for path in unseen { changes += step(&groups[path], .cgroup(path), [], Stall.Severity(), at: scan.time) }
        return changes
    }

    /// A `blocked for more than 120 seconds` of the kernel's: about memory where memory was short meanwhile.
    public mutating func noteHungTask(at time: RecordedTime) -> [Stall] {
        guard machine != nil || lastPressed.map({ time.sinceBoot.count - $0.count <= Self.hungTaskSpan }) ?? false else {
            return []
        }
        return step(&machine, .machine, [.hungTask], Stall.Severity(), at: time)
    }
}

extension StallDetector {
    private func judge(
        _ group: RecordedCgroup, _ before: RecordedCgroup, _ span: Nanoseconds
    ) -> ([Stall.Reason], Stall.Severity) {
        var severity = Stall.Severity()
        let high = max(group.highEvents - before.highEvents, 0)
        let limit = max(group.maximumEvents - before.maximumEvents, 0)
        severity.limitEventsPerSecond = perSecond(high + limit, span)
        if let now = group.pressureFullMicroseconds, let then = before.pressureFullMicroseconds {
            severity.fullHundredths = share(now - then, of: span)
        }
        if group.isUnderOOM { return ([.underOOM], severity) }
        let isWaiting = severity.fullHundredths.map { $0 >= Self.waiting } ?? (perSecond(high, span) >= 10)
        guard isWaiting else { return ([], severity) }
        return ((high > 0 ? [.memoryHigh] : []) + (limit > 0 ? [.memoryMax] : []), severity)
    }

    private func step(
        _ open: inout Open?, _ owner: Stall.Owner, _ reasons: [Stall.Reason], _ severity: Stall.Severity, at time: RecordedTime
    ) -> [Stall] {
        guard var now = open else {
            guard !reasons.isEmpty else { return [] }
            let stall = Stall(owner: owner, begin: time, reasons: reasons, worst: severity)
            open = Open(stall: stall)
            return [stall]
        }
        guard reasons.isEmpty else {
            now.stall.join(reasons, severity)
            now.quiet = nil
            open = now
            return []
        }
        let quiet = now.quiet ?? time
        guard time.sinceBoot.count - quiet.sinceBoot.count >= Self.silence else {
            now.quiet = quiet
            open = now
            return []
        }
        open = nil
        now.stall.end = quiet
        return [now.stall]
    }
}

func perSecond(_ count: Int, _ span: Nanoseconds) -> Int {
    let product = count.multipliedReportingOverflow(by: 1_000_000_000)
    return product.overflow ? count : product.partialValue / max(span.count, 1)
}

/// Microseconds as a part of a span, in hundredths of a per cent.
func share(_ microseconds: Int, of span: Nanoseconds) -> Int {
    let product = max(microseconds, 0).multipliedReportingOverflow(by: 10_000)
    return product.overflow ? 10_000 : min(product.partialValue / max(span.count / 1_000, 1), 10_000)
}
