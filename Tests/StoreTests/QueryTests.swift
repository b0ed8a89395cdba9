import Diagnosis
import Kernel
import Support
import Testing

@testable import Store

@Suite struct QueryTests {
    @Test func pagesAreStableWhileEventsArriveAndOldOnesAreImported() throws {
        let scene = try Scene()
        try scene.tell((10..<40).map { kill($0) })
        var query = EventQuery()
        query.limit = 10
        let first = try scene.store.events(query)
        let cursor = try #require(first.next)
        query.cursor = EventCursor(cursor.text)
        try scene.tell([kill(50)])
        try scene.tell([syslog(kill(15, comm: "other"))], source: "messages", isLive: false)
        let second = try scene.store.events(query)
        query.cursor = second.next
        let third = try scene.store.events(query)
        let seen = (first.events + second.events + third.events).map(\.id)
        #expect(seen == (10..<40).reversed().map { "b-\(100 + $0)" })
        #expect(third.next == nil)
    }

    @Test(arguments: ["", "1_2", "1_2_3_4", "1_2_z!", "1_2_03", "+1_2_3"]) func aCursorOfSomebodyElseIsRefused(_ text: String) {
        #expect(EventCursor(text) == nil)
    }

    @Test func withoutAKindOnlyThoseWithAVictimAreGiven() throws {
        let scene = try Scene()
        var failed = kill(2)
        failed.kind = .allocationFailure
        failed.victims = []
        try scene.tell([kill(1), failed])
        #expect(try scene.store.events(EventQuery()).events.map(\.id) == ["b-101"])
        var query = EventQuery()
        query.kinds = [.allocationFailure]
        #expect(try scene.store.events(query).events.map(\.id) == ["b-102"])
    }

    @Test func sinceIsInAndUntilIsOut() throws {
        let scene = try Scene()
        try scene.tell((0..<5).map { kill($0) })
        var query = EventQuery()
        query.since = midnight + second
        query.until = midnight + 3 * second
        #expect(try scene.store.events(query).events.map(\.id) == ["b-102", "b-101"])
    }

    @Test func aGroupHasThoseBelowItAndNoneThatOnlyBeginsLikeIt() throws {
        let scene = try Scene()
        let groups = ["/a", "/a/b", "/ab", "/a0"]
        try scene.tell(
            groups.enumerated().map { number, group in
                var record = kill(number)
                record.victimCgroup = CgroupPath(group.utf8)
                return record
            })
        var query = EventQuery()
        query.cgroup = CgroupPath("/a".utf8)
        #expect(try scene.store.events(query).events.map(\.id) == ["b-101", "b-100"])
        query.cgroup = CgroupPath("/".utf8)
        #expect(try scene.store.events(query).events.count == 4)
    }

    @Test(
        arguments: [
            { $0.cause = .shmem }, { $0.scope = .global }, { $0.unit = "a.service" }, { $0.container = "0123" },
            { $0.pod = "uid" },
            { $0.comm = "child" }, { $0.processID = ProcessID(9) }, { $0.isLive = false },
        ] as [@Sendable (inout EventQuery) -> Void]) func aFilterGivesTheOneThatItNames(
            _ set: @Sendable (inout EventQuery) -> Void
        ) throws
    {
        let scene = try Scene()
        try scene.tell([kill(1), kill(2)])
        var record = kill(3)
        record.cause = .shmem
        record.scope = .global
        record.unit = "a.service"
        record.container = "0123456789ab"
        record.pod = "uid"
        record.victims.append(Victim(processID: ProcessID(9), comm: "child"))
        try scene.tell([record], isLive: false)
        var query = EventQuery()
        set(&query)
        #expect(try scene.store.events(query).events.map(\.id) == ["b-103"])
    }

    @Test func aReaderThatWasAwayGetsWhatItMissedInOrder() throws {
        let scene = try Scene()
        try scene.tell([kill(3), kill(1), kill(2)])
        #expect(try scene.store.events(after: 1, EventQuery()).map(\.id) == ["b-101", "b-102"])
    }

    @Test func countsByCommNameTheMostFirst() throws {
        let scene = try Scene()
        try scene.tell([kill(1, comm: "a"), kill(2, comm: "b"), kill(3, comm: "b")])
        let counts = try scene.store.counts(by: .comm, EventQuery())
        #expect(counts.map(\.value) == [Array("b".utf8), Array("a".utf8)])
        #expect(counts.map(\.events) == [2, 1])
    }
}
