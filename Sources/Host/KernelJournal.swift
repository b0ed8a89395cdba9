import CLinux
public import Kernel

/// What the kernel has said over all the boots that systemd's journal remembers, oldest first, as lines that a reader of logs
/// takes: what `journalctl -k -b all -o json` prints, without journalctl.
///
///     {"__REALTIME_TIMESTAMP":"1764064999000000","_TRANSPORT":"kernel","MESSAGE":"oom_reaper: reaped process 41 (a), …"}
public struct KernelJournal: ~Copyable {
    private let handle: JournalHandle

    private static let chunk = Bytes(kibibytes: 64)
    private static let fields = ["SYSLOG_IDENTIFIER", "SYSLOG_FACILITY", "_SOURCE_MONOTONIC_TIMESTAMP", "MESSAGE"]

    /// Opens the journal of this machine, or the one below `root`.
    ///
    /// - Throws: `.absent` where there is none; else why it cannot be read.
    public init(root: String) throws(SourceError) {
        let opened = try JournalHandle(root: root)
        try opened.check(oomwarden_journal_add_match(opened.raw, "_TRANSPORT=kernel"))
        handle = opened
    }

    /// The next entries, some 64 KiB of them; nil at the end.
    public mutating func readLines() throws(SourceError) -> [UInt8]? {
        var lines: [UInt8] = []
        while lines.count < Self.chunk.count, try handle.check(oomwarden_journal_next(handle.raw)) > 0 {
            guard handle.field("MESSAGE") != nil else { continue }
            var microseconds: UInt64 = 0
            try handle.check(oomwarden_journal_get_realtime(handle.raw, &microseconds))
            lines += "{\"__REALTIME_TIMESTAMP\":\"\(microseconds)\",\"_TRANSPORT\":\"kernel\"".utf8
            for name in Self.fields {
                guard let value = handle.field(name) else { continue }
                lines += ",\"\(name)\":".utf8
                lines.append(json: value)
            }
            lines += "}\n".utf8
        }
        return lines.isEmpty ? nil : lines
    }
}

extension [UInt8] {
    /// As journalctl does: a string, or the bytes as numbers where they are not plain text.
    fileprivate mutating func append(json value: [UInt8]) {
        let isPlain = value.allSatisfy { $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain {
            self += [UInt8(ascii: "\"")] + value + [UInt8(ascii: "\"")]
        } else {
            self += "[\(value.map { "\($0)" }.joined(separator: ","))]".utf8
        }
    }
}
