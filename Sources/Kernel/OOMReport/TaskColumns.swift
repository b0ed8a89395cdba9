/// What the numbers of a table's rows are, by the names in its header line.
///
/// Kernel: mm/oom_kill.c, `dump_tasks()`; the columns changed in 2.6.36, 3.5, 4.0, 4.15 and 6.8, and vendors have their own.
struct TaskColumns: Hashable, Sendable {
    /// Between the bracket and the name; that of a name which is not known is skipped.
    let columns: [Column?]

    enum Column: String, Hashable, Sendable {
        case userID = "uid", threadGroup = "tgid", totalMemory = "total_vm", resident = "rss"
        case anonymous = "rss_anon", file = "rss_file", shared = "rss_shmem"
        /// In bytes, though the title of the table says pages.
        case pageTableBytes = "pgtables_bytes"
        /// Tables of the lowest level, in pages; up to 4.14.
        case pageTables = "nr_ptes"
        case middleTables = "nr_pmds", upperTables = "nr_puds"
        case swapped = "swapents"
        case legacyAdjustment = "oom_adj", scoreAdjustment = "oom_score_adj"
    }
}

extension TaskColumns {
    /// Nil if `text` is no header, or is cut: the columns behind the cut would be taken for the name.
    ///
    ///     [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
    init?(_ header: [UInt8]) {
        var cursor = LineCursor(lineOf: header)
        guard cursor.skip(byte: UInt8(ascii: "[")) else { return nil }
        cursor.skipBlanks()
        guard cursor.skip("pid") else { return nil }
        cursor.skipBlanks()
        guard cursor.skip(byte: UInt8(ascii: "]")) else { return nil }
        var columns: [Column?] = []
        while columns.count < 32 {
            let word = cursor.word()
            if word.isEmpty { return nil }
            let name = cursor.text(word)
            if name == "name" { break }
            columns.append(Column(rawValue: name))
        }
        guard columns.contains(.totalMemory), columns.contains(.resident) else { return nil }
        self.init(columns: columns)
    }

    /// Where the header is lost. What cannot be told from the number of columns is skipped; nil for a number that no kernel has.
    ///
    ///     [  12399]     0 12399  1311306  1311056 10534912        0             0 a.out
    static func guessed(from row: [UInt8], release: KernelVersion? = nil) -> TaskColumns? {
        guard var cursor = LineCursor(rowOf: row) else { return nil }
        var numbers: [Int] = []
        while numbers.count < 12, let number = cursor.signedNumber() { numbers.append(number) }
        // A name of digits is no column.
        if cursor.isAtEnd { numbers = numbers.dropLast() }
        let start: [Column?] = [.userID, .threadGroup, .totalMemory, .resident]
        switch numbers.count {
        case 6: return TaskColumns(columns: start + [nil, .legacyAdjustment])
        case 7: return TaskColumns(columns: start + middle(of: numbers, release) + [.scoreAdjustment])
        case 8: return TaskColumns(columns: start + [.pageTables, .middleTables, .swapped, .scoreAdjustment])
        case 10:
            return TaskColumns(
                columns: start + [.anonymous, .file, .shared, .pageTableBytes, .swapped, .scoreAdjustment])
        default: return nil
        }
    }

    /// Seven numbers are `cpu oom_adj` (2.6.36 to 3.4), `nr_ptes swapents` (to 3.19) or `pgtables_bytes swapents` (since 4.15).
    private static func middle(of numbers: [Int], _ release: KernelVersion?) -> [Column?] {
        let page = PageSize.fourKiB.bytes
        if let release {
            if release >= KernelVersion(4, 15) { return [.pageTableBytes, .swapped] }
            return release >= KernelVersion(3, 5) ? [.pageTables, .swapped] : [nil, .legacyAdjustment]
        }
        // No process has so many pages of tables, and no machine so many CPUs.
        if numbers[4] >= page, numbers[4] % page == 0 { return [.pageTableBytes, .swapped] }
        return [nil, nil]
    }
}

extension LineCursor {
    /// Behind the bracket of `[  12399]     0 12399 …`. A stamp of dmesg has a dot in its brackets.
    fileprivate init?(rowOf row: [UInt8]) {
        self.init(lineOf: row)
        guard skip(byte: UInt8(ascii: "[")), number() != nil else { return nil }
        skipBlanks()
        guard skip(byte: UInt8(ascii: "]")) else { return nil }
    }
}

extension TaskColumns {
    /// Nil if `text` is no row of such columns with a name behind them.
    ///
    ///     [   1011]     0  1011   220005     8589   823296        0             0 node
    func task(in text: [UInt8], line: Int) -> TaskTable.Task? {
        guard var cursor = LineCursor(rowOf: text), let processID = text.numberInBrackets else { return nil }
        var row = TaskRow()
        for column in columns {
            guard let column else {
                guard !cursor.word().isEmpty else { return nil }
                continue
            }
            guard let value = cursor.signedNumber() else { return nil }
            row.set(column, value)
        }
        // One blank stands between the last number and the name, which may begin with one itself, or be empty.
        guard cursor.skip(byte: UInt8(ascii: " ")) else { return nil }
        return row.task(processID, CommandName(text[cursor.at...]), line)
    }
}

extension [UInt8] {
    /// `[    124]`
    fileprivate var numberInBrackets: ProcessID? {
        firstIndex { $0 &- UInt8(ascii: "0") < 10 }.flatMap(processID)
    }
}

/// The numbers of a row, before it is known that it is one.
private struct TaskRow {
    private var task = TaskTable.Task(processID: ProcessID(0), comm: "", line: 0)
    private var isOutOfRange = false

    mutating func set(_ column: TaskColumns.Column, _ value: Int) {
        switch column {
        case .userID: task.userID = value
        case .threadGroup: task.threadGroup = Int32(exactly: value).map(ProcessID.init)
        case .totalMemory: task.totalMemory = Pages(value)
        case .resident: task.resident = Pages(value)
        case .anonymous: task.anonymous = Pages(value)
        case .file: task.file = Pages(value)
        case .shared: task.shared = Pages(value)
        case .pageTableBytes: task.pageTables = Bytes(value)
        case .pageTables, .middleTables, .upperTables: task.pageTablePages = (task.pageTablePages ?? .zero) + Pages(value)
        case .swapped: task.swapped = Pages(value)
        case .legacyAdjustment: adjust(OOMScoreAdjustment(oomAdj: value))
        case .scoreAdjustment: adjust(OOMScoreAdjustment(value))
        }
    }

    /// The score's own column comes behind the legacy one, and wins.
    private mutating func adjust(_ adjustment: OOMScoreAdjustment?) {
        isOutOfRange = adjustment == nil
        task.scoreAdjustment = adjustment?.rawValue
    }

    /// Nil where the adjustment is none: then a number is missing, and the columns are not what they seem.
    func task(_ processID: ProcessID, _ comm: CommandName, _ line: Int) -> TaskTable.Task? {
        guard !isOutOfRange else { return nil }
        var task = task
        task.processID = processID
        task.comm = comm
        task.line = line
        return task
    }
}
