/// The lines of a record of several lines.
///
/// A process name may hold a newline, and the lines that show one are not torn there: a record is split only where each
/// part after a newline reads as a part of its own, or one of them is what no name of fifteen bytes can look like: rsyslog
/// and shippers of logs make one record of a whole report. Kernel: mm/show_mem.c, `show_free_areas()`, and mm/memcontrol.c,
/// `memory_stat_format()`, print such records.
enum RecordLines {
    static func split(_ text: [UInt8]) -> [[UInt8]] {
        guard text.contains(UInt8(ascii: "\n")) else { return [text] }
        var parts = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        while parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        let others = parts.dropFirst()
        return others.allSatisfy(isPart) || others.contains(where: isUnforgeable) ? parts : [text]
    }

    /// `active_file:1283 inactive_file:2866`, `file_mapped 18034688`, `lowmem_reserve[]: 0 867`.
    private static func isPart(_ part: [UInt8]) -> Bool {
        let text = part.drop { $0 == UInt8(ascii: " ") }
        if text.isEmpty || isStatistic(text) { return true }
        return ReportShape(Array(text))?.beginsWithName == false
    }

    /// The beginning of a line that is longer than a process name.
    private static func isUnforgeable(_ part: [UInt8]) -> Bool {
        let text = part.drop { $0 == UInt8(ascii: " ") }
        switch ReportShape(Array(text)) {
        case .choice: return text.begins(with: "oom-kill:constraint=")
        case .processor: return text.holds("PID: ") && text.holds(" Comm: ")
        case .heading: return text.holds(" total_vm ")
        case .row:
            let words = text.drop { $0 != UInt8(ascii: "]") }.dropFirst().split(separator: UInt8(ascii: " ")).prefix(6)
            return words.count == 6 && words.allSatisfy(\.isNumbers)
        case .counters: return text.begins(with: "Memory cgroup stats for /")
        case .sentence:
            let openings: [StaticString] = [
                "Out of memory: Kill", "Out of Memory: Kill", "Memory cgroup out of memory: Kill", "oom_reaper: reaped process ",
            ]
            if openings.contains(where: text.begins) { return true }
            guard text.begins(with: "Killed process ") else { return false }
            return text.dropFirst(15).first.map { $0 &- UInt8(ascii: "0") < 10 } == true
        default: return text.begins(with: "Tasks state (memory ")
        }
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
