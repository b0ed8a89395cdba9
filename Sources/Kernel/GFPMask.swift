/// What a request for memory allows the allocator to do, as a report prints it: `0xcc0(GFP_KERNEL)`.
///
/// Kernel: include/linux/gfp_types.h, `gfp_t`. The bits have meant different flags in 2.6 to 4.3, 4.4 to 4.9, 4.10 to
/// 4.17, 4.18 to 5.0 and since 5.1, so only the kernel's own names (since 4.6) say what is meant.
public struct GFPMask: Hashable, Sendable {
    /// The number as printed, `0xcc0`.
    public let hexadecimal: String
    /// `GFP_KERNEL`, `__GFP_ZERO`; empty for a mask of 0; nil where the log has only the number.
    public let flags: [String]?

    public init(hexadecimal: String, flags: [String]?) {
        self.hexadecimal = hexadecimal
        self.flags = flags
    }
}

extension GFPMask {
    /// The mask behind `gfp_mask=` in `text`; nil where there is none.
    init?(in text: [UInt8], from start: Int) {
        guard let key = text.first("gfp_mask=0", from: start) else { return nil }
        self.init(at: key + 9, in: text)
    }

    /// The mask whose digits begin at `number`, and the names in brackets behind them.
    init(at number: Int, in text: [UInt8]) {
        var end = text.has("0x", at: number) ? number + 2 : number
        while end < text.count, hexDigit(text[end]) != nil { end += 1 }
        hexadecimal = String(decoding: text[Swift.min(number, end)..<end], as: UTF8.self)
        flags = text.has("(", at: end) ? names(in: text[(end + 1)...]) : nil
    }
}

/// `GFP_HIGHUSER_MOVABLE|__GFP_COMP)…`; bits without a name come last, as a number.
private func names(in text: ArraySlice<UInt8>) -> [String] {
    text.prefix { $0 != UInt8(ascii: ")") }.split(separator: UInt8(ascii: "|")).map { String(decoding: $0, as: UTF8.self) }
}
