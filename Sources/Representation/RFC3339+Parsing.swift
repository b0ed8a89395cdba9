public import Kernel

extension Timestamp {
    /// `2026-09-21T14:13:20.250Z`, `2026-09-21T14:13:20+02:00`.
    ///
    /// - Returns: nil for what is no time of RFC 3339.
    public init?(rfc3339 text: String) {
        var rest = Array(text.utf8)[...]
        guard let year = rest.number(4), rest.skip("-"), let month = rest.number(2), rest.skip("-"), let day = rest.number(2),
            rest.skip("T") || rest.skip("t") || rest.skip(" "), let hour = rest.number(2), rest.skip(":"),
            let minute = rest.number(2), rest.skip(":"), let second = rest.number(2), (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        guard let nanoseconds = rest.fraction(), let offset = rest.offset(), rest.isEmpty else { return nil }
        let days = Self.days(year, month, day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return nil }
        self.init(unixNanoseconds: product + nanoseconds)
    }

    /// Days since 1970 by the Gregorian calendar, the year counted from March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = year - (month <= 2 ? 1 : 0)
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func number(_ digits: Int) -> Int? {
        let text = prefix(digits)
        guard text.count == digits, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        removeFirst(digits)
        return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    fileprivate mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard first == UInt8(ascii: character) else { return false }
        removeFirst()
        return true
    }

    /// Nanoseconds; 0 without a fraction.
    fileprivate mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        let digits = prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { return nil }
        removeFirst(digits.count)
        return (0..<9).reduce(0) { sum, index in
            sum * 10 + (index < digits.count ? Int(digits[digits.startIndex + index] - 0x30) : 0)
        }
    }

    /// Seconds east of Greenwich.
    fileprivate mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-"), let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else {
            return nil
        }
        return (isEast ? 1 : -1) * (hours * 3_600 + minutes * 60)
    }
}
