import Diagnosis
import Kernel
import Support
import Testing

@testable import Store

@Suite struct EventStoreTests {
    @Test func givesBackAnEventAsItWasTold() throws {
        let scene = try Scene()
        var record = kill(1, comm: CommandName([0x66, 0x29, 0x0a, 0xff]))
        record.isTimeEstimated = true
        record.victimCgroup = CgroupPath("/a/b".utf8)
        record.limitCgroup = CgroupPath("/a".utf8)
        record.unit = "cron.service"
        record.container = "0123456789ab"
        record.pod = "7d1f"
        record.victims = [
            Victim(
                processID: ProcessID(7), comm: "a b", userID: 0, scoreAdjustment: -1000,
                memory: Victim.Memory(
                    total: Bytes(5), anonymous: Bytes(4), file: Bytes(3), shared: Bytes(2), pageTables: Bytes(1))),
            Victim(processID: nil),
        ]
        record.evidence[0].caller = "T12"
        record.evidence[0].program = "earlyoom"
        record.evidence[0].wallClock = WallTime(text: "Jun 10 13:33:11", unixSeconds: -5)
        let outcome = try #require(try scene.tell([record]).first)
        let event = try #require(try scene.store.event(outcome.id))
        #expect(event.record == record)
        #expect(event.sources == ["kmsg"])
        #expect(event.revision == 1)
        #expect(event.isLive)
    }

    @Test func namesAnEventOfTheRingAfterItsBootAndRecord() throws {
        #expect(try Scene().tell([kill(5)]).map(\.id) == ["b-105"])
    }

    @Test func aLateVictimIsARevisionUnderTheSameID() throws {
        let scene = try Scene()
        let first = try #require(try scene.tell([kill(1)]).first)
        var later = kill(1)
        later.victims.append(Victim(processID: ProcessID(8), comm: "child"))
        let second = try #require(try scene.tell([later]).first)
        #expect((second.change, second.id, second.seq, second.revision) == (.revised, first.id, first.seq, 2))
        #expect(try scene.all().map(\.record.victims.count) == [2])
        #expect(try scene.store.counters().victimsByScope == [.memcg: 2])
        #expect(try scene.store.counters().eventsByScope == [.memcg: 1])
    }

    @Test func anotherJudgementOfTheSameLinesIsARevision() throws {
        let scene = try Scene()
        try scene.tell([kill(1)])
        var later = kill(1)
        later.cause = .shmem
        #expect(try scene.tell([later]).map(\.revision) == [2])
        #expect(try scene.tell([later]).map(\.change) == [.known])
        #expect(try scene.store.counters().victimsByCause == [.memcgLimit: 1])
    }

    @Test func theTimeOfAKillNeverMoves() throws {
        let scene = try Scene()
        let first = try #require(try scene.tell([kill(1)]).first)
        var later = kill(1)
        later.killedAt = midnight + -day
        later.victims.append(Victim(processID: ProcessID(8)))
        try scene.tell([later])
        #expect(try scene.store.event(first.id)?.record.killedAt == midnight + second)
    }

    @Test func whatWasImportedCountsNothing() throws {
        let scene = try Scene()
        try scene.tell([kill(1)], source: "messages", isLive: false)
        #expect(try scene.store.counters() == StoredCounters())
    }

    @Test func anImportedKillThatTheRingTellsTooIsCountedOnce() throws {
        let scene = try Scene()
        try scene.tell([syslog(kill(1))], source: "messages", isLive: false)
        try scene.tell([kill(1)])
        try scene.tell([kill(1)])
        #expect(try scene.store.counters().victimsByScope == [.memcg: 1])
        #expect(try scene.store.counters().lastKill == midnight + second)
    }

    @Test func lostRecordsAreCounted() throws {
        let scene = try Scene()
        var gap = EventRecord(.recordsLost, EventIdentity(bootID: "b", sequence: 40))
        gap.lostRecords = 17
        try scene.tell([gap])
        try scene.tell([gap])
        #expect(try scene.store.counters().lostRecords == 17)
        #expect(try scene.store.victims(ofBoot: "b") == 0)
    }

    @Test func reservedNumbersAreGivenToNobodyElse() throws {
        let scene = try Scene()
        let reserved = try scene.store.reserve(10)
        #expect(reserved == 1..<11)
        #expect(try scene.tell([kill(1)]).map(\.seq) == [11])
        var claims = Claims()
        let shown = EventTelling(kill(2), source: "kmsg", isLive: true, toldAt: midnight, shownAs: ("b-102", 3))
        #expect(try scene.store.record([shown], claims: &claims).map(\.seq) == [3])
        #expect(try scene.store.reserve(1) == 12..<13)
    }

    @Test func factsOutliveTheConnection() throws {
        let scene = try Scene()
        #expect(try scene.store.fact("began_at") == nil)
        try scene.store.setFact("began_at", to: "now")
        #expect(try EventStore(path: scene.store.path).fact("began_at") == "now")
    }

    @Test func anAttachmentIsOfItsEvent() throws {
        let scene = try Scene()
        try scene.tell([kill(1)])
        let timeline = Attachment(kind: "timeline", recordedAt: midnight, data: [1, 2, 3])
        #expect(try scene.store.attach(timeline, to: "b-101"))
        #expect(try scene.store.attach(timeline, to: "none") == false)
        #expect(try scene.store.attachment("timeline", of: "b-101") == timeline)
        #expect(try scene.store.attachment("other", of: "b-101") == nil)
        try scene.store.keep(timeline)
        #expect(try scene.store.kept("timeline") == [timeline])
    }
}
