import ArgumentParser
import Host
import Kernel
import Representation

/// `oomwarden fragmentation`: the free blocks of every zone, now.
struct FragmentationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fragmentation", _superCommandName: "oomwarden",
        abstract: "Show free blocks by order with the kernel's fragmentation indexes.")

    enum Grouping: String, CaseIterable, ExpressibleByArgument { case order, migratetype }

    @OptionGroup var reading: ReadingOptions

    @Option(name: .customLong("by"), help: "order, or migratetype (reads /proc/pagetypeinfo; needs CAP_DAC_READ_SEARCH).")
    var grouping = Grouping.order

    func run() throws {
        let procFS = ProcFS(root: reading.root ?? "")
        let snapshot = procFS.readSnapshot()
        switch grouping {
        case .order:
            let document = FragmentationDocument(
                takenAt: snapshot.takenAt, pageSize: snapshot.pageSize, zones: try shown(snapshot.buddyInfo).zones,
                compaction: snapshot.vmStat.value?.compaction)
            try reading.show(json: document.json, table: { document.table })
        case .migratetype:
            let document = MigrateTypesDocument(
                takenAt: snapshot.takenAt, pageSize: snapshot.pageSize, info: try shown(procFS.readPageTypeInfo()))
            try reading.show(json: document.json, table: { document.table })
        }
    }
}
