public import Kernel

extension Timestamp {
    /// A time with its zone, as `rfc3339` writes it and as people do: `2026-09-21T14:13:20Z`, `2026-09-21 14:13:20.5+02:00`.
    ///
    /// - Returns: nil for anything else; nothing is guessed.
    public init?(rfc3339 text: String) {
        var reader = DigitReader(text.utf8)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), (1...12).contains(month), (1...Self.days(month, year)).contains(day),
            reader.skip("T") || reader.skip("t") || reader.skip(" "), let hour = reader.number(2), reader.skip(":"),
            let minute = reader.number(2), reader.skip(":"), let second = reader.number(2), hour < 24, minute < 60, second <= 60,
            let nanoseconds = reader.fraction(), let zone = reader.zone(), reader.isAtEnd
        else { return nil }
        let date = Self.daysSince1970(year, month, day)
        let seconds = date * 86_400 + hour * 3_600 + minute * 60 + second - zone
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return nil }
        self.init(unixNanoseconds: whole + nanoseconds)
    }

    /// A span back from `now`: `90s`, `15m`, `24h`, `7d`.
    public init?(ago text: String, before now: Timestamp) {
        guard let span = Nanoseconds(span: text) else { return nil }
        let (time, overflow) = now.unixNanoseconds.subtractingReportingOverflow(span.count)
        guard !overflow else { return nil }
        self.init(unixNanoseconds: time)
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`: years begin with March.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Nanoseconds {
    /// `90s`, `15m`, `24h`, `7d`.
    public init?(span text: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), count >= 0,
            text.first?.isNumber == true
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit * 1_000_000_000)
        guard !overflow else { return nil }
        self.init(product)
    }
}

private struct DigitReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: String.UTF8View) { rest = Array(text)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ digits: Int) -> Int? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        rest = rest.dropFirst(digits)
        return text.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Of a second; 0 where there is none.
    mutating func fraction() -> Int? {
        guard skip(".") || skip(",") else { return 0 }
        var (value, unit, count) = (0, 100_000_000, 0)
        while let digit = number(1) {
            value += digit * unit
            unit /= 10
            count += 1
        }
        return count > 0 ? value : nil
    }

    /// Seconds east of Greenwich.
    mutating func zone() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard skip("+") || skip("-"), let hours = number(2), skip(":"), let minutes = number(2) else { return nil }
        let seconds = (hours * 60 + minutes) * 60
        return isWest ? -seconds : seconds
    }
}
