/// A line of the list of unreclaimable slab caches, printed where they hold more than all of the page cache and the
/// processes together.
///
/// Kernel: mm/slab_common.c, `dump_unreclaimable_slab()`; since 4.15.
enum SlabLine: Hashable, Sendable {
    /// `Unreclaimable slab info:`
    case title
    /// `Name                      Used          Total`
    case columns
    case cache(name: String, used: Bytes, total: Bytes)
}

extension SlabLine {
    /// Nil if `text` is no such line. A long name shifts the columns, so a row is read from its right end.
    ///
    ///     biovec-max             1280KB       1280KB
    init?(_ text: [UInt8]) {
        guard let end = text.lastIndex(where: { $0 != UInt8(ascii: " ") }) else { return nil }
        switch text[end] {
        case UInt8(ascii: ":") where text.starts(with: "Unreclaimable slab info:"): self = .title
        case UInt8(ascii: "l") where text.starts(with: "Name  "): self = .columns
        case UInt8(ascii: "B"): self.init(row: text[...end])
        default: return nil
        }
    }

    private init?(row: ArraySlice<UInt8>) {
        var row = row
        guard let total = row.removeLastKibibytes(), let used = row.removeLastKibibytes() else { return nil }
        let name = row.drop { $0 == UInt8(ascii: " ") }
        guard !name.isEmpty, name.count < 64 else { return nil }
        self = .cache(name: String(decoding: name, as: UTF8.self), used: used, total: total)
    }
}

extension ArraySlice<UInt8> {
    /// `       1280KB` and the blanks before it.
    fileprivate mutating func removeLastKibibytes() -> Bytes? {
        guard suffix(2).elementsEqual("KB".utf8) else { return nil }
        let number = dropLast(2)
        let digits = number.suffix(while: { $0 &- UInt8(ascii: "0") < 10 })
        let left = number.dropLast(digits.count)
        guard let value = Array<UInt8>(digits).decimal(at: 0), left.last == UInt8(ascii: " ") else { return nil }
        self = left.dropLast(left.suffix(while: { $0 == UInt8(ascii: " ") }).count)
        return Bytes(kibibytes: value)
    }

    private func suffix(while isWanted: (UInt8) -> Bool) -> ArraySlice {
        self[(lastIndex { !isWanted($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
