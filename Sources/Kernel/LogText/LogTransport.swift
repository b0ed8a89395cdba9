/// How a line of the kernel's log came to us. It is seen line by line: files are pasted together from several.
public enum LogTransport: String, CaseIterable, Hashable, Sendable {
    /// Records of /dev/kmsg: `6,440,2703129,-;text`.
    case kmsg
    /// `[    1.234567] text`, in any of dmesg's forms of time, with or without a caller's id.
    case dmesg
    /// `Jun 10 13:33:11 host kernel: text`, with facility.level, RFC 3339 or RFC 5424 too.
    case syslog
    /// `Sat Jan 27 00:14:32 2024 kern.warn kernel: [  795.398379] text` of OpenWrt's logread.
    case logread
    /// journalctl's short forms that syslog does not have, and its JSON.
    case journal
    /// Container and Kubernetes JSON lines whose text is a line of a log.
    case json
    /// The kernel's words and nothing else.
    case bare
}
