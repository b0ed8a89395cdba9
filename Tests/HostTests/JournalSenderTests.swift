import Foundation
import Kernel
import Support
import Testing

@testable import Host

/// The journal's native protocol, spoken to a socket of the test's own.
@Suite struct JournalSenderTests {
    @Test func anEntryIsOneDatagramOfFields() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/socket"
        let receiver = try Self.bound(to: path)
        defer { close(receiver) }
        let sender = try JournalSender(path: path)
        try sender.send([
            (name: "MESSAGE", value: Array("done".utf8)), (name: "OOMWARDEN_COMM", value: [0x61, 0xff, 0x3d]),
            (name: "OOMWARDEN_REASON", value: Array("two\nlines".utf8)),
        ])
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = recv(receiver, &buffer, buffer.count, 0)
        let length: [UInt8] = [9, 0, 0, 0, 0, 0, 0, 0]
        let expected =
            Array("MESSAGE=done\nOOMWARDEN_COMM=a".utf8) + [0xff] + Array("=\nOOMWARDEN_REASON\n".utf8) + length
            + Array("two\nlines\n".utf8)
        #expect(Array(buffer[..<max(count, 0)]) == expected)
    }

    @Test func whereNoJournalListensThatIsSaid() throws {
        let directory = try TemporaryDirectory()
        let sender = try JournalSender(path: directory.path + "/socket")
        #expect(throws: SourceError.absent(path: directory.path + "/socket")) {
            try sender.send([(name: "MESSAGE", value: [])])
        }
    }

    /// A journal that is stuck must not hold up whoever tells it something.
    @Test func itDoesNotWaitForAFullJournal() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/socket"
        let receiver = try Self.bound(to: path)
        defer { close(receiver) }
        let sender = try JournalSender(path: path)
        #expect(throws: SourceError.self) {
            for _ in 0..<10_000 { try sender.send([(name: "MESSAGE", value: Array("x".utf8))]) }
        }
    }

    private static func bound(to path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw RunningProgram.Failure("bind: \(String(cString: strerror(errno)))") }
        return descriptor
    }
}
