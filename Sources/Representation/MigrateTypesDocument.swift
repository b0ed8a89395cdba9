public import Kernel

/// `GET /fragmentation?by=migratetype`: whose lists the free blocks are on.
public struct MigrateTypesDocument: Sendable {
    let takenAt: Timestamp
    let pageSize: PageSize
    let info: PageTypeInfo

    public init(takenAt: Timestamp, pageSize: PageSize, info: PageTypeInfo) {
        self.takenAt = takenAt
        self.pageSize = pageSize
        self.info = info
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("collected_at", takenAt)
            json.write("page_size_bytes", pageSize.bytes)
            json.write("page_block_bytes", info.pageBlockOrder.pages, of: pageSize)
            json.objects("zones", info.zones) { json, zone in
                json.write("numa_node", zone.id.node)
                json.write("memory_zone", zone.id.name)
                json.objects("migrate_types", zone.types, write)
            }
        }
    }

    /// The same values for people: a row per zone and type, a column per order.
    public var table: String {
        let orders = info.zones.flatMap(\.types).map(\.blocks.count).max() ?? 0
        var table = TerminalTable(
            [("NODE", .right), ("ZONE", .left), ("TYPE", .left), ("PAGE BLOCKS", .right)]
                + (0..<orders).map { (Bytes(Order($0).pages, of: pageSize).human, .right) })
        for zone in info.zones {
            for type in zone.types {
                let blocks = type.blocks.map { ($0.isLowerBound ? ">" : "") + String($0.count) }
                let missing = Array(repeating: "", count: orders - blocks.count)
                table.add(
                    [String(zone.id.node), zone.id.name, type.name, type.pageBlocks.map(String.init) ?? "-"] + blocks + missing)
            }
        }
        return table.text
    }

    private func write(_ json: inout JSONWriter, _ type: MigrateType) {
        json.write("migrate_type", type.name)
        json.write("page_blocks", type.pageBlocks)
        json.objects("orders", type.blocks.enumerated()) { json, row in
            json.write("order", row.offset)
            json.write("free_blocks", row.element.count)
            json.write("is_lower_bound", row.element.isLowerBound)
        }
    }
}
