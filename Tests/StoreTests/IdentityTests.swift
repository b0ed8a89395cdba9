import Kernel
import Support
import Testing

@testable import Store

@Suite struct IdentityTests {
    @Test func twoSourcesOfAHundredKillsAreAHundredEvents() throws {
        let scene = try Scene()
        let kills = (0..<100).map { kill($0) }
        try scene.tell(kills)
        let told = try scene.tell(kills.map { syslog($0, late: 900_000_000) }, source: "/var/log/messages", isLive: false)
        #expect(told.allSatisfy { $0.change == .known })
        let events = try scene.all()
        #expect(events.count == 100)
        #expect(events.allSatisfy { $0.sources == ["/var/log/messages", "kmsg"] })
    }

    @Test func importingTwiceAddsNothing() throws {
        let scene = try Scene()
        let kills = (0..<20).map { syslog(kill($0)) }
        try scene.tell(kills, source: "messages", isLive: false)
        #expect(try scene.tell(kills, source: "messages", isLive: false).allSatisfy { $0.change == .known })
        #expect(try scene.all().count == 20)
    }

    @Test func oneSourceThatTellsTheSameWordsTwiceTellsTwoKills() throws {
        let scene = try Scene()
        let twice = [syslog(kill(1)), syslog(kill(1))]
        #expect(try scene.tell(twice, source: "messages").map(\.change) == [.added, .added])
        #expect(Set(try scene.all().map(\.id)).count == 2)
        #expect(try scene.tell(twice, source: "messages").map(\.change) == [.known, .known])
    }

    @Test func wordsWithoutAnyTimeAreKnownByThemselves() throws {
        let scene = try Scene()
        var bare = syslog(kill(1))
        bare.killedAt = nil
        try scene.tell([bare], source: "a")
        #expect(try scene.tell([bare], source: "b").map(\.change) == [.known])
        var other = bare
        other.identity.fingerprint = 1
        #expect(try scene.tell([other], source: "b").map(\.change) == [.added])
    }

    @Test func theSameStampOfAnotherBootIsAnotherKill() throws {
        let scene = try Scene()
        try scene.tell([kill(1)])
        #expect(try scene.tell([kill(1, boot: "c")]).map(\.change) == [.added])
    }

    @Test func aStampThatLostItsLastDigitsIsTheSame() throws {
        let scene = try Scene()
        var exact = kill(1)
        exact.identity.time = TimeSinceBoot(microseconds: 1_000_999)
        try scene.tell([exact])
        var cut = kill(1, boot: nil)
        cut.identity.time = TimeSinceBoot(microseconds: 1_000_000)
        #expect(try scene.tell([cut], source: "dmesg").map(\.change) == [.known])
        cut.identity.time = TimeSinceBoot(microseconds: 999_998)
        #expect(try scene.tell([cut], source: "dmesg").map(\.change) == [.added])
    }

    @Test func aPidThatIsKilledAgainAfterAMinuteIsAnother() throws {
        let scene = try Scene()
        try scene.tell([kill(1)])
        var again = syslog(kill(1))
        again.killedAt = midnight + 62 * second
        #expect(try scene.tell([again], source: "messages").map(\.change) == [.added])
    }

    @Test func aTimeThatWasWorkedOutMayBeTwoMinutesOff() throws {
        let scene = try Scene()
        var late = kill(1)
        late.isTimeEstimated = true
        try scene.tell([late])
        var told = syslog(kill(1))
        told.killedAt = midnight + 100 * second
        #expect(try scene.tell([told], source: "messages").map(\.change) == [.known])
    }

    @Test func aReportThatOneSourceHasOnlyTheLastLineOfIsOne() throws {
        let scene = try Scene()
        var bare = kill(1)
        bare.kind = .killWithoutReport
        try scene.tell([bare])
        var whole = syslog(kill(1))
        whole.evidence.append(LogLine(number: 4, text: Array("Mem-Info:".utf8)))
        #expect(try scene.tell([whole], source: "messages", isLive: false).map(\.change) == [.revised])
        let event = try #require(try scene.all().first)
        #expect(event.record.kind == .kill)
        #expect(event.id == "b-101")
    }

    @Test func whatAnotherSourceKnowsIsLearnt() throws {
        let scene = try Scene()
        try scene.tell([syslog(kill(1))], source: "messages", isLive: false)
        try scene.tell([kill(1)])
        let event = try #require(try scene.all().first)
        #expect(event.record.identity.bootID == "b")
        #expect(event.record.identity.sequence == 101)
        #expect(event.id.hasPrefix("log-"))
    }
}

/// What the log does not say of a kill, and somebody knew.
@Suite struct DerivedLimitTests {
    private func bareKill() -> EventRecord {
        var record = kill(1)
        record.kind = .killWithoutReport
        return record
    }

    @Test func aLimitThatWasDerivedIsKeptAsSuch() throws {
        let scene = try Scene()
        var record = bareKill()
        record.derive(limit: CgroupPath("/system.slice/db.service".utf8))
        try scene.tell([record])
        let kept = try #require(try scene.all().first).record
        #expect(kept.limitCgroup == CgroupPath("/system.slice/db.service".utf8))
        #expect(kept.isLimitDerived)
        #expect(kept.unit == "db.service")
    }

    @Test func aSourceThatKnowsNoLimitEitherLeavesIt() throws {
        let scene = try Scene()
        var record = bareKill()
        record.derive(limit: CgroupPath("/box".utf8))
        try scene.tell([record])
        var later = bareKill()
        later.evidence += [LogLine(number: 102, text: Array("oom_reaper: reaped process 1001 (eater)".utf8))]
        try scene.tell([later], source: "journal")
        let kept = try #require(try scene.all().first)
        #expect(kept.revision == 2)
        #expect(kept.record.limitCgroup == CgroupPath("/box".utf8))
        #expect(kept.record.isLimitDerived)
    }

    @Test func aSourceThatSaysTheLimitIsBelieved() throws {
        let scene = try Scene()
        var record = bareKill()
        record.derive(limit: CgroupPath("/box".utf8))
        try scene.tell([record])
        var later = bareKill()
        later.kind = .kill
        later.limitCgroup = CgroupPath("/box/inner".utf8)
        try scene.tell([later], source: "journal")
        let kept = try #require(try scene.all().first).record
        #expect(kept.limitCgroup == CgroupPath("/box/inner".utf8))
        #expect(!kept.isLimitDerived)
    }
}
