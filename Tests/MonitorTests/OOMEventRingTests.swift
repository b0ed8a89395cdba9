import Kernel
import Support
import Testing

@testable import Monitor

@Suite struct OOMEventRingTests {
    @Test func aCursorStaysValidWhenNewEventsArrive() throws {
        let storm = try storm()
        var ring = OOMEventRing(capacity: 100)
        for event in storm.dropLast() { _ = ring.put(event) }
        let first = ring.page(OOMEventQuery(limit: 10))
        let cursor = try #require(first.next)
        if let late = storm.last { _ = ring.put(late) }
        let second = ring.page(OOMEventQuery(limit: 10, cursor: OOMEventCursor(cursor.text)))
        let third = ring.page(OOMEventQuery(limit: 10, cursor: second.next))
        #expect((first.events + second.events + third.events).map(\.id) == storm.dropLast().reversed().map(\.id))
        #expect(third.next == nil)
    }

    @Test func aPageThatIsJustFullIsTheLast() throws {
        let storm = try storm()
        var ring = OOMEventRing(capacity: 100)
        for event in storm { _ = ring.put(event) }
        #expect(ring.page(OOMEventQuery(limit: 26)).next == nil)
        #expect(ring.page(OOMEventQuery(limit: 25)).next != nil)
    }

    @Test func theOldestIsForgotten() throws {
        let storm = try storm()
        var ring = OOMEventRing(capacity: 3)
        for event in storm { _ = ring.put(event) }
        #expect(ring.page(OOMEventQuery()).events.map(\.id) == storm.suffix(3).reversed().map(\.id))
        #expect(ring.put(storm[0]) == .tooOld)
        #expect(ring.event(storm[0].id) == nil)
    }

    @Test func anEventThatComesLateTakesItsPlaceInTheLog() throws {
        let storm = try storm()
        var ring = OOMEventRing(capacity: 100)
        for index in [0, 2, 1] { #expect(ring.put(storm[index]) == .added) }
        #expect(ring.page(OOMEventQuery()).events.map(\.id) == [storm[2], storm[1], storm[0]].map(\.id))
        #expect(ring.put(storm[1]) == .revised(storm[1]))
    }

    @Test func aGroupIsAskedForWithAllBelowIt() throws {
        var ring = OOMEventRing(capacity: 100)
        for event in try events("6.1-amd64-kubepods") { _ = ring.put(event) }
        func victims(in cgroup: String) -> [String?] {
            ring.page(OOMEventQuery(cgroup: CgroupPath(cgroup.utf8))).events.map { $0.victims.first?.comm?.text }
        }
        #expect(victims(in: "/") == ["podwide", "dockerd-like", "container"])
        #expect(victims(in: "/kubepods.slice") == ["podwide", "container"])
        #expect(victims(in: "/kubepods") == [])
        #expect(victims(in: "/system.slice") == ["dockerd-like"])
    }

    @Test(arguments: ["", "x y", "-1", "é", "zzzzzzzzzzzzzzzzzzzzzz", "007"])
    func whatIsNoCursorIsRefused(text: String) { #expect(OOMEventCursor(text) == nil) }

    private func storm() throws -> [OOMEvent] { try events("6.1-amd64-storm") }

    private func events(_ fixture: String) throws -> [OOMEvent] {
        var assembler = OOMReportAssembler()
        let events = try Fixture(fixture).kernelLog().flatMap { assembler.add($0) }.map { OOMEvent($0, origin: "boot") }
        return Dictionary(events.map { ($0.id, $0) }, uniquingKeysWith: { $1 }).values.sorted { $0.anchor < $1.anchor }
    }
}
