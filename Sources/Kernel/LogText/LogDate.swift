/// A date at the beginning of a line, in any of the forms that loggers write.
struct LogDate {
    /// What writes its date so, as far as the date tells.
    let transport: LogTransport
    /// RFC 3339: what follows need not be syslog.
    let isPrecise: Bool
}

extension LogPrefix {
    /// Steps over the date and notes it; nil, with nothing read, where there is none.
    ///
    ///     Jun 10 13:33:11
    ///     2025-12-08T17:51:31,123456+00:00
    ///     Sat Jan 27 00:14:32 2024
    ///     Mon 2025-12-08 17:51:31 CET
    mutating func readDate() -> LogDate? {
        let start = cursor.at
        if let seconds = readUnixTime() {
            noteWallClock(from: start, seconds)
            skipBlank()
            return LogDate(transport: .journal, isPrecise: false)
        }
        if let unix = readTimestamp() {
            noteWallClock(from: start, unix.seconds)
            // dmesg says the zone always; what has a comma and no zone is some program's own log.
            line.isFromKernel = !unix.hasComma || unix.seconds != nil
            _ = cursor.skip(byte: UInt8(ascii: "|"))
            skipBlank()
            return LogDate(transport: unix.hasComma ? .dmesg : .syslog, isPrecise: true)
        }
        let date = readNamedDate()
        if date == nil { cursor.at = start } else { noteWallClock(from: start, nil) }
        if date != nil {
            _ = cursor.skip(byte: UInt8(ascii: ":"))
            skipBlank()
        }
        return date
    }

    private mutating func noteWallClock(from start: Int, _ seconds: Int?) {
        line.wallClock = WallTime(text: cursor.text(start..<cursor.at), unixSeconds: seconds)
    }

    /// A date with names of months or days, whatever the language: a time of the day tells that it is one.
    private mutating func readNamedDate() -> LogDate? {
        let start = cursor.at
        // The mailer that cut a line within its date left the time of the day.
        if readTimeOfDay() || readDayAndTime() {
            return isKernelTagNear ? LogDate(transport: .syslog, isPrecise: false) : nil
        }
        cursor.at = start
        if readFourDigits() != nil { skipBlank() }
        guard readName() else { return nil }
        let second = cursor.at
        if readTimestamp() != nil {
            readZoneName()
            return LogDate(transport: .journal, isPrecise: false)
        }
        cursor.at = second
        if readDayAndTime() {
            readYearBehind()
            return LogDate(transport: .syslog, isPrecise: false)
        }
        cursor.at = second
        guard readName(), readDayAndTime() else {
            cursor.at = start
            return nil
        }
        return LogDate(transport: readYearOfDate() ? .logread : .syslog, isPrecise: false)
    }

    private var isKernelTagNear: Bool {
        cursor.bytes[cursor.at..<min(cursor.end, cursor.at + 64)].holds("kernel:")
    }

    /// `Jun `, `Dez `, `déc. `, `11月 `, with the blanks behind it.
    private mutating func readName() -> Bool {
        let start = cursor.at
        if readDigits(1) != nil {
            _ = readDigits(1)
            guard let letter = cursor.peek, letter >= 0x80 else { return false }
        }
        while let byte = cursor.peek, (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte >= 0x80 { cursor.at += 1 }
        guard (2...12).contains(cursor.at - start) else { return false }
        _ = cursor.skip(byte: UInt8(ascii: "."))
        guard cursor.skip(byte: UInt8(ascii: " ")) else { return false }
        cursor.skipBlanks()
        return true
    }

    /// `10 13:33:11`, ` 9 13:33:11.123456`, `10 2013 13:33:11`.
    private mutating func readDayAndTime() -> Bool {
        guard let day = cursor.number(), (1...31).contains(day), cursor.skip(byte: UInt8(ascii: " ")) else { return false }
        cursor.skipBlanks()
        let start = cursor.at
        if readFourDigits() != nil, cursor.skip(byte: UInt8(ascii: " ")) {} else { cursor.at = start }
        return readTimeOfDay()
    }

    /// `13:33:11`, `13:33:11.123456`.
    private mutating func readTimeOfDay() -> Bool { readSecondsOfDay() != nil }

    private mutating func readSecondsOfDay() -> (seconds: Int, hasComma: Bool)? {
        let start = cursor.at
        guard let hour = readDigits(2), cursor.skip(byte: UInt8(ascii: ":")), let minute = readDigits(2),
            cursor.skip(byte: UInt8(ascii: ":")), let second = readDigits(2), hour < 24, minute < 60, second <= 60
        else {
            cursor.at = start
            return nil
        }
        let hasComma = cursor.peek == UInt8(ascii: ",")
        let fraction = cursor.at
        if hasComma || cursor.peek == UInt8(ascii: ".") {
            cursor.at += 1
            var digits = 0
            while readDigits(1) != nil { digits += 1 }
            if digits == 0 { cursor.at = fraction }
        }
        return (hour * 3600 + minute * 60 + second, hasComma)
    }

    /// `Jun 10 13:33:11 2013`: some daemons put it there.
    private mutating func readYearBehind() {
        let start = cursor.at
        if cursor.skip(byte: UInt8(ascii: " ")), readFourDigits() != nil, cursor.peek == UInt8(ascii: " ") { return }
        cursor.at = start
    }

    /// ` 2024`, ` UTC 2024`. The blank goes without it too.
    private mutating func readYearOfDate() -> Bool {
        let start = cursor.at
        skipBlank()
        if readFourDigits() != nil { return true }
        cursor.at = start
        readZoneName()
        skipBlank()
        if readFourDigits() != nil { return true }
        cursor.at = start
        skipBlank()
        return false
    }

    private mutating func readFourDigits() -> Int? {
        let start = cursor.at
        guard let year = readDigits(4), (1970...2999).contains(year) else {
            cursor.at = start
            return nil
        }
        return year
    }

    private mutating func readDigits(_ count: Int) -> Int? {
        guard cursor.end - cursor.at >= count else { return nil }
        var value = 0
        for index in cursor.at..<(cursor.at + count) {
            let digit = cursor.bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        cursor.at += count
        return value
    }

    /// ` CET`, ` UTC`, ` +03`: behind `journalctl -o short-full`'s time.
    private mutating func readZoneName() {
        let start = cursor.at
        guard cursor.skip(byte: UInt8(ascii: " ")) else { return }
        let zone = cursor.word()
        let isZone = (2...5).contains(zone.count) && cursor.bytes[zone].allSatisfy { $0 &- UInt8(ascii: "A") < 26 || $0 < 0x3a }
        if !isZone { cursor.at = start }
    }
}

extension LogPrefix {
    /// `journalctl -o short-unix`: `1765212691.123456 host kernel: text`.
    private mutating func readUnixTime() -> Int? {
        let start = cursor.at
        guard let seconds = readDigits(10), cursor.skip(byte: UInt8(ascii: ".")), readDigits(3) != nil else {
            cursor.at = start
            return nil
        }
        while readDigits(1) != nil {}
        guard cursor.peek == UInt8(ascii: " ") else {
            cursor.at = start
            return nil
        }
        return seconds
    }

    /// RFC 3339, and ISO 8601 as journalctl and dmesg write it: `2025-12-08T17:51:31,123456+00:00`.
    private mutating func readTimestamp() -> (seconds: Int?, hasComma: Bool)? {
        let start = cursor.at
        guard let year = readFourDigits(), let mark = cursor.peek, mark == UInt8(ascii: "-") || mark == UInt8(ascii: "/"),
            cursor.skip(byte: mark), let month = readDigits(2), cursor.skip(byte: mark), let day = readDigits(2),
            (1...12).contains(month), (1...31).contains(day),
            cursor.skip(byte: UInt8(ascii: "T")) || cursor.skip(byte: UInt8(ascii: " ")), let time = readSecondsOfDay()
        else {
            cursor.at = start
            return nil
        }
        let days = daysSince1970(year: year, month: month, day: day)
        return (readZone().map { days * 86_400 + time.seconds - $0 }, time.hasComma)
    }

    /// Seconds east of Greenwich: `Z`, `+01:00`, `+0100`; nil where the zone is not said.
    private mutating func readZone() -> Int? {
        if cursor.skip(byte: UInt8(ascii: "Z")) { return 0 }
        let start = cursor.at
        guard let sign = cursor.peek, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        cursor.at += 1
        guard let hours = readDigits(2) else {
            cursor.at = start
            return nil
        }
        _ = cursor.skip(byte: UInt8(ascii: ":"))
        let seconds = (hours * 60 + (readDigits(2) ?? 0)) * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }
}

/// Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`: years begin with March.
private func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}
