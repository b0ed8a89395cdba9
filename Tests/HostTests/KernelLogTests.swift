import Foundation
import Kernel
import Support
import Testing

@testable import Host

@Suite struct KernelLogTests {
    /// Their last sequence numbers are 381, 755 and 3478, and each begins with record 0.
    @Test(arguments: [("6.1-amd64-control", 382), ("6.1-amd64-storm", 756), ("6.1-amd64-noise", 3479)])
    func aFileIsReadToItsEnd(fixture: String, count: Int) throws {
        var log = try KernelLog(root: Fixture(fixture).root)
        let records = try log.readAll()
        #expect(records.map(\.sequence) == (0..<UInt64(count)).map { $0 })
        let isLive = log.isLive
        #expect(!isLive)
        #expect(log.losses == KernelLogLosses())
        guard case .ended = try log.readNext() else {
            Issue.record("it stays ended")
            return
        }
    }

    @Test func theLinesOfADeviceBelongToItsRecord() throws {
        var log = try KernelLog(root: Fixture("6.1-amd64-noise").root)
        let record = try #require(try log.readAll().first { $0.sequence == 367 })
        #expect(record.text == Array("virtio_blk virtio0: 1/0/0 default/read/poll queues".utf8))
    }

    @Test func aGapInTheSequenceIsALoss() throws {
        var log = try log("6,7,100,-;first\n6,8,101,-;second\n6,12,102,-;four later\n")
        #expect(try log.readAll().map(\.sequence) == [7, 8, 12])
        #expect(log.losses.records == 3)
        #expect(log.losses.overruns == 0)
    }

    @Test func whatWasThereBeforeTheFirstReadIsNoLoss() throws {
        var log = try log("6,5000,100,-;the ring has turned\n")
        _ = try log.readAll()
        #expect(log.losses.records == 0)
    }

    @Test func aResumedReadSkipsWhatItKnowsAndCountsWhatItMissed() throws {
        var known = try log("6,7,100,-;a\n6,8,101,-;b\n6,9,102,-;c\n", after: 8)
        #expect(try known.readAll().map(\.sequence) == [9])
        #expect(known.losses.records == 0)
        var missed = try log("6,17,100,-;a\n", after: 8)
        #expect(try missed.readAll().map(\.sequence) == [17])
        #expect(missed.losses.records == 8)
    }

    @Test func whatIsNoRecordIsSaidAndPassed() throws {
        var log = try log("6,1,100,-;good\nnonsense\n6,2,101,-;good again")
        _ = try log.readNext()
        guard case .malformed(let error) = try log.readNext() else {
            Issue.record("nonsense is no record")
            return
        }
        #expect(error.description == "kmsg:1: expected a priority, found \"nonsense\"")
        #expect(try log.readAll().map(\.sequence) == [2])
    }

    @Test func aMissingLogIsAbsent() throws {
        let root = try TemporaryDirectory()
        let error = #expect(throws: SourceError.self) { _ = try KernelLog(root: root.path).isLive }
        #expect(error == .absent(path: root.path + "/dev/kmsg"))
    }

    @Test func aFileWithoutNewlinesEnds() throws {
        var log = try log(String(repeating: "x", count: 300_000))
        var malformed = 0
        while case .malformed = try log.readNext() { malformed += 1 }
        // Pieces of a little more than 64 KiB, and the rest.
        #expect(malformed == 4)
    }

    @Test func anOverrunIsNoFailure() {
        #expect(RingRead(count: -1, errno: EPIPE) == .overrun)
        #expect(RingRead(count: -1, errno: EINVAL) == .oversized)
        #expect(RingRead(count: -1, errno: EAGAIN) == .nothing)
        #expect(RingRead(count: -1, errno: EIO) == .failure(EIO))
        #expect(RingRead(count: 90, errno: EPIPE) == .record)
    }

    @Test func aRaisedWakeUpEndsTheWait() throws {
        let stop = try WakeUp()
        #expect(try !stop.wait(for: Nanoseconds(1_000_000)))
        stop.raise()
        stop.raise()
        #expect(try stop.wait(for: nil))
        #expect(stop.isRaised)
    }

    @Test(.enabled(if: access("/dev/kmsg", R_OK | W_OK) == 0, "reading and writing /dev/kmsg needs root"))
    func aNewRecordEndsTheWait() throws {
        var log = try KernelLog(root: "")
        let isLive = log.isLive
        #expect(isLive)
        while case .record = try log.readNext() {}
        let mark = "oomwarden test \(UUID().uuidString)"
        try Data("<14>\(mark)\n".utf8).write(to: URL(fileURLWithPath: "/dev/kmsg"))
        var found: KernelLogRecord?
        while found == nil, try log.wait(until: WakeUp(), for: Nanoseconds(2_000_000_000)) == .somethingToRead {
            while case .record(let record) = try log.readNext() {
                if record.text == Array(mark.utf8) { found = record }
            }
        }
        #expect(found?.facility == 1)
        #expect(found?.isFromKernel == false)
    }

    private func log(_ text: String, after last: UInt64? = nil) throws -> KernelLog {
        let root = try TemporaryDirectory()
        try root.write(Array(text.utf8), to: "dev/kmsg")
        return try KernelLog(root: root.path, after: last)
    }
}

extension KernelLog {
    /// To the end of a file; what is no record is left out.
    fileprivate mutating func readAll() throws -> [KernelLogRecord] {
        var records: [KernelLogRecord] = []
        while true {
            switch try readNext() {
            case .record(let record): records.append(record)
            case .malformed: continue
            case .caughtUp, .ended: return records
            }
        }
    }
}
