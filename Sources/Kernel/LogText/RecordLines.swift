/// The lines of a record of several lines.
///
/// A process name may hold a newline, and the lines that show one are not torn there: a record is split only where each
/// part after a newline reads as a part of its own. Kernel: mm/show_mem.c, `show_free_areas()`, and mm/memcontrol.c,
/// `memory_stat_format()`, print such records.
enum RecordLines {
    static func split(_ text: [UInt8]) -> [[UInt8]] {
        guard text.contains(UInt8(ascii: "\n")) else { return [text] }
        var parts = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        while parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        return parts.dropFirst().allSatisfy(isPart) ? parts : [text]
    }

    /// `active_file:1283 inactive_file:2866`, `file_mapped 18034688`, `lowmem_reserve[]: 0 867`.
    private static func isPart(_ part: [UInt8]) -> Bool {
        let text = part.drop { $0 == UInt8(ascii: " ") }
        if text.isEmpty || isStatistic(text) { return true }
        return ReportShape(Array(text))?.beginsWithName == false
    }

    /// `name value` of a memory cgroup, and nothing else.
    static func isStatistic(_ text: ArraySlice<UInt8>) -> Bool {
        let name = text.prefix { $0 &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: "_") || $0 &- UInt8(ascii: "0") < 10 }
        guard name.count > 1, name.first.map({ $0 &- UInt8(ascii: "a") < 26 }) == true else { return false }
        let value = text[name.endIndex...]
        guard value.first == UInt8(ascii: " "), value.count > 1 else { return false }
        return value.dropFirst().allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }
}

extension KernelLogRecord {
    /// The record as lines of the log: one for each line that it holds, all with the record's number.
    public var logLines: [LogLine] {
        RecordLines.split(text).map { text in
            var line = LogLine(
                number: Int(clamping: sequence), transport: .kmsg, isFromKernel: isFromKernel, isContinuation: isContinuation,
                time: time, text: text)
            line.caller = caller
            return line
        }
    }
}

extension RecordLines {
    static func all(_ text: [UInt8]) -> [[UInt8]] { text.split(separator: UInt8(ascii: "\n")).map(Array.init) }
}
