import Diagnosis
public import Kernel

/// `GET /fragmentation`: the free blocks of every populated zone with the kernel's own two indexes.
public struct FragmentationDocument: Sendable {
    let takenAt: Timestamp
    let pageSize: PageSize
    let zones: [FreeAreas]
    /// nil where vmstat could not be read.
    let compaction: CompactionCounters?

    public init(takenAt: Timestamp, pageSize: PageSize, zones: [FreeAreas], compaction: CompactionCounters?) {
        self.takenAt = takenAt
        self.pageSize = pageSize
        self.zones = zones
        self.compaction = compaction
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("collected_at", takenAt)
            json.write("page_size_bytes", pageSize.bytes)
            json.objects("zones", zones, write)
            json.object("compaction", of: compaction) { json, compaction in
                json.write("stalls_total", compaction.stalls)
                json.write("failures_total", compaction.failures)
                json.write("successes_total", compaction.successes)
                json.write("daemon_wakes_total", compaction.daemonWakes)
                json.write("migrate_scanned_pages_total", compaction.migrateScanned)
                json.write("free_scanned_pages_total", compaction.freeScanned)
                json.write("isolated_pages_total", compaction.isolated)
            }
        }
    }

    private func write(_ json: inout JSONWriter, _ areas: FreeAreas) {
        json.write("numa_node", areas.id.node)
        json.write("memory_zone", areas.id.name)
        json.write("free_bytes", areas.free, of: pageSize)
        json.write("largest_free_order", areas.largestFreeOrder?.rawValue)
        json.objects("orders", FragmentationIndex.all(of: areas)) { json, index in
            json.write("order", index.order.rawValue)
            json.write("block_bytes", index.order.pages, of: pageSize)
            json.write("free_blocks", areas.blocks[index.order.rawValue])
            json.write("free_bytes", areas.pages(of: index.order), of: pageSize)
            json.write("unusable_index", thousandths: index.unusable)
            json.write("fragmentation_index", thousandths: index.index)
        }
    }
}
