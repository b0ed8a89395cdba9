import Diagnosis
import Kernel

extension ProcessesDocument {
    /// The same values for people.
    public var table: String {
        var table = TerminalTable([
            ("PID", .right), ("COMM", .left), ("SCORE", .right), ("ADJ", .right), ("BADNESS", .right), ("RSS", .right),
            ("SWAP", .right), ("PAGE TABLES", .right), ("CGROUP", .left),
        ])
        for process in page.processes {
            let memory = process.reading.status.memory
            table.add([
                process.reading.status.process.description, process.reading.status.commandName.text.printable,
                process.details.score.map(String.init) ?? "-", process.reading.adjustment.description,
                process.badness.map { Bytes($0.pages, of: pageSize).human } ?? "never", memory?.resident.human ?? "-",
                memory?.swapped?.human ?? "-", memory?.pageTables?.human ?? "-",
                process.details.memoryCgroup?.text.printable ?? "-",
            ])
        }
        if page.total == 0 { return "no process could be read\n" }
        let rest = page.total - page.processes.count
        return table.text + (rest > 0 ? "and \(rest) more\n" : "")
    }
}
