import Diagnosis
import Kernel

/// The biggest processes of the report, those that were killed marked; where it has no table, the killed alone.
struct ProcessPicture {
    private let report: OOMReport
    private let style: TextStyle
    private let size: PageSize

    init(of report: OOMReport, _ style: TextStyle) {
        self.report = report
        self.style = style
        size = report.pageSizeOrUsual
    }

    var lines: [String] {
        let isTable = !report.tasks.rows.isEmpty
        let killed = report.victims.isEmpty || (isTable && victimsAreListed) ? [] : victims
        return killed + (killed.isEmpty || !isTable ? [] : [""]) + (isTable ? biggest : [])
    }

    private var victimsAreListed: Bool {
        let rows = Set(report.tasks.rows.map(\.processID))
        return report.victims.allSatisfy { $0.processID.map(rows.contains) ?? false }
    }

    private var victims: [String] {
        var table = TerminalTable([
            ("  PID", .right), ("COMM", .left), ("ANON", .right), ("FILE", .right), ("SHMEM", .right), ("ADJ", .right),
        ])
        for victim in report.victims.prefix(style.isVerbose ? report.victims.count : 8) {
            let memory = victim.memory
            table.add([
                "  " + (victim.processID?.description ?? "-"), victim.comm?.text.printable ?? "-", human(memory.anonymous),
                human(memory.file), human(memory.shared), victim.scoreAdjustment.map(String.init) ?? "-",
            ])
        }
        let more = report.victims.count - 8
        return [style.heading("KILLED")] + table.rows(style) + (more > 0 && !style.isVerbose ? ["  and \(more) more"] : [])
    }

    private var biggest: [String] {
        let rows = report.tasks.rows.sorted { weight($0) > weight($1) }
        let shown = rows.prefix(style.isVerbose ? rows.count : 5)
        let killed = Set(report.victims.compactMap(\.processID))
        let weights = ReportedBadness(of: report).ranking
        let badness = Dictionary(weights.map { ($0.task.processID, $0.badness) }) { first, _ in first }
        var table = TerminalTable([
            ("  PID", .right), ("COMM", .left), ("RSS", .right), ("SWAP", .right), ("ADJ", .right), ("BADNESS", .right),
            ("", .left),
        ])
        let rest = rows.dropFirst(shown.count).filter { killed.contains($0.processID) }.prefix(3)
        for task in shown + rest {
            let isKilled = killed.contains(task.processID)
            table.add([
                "\(isKilled ? style.glyphs.killed : " ") \(task.processID)", task.comm.text.printable,
                human(task.resident), human(task.swapped), task.scoreAdjustment.map(String.init) ?? "-",
                badness[task.processID].map { Bytes($0.pages, of: size).human } ?? "-", isKilled ? "killed" : "",
            ])
        }
        return [style.heading("BIGGEST PROCESSES") + style.paint("  of \(rows.count)\(note)", .faint)] + table.rows(style)
    }

    private var note: String {
        let table = report.tasks
        return table.isComplete && table.omitted == 0 ? "" : ", the table is not whole"
    }

    private func weight(_ task: TaskTable.Task) -> Int { ((task.resident ?? .zero) + (task.swapped ?? .zero)).count }

    private func human(_ pages: Pages?) -> String { human(pages.map { Bytes($0, of: size) }) }

    private func human(_ bytes: Bytes?) -> String { bytes?.human ?? "-" }
}

extension TerminalTable {
    /// Its lines, the titles faint and the killed to be seen.
    func rows(_ style: TextStyle) -> [String] {
        text.split(separator: "\n").enumerated().map { index, line in
            if index == 0 { return style.paint(String(line), .faint) }
            return line.hasSuffix("  killed") ? style.paint(String(line), .bad) : String(line)
        }
    }
}
