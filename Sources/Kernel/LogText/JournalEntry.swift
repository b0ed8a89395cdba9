/// One entry of systemd's journal, as far as it is known: `journalctl -o json` has it on one line, `-o export` and
/// `-o json-pretty` field by field.
///
///     {"_TRANSPORT":"kernel","SYSLOG_IDENTIFIER":"kernel","MESSAGE":"oom_reaper: reaped process 4711 (postgres), …"}
///     MESSAGE=oom_reaper: reaped process 4711 (postgres), …
struct JournalEntry: Sendable {
    private var message: [UInt8]?
    private var number = 0
    private var transport: [UInt8]?
    private var identifier: [UInt8]?
    private var facility: Int?
    private var monotonic: Int?
    private var realtime: Int?
    /// Some field has come.
    private(set) var isOpen = false

    /// True if the line is one field of an entry: `_PID=1`, `"_PID" : "1",`.
    static func isField(_ line: ArraySlice<UInt8>) -> Bool {
        let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\"") }
        let name = text.prefix { $0 &- UInt8(ascii: "A") < 26 || $0 == UInt8(ascii: "_") || $0 &- UInt8(ascii: "0") < 10 }
        guard name.count > 1, let end = text[name.endIndex...].first else { return false }
        let isQuoted = text.startIndex > line.startIndex && line[text.startIndex - 1] == UInt8(ascii: "\"")
        return isQuoted ? end == UInt8(ascii: "\"") : end == UInt8(ascii: "=") && text.startIndex == line.startIndex
    }

    /// Takes one field's line; false if it is none.
    mutating func take(field line: [UInt8], number: Int) -> Bool {
        guard JournalEntry.isField(line[...]) else { return false }
        isOpen = true
        if line.first != UInt8(ascii: " "), line.first != UInt8(ascii: "\t"), line.first != UInt8(ascii: "\"") {
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return false }
            set(Array(line[..<equals]), Array(line[(equals + 1)...]), number: number)
        } else {
            for member in JSONMembers(line) { set(member.key, member.value, number: number) }
        }
        return true
    }

    mutating func set(_ key: [UInt8], _ value: [UInt8], number: Int) {
        switch String(decoding: key, as: UTF8.self) {
        case "MESSAGE":
            message = value
            self.number = number
        case "_TRANSPORT": transport = value
        case "SYSLOG_IDENTIFIER": identifier = value
        case "SYSLOG_FACILITY": facility = value.decimal(at: 0)
        case "_SOURCE_MONOTONIC_TIMESTAMP": monotonic = value.decimal(at: 0)
        case "__REALTIME_TIMESTAMP": realtime = value.decimal(at: 0)
        default: break
        }
    }

    /// journald trusts only fields that begin with `_`: a program may call itself `kernel`. What a program wrote to
    /// /dev/kmsg has the kernel's transport, and the program's name or facility.
    private var isFromKernel: Bool {
        guard identifier.map({ $0.elementsEqual("kernel".utf8) }) ?? true, (facility ?? 0) == 0 else { return false }
        return transport.map { $0.elementsEqual("kernel".utf8) } ?? true
    }

    /// The entry as lines of the log; none without a message.
    func lines() -> [LogLine] {
        guard let message else { return [] }
        return RecordLines.split(message).map { text in
            var line = LogLine(number: number, transport: .journal, isFromKernel: isFromKernel, text: text)
            line.time = isFromKernel ? monotonic.map(TimeSinceBoot.init(microseconds:)) : nil
            line.wallClock = realtime.map { WallTime(text: "@\($0 / 1_000_000)", unixSeconds: $0 / 1_000_000) }
            if !isFromKernel { line.program = identifier.map { String(decoding: $0, as: UTF8.self) } }
            return line
        }
    }
}
