/// Who wrote a line of syslog: `kernel:`, `systemd-oomd[812]:`.
struct SyslogTag {
    let name: String
    let hasProcess: Bool
}

extension LogPrefix {
    /// Host, facility and tag behind a date. Only here is `kernel:` the kernel's: a program may write it into its message.
    ///
    ///     xx user.warn kernel: text
    ///     kernel: text
    ///     daemon.notice netifd: text
    ///     host kernel: [ 2196.817021] text
    mutating func readSyslogTag(mayHaveHost: Bool) {
        let start = cursor.at
        if readFacility() { return }
        if let tag = readTag() { return take(tag) }
        guard mayHaveHost else { return }
        let isStructured = facility != nil && line.wallClock?.text.contains("T") == true
        readHost()
        if readFacility() { return }
        if isStructured, readStructuredTag() { return }
        if let tag = readTag() { return take(tag) }
        // Without a tag it is the kernel's if it reads so; a host's name may then be missing too.
        if ReportShape(Array(cursor.bytes[start..<cursor.end])) != nil { cursor.at = start }
        if readDmesgStamp() { return }
    }

    private mutating func take(_ tag: SyslogTag) {
        note(tag)
        if tag.name == "kernel" { readInnerStamp() } else { skipBlank() }
    }

    mutating func note(_ tag: SyslogTag) {
        if tag.name == "kernel" {
            // syslogd without klogd, and old ones, say user.warn of the kernel's messages.
            facility = nil
        } else {
            line.program = tag.name
            line.isFromKernel = false
        }
    }

    private mutating func readHost() {
        _ = cursor.word()
        cursor.skipBlanks()
    }

    /// `user.warn `, `kern.warn: `. True if the colon made it the kernel's tag too.
    private mutating func readFacility() -> Bool {
        let start = cursor.at
        if let named = SyslogNames.facility(cursor.letters()), cursor.skip(byte: UInt8(ascii: ".")),
            SyslogNames.isLevel(cursor.letters())
        {
            let isTag = cursor.skip(byte: UInt8(ascii: ":")) && named == 0
            if cursor.skip(byte: UInt8(ascii: " ")) {
                facility = named
                if isTag {
                    _ = cursor.skip("kernel: ")
                    readInnerStamp()
                }
                return isTag
            }
        }
        cursor.at = start
        return false
    }

    /// One word with a colon at its end, the process perhaps in brackets; the blank behind it stays.
    mutating func readTag() -> SyslogTag? {
        let start = cursor.at
        while let byte = cursor.peek, isOfTag(byte) { cursor.at += 1 }
        let name = start..<cursor.at
        let hasProcess = readProcess()
        guard !name.isEmpty, cursor.skip(byte: UInt8(ascii: ":")),
            cursor.isAtEnd || cursor.peek == UInt8(ascii: " ") || cursor.peek == UInt8(ascii: "[")
        else {
            cursor.at = start
            return nil
        }
        var text = cursor.text(name)
        if text.hasSuffix(".service") { text.removeLast(8) }
        return SyslogTag(name: text, hasProcess: hasProcess)
    }

    private func isOfTag(_ byte: UInt8) -> Bool {
        byte > UInt8(ascii: " ") && byte != UInt8(ascii: ":") && byte != UInt8(ascii: "[") && byte != UInt8(ascii: "<")
    }

    private mutating func readProcess() -> Bool {
        let start = cursor.at
        if cursor.skip(byte: UInt8(ascii: "[")), cursor.number() != nil, cursor.skip(byte: UInt8(ascii: "]")) { return true }
        cursor.at = start
        return false
    }

    /// RFC 5424 §6.2.5: `kernel - - - text`, `systemd-oomd 812 ID [a@1 b="c"] text`, its host read already.
    private mutating func readStructuredTag() -> Bool {
        let start = cursor.at
        let name = cursor.word()
        let process = cursor.word()
        let message = cursor.word()
        let isAbsent = process.count == 1 && cursor.bytes[process.lowerBound] == UInt8(ascii: "-")
        let isNumber = !process.isEmpty && cursor.bytes[process].allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
        guard !name.isEmpty, isAbsent || isNumber, !message.isEmpty, cursor.skip(byte: UInt8(ascii: " ")), skipStructuredData()
        else {
            cursor.at = start
            return false
        }
        take(SyslogTag(name: cursor.text(name), hasProcess: isNumber))
        return true
    }

    private mutating func skipStructuredData() -> Bool {
        if cursor.skip(byte: UInt8(ascii: "-")) { return true }
        guard cursor.peek == UInt8(ascii: "[") else { return false }
        var isQuoted = false
        while let byte = cursor.peek {
            cursor.at += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "]"), !isQuoted, cursor.peek != UInt8(ascii: "[") { break }
        }
        cursor.at = min(cursor.at, cursor.end)
        return true
    }
}
