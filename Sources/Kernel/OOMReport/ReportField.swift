/// A named number of a report's line: `free:1340kB`, `shmem_thp: 0kB`, `reserved_highatomic:0KB`, `pages_scanned:17`.
struct ReportField {
    let name: Range<Int>
    let value: Int
    /// False for a bare count, and for an amount whose end is cut off.
    let isKibibytes: Bool
}

extension LineCursor {
    /// Over the first line of `text`, the blanks at its beginning skipped.
    init(lineOf text: [UInt8]) {
        self.init(text)
        _ = nextLine()
        skipBlanks()
    }

    /// The next field of the line, whatever is none skipped; nil at the end.
    mutating func field() -> ReportField? {
        while true {
            while let byte = peek, byte == UInt8(ascii: " ") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\t") {
                at += 1
            }
            guard !isAtEnd else { return nil }
            let start = at
            while let byte = peek, byte != UInt8(ascii: ":"), byte != UInt8(ascii: " ") { at += 1 }
            let name = start..<at
            guard skip(byte: UInt8(ascii: ":")), !name.isEmpty, let value = signedNumber() else { continue }
            return ReportField(name: name, value: value, isKibibytes: skip("kB") || skip("KB"))
        }
    }

    /// The fields that are amounts, and what `isOther` makes of the rest.
    mutating func amounts(others: (String, Int) -> Void = { _, _ in }) -> [Amount] {
        var amounts: [Amount] = []
        while let field = field() {
            if field.isKibibytes {
                amounts.append(Amount(name: text(field.name), bytes: Bytes(kibibytes: field.value)))
            } else {
                others(text(field.name), field.value)
            }
        }
        return amounts
    }

    /// Steps over `Node 0 `; nil, with nothing read, where it does not stand.
    mutating func nodeNumber() -> Int? {
        let start = at
        guard skip("Node "), let node = number(), skip(byte: UInt8(ascii: " ")) else {
            at = start
            return nil
        }
        return node
    }

    /// Steps over a word that can be a zone's name: any, since out-of-tree kernels have zones of their own.
    mutating func zoneName() -> Range<Int> {
        let start = at
        while let byte = peek, at - start < 16, isLetter(byte) || byte &- UInt8(ascii: "0") < 10 { at += 1 }
        return start..<at
    }

    /// `all_unreclaimable? yes`; nil where it is missing or cut.
    func isAllUnreclaimable() -> Bool? {
        guard let key = bytes.first("all_unreclaimable? ") else { return nil }
        if bytes.has("yes", at: key + 19) { return true }
        return bytes.has("no", at: key + 19) ? false : nil
    }
}

private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
