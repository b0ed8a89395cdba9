/// What the kernel tells of processes as it happens: that one was forked, has become another program, or has ended.
///
/// Kernel: drivers/connector/cn_proc.c; since 2.6.15. The layout is that of include/uapi/linux/cn_proc.h, `struct proc_event`,
/// in the byte order of the machine.
public enum ProcessEvent: Hashable, Sendable {
    /// A new process. The parent is the one that it will ask, which clone(2) may have been told to be another than the caller.
    case forked(parent: ProcessID, child: ProcessID)
    case executed(ProcessID)
    /// The first thread has ended; others may still live on.
    case exited(ProcessID)
    /// The answer to a subscription, anybody's: 0, or why there is none.
    case answered(errno: Int32)
    /// Of a thread, or of a kind that was not asked for.
    case other
}

extension ProcessEvent {
    /// One datagram: `struct nlmsghdr` of 16 bytes, `struct cn_msg` of 20, `struct proc_event`.
    ///
    ///     4c000000 0300 0000 00000000 00000000  01000000 01000000 00000000 00000000 2800 0000
    ///     01000000 01000000 ee7be05069230000 c1450000 c1450000 c2450000 c2450000 0000000000000000
    ///
    /// - Throws: for one that is too short, or is no message of this connector.
    public init(parsing bytes: ArraySlice<UInt8>) throws(ParseError) {
        self = try Datagram(bytes: bytes).event()
    }
}

private struct Datagram {
    let bytes: ArraySlice<UInt8>

    // Kernel: include/uapi/linux/connector.h, CN_IDX_PROC and CN_VAL_PROC; include/uapi/linux/cn_proc.h, PROC_EVENT_….
    private static let connector: [UInt32] = [1, 1]
    private static let answer: UInt32 = 0
    private static let fork: UInt32 = 1
    private static let exec: UInt32 = 2
    private static let exit: UInt32 = 0x8000_0000

    func event() throws(ParseError) -> ProcessEvent {
        let connector = [try word(at: 16, "the connector"), try word(at: 20, "the connector")]
        guard connector == Self.connector else {
            throw error("connector 1.1", found: "\(connector[0]).\(connector[1])")
        }
        let kind = try word(at: 36, "the kind")
        switch kind {
        case Self.answer: return .answered(errno: Int32(bitPattern: try word(at: 52, "an errno")))
        case Self.fork:
            let child = try process(at: 60)
            return try isFirstThread(at: 60) ? .forked(parent: try process(at: 52), child: child) : .other
        case Self.exec: return .executed(try process(at: 52))
        case Self.exit: return try isFirstThread(at: 52) ? .exited(try process(at: 52)) : .other
        default: return .other
        }
    }

    /// Of a pair of pid and tgid, the latter: the process.
    private func process(at offset: Int) throws(ParseError) -> ProcessID {
        ProcessID(Int32(bitPattern: try word(at: offset + 4, "a tgid")))
    }

    private func isFirstThread(at offset: Int) throws(ParseError) -> Bool {
        try word(at: offset, "a pid") == word(at: offset + 4, "a tgid")
    }

    private func word(at offset: Int, _ name: String) throws(ParseError) -> UInt32 {
        let start = bytes.startIndex + offset
        guard bytes.count >= offset + 4 else { throw error("\(name) at byte \(offset)", found: "\(bytes.count) bytes") }
        return withUnsafeBytes(of: (bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3])) {
            $0.loadUnaligned(as: UInt32.self)
        }
    }

    private func error(_ expected: String, found: String) -> ParseError {
        ParseError(source: "process event", line: 0, expected: expected, found: found)
    }
}
