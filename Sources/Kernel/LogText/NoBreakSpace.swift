extension [UInt8] {
    /// Web pages turn one of two blanks into U+00A0, and whoever copies from them pastes it; the kernel never aligns with it.
    mutating func replaceNoBreakSpaces() {
        guard contains(0xc2), indices.dropLast().contains(where: { isNoBreakSpace(at: $0) }) else { return }
        var replaced: [UInt8] = []
        replaced.reserveCapacity(count)
        var at = 0
        while at < count {
            let isSpace = isNoBreakSpace(at: at)
            replaced.append(isSpace ? UInt8(ascii: " ") : self[at])
            at += isSpace ? 2 : 1
        }
        self = replaced
    }

    private func isNoBreakSpace(at index: Int) -> Bool { index + 1 < count && self[index] == 0xc2 && self[index + 1] == 0xa0 }
}
