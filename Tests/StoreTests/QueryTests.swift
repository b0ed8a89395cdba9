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

@Suite struct MatchingTests {
    /// What is asked of the file and of memory must be one question.
    @Test func memoryAndFileAnswerAlike() throws {
        let scene = try Scene()
        let records = (0..<40).map { number in
            var record = kill(number, comm: number % 3 == 0 ? "a" : "b")
            record.cause = number % 2 == 0 ? .shmem : nil
            record.scope = number % 5 == 0 ? .global : .memcg
            record.victimCgroup = number % 4 == 0 ? nil : CgroupPath((number % 4 == 1 ? "/x" : "/x/y").utf8)
            record.container = number % 7 == 0 ? "0123456789" : nil
            record.unit = number % 3 == 0 ? "a.service" : nil
            if number % 6 == 0 { record.victims = [] }
            if number % 10 == 9 { record.killedAt = nil }
            return record
        }
        try scene.tell(Array(records[..<20]))
        try scene.tell(Array(records[20...]), isLive: false)
        let all = try scene.all()
        let changes: [(inout EventQuery) -> Void] = [
            { _ in }, { $0.cause = .shmem }, { $0.scope = .global }, { $0.cgroup = CgroupPath("/x".utf8) },
            { $0.cgroup = CgroupPath("/".utf8) }, { $0.container = "0123" }, { $0.unit = "a.service" }, { $0.comm = "a" },
            { $0.processID = ProcessID(1_013) }, { $0.isLive = true }, { $0.since = midnight + 10 * second },
            { $0.until = midnight + 10 * second }, { $0.kinds = [.kill] }, { $0.kinds = [.stall] }, { $0.bootID = "c" },
            { $0.cursor = EventCursor(ceiling: 30, happenedAt: midnight + 25 * second, seq: 26) },
        ]
        for (index, change) in changes.enumerated() {
            var query = EventQuery()
            query.limit = 1_000
            change(&query)
            let ofFile = try scene.store.events(query).events.map(\.id)
            #expect(ofFile == all.filter { query.wants($0) }.map(\.id), "question \(index)")
        }
    }
}
