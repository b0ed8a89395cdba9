extension LogPrefix {
    /// Any of dmesg's stamps, and the caller that CONFIG_PRINTK_CALLER puts behind it; one blank after them goes too.
    ///
    ///     [    1.234567] text
    ///     [   17.041319][ T3106] text
    ///     [  +0.002367] text
    ///     [Mo Dez  8 17:51:31 2025] text
    mutating func readDmesgStamp() -> Bool {
        let start = cursor.at
        guard cursor.skip(byte: UInt8(ascii: "[")), readClock() || readDateInBrackets(from: start + 1) else {
            cursor.at = start
            return false
        }
        readCaller()
        skipBlank()
        return true
    }

    /// `    1.234567]`, `  +0.002367]`, `    1.234567 <    0.000012>]`, `<    0.000012>]`.
    private mutating func readClock() -> Bool {
        let start = cursor.at
        cursor.skipBlanks()
        let isDelta = cursor.skip(byte: UInt8(ascii: "+")) || cursor.skip(byte: UInt8(ascii: "<"))
        guard let time = readSeconds() else {
            cursor.at = start
            return false
        }
        if isDelta { _ = cursor.skip(byte: UInt8(ascii: ">")) }
        skipDelta()
        guard cursor.skip(byte: UInt8(ascii: "]")) else {
            cursor.at = start
            return false
        }
        line.time = isDelta ? nil : time
        return true
    }

    private mutating func skipDelta() {
        let start = cursor.at
        cursor.skipBlanks()
        if cursor.skip(byte: UInt8(ascii: "<")), readSeconds() != nil, cursor.skip(byte: UInt8(ascii: ">")) { return }
        cursor.at = start
    }

    private mutating func readSeconds() -> TimeSinceBoot? {
        cursor.skipBlanks()
        guard let first = cursor.peek, first &- UInt8(ascii: "0") < 10, let seconds = cursor.number() else { return nil }
        guard cursor.skip(byte: UInt8(ascii: ".")) else { return nil }
        let digits = cursor.letters()
        guard !digits.isEmpty, digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        var micros = 0
        for place in 0..<6 {
            let index = digits.startIndex + place
            micros = micros * 10 + (index < digits.endIndex ? Int(digits[index] - UInt8(ascii: "0")) : 0)
        }
        let whole = TimeSinceBoot(seconds: seconds).microseconds
        let (sum, overflow) = whole.addingReportingOverflow(micros)
        return TimeSinceBoot(microseconds: overflow ? Int.max : sum)
    }

    /// `dmesg -T` and `--time-format=reltime` in any language: what counts is a time of the day in it.
    private mutating func readDateInBrackets(from start: Int) -> Bool {
        let window = cursor.bytes[start..<min(cursor.end, start + 64)]
        guard let end = window.firstIndex(of: UInt8(ascii: "]")), end - start >= 9 else { return false }
        let colons = window[..<end].indices.filter { isBetweenDigits($0, in: window[..<end]) }
        guard colons.count == 1 || colons.count == 2, cursor.bytes[start] &- UInt8(ascii: "0") >= 10 else { return false }
        line.wallClock = WallTime(text: cursor.text(start..<end), unixSeconds: nil)
        cursor.at = end + 1
        return true
    }

    private func isBetweenDigits(_ index: Int, in text: ArraySlice<UInt8>) -> Bool {
        guard text[index] == UInt8(ascii: ":"), index - 2 >= text.startIndex, index + 2 < text.endIndex else { return false }
        return [index - 2, index - 1, index + 1, index + 2].allSatisfy { text[$0] &- UInt8(ascii: "0") < 10 }
    }

    /// `[ T3106]`, `[T13546]` behind a blank, `[    C0]`.
    mutating func readCaller() {
        let start = cursor.at
        cursor.skipBlanks()
        guard cursor.skip(byte: UInt8(ascii: "[")) else {
            cursor.at = start
            return
        }
        cursor.skipBlanks()
        let name = cursor.letters()
        guard name.count > 1, name.first == UInt8(ascii: "T") || name.first == UInt8(ascii: "C"),
            name.dropFirst().allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }), cursor.skip(byte: UInt8(ascii: "]"))
        else {
            cursor.at = start
            return
        }
        line.caller = String(decoding: name, as: UTF8.self)
    }
}
