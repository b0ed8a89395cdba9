public import Diagnosis
import Host
public import Kernel
public import Logging
import Synchronization

/// Keeps the machine's last minutes by the second and its last day by the quarter minute, on a thread of its own.
///
/// What a tick touches was allocated at the start and stays in memory where the limit allows; a machine that has no memory
/// left is what it is there for.
public final class FlightRecorder: Sendable {
    let settings: Settings
    let logger: Logger
    let state: Mutex<State>
    public let stallCounts = StallCounts()
    /// Why the last reading failed. It has a lock of its own: who scrapes does not wait for who decodes a day.
    let standing = Mutex<SourceError?>(nil)
    let limitingGroups = Mutex(LimitingGroups())
    private let thread = Mutex<FollowerThread?>(nil)

    public struct Settings: Sendable {
        /// Empty for this machine.
        public var root = ""
        /// Which run of the kernel it is; numbers of two of them have no difference.
        public var bootID: String
        public var interval = Nanoseconds(1_000_000_000)
        public var coarseInterval = Nanoseconds(15_000_000_000)
        /// Of the scans of processes and control groups, and of zoneinfo.
        public var scanInterval = Nanoseconds(10_000_000_000)
        public var coarseScanInterval = Nanoseconds(120_000_000_000)
        /// Where the ring is written when a stall begins; nil for nowhere.
        public var checkpoint: String?
        /// How often it is written anew while a stall goes on.
        public var checkpointInterval = Nanoseconds(60_000_000_000)
        /// 1.5 MiB: 15 minutes of a machine of many zones.
        public var fineBlocks = 96
        /// 4 MiB: 24 hours of it.
        public var coarseBlocks = 256
        /// Does what a slow disk may hold up; it must not be done on the recorder's thread.
        public var slowWork: @Sendable (@escaping @Sendable () -> Void) -> Void = { $0() }
        /// Told of the beginning and the end of each stall, on the recorder's thread.
        public var onStall: @Sendable (Stall) -> Void = { _ in }
        /// Told of zones that have come to stand elsewhere against their watermarks, on the recorder's thread.
        public var onZoneChange: @Sendable (ZoneChange) -> Void = { _ in }
        /// Shown all processes at each scan, with the machine's reading beside it, on the recorder's thread.
        public var onProcesses: @Sendable ([ProcessReading], Snapshot) -> Void = { _, _ in }
        /// Given the time around an event, encoded, for who keeps it longer.
        public var onTimeline: @Sendable (_ id: String, _ bytes: [UInt8]) -> Void = { _, _ in }

        public init(bootID: String) { self.bootID = bootID }
    }

    struct State: ~Copyable {
        var fine: RecordRing
        var coarse: RecordRing
        var detector = StallDetector()
        var isLocked = false
        var timelines = Timelines()
        var ticks = 0
    }

    public init(_ settings: Settings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        let boot = Self.number(ofBoot: settings.bootID)
        state = Mutex(
            State(
                fine: RecordRing(blocks: settings.fineBlocks, boot: boot),
                coarse: RecordRing(blocks: settings.coarseBlocks, boot: boot)))
    }

    private static func number(ofBoot id: String) -> UInt64 {
        id.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}

extension FlightRecorder {
    /// Starts the thread, unless it runs.
    ///
    /// - Throws: where the system gives no thread.
    public func start() throws(SourceError) {
        lockMemory()
        let started = try FollowerThread(named: "recorder") { self.record(until: $0) }
        thread.withLock { $0 = started }
    }

    /// Ends the thread and waits for it.
    public func stop() { thread.withLock { $0.take()?.end() } }

    /// The kernel says that a task does not move; that is a stall where memory was short meanwhile.
    public func noteHungTask(at time: RecordedTime) {
        let changes = state.withLock { $0.detector.noteHungTask(at: time) }
        tell(changes)
        if !changes.isEmpty { requestCheckpoint() }
    }

    /// What was recorded in that time, by the second as far back as that is kept, and coarsely before.
    public func recording(from start: Timestamp, to end: Timestamp, step: Nanoseconds = Nanoseconds(0)) -> Recording {
        state.withLock { state in
            let fine = state.fine.recording(from: start, to: end, step: step)
            guard let first = fine.samples.first?.time.wall else {
                return state.coarse.recording(from: start, to: end, step: step)
            }
            guard first > start else { return fine }
            let before = Timestamp(unixNanoseconds: first.unixNanoseconds - 1)
            return state.coarse.recording(from: start, to: before, step: step).followed(by: fine, until: end)
        }
    }

    /// The time around an event. Its seconds after are those that have passed.
    public func timeline(around time: Timestamp) -> Timeline {
        let begin = time.before(Timeline.before)
        let end = Timestamp(unixNanoseconds: time.unixNanoseconds &+ Timeline.after.count)
        return Timeline(
            fine: recording(from: begin, to: end),
            coarse: recording(from: time.before(Timeline.dayBefore), to: time, step: Timeline.coarseStep))
    }

    /// The innermost limited cgroup of a process, as the last looks at the largest processes had it.
    public func limitingGroup(of process: ProcessID, _ name: CommandName) -> CgroupPath? {
        limitingGroups.withLock { $0.group(of: process, name) }
    }

    /// The stalls that go on now.
    public var stalls: [Stall] { state.withLock { $0.detector.current } }

    /// Why the last reading failed; nil where all is well.
    public var failure: SourceError? { standing.withLock { $0 } }

    /// Readings so far, and whether the ring is locked in memory.
    public var status: (ticks: Int, isLocked: Bool) { state.withLock { ($0.ticks, $0.isLocked) } }

    func tell(_ changes: [Stall]) {
        for stall in changes {
            stallCounts.count(stall)
            settings.onStall(stall)
        }
    }

    private func lockMemory() {
        state.withLock { state in
            var failure: SourceError?
            let lock: (UnsafeRawBufferPointer) -> Void = { memory in
                do throws(SourceError) { try LockedMemory.lockOnFault(memory) } catch { failure = failure ?? error }
            }
            state.fine.withMemory(lock)
            state.coarse.withMemory(lock)
            state.isLocked = failure == nil
            if let failure { logger.info("recorder: its memory may be swapped out: \(failure), ignoring") }
        }
    }
}

extension Timestamp {
    fileprivate func before(_ span: Nanoseconds) -> Timestamp {
        Timestamp(unixNanoseconds: max(unixNanoseconds, 0) - span.count)
    }
}
