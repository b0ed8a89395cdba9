import Diagnosis
import Host
public import Kernel
import Logging
import Synchronization

extension FlightRecorder {
    /// Takes one sample with all its scans, for who wants one look. Not while the thread runs.
    public func sample(at time: RecordedTime) {
        var round = Round(root: settings.root)
        tick(&round, at: time)
    }

    /// The whole life of the thread.
    func record(until stop: WakeUp) {
        var round = Round(root: settings.root)
        var due = Nanoseconds.monotonic.count
        while !stop.isRaised {
            tick(&round, at: .now)
            // A tick that came late, after a suspend or on a machine that stood still, is not made up for.
            due = max(due + settings.interval.count, Nanoseconds.monotonic.count)
            do {
                if try stop.wait(for: Nanoseconds(due - Nanoseconds.monotonic.count - 1_000_000)) { return }
            } catch {
                note(error)
                return logger.error("recorder: it has ended")
            }
        }
    }

    /// What a round keeps for the next one; touched by the thread alone.
    struct Round: ~Copyable {
        var sampler: MachineSampler
        var zones = ZoneStateWatch()
        var clock = ClockSteps()
        /// For what is looked at every ten seconds; it has buffers of its own.
        let procFS: ProcFS
        /// Why the last scan failed, until the next one.
        var scanFailure: SourceError?
        var growth = ProcessGrowth()
        let table: ProcessTable
        let cgroups: CgroupScanner
        var coarse = Pace()
        var scan = Pace()
        var coarseScan = Pace()
        var checkpoint = Pace()

        init(root: String) {
            sampler = MachineSampler(root: root)
            procFS = ProcFS(root: root)
            table = ProcessTable(root: root)
            cgroups = CgroupScanner(root: root)
        }
    }

    func tick(_ round: inout Round, at time: RecordedTime) {
        if let step = round.clock.note(time) { logger.warning("\(ClockSteps.sentence(step))") }
        let failure = round.sampler.readSample()
        let isCoarse = round.coarse.isDue(time.sinceBoot, each: settings.coarseInterval)
        let changes = state.withLock { state in
            state.fine.append(round.sampler.row, at: time)
            if isCoarse { state.coarse.append(round.sampler.row, at: time) }
            state.ticks += 1
            return state.detector.note(round.sampler.row, at: time)
        }
        if round.scan.isDue(time.sinceBoot, each: settings.scanInterval) { round.scanFailure = scan(&round, at: time) }
        note(failure ?? round.scanFailure)
        tell(changes, &round, at: time)
        keepTimelines(at: time)
    }

    /// - Returns: the first failure.
    private func scan(_ round: inout Round, at time: RecordedTime) -> SourceError? {
        let isCoarse = round.coarseScan.isDue(time.sinceBoot, each: settings.coarseScanInterval)
        var readings: [ProcessReading]?
        var failure: SourceError?
        do throws(SourceError) { readings = try round.table.readAll().processes } catch { failure = error }
        let processes = readings.map { round.growth.scan($0, at: time) }
        if let processes { failure = failure ?? noteGroups(of: processes, round) }
        // zoneinfo holds each zone's lock while it prints its CPUs' lists: not for every second.
        let snapshot = round.procFS.readSnapshot()
        if let readings { settings.onProcesses(readings, snapshot) }
        let margins = snapshot.zoneInfo.value.map { MarginReading(of: $0, time: time) }
        if let zoneInfo = snapshot.zoneInfo.value {
            let change = round.zones.note(Assessment(of: snapshot, zoneInfo: zoneInfo), snapshot)
            if let change { settings.onZoneChange(change) }
        }
        let cgroups = CgroupScan(time: time, groups: round.cgroups.readNearest())
        let changes = state.withLock { state in
            if let processes { state.fine.append(processes) }
            if let margins { state.fine.append(margins) }
            state.fine.append(cgroups)
            if isCoarse {
                if let processes { state.coarse.append(processes) }
                state.coarse.append(cgroups)
            }
            return state.detector.note(cgroups)
        }
        tell(changes, &round, at: time)
        return failure ?? snapshot.zoneInfo.failure
    }

    private func noteGroups(of scan: ProcessScan, _ round: borrowing Round) -> SourceError? {
        do throws(SourceError) {
            let groups = try round.table.readLimitingGroups(of: scan, in: MemoryCgroups(root: settings.root))
            limitingGroups.withLock { $0.note(scan, groups) }
            return nil
        } catch { return error }
    }

    private func note(_ failure: SourceError?) {
        let before = standing.withLock { standing in
            defer { standing = failure }
            return standing
        }
        guard before != failure else { return }
        if let failure {
            logger.warning("source recorder failed: \(failure), ignoring")
        } else {
            logger.notice("source recorder is well again")
        }
    }

    private func tell(_ changes: [Stall], _ round: inout Round, at time: RecordedTime) {
        tell(changes)
        let hasBegun = changes.contains { $0.end == nil }
        guard hasBegun || !stalls.isEmpty else { return }
        if round.checkpoint.isDue(time.sinceBoot, each: settings.checkpointInterval) || hasBegun { requestCheckpoint() }
    }
}

/// Whether it is time again.
struct Pace: Sendable {
    private var last: Int?

    mutating func isDue(_ now: Nanoseconds, each interval: Nanoseconds) -> Bool {
        let number = now.count / max(interval.count, 1)
        defer { last = number }
        return number != last
    }
}
