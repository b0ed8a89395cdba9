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
                logger.error("recorder: \(error); it has ended")
                return
            }
        }
    }

    /// What a round keeps for the next one; touched by the thread alone.
    struct Round: ~Copyable {
        var sampler: MachineSampler
        var growth = ProcessGrowth()
        let table: ProcessTable
        let cgroups: CgroupScanner
        var coarse = Pace()
        var scan = Pace()
        var coarseScan = Pace()
        var checkpoint = Pace()

        init(root: String) {
            sampler = MachineSampler(root: root)
            table = ProcessTable(root: root)
            cgroups = CgroupScanner(root: root)
        }
    }

    func tick(_ round: inout Round, at time: RecordedTime) {
        let failure = round.sampler.readSample()
        let isCoarse = round.coarse.isDue(time.sinceBoot, each: settings.coarseInterval)
        let changes = state.withLock { state in
            state.fine.append(round.sampler.row, at: time)
            if isCoarse { state.coarse.append(round.sampler.row, at: time) }
            state.ticks += 1
            state.failure = failure
            return state.detector.note(round.sampler.row, at: time)
        }
        if round.scan.isDue(time.sinceBoot, each: settings.scanInterval) { scan(&round, at: time) }
        tell(changes, &round, at: time)
        keepTimelines(at: time)
    }

    private func scan(_ round: inout Round, at time: RecordedTime) {
        let isCoarse = round.coarseScan.isDue(time.sinceBoot, each: settings.coarseScanInterval)
        var processes: ProcessScan?
        var margins: MarginReading?
        do throws(SourceError) {
            processes = round.growth.scan(try round.table.readAll().processes, at: time)
            margins = try round.sampler.readMargins(at: time)
        } catch { state.withLock { $0.failure = error } }
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
    }

    private func tell(_ changes: [Stall], _ round: inout Round, at time: RecordedTime) {
        for stall in changes { settings.onStall(stall) }
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
