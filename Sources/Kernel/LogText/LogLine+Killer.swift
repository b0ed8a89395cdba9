extension LogLine {
    /// The daemons that kill before the kernel has to, by the names that they log under.
    public static let killers = ["systemd-oomd", "earlyoom"]

    /// A line of a syslog file that one of them wrote; nil for every other.
    ///
    /// The name counts at the tag's place only (RFC 3164 §4.1.3); what others quote is no evidence.
    ///
    ///     Jun 10 13:33:11 host earlyoom[812]: sending SIGTERM to process 4711 uid 1000 "firefox": oom_score 800, …
    ///     2025-06-10T13:33:11.123456+02:00 host systemd-oomd[700]: Killed /user.slice/… due to memory pressure for …
    public init?(ofKiller bytes: ArraySlice<UInt8>, number: Int) {
        let head = Array(bytes.prefix(Self.longestHead))
        guard head.first("systemd-oomd") != nil || head.first("earlyoom") != nil else { return nil }
        let line = LogPrefix.line(of: Array(bytes), number: number)
        guard line.transport == .syslog, let program = line.program, Self.killers.contains(program) else { return nil }
        self = line
    }

    /// Of the date, a host's name of 253 bytes and the tag.
    private static let longestHead = 384
}
