/// Reads what a transport put before the kernel's words on one line, whichever transport it was.
///
///     Jun 10 13:33:11 host user.warn kernel: [ 2196.817021] mysqld invoked oom-killer: gfp_mask=0x201da, order=0
struct LogPrefix {
    var cursor: LineCursor
    var line: LogLine
    /// The facility that a priority or `kern.warn` named; nil where none did.
    var facility: Int?

    /// The line without its prefix; one that has none comes back as it is, with the transport `bare`.
    static func line(of bytes: [UInt8], number: Int) -> LogLine {
        var prefix = LogPrefix(bytes, number: number)
        prefix.read()
        prefix.line.text = withoutIndent(bytes[prefix.cursor.rest()], prefix.line.transport)
        return prefix.line
    }

    /// Where all is indented, in a table or a column, there is more than one blank before the text. What is indented by the
    /// kernel keeps its blanks: a call trace, the lines of Mem-Info behind its first, what goes on with the line before.
    private static func withoutIndent(_ text: ArraySlice<UInt8>, _ transport: LogTransport) -> [UInt8] {
        guard transport != .bare, text.first == UInt8(ascii: " ") else { return Array(text) }
        let words = text.drop { $0 == UInt8(ascii: " ") }
        let isTrace = words.holds("+0x") || words.holds("TASK>") || words.begins(with: "[<") || words.begins(with: "?")
        let isNumber =
            words.first.map { $0 &- UInt8(ascii: "0") < 10 } == true && !words.holds(" pages") && !words.holds(" total ")
        let isRest = words.begins(with: "killed as a result of limit of ") || words.begins(with: "(")
        let isOfMemory = text.count == words.count + 1 && ReportShape(Array(words)) == .counters
        // A process may have no name.
        let isNameless = words.begins(with: "invoked oom-killer:")
        return isTrace || isNumber || isRest || isOfMemory || isNameless ? Array(text) : Array(words)
    }

    private init(_ bytes: [UInt8], number: Int) {
        cursor = LineCursor(bytes)
        _ = cursor.nextLine()
        line = LogLine(number: number, text: [])
    }

    private mutating func read() {
        readConsoleLevel()
        readPriority()
        readDecodedFacility()
        if readDmesgStamp() {
            note(.dmesg)
            readMonotonicJournal()
        } else if cursor.skip("kernel:") || skipHost() {
            note(.syslog)
            readInnerStamp()
        } else if let date = readDate() {
            note(date.transport)
            read(after: date)
        }
        // A priority of user space alone: `dmesg -r` shows it so.
        if line.transport == .bare || line.transport == .dmesg, let facility, facility > 0 { line.isFromKernel = false }
    }

    /// `host kernel: `, where the date was cut off.
    private mutating func skipHost() -> Bool {
        let start = cursor.at
        let host = cursor.word()
        if !host.isEmpty, cursor.bytes[host.upperBound - 1] != UInt8(ascii: ":"), cursor.skip(" kernel: ") { return true }
        cursor.at = start
        return false
    }

    mutating func note(_ transport: LogTransport) { if line.transport == .bare { line.transport = transport } }

    private mutating func read(after date: LogDate) {
        if date.transport == .dmesg {
            readCaller()
            skipBlank()
        } else if readContainerStream() {
            line.transport = .json
            read()
        } else if readGuest() {
            readInnerStamp()
        } else if date.isPrecise, readDmesgStamp() {
            skipBlank()
        } else {
            readSyslogTag(mayHaveHost: date.transport != .logread)
        }
    }

    mutating func skipBlank() { _ = cursor.skip(byte: UInt8(ascii: " ")) }

    /// What klogd or a console left before the text: `<6>[ 12.345678] `.
    mutating func readInnerStamp() {
        skipBlank()
        let start = cursor.at
        cursor.skipBlanks()
        if cursor.peek != UInt8(ascii: "<") { cursor.at = start }
        readPriority()
        _ = readDmesgStamp()
    }
}

extension LogPrefix {
    /// `<6>`, `<12>`: 8 × facility + level. A kernel before 3.5 prints it without a stamp too.
    private mutating func readPriority() {
        let start = cursor.at
        guard cursor.skip(byte: UInt8(ascii: "<")), let value = cursor.number(), value < 192, cursor.skip(byte: UInt8(ascii: ">"))
        else {
            cursor.at = start
            return
        }
        facility = value >> 3
        readSyslogVersion()
    }

    /// RFC 5424 §6.2.2: `<4>1 2024-…`.
    private mutating func readSyslogVersion() {
        let start = cursor.at
        if cursor.skip("1 "), let year = cursor.peek, year &- UInt8(ascii: "1") < 9 { return }
        cursor.at = start
    }

    /// Keenetic: `[W] Oct 22 20:02:32 kernel: `.
    private mutating func readConsoleLevel() {
        let start = cursor.at
        guard cursor.skip(byte: UInt8(ascii: "[")), let level = cursor.peek, level &- UInt8(ascii: "A") < 26 else {
            cursor.at = start
            return
        }
        cursor.at += 1
        if !cursor.skip("] ") { cursor.at = start }
    }

    /// `dmesg -x`: `kern  :warn  : [ 12.345678] `.
    private mutating func readDecodedFacility() {
        let start = cursor.at
        if let facility = SyslogNames.facility(cursor.letters()) {
            cursor.skipBlanks()
            if cursor.skip(byte: UInt8(ascii: ":")), SyslogNames.isLevel(cursor.letters()) {
                cursor.skipBlanks()
                if cursor.skip(": ") {
                    self.facility = facility
                    line.transport = .dmesg
                    return
                }
            }
        }
        cursor.at = start
    }

    /// CRI: `2024-01-27T00:14:32.123456789Z stderr F text`.
    private mutating func readContainerStream() -> Bool {
        let start = cursor.at
        skipBlank()
        if cursor.skip("stdout ") || cursor.skip("stderr "), cursor.skip("F ") || cursor.skip("P ") { return true }
        cursor.at = start
        return false
    }

    /// VMware: `2019-10-11T20:02:32.123Z| vcpu-5| I125: Guest: <6>[ 12.345678] text`.
    private mutating func readGuest() -> Bool {
        let window = cursor.at..<min(cursor.end, cursor.at + 64)
        guard let guest = cursor.bytes[window].firstPosition(of: "Guest: ") else { return false }
        cursor.at = guest + 7
        return true
    }

    /// `journalctl -o short-monotonic`: `[21161.093418] host kernel: text`.
    private mutating func readMonotonicJournal() {
        let start = cursor.at
        let host = cursor.word()
        if !host.isEmpty, cursor.bytes[host.upperBound - 1] != UInt8(ascii: ":"), cursor.skip(byte: UInt8(ascii: " ")),
            let tag = readTag(), tag.name == "kernel" || tag.hasProcess
        {
            line.transport = .journal
            note(tag)
            skipBlank()
            return
        }
        cursor.at = start
    }
}

extension LineCursor {
    /// The letters and digits that stand here.
    mutating func letters() -> ArraySlice<UInt8> {
        let start = at
        while let byte = peek, (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 { at += 1 }
        return bytes[start..<at]
    }
}
