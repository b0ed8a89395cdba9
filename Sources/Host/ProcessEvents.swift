import CLinux
import Glibc
public import Kernel

/// The kernel's own news of forks, execs and exits of all processes of the machine, over netlink.
///
/// Kernel: drivers/connector/cn_proc.c. It needs the first pid and user namespaces, and CAP_NET_ADMIN up to 6.5. While somebody
/// listens each fork of the machine costs a message, so it is closed when nobody needs it.
public struct ProcessEvents: ~Copyable {
    private let subscription: Subscription
    private var inbox = Inbox()

    /// Some ten thousand events: half a second of the fastest forks.
    private static let receiveBuffer = Bytes(mebibytes: 4)
    fileprivate static let path = "process events"

    /// What is there must be looked at after it: the news tell of what comes.
    ///
    /// - Throws: where the kernel does not tell us, with EPERM outside the first namespaces.
    public init() throws(SourceError) {
        let opened = oomwarden_process_events_open(Int32(Self.receiveBuffer.count))
        guard opened >= 0 else { throw .unreadable(path: Self.path, errno: errno) }
        let subscription = Subscription(descriptor: FileDescriptor(adopting: opened))
        try inbox.readAnswer(from: opened)
        self.subscription = subscription
    }

    /// What has happened since the last look.
    public struct News: Sendable {
        public var events: [ProcessEvent] = []
        /// More happened than there was room for: some events are missing.
        public var hasLost = false
        /// Datagrams that were not understood.
        public var failed = 0

        public init() {}
    }

    /// Why a wait is over.
    public enum Wait: Hashable, Sendable {
        case news, stopped, rung, silence
    }

    /// What is there, oldest first. Never blocks.
    public mutating func readNews() throws(SourceError) -> News { try inbox.read(from: subscription.descriptor.raw) }

    /// Blocks until there is news, `bell` is rung, `stop` is raised or the time is over.
    public borrowing func wait(until stop: WakeUp, or bell: Bell, for timeout: Nanoseconds?) throws(SourceError) -> Wait {
        let ready = try waitForInput(
            on: [stop.descriptor.raw, bell.waiting, subscription.descriptor.raw], for: timeout)
        if ready.contains(stop.descriptor.raw) { return .stopped }
        if ready.contains(bell.waiting) { return .rung }
        return ready.isEmpty ? .silence : .news
    }

    /// Why this machine does not tell of its processes; nil where it does.
    public static func obstacle() -> SourceError? {
        do throws(SourceError) {
            _ = try ProcessEvents()
            return nil
        } catch { return error }
    }
}

/// The kernel is told when it ends. A class: for a struct with an end, an optimised build asks for its type in other modules, which
/// do not have it.
private final class Subscription {
    let descriptor: FileDescriptor

    init(descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    deinit { oomwarden_process_events_ignore(descriptor.raw) }
}

/// The room that datagrams are read into, several with one call.
private struct Inbox: Sendable {
    private var room = [UInt8](repeating: 0, count: Self.batch * Self.size)
    private var lengths = [UInt32](repeating: 0, count: Self.batch)

    private static let batch = 64
    private static let size = Int(OOMWARDEN_PROCESS_EVENT_ROOM)
    /// In one piece of news: whoever forks without end does not keep us from telling.
    private static let most = 20_000

    /// The kernel answers before it returns from the request, and outside the first namespaces not at all.
    mutating func readAnswer(from socket: Int32) throws(SourceError) {
        _ = try waitForInput(on: [socket], for: Nanoseconds(100_000_000))
        for case .answered(let failure) in try read(from: socket).events {
            guard failure == 0 else { throw .unreadable(path: ProcessEvents.path, errno: failure) }
            return
        }
        throw .unreadable(path: ProcessEvents.path, errno: EPERM)
    }

    mutating func read(from socket: Int32) throws(SourceError) -> ProcessEvents.News {
        var news = ProcessEvents.News()
        while true {
            let count = room.withUnsafeMutableBufferPointer { room in
                oomwarden_process_events_receive(socket, room.baseAddress, &lengths, UInt32(Self.batch))
            }
            guard count < 0 else {
                for index in 0..<Int(count) { add(index, to: &news) }
                if count < Self.batch || news.events.count >= Self.most { return news }
                continue
            }
            switch errno {
            case EAGAIN: return news
            case ENOBUFS: news.hasLost = true
            case EINTR: continue
            default: throw .unreadable(path: ProcessEvents.path, errno: errno)
            }
        }
    }

    private func add(_ index: Int, to news: inout ProcessEvents.News) {
        let length = min(Int(lengths[index]), Self.size)
        guard length > 0 else { return }
        let start = index * Self.size
        do throws(ParseError) {
            let event = try ProcessEvent(parsing: room[start..<start + length])
            if event != .other { news.events.append(event) }
        } catch { news.failed += 1 }
    }
}
