/// One record of the kernel's log, as one read of /dev/kmsg gives it.
///
/// Kernel: kernel/printk/printk.c, `info_print_ext_header()` and `msg_print_ext_body()`; since 3.5.
public struct KernelLogRecord: Sendable {
    /// 0 is the kernel. Whatever user space writes into the log has another one and is evidence of nothing.
    public let facility: Int
    /// 0 (emergency) to 7 (debug).
    public let level: Int
    /// Each record has the number after the one before; a gap is a loss.
    public let sequence: UInt64
    public let time: TimeSinceBoot
    /// True for what continues a line that another record began (flag `c`).
    public let isContinuation: Bool
    /// Who wrote it: `T123` a task, `C0` a CPU in an interrupt. Only with CONFIG_PRINTK_CALLER, since 5.2.
    public let caller: String?
    private let bytes: [UInt8]
    private let textRange: Range<Int>
    private let isEscaped: Bool

    public init(
        sequence: UInt64, time: TimeSinceBoot, facility: Int = 0, isContinuation: Bool = false, caller: String? = nil,
        text: [UInt8]
    ) {
        self.facility = facility
        level = 6
        self.sequence = sequence
        self.time = time
        self.isContinuation = isContinuation
        self.caller = caller
        bytes = text
        textRange = 0..<text.count
        isEscaped = false
    }
}

extension KernelLogRecord {
    /// What was printed, decoded anew at each call. One record may hold several lines, and bytes that are no UTF-8.
    public var text: [UInt8] { isEscaped ? unescaped(bytes[textRange]) : Array(bytes[textRange]) }

    public var isFromKernel: Bool { facility == 0 }

    /// One record; the ` KEY=value` lines that may follow it describe a device and are not kept.
    ///
    ///     6,440,2703129,-;virtio_blk virtio0: 1/0/0 default/read/poll queues
    ///
    /// - Throws: `ParseError` where the four fields or the `;` before the text are missing.
    public init(parsing bytes: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(bytes)
        _ = cursor.nextLine()
        let priority = try cursor.field("a priority")
        sequence = UInt64(try cursor.field("a sequence number"))
        time = TimeSinceBoot(microseconds: try cursor.field("a time in microseconds"))
        facility = priority >> 3
        level = priority & 7
        isContinuation = cursor.peek == UInt8(ascii: "c")
        caller = try cursor.callerInFlags()
        textRange = cursor.rest()
        isEscaped = true
        self.bytes = bytes
    }
}

extension LineCursor {
    fileprivate mutating func field(_ name: String) throws(ParseError) -> Int {
        guard let first = peek, first &- UInt8(ascii: "0") < 10, let value = number() else {
            throw error(in: "kmsg", expected: name)
        }
        guard skip(byte: UInt8(ascii: ",")) else { throw error(in: "kmsg", expected: "a comma after \(name)") }
        return value
    }

    /// Steps over the flags and what may be added behind them, the `;` included.
    fileprivate mutating func callerInFlags() throws(ParseError) -> String? {
        var caller: String?
        while let byte = peek, byte != UInt8(ascii: ";") {
            guard skip(",caller=") else {
                at += 1
                continue
            }
            let start = at
            while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: ";") { at += 1 }
            caller = text(start..<at)
        }
        guard skip(byte: UInt8(ascii: ";")) else { throw error(in: "kmsg", expected: "';' before the text") }
        return caller
    }
}

/// The kernel writes a byte below 0x20 or above 0x7e, and the backslash, as `\xNN`.
private func unescaped(_ escaped: ArraySlice<UInt8>) -> [UInt8] {
    guard escaped.contains(UInt8(ascii: "\\")) else { return Array(escaped) }
    var result: [UInt8] = []
    result.reserveCapacity(escaped.count)
    var at = escaped.startIndex
    while at < escaped.endIndex {
        if let byte = escapedByte(escaped[at...].prefix(4)) {
            result.append(byte)
            at += 4
        } else {
            result.append(escaped[at])
            at += 1
        }
    }
    return result
}

private func escapedByte(_ four: ArraySlice<UInt8>) -> UInt8? {
    guard four.count == 4, four.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "x")]) else { return nil }
    guard let high = hexDigit(four[four.startIndex + 2]), let low = hexDigit(four[four.startIndex + 3]) else { return nil }
    return high << 4 | low
}

func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
