import Kernel

/// Cuts a file into the records that reads of /dev/kmsg had put into it.
///
/// A record is a line and the lines that follow it with a blank in front (` SUBSYSTEM=virtio`).
struct RecordSplitter {
    private var bytes: [UInt8] = []
    private var start = 0
    private var searched = 0

    /// No record of a kernel is near it: a file without newlines is no log.
    private static let longest = Bytes(kibibytes: 64).count

    mutating func append(_ chunk: ArraySlice<UInt8>) {
        bytes.removeFirst(start)
        searched -= start
        start = 0
        bytes += chunk
    }

    /// The next record; nil if its end has not been seen. With `isLast` the rest is one.
    mutating func next(isLast: Bool) -> [UInt8]? {
        while let newline = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")), newline + 1 < bytes.count {
            searched = newline + 1
            if bytes[searched] != UInt8(ascii: " ") { return take(upTo: searched) }
        }
        if isLast || bytes.count - start > Self.longest, start < bytes.count { return take(upTo: bytes.count) }
        return nil
    }

    private mutating func take(upTo end: Int) -> [UInt8] {
        defer {
            start = end
            searched = end
        }
        return Array(bytes[start..<end])
    }
}
