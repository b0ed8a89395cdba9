// A record of the kernel's log may hold newlines inside a process name, so its parts are found by their literals,
// not line by line.

extension [UInt8] {
    func has(_ literal: StaticString, at index: Int) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard index >= 0, index <= count, count - index >= length else { return false }
        return literal.withUTF8Buffer { expected in
            for offset in 0..<length where self[index + offset] != expected[offset] { return false }
            return true
        }
    }

    func starts(with literal: StaticString) -> Bool { has(literal, at: 0) }

    func ends(with literal: StaticString) -> Bool { has(literal, at: count - literal.utf8CodeUnitCount) }

    /// Where `literal` begins for the first time within `start` and the end; nil if it does not.
    func first(_ literal: StaticString, from start: Int = 0) -> Int? {
        let last = count - literal.utf8CodeUnitCount
        guard start >= 0, start <= last else { return nil }
        return (start...last).first { has(literal, at: $0) }
    }

    /// Where `literal` begins for the last time, its end not past `limit`; nil if it does not.
    func last(_ literal: StaticString, before limit: Int) -> Int? {
        let last = Swift.min(limit, count) - literal.utf8CodeUnitCount
        guard last >= 0 else { return nil }
        return (0...last).last { has(literal, at: $0) }
    }

    func last(_ literal: StaticString) -> Int? { last(literal, before: count) }

    /// The decimal number at `index`, a minus sign allowed; nil where there is none or more than `Int` holds.
    func decimal(at index: Int) -> Int? {
        guard index >= 0, index < count else { return nil }
        let negative = self[index] == UInt8(ascii: "-")
        var at = negative ? index + 1 : index
        let start = at
        var value = 0
        while at < count, case let digit = self[at] &- UInt8(ascii: "0"), digit < 10 {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, larger) = product.addingReportingOverflow(Int(digit))
            guard !tooLarge, !larger else { return nil }
            value = sum
            at += 1
        }
        guard at > start else { return nil }
        return negative ? -value : value
    }

    /// The number behind the first `key` from `start` on.
    func decimal(after key: StaticString, from start: Int = 0) -> Int? {
        first(key, from: start).flatMap { decimal(at: $0 + key.utf8CodeUnitCount) }
    }

    /// The process number at `index`.
    func processID(at index: Int) -> ProcessID? { decimal(at: index).flatMap(Int32.init(exactly:)).map(ProcessID.init) }

    /// Where the digits at `index` end.
    func endOfDigits(from index: Int) -> Int {
        var at = Swift.max(index, 0)
        while at < count, self[at] &- UInt8(ascii: "0") < 10 { at += 1 }
        return at
    }

    /// The word behind the first `key`; nil where there is none.
    func word(after key: StaticString) -> String? {
        guard let start = first(key).map({ $0 + key.utf8CodeUnitCount }) else { return nil }
        let word = self[start...].prefix { $0 > UInt8(ascii: " ") }
        return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
    }
}
