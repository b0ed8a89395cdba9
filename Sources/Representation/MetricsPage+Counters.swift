import Diagnosis
import Kernel

extension MetricsPage {
    /// Only a kernel with HighMem tells low from high memory.
    func writeMemory(_ text: inout PrometheusText) {
        guard let memInfo = snapshot.memInfo.value else { return }
        text.write(Metrics.lowTotal, memInfo.low?.total.count)
        text.write(Metrics.lowFree, memInfo.low?.free.count)
        text.write(Metrics.highTotal, memInfo.high?.total.count)
        text.write(Metrics.highFree, memInfo.high?.free.count)
    }

    func writeCounters(_ text: inout PrometheusText) {
        if let pressure = snapshot.pressure.value {
            text.family(Metrics.pressureSome)
            text.sample(microseconds: pressure.some.totalMicroseconds)
            text.family(Metrics.pressureFull)
            text.sample(microseconds: pressure.full.totalMicroseconds)
        }
        guard let vmStat = snapshot.vmStat.value else { return }
        text.write(Metrics.allocationStalls, vmStat.allocationStalls)
        text.write(Metrics.compactionStalls, vmStat.compaction.stalls)
        text.write(Metrics.compactionFailures, vmStat.compaction.failures)
        text.write(Metrics.compactionSuccesses, vmStat.compaction.successes)
        text.write(Metrics.compactionDaemonWakes, vmStat.compaction.daemonWakes)
        text.write(Metrics.kernelKills, vmStat.oomKills)
    }

    func write(_ text: inout PrometheusText, _ log: KernelLogCounts) {
        text.family(Metrics.kills)
        text.row([], "scope")
        for (scope, count) in log.kills { text.sample(scope, count) }
        text.family(Metrics.events)
        text.row([], "scope")
        for (scope, count) in log.events { text.sample(scope, count) }
        text.family(Metrics.killsByCause)
        text.row([], "cause")
        for (cause, count) in log.causes { text.sample(cause, count) }
        if let time = log.lastKill {
            text.family(Metrics.lastKill)
            text.sample(microseconds: time.unixNanoseconds / 1000)
        }
        text.write(Metrics.unexplainedKills, log.unexplained)
        text.write(Metrics.recordsLost, log.recordsLost)
        guard let store = log.store else { return }
        text.write(Metrics.storeSize, store.size?.count)
        text.write(Metrics.storeWriteErrors, store.writeErrors)
        text.write(Metrics.storeBacklog, store.backlog)
        text.write(Metrics.storeDropped, store.dropped)
    }

    func write(_ text: inout PrometheusText, _ policies: PolicyCounts) {
        text.family(Metrics.policies)
        text.row([], "source")
        text.sample("api", policies.api)
        text.sample("file", policies.file)
        text.write(Metrics.policyContested, policies.contested)
        text.write(Metrics.processEventsLost, policies.losses)
    }

    func writeLive(_ text: inout PrometheusText) {
        if let stalls {
            text.family(Metrics.stalls)
            text.row([], "owner")
            text.sample("machine", stalls.machine)
            text.sample("cgroup", stalls.cgroups)
        }
        text.write(Metrics.streamClients, streams?.clients)
        text.write(Metrics.streamBacklog, streams?.backlog)
        text.write(Metrics.streamClientsCut, streams?.cutOff)
    }

    func write(_ text: inout PrometheusText, _ victims: VictimSummary) {
        if !victims.millionths.isEmpty {
            text.family(Metrics.victimBadness)
            text.row([], "rank")
            for (index, share) in victims.millionths.enumerated() { text.sample(index + 1, millionths: share) }
        }
        text.write(Metrics.noVictimLeft, victims.isNobodyLeft.map { $0 ? 1 : 0 })
    }

    func write(_ text: inout PrometheusText, _ protection: ProtectionFigures) {
        text.write(Metrics.leases, protection.leases)
        text.write(Metrics.protectedProcesses, protection.processes)
        text.write(Metrics.restoresPending, protection.pending)
        text.write(Metrics.childrenReset, protection.childrenReset)
        text.write(Metrics.auditErrors, protection.auditErrors)
    }

    func writeSources(_ text: inout PrometheusText) {
        text.family(Metrics.sourceUp)
        text.row([], "source")
        for source in Snapshot.Source.allCases {
            text.sample(source.name, snapshot.failures.contains { $0.source == source } ? 0 : 1)
        }
        text.sample("kmsg", log.isUp ? 1 : 0)
        if let store = log.store { text.sample("store", store.isUp ? 1 : 0) }
        for state in sources { text.sample(state.source, state.isUp ? 1 : 0) }
        guard !snapshot.readTimes.isEmpty else { return }
        text.family(Metrics.sourceSeconds)
        text.row([], "source")
        for (source, time) in zip(Snapshot.Source.allCases, snapshot.readTimes) {
            text.sample(source.name, nanoseconds: time.count)
        }
    }

    func write(_ text: inout PrometheusText, _ process: ProcessUsage) {
        text.family(Metrics.processCPU)
        text.sample(microseconds: process.cpuMicroseconds)
        text.write(Metrics.processFDs, process.openDescriptors)
        text.write(Metrics.processMaxFDs, process.maximumDescriptors)
        text.write(Metrics.processVirtual, process.virtual.count)
        text.write(Metrics.processResident, process.resident.count)
        text.family(Metrics.processStart)
        text.sample(microseconds: process.startedAt.unixNanoseconds / 1000)
    }
}

extension PrometheusText {
    /// A family of one sample; nothing at all where there is no value.
    fileprivate mutating func write(_ metric: MetricFamily, _ value: Int?) {
        guard let value else { return }
        family(metric)
        sample(value)
    }
}
