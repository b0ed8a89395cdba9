import Glibc
import Host
import Kernel
import Logging
import Monitor
import Support
import Synchronization
import Testing

@Suite struct ProcessFeedTests {
    private static let obstacle = ProcessEvents.obstacle()
    private static var withoutEvents: Comment { "the kernel does not tell of processes here: \(obstacle.map { "\($0)" } ?? "")" }

    @Test(.enabled(if: obstacle == nil, withoutEvents))
    func theLifeOfAChildIsToldInOrder() throws {
        let scene = Scene()
        defer { scene.feed.stop() }
        scene.feed.start(for: .leases)
        try #require(eventually(within: 5) { scene.events.contains(.scanned) })
        #expect(scene.feed.mode == .events)
        let child = try Child.sleeping()
        child.end()
        #expect(eventually(within: 5) { scene.events.contains(.exited(child.id)) })
        let own = scene.events.filter { $0.isOf(child.id) }
        #expect(own == [.forked(parent: .own, child: child.id), .executed(child.id), .exited(child.id)])
    }

    @Test(.enabled(if: obstacle == nil, withoutEvents))
    func aFeedThatNobodyNeedsHearsNothing() throws {
        let scene = Scene()
        defer { scene.feed.stop() }
        scene.feed.start(for: .policies)
        try #require(eventually(within: 5) { scene.feed.mode == .events })
        #expect(scene.feed.states.map(\.source) == [.processEvents])
        scene.feed.stop(for: .policies)
        try #require(eventually(within: 5) { scene.feed.mode == .off })
        #expect(scene.feed.states.isEmpty)
        let before = scene.feed.counts.events
        try Child.sleeping().end()
        #expect(scene.feed.counts.events == before)
        scene.feed.start(for: .leases)
        try #require(eventually(within: 5) { scene.feed.mode == .events })
        let child = try Child.sleeping()
        #expect(eventually(within: 5) { scene.events.contains(.executed(child.id)) })
    }

    @Test func withoutEventsItIsTimeToLookAgainAndAgain() throws {
        var settings = ProcessFeed.Settings()
        settings.usesEvents = false
        settings.scanInterval = Nanoseconds(10_000_000)
        let scene = Scene(settings)
        defer { scene.feed.stop() }
        scene.feed.start(for: .leases)
        #expect(eventually(within: 5) { scene.events.count >= 3 })
        #expect(Set(scene.events) == [.scanned])
        #expect(
            scene.feed.mode == .scan(every: Nanoseconds(10_000_000), because: .absent(path: "process events")))
    }
}

extension ProcessFeedTests {
    @Test func whoeverFoundNoThreadMayTryAgain() throws {
        let scene = Scene()
        defer { scene.feed.stop() }
        _ = try withoutDescriptors(preparing: {}) { _ in scene.feed.start(for: .policies) }
        #expect(scene.feed.states.map(\.source) == [.processEvents])
        #expect(scene.feed.states.first?.failure != nil)
        scene.feed.start(for: .policies)
        #expect(eventually(within: 5) { scene.events.contains(.scanned) })
    }

    @Test func whetherThereAreEventsIsTriedOnceInAWhile() {
        var settings = ProcessFeed.Settings()
        let failure = SourceError.unreadable(path: "process events", errno: EPERM)
        let counter = Counter()
        settings.readObstacle = {
            counter.add()
            return failure
        }
        let scene = Scene(settings)
        for _ in 0..<5 { #expect(scene.feed.obstacle == failure) }
        #expect(counter.count == 1)
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}

/// A feed, and what it told.
private final class Scene: Sendable {
    let feed: ProcessFeed
    private let told = Mutex<[ProcessFeed.Event]>([])

    init(_ settings: ProcessFeed.Settings = ProcessFeed.Settings()) {
        feed = ProcessFeed(settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        feed.subscribe { [weak self] events in self?.told.withLock { $0 += events } }
    }

    var events: [ProcessFeed.Event] { told.withLock { $0 } }
}

extension ProcessFeed.Event {
    fileprivate func isOf(_ process: ProcessID) -> Bool {
        switch self {
        case .forked(_, let child): child == process
        case .executed(let other), .exited(let other): other == process
        case .lost, .scanned: false
        }
    }
}

extension ProcessID {
    fileprivate static var own: ProcessID { ProcessID(getpid()) }
}
