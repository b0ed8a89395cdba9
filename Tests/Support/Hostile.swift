/// What a parser must survive: every prefix of a real text, and seeded random damage to it.
public enum Hostile {
    public static func prefixes(of text: [UInt8], step: Int = 1) -> [[UInt8]] {
        stride(from: 0, to: text.count, by: step).map { Array(text[..<$0]) }
    }

    /// The same seed gives the same damage.
    public static func mutations(of text: [UInt8], count: Int, seed: UInt64) -> [[UInt8]] {
        var random = SplitMix64(state: seed)
        return (0..<count).map { _ in
            var damaged = text
            for _ in 0..<Int.random(in: 1...8, using: &random) where !damaged.isEmpty { damage(&damaged, &random) }
            return damaged
        }
    }

    /// The text with some of its numbers replaced by ones that no machine has. It can still be parsed.
    public static func numbers(in text: [UInt8], count: Int, seed: UInt64) -> [[UInt8]] {
        var random = SplitMix64(state: seed)
        let extremes = ["0", "1", "9223372036854775807", "18446744073709551615", "4611686018427387904", "99999999999999999999"]
        return (0..<count).map { _ in
            var result: [UInt8] = []
            var words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map(Array.init)
            for index in words.indices.dropFirst() where Int.random(in: 0..<6, using: &random) == 0 {
                let digits = words[index].prefix { $0 >= 0x30 && $0 <= 0x39 }
                let follows = words[index].dropFirst(digits.count)
                guard !digits.isEmpty, follows.allSatisfy({ $0 == 0x0a || $0 == 0x2c || $0 == 0x29 || $0 == 0x20 }) else {
                    continue
                }
                words[index] = Array((extremes.randomElement(using: &random) ?? "0").utf8) + follows
            }
            for word in words { result += (result.isEmpty ? [] : [UInt8(ascii: " ")]) + word }
            return result
        }
    }

    private static func damage(_ text: inout [UInt8], _ random: inout SplitMix64) {
        let at = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: text[at] = UInt8.random(in: 0...255, using: &random)
        case 1: text.insert(contentsOf: Array("99999999999999999999".utf8), at: at)
        case 2: text.remove(at: at)
        case 3: text.removeSubrange(at..<min(at + Int.random(in: 0..<200, using: &random), text.count))
        default: text.insert(contentsOf: text[at..<min(at + 80, text.count)], at: Int.random(in: 0..<text.count, using: &random))
        }
    }
}

/// Sebastiano Vigna's generator: small, and the same on every machine.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
