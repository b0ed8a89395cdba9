import ArgumentParser
import Diagnosis
import Host
import Kernel
import Monitor
import Representation

/// `oomwarden processes`: who would be killed first.
struct ProcessesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "processes", _superCommandName: "oomwarden",
        abstract: "Show processes in the order in which the OOM killer would choose them.")

    @OptionGroup var reading: ReadingOptions

    @Option(
        name: .customLong("sort"), help: ArgumentHelp("badness (the default), rss, oom_score_adj or pid.", valueName: "key"),
        transform: Self.order)
    var order = ProcessOrder.badness

    @Option(name: .customLong("limit"), help: "How many to show, from 1 to 10000.")
    var limit = 50

    func validate() throws {
        guard (1...10000).contains(limit) else { throw ValidationError("--limit \(limit): expected a number from 1 to 10000") }
    }

    func run() throws {
        let root = reading.root ?? ""
        let snapshot = ProcFS(root: root).readSnapshot()
        let page: ProcessPage
        do {
            page = try ProcessList(table: ProcessTable(root: root)).readPage(
                by: order, limit: limit, formula: formula(snapshot, root))
        } catch {
            throw Failure("\(error)")
        }
        let document = ProcessesDocument(takenAt: snapshot.takenAt, page: page, order: order, pageSize: snapshot.pageSize)
        try reading.show(json: document.json, table: { document.table })
    }

    /// nil where the machine does not tell what the formula needs; badness is then unknown, and so shown.
    private func formula(_ snapshot: Snapshot, _ root: String) -> BadnessFormula? {
        let kernel: RunningKernel
        do { kernel = try RunningKernel.read(root: root) } catch {
            StandardStream.error.write(Array("oomwarden: \(error); badness is unknown without it\n".utf8))
            return nil
        }
        return BadnessFormula(of: snapshot, kernel: kernel.version)
    }

    private static func order(_ text: String) throws -> ProcessOrder {
        guard let order = ProcessOrder(rawValue: text) else {
            let known = ProcessOrder.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("expected one of \(known), found \(text.debugDescription)")
        }
        return order
    }
}
