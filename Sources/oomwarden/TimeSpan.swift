import ArgumentParser
import Kernel

/// A duration as people write it: `0`, `100ms`, `10s`, `5m`, `2h`.
struct TimeSpan: Hashable, CustomStringConvertible {
    let nanoseconds: Nanoseconds

    init(_ duration: Duration) {
        let parts = duration.components
        nanoseconds = Nanoseconds(Int(parts.seconds) * 1_000_000_000 + Int(parts.attoseconds / 1_000_000_000))
    }

    /// - Throws: with the forms that it has; only zero needs no unit.
    init(parsing text: String) throws {
        guard let nanoseconds = Self.nanoseconds(text) else {
            throw ValidationError(
                "expected 0, or a number with ms, s, m or h such as 100ms or 10s, found \(text.debugDescription)")
        }
        self.nanoseconds = nanoseconds
    }

    private static func nanoseconds(_ text: String) -> Nanoseconds? {
        guard text != "0" else { return Nanoseconds(0) }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow ? nil : Nanoseconds(product)
    }

    var description: String {
        let count = nanoseconds.count
        guard count > 0 else { return "0" }
        let fitting = Self.units.filter { count % $0.value == 0 }.max { $0.value < $1.value }
        return fitting.map { "\(count / $0.value)\($0.key)" } ?? "\(count)ns"
    }

    private static let units = ["ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000]
}
