/// The words for a message's facility and level. Kernel: include/linux/kern_levels.h; RFC 3164 §4.1.1.
enum SyslogNames {
    private static let facilities: [StaticString] = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
    ]
    private static let levels: [StaticString] = [
        "emerg", "alert", "crit", "err", "error", "warn", "warning", "notice", "info", "debug", "panic",
    ]

    static func facility(_ word: ArraySlice<UInt8>) -> Int? {
        if let index = facilities.firstIndex(where: { word.equals($0) }) { return index }
        guard word.count == 6, word.firstPosition(of: "local") == word.startIndex, let digit = word.last else { return nil }
        return digit &- UInt8(ascii: "0") < 8 ? 16 + Int(digit - UInt8(ascii: "0")) : nil
    }

    static func isLevel(_ word: ArraySlice<UInt8>) -> Bool { levels.contains { word.equals($0) } }
}
