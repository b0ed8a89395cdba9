public import Kernel

extension Timestamp {
    /// `2026-09-21T14:13:20.250Z`.
    public var rfc3339: String {
        var buffer = TextBuffer()
        buffer.append(self)
        return buffer.text
    }
}

extension TextBuffer {
    /// `2026-09-21T14:13:20.250Z` (RFC 3339, UTC, milliseconds).
    mutating func append(_ time: Timestamp) {
        let seconds = time.unixNanoseconds.flooredQuotient(1_000_000_000)
        let days = seconds.flooredQuotient(86400)
        let date = CivilDate(daysSinceEpoch: days)
        let second = seconds - days * 86400
        append(date.year, digits: 4)
        append("-")
        append(date.month, digits: 2)
        append("-")
        append(date.day, digits: 2)
        append("T")
        append(second / 3600, digits: 2)
        append(":")
        append(second / 60 % 60, digits: 2)
        append(":")
        append(second % 60, digits: 2)
        append(".")
        let rest = time.unixNanoseconds % 1_000_000_000
        append((rest < 0 ? rest + 1_000_000_000 : rest) / 1_000_000, digits: 3)
        append("Z")
    }
}

/// A date of the Gregorian calendar. The year is counted from March, so that the leap day is its last.
private struct CivilDate {
    let year: Int
    let month: Int
    let day: Int

    init(daysSinceEpoch: Int) {
        let days = daysSinceEpoch + 719_468
        let era = days.flooredQuotient(146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}

extension Int {
    fileprivate func flooredQuotient(_ divisor: Int) -> Int {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
