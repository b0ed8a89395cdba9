// The parts of a pasted line are looked for in place: a copy of each would cost more than the search.

extension ArraySlice<UInt8> {
    func equals(_ literal: StaticString) -> Bool {
        count == literal.utf8CodeUnitCount && firstPosition(of: literal) == startIndex
    }

    func begins(with literal: StaticString) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard count >= length else { return false }
        return withUnsafeBufferPointer { bytes in
            for offset in 0..<length where bytes[offset] != literal.utf8Start[offset] { return false }
            return true
        }
    }

    /// Where `literal` begins for the first time; nil if it does not. Its first byte should be a rare one.
    func firstPosition(of literal: StaticString) -> Int? {
        let length = literal.utf8CodeUnitCount
        guard length > 0, count >= length else { return nil }
        let offset: Int? = withUnsafeBufferPointer { bytes in
            let first = literal.utf8Start[0]
            var at = 0
            search: while at <= bytes.count &- length {
                defer { at &+= 1 }
                guard bytes[at] == first else { continue }
                for offset in 1..<Swift.max(length, 1) where bytes[at &+ offset] != literal.utf8Start[offset] { continue search }
                return at
            }
            return nil
        }
        return offset.map { $0 + startIndex }
    }

    func holds(_ literal: StaticString) -> Bool { firstPosition(of: literal) != nil }

    /// Without the blanks at its end.
    var trimmed: ArraySlice<UInt8> {
        var text = self
        while text.last == UInt8(ascii: " ") { text.removeLast() }
        return text
    }
}
