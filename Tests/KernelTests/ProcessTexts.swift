/// Every prefix of `text`, and 2,000 copies with a few bytes changed, always the same ones.
func damaged(_ text: [UInt8]) -> [[UInt8]] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random(below bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }
    var texts = (0...text.count).map { Array(text[..<$0]) }
    for _ in 0..<2000 {
        var copy = text
        for _ in 0...random(below: 4) { copy[random(below: copy.count)] = UInt8(random(below: 256)) }
        texts.append(copy)
    }
    return texts
}
