import Diagnosis
import Kernel

extension FragmentationDocument {
    /// The same values for people: three rows per zone, a column per order.
    public var table: String {
        let orders = zones.map(\.blocks.count).max() ?? 0
        var table = TerminalTable(
            [("NODE", .right), ("ZONE", .left), ("FREE", .right), ("", .left)]
                + (0..<orders).map { (Bytes(Order($0).pages, of: pageSize).human, .right) })
        for areas in zones {
            let indexes = FragmentationIndex.all(of: areas)
            let head = [String(areas.id.node), areas.id.name, Bytes(areas.free, of: pageSize).human]
            table.add(head + ["free blocks"] + areas.blocks.map(String.init))
            table.add(["", "", "", "unusable"] + indexes.map { Self.decimal($0.unusable) })
            table.add(["", "", "", "fragmentation"] + indexes.map { $0.index.map(Self.decimal) ?? "-" })
        }
        return table.text
            + "\nunusable: share of the free memory in blocks too small for the order. fragmentation: why the order\n"
            + "would fail, towards 0 lack of memory, towards 1 fragmentation; - where it would succeed.\n"
    }

    private static func decimal(_ thousandths: Int) -> String {
        var buffer = TextBuffer()
        buffer.append(thousandths: thousandths)
        return buffer.text
    }
}
