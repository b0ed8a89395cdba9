import Diagnosis
import Foundation
import Host
import Kernel
import Logging
import Support
import Synchronization
import Testing

@testable import Monitor

@Suite struct FlightRecorderTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func settings(_ root: String = "") -> FlightRecorder.Settings {
        var settings = FlightRecorder.Settings(bootID: "a boot")
        settings.root = root
        (settings.fineBlocks, settings.coarseBlocks) = (4, 4)
        return settings
    }

    private func time(_ seconds: Int) -> RecordedTime {
        RecordedTime(
            sinceBoot: Nanoseconds(seconds * 1_000_000_000),
            wall: Timestamp(unixNanoseconds: (1_800_000_000 + seconds) * 1_000_000_000))
    }

    private let thrash = Fixture("6.1-amd64-cache-thrash").root

    private func record(_ recorder: FlightRecorder, _ seconds: ClosedRange<Int>, root: String) {
        var round = FlightRecorder.Round(root: root)
        for second in seconds { recorder.tick(&round, at: time(second)) }
    }

    @Test func recordsOnItsOwnThread() throws {
        var settings = settings()
        settings.interval = Nanoseconds(20_000_000)
        let recorder = FlightRecorder(settings, logger: logger)
        try recorder.start()
        let start = Date()
        while recorder.status.ticks < 5, Date().timeIntervalSince(start) < 5 { usleep(10_000) }
        recorder.stop()
        let now = Timestamp.now.unixNanoseconds
        let recording = recorder.recording(from: Timestamp(unixNanoseconds: now - 10_000_000_000), to: .now)
        #expect(recording.samples.count >= 5)
        #expect(recording.processes.first?.processes.isEmpty == false)
        #expect(recording.margins.first?.zones.isEmpty == false)
    }

    @Test func aClockThatIsSetBackIsSaidAndNothingElse() {
        let lines = Mutex<[String]>([])
        let recorder = FlightRecorder(
            settings(), logger: Logger(label: "test") { _ in LineCatcher { line in lines.withLock { $0.append(line) } } })
        var round = FlightRecorder.Round(root: thrash + "/t-06")
        let day = 86_400
        func tick(_ second: Int, wall: Int) {
            let wall = Timestamp(unixNanoseconds: (1_800_000_000 + wall) * 1_000_000_000)
            recorder.tick(&round, at: RecordedTime(sinceBoot: Nanoseconds(second * 1_000_000_000), wall: wall))
        }
        for second in 1...3 { tick(second, wall: second) }
        for second in 4...6 { tick(second, wall: second - day) }
        let told = lines.withLock { $0 }.filter { $0.contains("clock") }
        #expect(
            told == ["the clock was set back by 86400 s; events keep the times and the order that they were recorded with"])
        #expect(recorder.status.ticks == 6)
    }

    @Test func aClockThatGoesOnIsNoStep() {
        var steps = ClockSteps()
        #expect(steps.note(time(1)) == nil)
        // After a suspend both have gone on.
        #expect(steps.note(time(4_000)) == nil)
        let slewed = RecordedTime(
            sinceBoot: time(4_001).sinceBoot, wall: Timestamp(unixNanoseconds: time(4_001).wall.unixNanoseconds - 500_000_000))
        #expect(steps.note(slewed) == nil)
    }

    @Test func whatTheFineRingForgotIsTakenFromTheCoarseOne() {
        var settings = settings()
        settings.fineBlocks = 1
        let recorder = FlightRecorder(settings, logger: logger)
        record(recorder, 0...3_000, root: thrash + "/t-06")
        let all = recorder.recording(from: time(0).wall, to: time(3_000).wall)
        #expect(all.samples.first?.time.wall == time(0).wall)
        #expect(all.samples.last?.time.wall == time(3_000).wall)
        let seconds = all.samples.map(\.time.sinceBoot.count)
        #expect(seconds == seconds.sorted() && Set(seconds).count == seconds.count)
    }

    @Test func aTimelineIsTheMinuteBeforeAndTenSecondsAfter() {
        let recorder = FlightRecorder(settings(), logger: logger)
        record(recorder, 0...200, root: thrash + "/t-06")
        let timeline = recorder.timeline(around: time(100).wall)
        #expect(timeline.fine.samples.map(\.time) == (40...110).map(time))
        #expect(timeline.coarse.samples.first?.time == time(0))
    }

    @Test func aStallIsToldAndCheckpointed() throws {
        let directory = try TemporaryDirectory()
        let told = Mutex<[String]>([])
        var settings = settings()
        settings.checkpoint = directory.path + "/recording"
        settings.onStall = { stall in told.withLock { $0.append("\(stall.owner) \(stall.reasons.map(\.rawValue))") } }
        let recorder = FlightRecorder(settings, logger: logger)
        for (number, seconds) in [(3, 25), (4, 36)] {
            record(recorder, seconds...seconds, root: thrash + "/t-0\(number)")
        }
        #expect(told.withLock { $0 } == [#"machine ["pressure", "refaults", "allocation_stalls"]"#])
        #expect(recorder.stalls.count == 1)

        let next = FlightRecorder(settings, logger: logger)
        next.readCheckpoint()
        let kept = next.recording(from: time(0).wall, to: time(100).wall)
        #expect(kept.samples.map(\.time) == [25, 36].map(time))
    }

    @Test func aDamagedCheckpointIsNotTakenForOne() throws {
        let directory = try TemporaryDirectory()
        var settings = settings()
        settings.checkpoint = directory.path + "/recording"
        let recorder = FlightRecorder(settings, logger: logger)
        record(recorder, 0...50, root: thrash + "/t-06")
        recorder.writeCheckpoint()
        let whole = try directory.bytes("recording")
        for damaged in Hostile.mutations(of: whole, count: 50, seed: 3) + Hostile.prefixes(of: whole, step: 501) {
            try directory.write(damaged, to: "recording")
            let next = FlightRecorder(settings, logger: logger)
            next.readCheckpoint()
            _ = next.recording(from: time(0).wall, to: time(100).wall)
        }
    }

    @Test func aSourceThatIsNotThereIsTheRecordersFailureUntilItIsBack() {
        let recorder = FlightRecorder(settings(), logger: logger)
        record(recorder, 1...1, root: "/nonexistent")
        #expect(recorder.failure != nil)
        record(recorder, 2...2, root: Fixture("6.1-amd64-memcg-high").root + "/before-2")
        #expect(recorder.failure == nil)
    }
}

/// Hands on what would be logged.
private struct LineCatcher: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    private let take: @Sendable (String) -> Void

    init(_ take: @escaping @Sendable (String) -> Void) { self.take = take }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { take(event.message.description) }
}
