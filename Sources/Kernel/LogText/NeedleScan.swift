/// Finds the few places of a log where a report may begin, sixteen bytes at a time, and counts the lines on the way.
///
/// Needles, in either case: `oom`, `of mem`, `kill`, `order`, `warn_alloc`, and a number of `kB`. One of them stands in the
/// first line of a report of any kernel, and in each line of one whose head is missing; `show mem` tells a Mem-Info that is
/// none; and `"MESSAGE":[` a message that the journal wrote as numbers, in which none of them shows. A needle that is none costs little.
struct NeedleScan {
    private typealias Lanes = SIMD16<UInt8>

    let bytes: UnsafeRawBufferPointer

    /// The first needle in `start..<end`, nil without one, and the newlines before it.
    func next(in range: Range<Int>) -> (needle: Int?, newlines: Int) {
        var newlines = 0
        var at = range.lowerBound
        // A needle is recognised by three bytes, so the last lanes look two bytes ahead.
        let lastLanes = range.upperBound &- 18
        while at < lastLanes {
            guard let lanes = lanesWithHit(from: &at, before: lastLanes, &newlines) else { break }
            for index in lanes where isNeedle(at: index, in: range) {
                return (index, newlines &+ count(lanes.lowerBound..<index))
            }
            newlines &+= count(lanes)
            at = lanes.upperBound
        }
        while at < range.upperBound {
            if isNeedle(at: at, in: range) { return (at, newlines) }
            if bytes[at] == UInt8(ascii: "\n") { newlines &+= 1 }
            at &+= 1
        }
        return (nil, newlines)
    }

    func count(_ range: Range<Int>) -> Int {
        var newlines = 0
        for index in range where bytes[index] == UInt8(ascii: "\n") { newlines &+= 1 }
        return newlines
    }

    /// Steps over lanes without a needle's beginning; `at` is then behind them, and their newlines are counted.
    private func lanesWithHit(from at: inout Int, before end: Int, _ newlines: inout Int) -> Range<Int>? {
        let none = Lanes(repeating: 0)
        let one = Lanes(repeating: 1)
        while at < end {
            var counts = none
            // A lane counts to 255.
            let stop = Swift.min(end, at &+ 255 &* 16)
            while at < stop {
                let lanes = load(at)
                if mayBegin(lanes, load(at &+ 1), load(at &+ 2)) {
                    newlines &+= sum(counts)
                    return at..<(at &+ 16)
                }
                counts = counts &+ none.replacing(with: one, where: equal(lanes, "\n"))
                at &+= 16
            }
            newlines &+= sum(counts)
        }
        return nil
    }

    @inline(__always)
    private func load(_ at: Int) -> Lanes { bytes.loadUnaligned(fromByteOffset: at, as: Lanes.self) }

    private func sum(_ counts: Lanes) -> Int { Int(SIMD16<UInt16>(truncatingIfNeeded: counts).wrappedSum()) }

    /// The bit 0x20 folds the letters' case, leaves a blank as it is, and makes 0x7f of `_`, `{` of `[`.
    @inline(__always)
    private func mayBegin(_ raw: Lanes, _ rawSecond: Lanes, _ rawThird: Lanes) -> Bool {
        let first = raw | 0x20
        let second = rawSecond | 0x20
        let third = rawThird | 0x20
        let m = equal(third, "m")
        var hits = equal(first, "o") .& equal(second, "o") .& m
        hits = hits .| ((equal(first, "f") .| equal(first, "w")) .& equal(second, " ") .& m)
        hits = hits .| (equal(first, "i") .& equal(second, "l") .& equal(third, "l"))
        hits = hits .| (equal(first, "k") .& equal(second, "b"))
        let r = equal(first, "r")
        hits = hits .| (r .& equal(second, "d") .& equal(third, "e"))
        hits = hits .| (r .& equal(second, "n") .& equal(third, "\u{7f}"))
        hits = hits .| (equal(first, "\"") .& equal(second, ":") .& equal(third, "{"))
        let halves = unsafeBitCast(hits, to: SIMD2<UInt64>.self)
        return halves.x | halves.y != 0
    }

    /// Written with a vector of the byte, not the byte: only so is it one instruction.
    @inline(__always)
    private func equal(_ lanes: Lanes, _ letter: Unicode.Scalar) -> SIMDMask<SIMD16<Int8>> {
        lanes .== Lanes(repeating: UInt8(ascii: letter))
    }
}

extension NeedleScan {
    /// Sure enough that the line is worth to be read: `room` is no `oom`, `still` no `kill`, `12 kB/s` no counter.
    private func isNeedle(at index: Int, in range: Range<Int>) -> Bool {
        switch bytes[index] | 0x20 {
        case UInt8(ascii: "o"): has("oom", at: index, range) && !isInsideWord(index, range)
        case UInt8(ascii: "f"): has("f mem", at: index, range)
        case UInt8(ascii: "w"): has("show mem", at: index &- 3, range)
        case UInt8(ascii: "i"): isKill(index, range)
        case UInt8(ascii: "k"): isCounter(index, range)
        case UInt8(ascii: "\""): byte(index &+ 2, range) == UInt8(ascii: "[") && has("message", at: index &- 7, range)
        case UInt8(ascii: "r"): isOrder(index, range) || has("rn\u{7f}alloc", at: index, range)
        default: false
        }
    }

    private func has(_ folded: StaticString, at index: Int, _ range: Range<Int>) -> Bool {
        let length = folded.utf8CodeUnitCount
        guard index >= range.lowerBound, range.upperBound &- index >= length else { return false }
        for offset in 0..<length where bytes[index &+ offset] | 0x20 != folded.utf8Start[offset] { return false }
        return true
    }

    private func byte(_ index: Int, _ range: Range<Int>) -> UInt8? { range.contains(index) ? bytes[index] : nil }

    /// `earlyoom` is a word that ends with it.
    private func isInsideWord(_ index: Int, _ range: Range<Int>) -> Bool {
        guard let before = byte(index &- 1, range) else { return false }
        let folded = before | 0x20
        return folded != UInt8(ascii: "y") && folded &- UInt8(ascii: "a") < 26
    }

    private func isKill(_ index: Int, _ range: Range<Int>) -> Bool {
        guard byte(index &- 1, range).map({ $0 | 0x20 }) == UInt8(ascii: "k") else { return false }
        return has("ill process", at: index, range) || has("illed process", at: index, range)
            || has("illing process", at: index, range) || has("ill init", at: index, range)
    }

    private func isOrder(_ index: Int, _ range: Range<Int>) -> Bool {
        guard byte(index &- 1, range).map({ $0 | 0x20 }) == UInt8(ascii: "o"), has("rder", at: index, range) else { return false }
        switch byte(index &+ 4, range) {
        case UInt8(ascii: ":"), UInt8(ascii: "="): return true
        case UInt8(ascii: " "): return has("rder alloc", at: index, range)
        default: return false
        }
    }

    /// `free:3548kB`, `1*4kB`, `= 16kB`, `usage 8192kB`.
    private func isCounter(_ index: Int, _ range: Range<Int>) -> Bool {
        guard byte(index &+ 1, range) == UInt8(ascii: "B") else { return false }
        var before = index &- 1
        while let digit = byte(before, range), digit &- UInt8(ascii: "0") < 10 { before &-= 1 }
        guard before < index &- 1 else { return false }
        while byte(before, range) == UInt8(ascii: " ") { before &-= 1 }
        switch byte(before, range) {
        case UInt8(ascii: ":"), UInt8(ascii: "*"), UInt8(ascii: "="), nil: return true
        case UInt8(ascii: "e"): return has("usage ", at: before &- 4, range)
        default: return false
        }
    }
}
