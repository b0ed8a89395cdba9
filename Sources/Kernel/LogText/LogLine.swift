/// One line of the kernel's log, whatever transport brought it: what the assembler of reports takes.
///
/// A record of several lines (Mem-Info, the statistics of a memory cgroup) comes as one `LogLine` for each.
public struct LogLine: Hashable, Sendable {
    /// The line of the input, from 1; of the kernel's ring, the record's sequence number.
    public var number: Int
    public var transport: LogTransport
    /// False where the transport says that user space wrote it: it is then evidence of nothing.
    public var isFromKernel: Bool
    /// True for what continues a line that another record began.
    public var isContinuation: Bool
    /// The kernel's own stamp; nil where the transport has none.
    public var time: TimeSinceBoot?
    /// The wall clock's stamp of the transport, with its zone as printed (`Jun 10 13:33:11`); nil where it has none.
    public var wallClock: WallTime?
    /// Who wrote it: `T123` a task, `C0` a CPU in an interrupt.
    public var caller: String?
    /// The program that wrote it where it was none of the kernel (`systemd-oomd`, `earlyoom`).
    public var program: String?
    public var text: [UInt8]

    public init(
        number: Int, transport: LogTransport = .bare, isFromKernel: Bool = true, isContinuation: Bool = false,
        time: TimeSinceBoot? = nil, text: some Sequence<UInt8>
    ) {
        self.number = number
        self.transport = transport
        self.isFromKernel = isFromKernel
        self.isContinuation = isContinuation
        self.time = time
        self.text = Array(text)
    }
}

/// A transport's date as far as it says it: many have no year and no zone.
public struct WallTime: Hashable, Sendable {
    /// As the log has it: `Jun 10 13:33:11`, `2025-12-08T17:51:31,123456+00:00`.
    public let text: String
    /// Seconds since 1970, where the log says year and zone; nil where it does not.
    public let unixSeconds: Int?

    public init(text: String, unixSeconds: Int?) {
        self.text = text
        self.unixSeconds = unixSeconds
    }
}
