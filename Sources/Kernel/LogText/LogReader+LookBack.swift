extension LogReader {
    /// What may stand before the first needle of a report whose head is missing: counters of Mem-Info, or the stack.
    static func mayBePartOfReport(_ line: ArraySlice<UInt8>) -> Bool { isCounters(line) || isStack(line) }

    /// `slab:2624 mapped:56916`: twice a number behind a letter and a colon.
    private static func isCounters(_ text: ArraySlice<UInt8>) -> Bool {
        var found = 0
        var previous: (UInt8, UInt8) = (0, 0)
        for byte in text {
            if byte &- UInt8(ascii: "0") < 10, previous.1 == UInt8(ascii: ":"), previous.0 &- UInt8(ascii: "a") < 26 {
                found += 1
            }
            previous = (previous.1, byte)
        }
        return found >= 2
    }

    /// `dump_header+0x8e/0x225`, the lines of `dump_stack_print_info()` before it, and the words of an old kernel's stack.
    private static func isStack(_ text: ArraySlice<UInt8>) -> Bool {
        let signs: [StaticString] = ["+0x", "Hardware name:", "Workqueue:", "Comm: ", "comm: ", "Call ", "Backtrace:", "TASK"]
        return signs.contains(where: text.holds) || text.count > 16 && text.suffix(16).allSatisfy { hexDigit($0) != nil }
    }
}
