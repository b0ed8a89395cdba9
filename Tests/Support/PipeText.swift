import Foundation
import Synchronization

/// What a child writes into a pipe, taken by a thread as it comes; or by nobody.
public final class PipeText: Sendable {
    private let readEnd: Int32
    private let write: Mutex<Int32>
    private let taken: Taken
    private let isRead: Bool

    private final class Taken: Sendable {
        let state = Mutex((bytes: [UInt8](), isWhole: false))
    }

    init(isRead: Bool) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw RunningProgram.Failure("no pipe: errno \(errno)") }
        readEnd = ends[0]
        write = Mutex(ends[1])
        taken = Taken()
        self.isRead = isRead
        if isRead { Self.follow(ends[0], into: taken) }
    }

    private static func follow(_ descriptor: Int32, into taken: Taken) {
        Thread {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                taken.state.withLock { $0.bytes += buffer[..<count] }
            }
            close(descriptor)
            taken.state.withLock { $0.isWhole = true }
        }.start()
    }

    var writeEnd: Int32 { write.withLock { $0 } }

    func closeWriteEnd() { write.withLock { _ = close($0) } }

    /// What has come so far.
    public var text: String { taken.state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

    /// Waits until the other end has been closed.
    public func wholeText() -> String {
        _ = eventually(within: 5) { taken.state.withLock { $0.isWhole } }
        return text
    }

    public var lines: [String] { text.split(separator: "\n").map(String.init) }

    /// How much lies in a pipe that nobody reads.
    public var unread: Int {
        var count: Int32 = 0
        return ioctl(readEnd, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }

    /// Takes what lies in a pipe that nobody reads.
    public func takeUnread() -> String {
        var buffer = [UInt8](repeating: 0, count: max(unread, 1))
        let count = unread > 0 ? read(readEnd, &buffer, buffer.count) : 0
        return String(decoding: buffer[..<max(count, 0)], as: UTF8.self)
    }

    deinit { if !isRead { close(readEnd) } }
}
