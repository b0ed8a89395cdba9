import ArgumentParser
import Diagnosis
import Host
import Kernel
import Monitor
import Representation

/// `oomwarden cgroups`: which memory cgroup is near its limit.
struct CgroupsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cgroups", _superCommandName: "oomwarden",
        abstract: "Show memory cgroups, those nearest to a kill first.",
        discussion:
            "Versions 1 and 2. HEADROOM is to the nearest limit of the group and those around it; page cache counts as used.")

    @OptionGroup var reading: ReadingOptions

    @Option(
        name: .customLong("sort"), help: ArgumentHelp("headroom (the default), usage or path.", valueName: "key"),
        transform: Self.order)
    var order = CgroupOrder.headroom

    @Option(name: .customLong("limit"), help: "How many to show, from 1 to 10000.")
    var limit = 50

    func validate() throws {
        guard (1...10000).contains(limit) else { throw ValidationError("--limit \(limit): expected a number from 1 to 10000") }
    }

    func run() throws {
        let list = CgroupList(cgroups: MemoryCgroups(root: reading.root ?? ""))
        let page = try shown(Result { () throws(SourceError) in try list.readPage(by: order, limit: limit) })
        let document = CgroupsDocument(takenAt: .now, order: order, groups: page.groups, total: page.total)
        try reading.show(json: document.json, table: { document.table })
    }

    private static func order(_ text: String) throws -> CgroupOrder {
        guard let order = CgroupOrder(rawValue: text) else {
            let known = CgroupOrder.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("expected one of \(known), found \(text.debugDescription)")
        }
        return order
    }
}
