import Glibc
import Kernel

/// A date of this machine's own logs, which say neither their zone nor, most of them, their year.
///
///     Jun 10 13:33:11
///     Sat Jan 27 00:14:32 2024
///     Mon 2025-12-08 17:51:31
struct LocalDate {
    let timestamp: Timestamp

    /// - Parameter latest: when the log was last written. A date without a year is of the last year in which it is not later.
    init?(_ text: String, notAfter latest: Timestamp) {
        var parts = tm()
        parts.tm_isdst = -1
        var hasDay = false
        var hasTime = false
        var hasYear = false
        for word in text.split(whereSeparator: { $0 == " " || $0 == "T" && !hasDay && text.first?.isNumber == true }) {
            if let month = Self.months.firstIndex(of: word.prefix(3).lowercased()) {
                parts.tm_mon = Int32(month)
            } else if let day = Self.numbers(word, separator: "-"), day.count == 3 {
                (parts.tm_year, parts.tm_mon, parts.tm_mday) = (day[0] - 1900, day[1] - 1, day[2])
                (hasDay, hasYear) = (true, true)
            } else if let time = Self.numbers(word.prefix { $0 != "." && $0 != "," }, separator: ":"), time.count == 3 {
                (parts.tm_hour, parts.tm_min, parts.tm_sec) = (time[0], time[1], time[2])
                hasTime = true
            } else if let number = Int32(word) {
                if number >= 1970 {
                    parts.tm_year = number - 1900
                    hasYear = true
                } else if !hasDay {
                    parts.tm_mday = number
                    hasDay = true
                }
            }
        }
        guard hasDay, hasTime, let time = Self.seconds(parts, hasYear: hasYear, notAfter: latest) else { return nil }
        timestamp = Timestamp(unixNanoseconds: time * 1_000_000_000)
    }

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    /// The clock may have been ahead when the line was written.
    private static let slack = 86_400

    private static func numbers(_ word: Substring, separator: Character) -> [Int32]? {
        let parts = word.split(separator: separator).map { Int32($0) }
        return parts.contains(nil) ? nil : parts.compactMap { $0 }
    }

    private static func seconds(_ parts: tm, hasYear: Bool, notAfter latest: Timestamp) -> Int? {
        var parts = parts
        guard !hasYear else { return made(&parts) }
        var last = latest.unixNanoseconds / 1_000_000_000 + slack
        var end = tm()
        guard localtime_r(&last, &end) != nil else { return nil }
        // The 29th of February is in every fourth year only.
        for back in Int32(0)..<9 {
            var candidate = parts
            candidate.tm_year = end.tm_year - back
            if let time = made(&candidate), time <= last { return time }
        }
        return nil
    }

    /// nil for a day that there was not.
    private static func made(_ parts: inout tm) -> Int? {
        let day = parts.tm_mday
        let time = mktime(&parts)
        return time == -1 || parts.tm_mday != day ? nil : time
    }
}
