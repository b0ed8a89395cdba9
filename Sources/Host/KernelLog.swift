import Glibc
public import Kernel

/// The kernel's log, read record by record from the oldest that the ring still has.
///
/// Kernel: kernel/printk/printk.c, `devkmsg_read()`; since 3.5. Needs CAP_SYSLOG where kernel.dmesg_restrict is 1.
/// A plain file in its place holds records that were read before; it has an end.
public struct KernelLog: ~Copyable {
    public let path: String
    /// False for a plain file: its times are those of another machine, or of another day.
    public let isLive: Bool
    public private(set) var losses = KernelLogLosses()
    private let descriptor: FileDescriptor
    private var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
    private var file = RecordSplitter()
    private var hasEnded = false
    private var expected: UInt64?
    private var resume: UInt64

    /// A shorter one loses the record for which it is too short: the kernel has then passed it already.
    private static let bufferSize = Bytes(kibibytes: 32).count

    /// What one read gave.
    public enum Reading: Sendable {
        case record(KernelLogRecord)
        /// Something that is no record. The next read goes on behind it.
        case malformed(ParseError)
        /// There is no more at present.
        case caughtUp
        /// There will never be more.
        case ended
    }

    /// Opens `<root>/dev/kmsg`. After `last`, the sequence number of a record, what is missing is a loss.
    public init(root: String, after last: UInt64? = nil) throws(SourceError) {
        let path = root + "/dev/kmsg"
        let opened = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK)
        var status = stat()
        guard fstat(opened.raw, &status) == 0 else { throw SourceError(path: path, errno: errno) }
        isLive = status.st_mode & S_IFMT == S_IFCHR
        descriptor = opened
        self.path = path
        expected = last.map { $0 &+ 1 }
        resume = expected ?? 0
    }
}

extension KernelLog {
    /// One record. Never blocks.
    ///
    /// - Throws: `SourceError` for what no further read can mend.
    public mutating func readNext() throws(SourceError) -> Reading {
        while let bytes = try isLive ? readRing() : readFile() {
            let record: KernelLogRecord
            do { record = try KernelLogRecord(parsing: bytes) } catch { return .malformed(error) }
            guard record.sequence >= resume else { continue }
            note(record.sequence)
            return .record(record)
        }
        return hasEnded ? .ended : .caughtUp
    }

    /// Why a wait is over.
    public enum Wait: Hashable, Sendable {
        case somethingToRead, stopped, silence
    }

    /// Blocks until there is something to read, `stop` is raised or `timeout` is over.
    public borrowing func wait(until stop: WakeUp, for timeout: Nanoseconds?) throws(SourceError) -> Wait {
        let ready = try waitForInput(on: [stop.descriptor.raw, descriptor.raw], for: timeout)
        guard !ready.contains(stop.descriptor.raw) else { return .stopped }
        return ready.isEmpty ? .silence : .somethingToRead
    }

    private mutating func note(_ sequence: UInt64) {
        if let expected, sequence > expected { losses.lose(sequence - expected) }
        expected = sequence &+ 1
    }

    private mutating func readRing() throws(SourceError) -> [UInt8]? {
        while true {
            let count = readIntoBuffer()
            switch RingRead(count: count, errno: errno) {
            case .record: return Array(buffer[..<count])
            case .nothing: return nil
            case .end:
                hasEnded = true
                return nil
            case .overrun: losses.overruns += 1
            case .oversized: losses.oversized += 1
            case .failure(let failure): throw SourceError(path: path, errno: failure)
            }
        }
    }

    private mutating func readFile() throws(SourceError) -> [UInt8]? {
        while true {
            if let record = file.next(isLast: hasEnded) { return record }
            guard !hasEnded else { return nil }
            let count = readIntoBuffer()
            guard count >= 0 else { throw SourceError(path: path, errno: errno) }
            hasEnded = count == 0
            file.append(buffer[..<count])
        }
    }

    private mutating func readIntoBuffer() -> Int {
        let raw = descriptor.raw
        return buffer.withUnsafeMutableBytes { bytes in retryingInterrupts { read(raw, bytes.baseAddress, bytes.count) } }
    }
}
