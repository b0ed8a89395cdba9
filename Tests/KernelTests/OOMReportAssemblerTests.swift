import Kernel
import Support
import Testing

/// Lost, interleaved and broken reports, and what is no kill.
@Suite struct OOMReportAssemblerTests {
    @Test func aVictimThatHasEndedAlreadyIsNone() {
        var log = LogScript()
        log.kernel(header, processor, choice(41, "eater"))
        log.kernel("Memory cgroup out of memory: OOM victim 41 (eater) is already exiting. Skip killing the task")
        log.finish()
        #expect(log.events == [])
        #expect(!log.assembler.isWaiting)
    }

    @Test func nobodyToKillLeavesNoReportForTheNextKill() {
        var log = LogScript()
        log.kernel(header, processor, "Out of memory and no killable processes...", memcgKill(77, "other"))
        #expect(log.events.map(\.kind) == [.killWithoutReport])
    }

    @Test func aReaperIsNoKiller() {
        var log = LogScript()
        log.kernel("oom_reaper: reaped process 41 (eater), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB")
        log.kernel("eater.service: Killing process 123 (bar) with signal SIGKILL", "oom_kill_process: 15 callbacks suppressed")
        log.finish()
        #expect(log.events == [])
    }

    @Test func aWholeReportByAProcessIsEvidenceOfNothing() {
        var log = LogScript()
        for line in [header, processor, choice(41, "eater"), memcgKill(41, "eater")] { log.user(line) }
        log.finish()
        #expect(log.events == [])
    }

    @Test func aLostHeadLeavesAPartialReport() {
        var log = LogScript()
        log.kernel("[    124]     0   124     3418     2239    53248        0             0 eater")
        log.kernel(choice(41, "eater"), memcgKill(41, "eater"))
        #expect(log.events.map(\.completeness) == [.partial])
        #expect(log.events.map(\.kind) == [.kill])
        #expect(log.events.map(\.scope) == [.memcg])
        #expect(log.events.map(\.invoker) == [nil])
        #expect(log.events.map(\.request) == [nil])
    }

    @Test func aLossInsideMakesItPartial() {
        var log = LogScript()
        log.kernel(header, processor)
        log.lose(20)
        log.kernel(choice(41, "eater"), memcgKill(41, "eater"))
        #expect(log.events.map(\.completeness) == [.partial])
        #expect(log.events.map { $0.invoker?.comm } == ["eater"])
    }

    @Test func aLostChoiceLeavesTheAsker() {
        var log = LogScript()
        log.kernel(header, processor)
        log.lose(1)
        log.kernel(memcgKill(41, "eater"))
        #expect(log.events.map(\.completeness) == [.partial])
        #expect(log.events.map(\.kind) == [.kill])
        #expect(log.events.map(\.constraint) == [nil])
    }

    /// The choice is printed only if there is one, and the kill follows at once.
    @Test func aLostKillLineIsToldWhenNothingMoreComes() {
        var log = LogScript()
        log.kernel(header, processor, choice(41, "eater"))
        log.lose(3)
        log.kernel("usb 1-1: new device")
        #expect(log.events == [])
        #expect(log.assembler.isWaiting)
        log.expire()
        #expect(log.events.map { $0.victims } == [[Victim(processID: ProcessID(41), comm: "eater", userID: 1000)]])
        #expect(log.events.map(\.completeness) == [.partial])
    }

    @Test func aChoiceWithoutAKillIsNone() {
        var log = LogScript()
        log.kernel(header, processor, choice(41, "eater"))
        log.pass(seconds: 31)
        log.kernel("usb 1-1: new device")
        #expect(!log.assembler.isWaiting)
        #expect(log.events == [])
    }

    @Test func aKillOfAnotherProcessLaterIsNotTheChoice() {
        var log = LogScript()
        log.kernel(header, processor, choice(41, "eater"))
        for number in 0..<9 { log.kernel("usb 1-1: line \(number)") }
        log.kernel(memcgKill(77, "other"))
        #expect(log.events.map(\.kind) == [.killWithoutReport])
    }

    @Test func twoReportsInTurnAreTwo() {
        var log = LogScript()
        log.kernel(header, headerLine(of: "second"), processor, processorLine(72, "second"))
        log.kernel(usage, usage, choice(41, "eater", group: "/a"), choice(72, "second", group: "/b"))
        log.kernel(memcgKill(72, "second"), memcgKill(41, "eater"))
        #expect(log.events.map { $0.invoker?.comm } == ["second", "eater"])
        #expect(log.events.map { $0.invoker?.processID } == [ProcessID(72), ProcessID(41)])
        #expect(log.events.map { $0.limitCgroup?.text } == ["/b", "/a"])
        #expect(log.events.allSatisfy { $0.completeness == .full })
    }

    @Test func noMoreReportsAreKeptThanTheLimit() {
        var limits = OOMReportAssembler.Limits()
        limits.reports = 2
        var log = LogScript(limits: limits)
        for name in ["a", "b", "c"] { log.kernel(headerLine(of: name)) }
        log.kernel(choice(1, "x"), memcgKill(1, "x"))
        #expect(log.events.map { $0.invoker?.comm } == ["b"])
    }

    @Test func aReportIsGivenUpAfterTooManyRecords() {
        var limits = OOMReportAssembler.Limits()
        limits.records = 50
        var log = LogScript(limits: limits)
        log.kernel(header)
        for number in 0..<52 { log.kernel("[    \(number)]     0   124     3418     2239    53248        0             0 eater") }
        #expect(!log.assembler.isWaiting)
    }

    @Test func aTableOfTasksMayTakeMinutes() {
        var log = LogScript()
        log.kernel(header, processor, usage)
        for number in 0..<10 {
            log.pass(seconds: 20)
            log.kernel("[\(1000 + number)]     0   124     3418     2239    53248        0             0 eater")
        }
        log.kernel(choice(41, "eater"), memcgKill(41, "eater"))
        #expect(log.events.map(\.completeness) == [.full])
    }

    @Test(arguments: [UInt64(21), 22, 23, 24])
    func damagedLogsAreRead(seed: UInt64) throws {
        for name in ["6.1-amd64-comms", "6.1-amd64-memcg-v2-group", "6.1-amd64-noise"] {
            let all = try Fixture(name).kernelLog().filter { $0.isFromKernel && $0.sequence > 370 }
            for record in all.prefix(400) {
                var assembler = OOMReportAssembler()
                for damaged in Hostile.mutations(of: record.text, count: 20, seed: seed &+ record.sequence) {
                    let broken = KernelLogRecord(
                        sequence: record.sequence, time: record.time, isContinuation: record.isContinuation, text: damaged)
                    #expect(assembler.add(broken).allSatisfy { $0.lines.contains($0.anchor) })
                }
                #expect(assembler.finish().allSatisfy { $0.lines.contains($0.anchor) })
            }
        }
    }

    @Test func everyPrefixOfALineIsRead() {
        let lines = [header, processor, choice(41, "eater"), memcgKill(41, "eater"), groupLine]
        for line in lines {
            for prefix in Hostile.prefixes(of: Array(line.utf8)) {
                var log = LogScript()
                log.kernel(header, String(decoding: prefix, as: UTF8.self), choice(41, "eater"))
                log.finish()
                #expect(log.events.allSatisfy { $0.victims.count == 1 })
            }
        }
    }
}
