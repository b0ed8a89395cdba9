import Diagnosis
import Kernel

extension JSONWriter {
    /// What a report tells beside the members of the contract.
    mutating func writeAdditions(of report: OOMReport) {
        let size = report.pageSizeOrUsual
        write("refusal", report.refusal?.rawValue)
        object("chosen", of: report.chosen) { json, chosen in
            json.write("pid", chosen.processID)
            json.write(comm: chosen.comm)
            json.write("score", chosen.score)
        }
        let identity = report.victimCgroup.map(CgroupIdentity.init)
        write("victim_unit", identity?.unit ?? identity?.slice)
        write("victim_container", identity?.container?.id)
        write("victim_pod", identity?.podUID)
        write("whole_group", report.isWholeGroup)
        write("node_mask", report.nodeMask)
        write("time_since_boot_seconds", thousandths: report.time.map { $0.microseconds / 1000 })
        write("page_size_bytes", size.bytes)
        write("page_size_assumed", PageSize(of: report) == nil)
        object("task_table", of: report.tasks.rows.isEmpty && report.tasks.line == nil ? nil : report.tasks) { json, table in
            json.write("complete", table.isComplete)
            json.write("omitted_rows", table.omitted)
        }
        objects("nodes", report.nodes) { json, node in
            json.write("numa_node", node.node)
            json.write("all_unreclaimable", node.isAllUnreclaimable)
            json.write("counters_bytes", node.amounts)
        }
        write("counters_bytes", (report.counters?.counts ?? []).map { Amount(name: $0.name, bytes: Bytes($0.pages, of: size)) })
        object("totals") { json in json.write(report.totals, size) }
        objects("huge_pages", report.hugePages) { json, pool in
            json.write("numa_node", pool.node)
            json.write("total", pool.total)
            json.write("free", pool.free)
            json.write("surplus", pool.surplus)
            json.write("page_bytes", pool.size)
        }
        objects("slabs", report.slabs) { json, cache in
            json.write("name", cache.name)
            json.write("used_bytes", cache.used)
            json.write("total_bytes", cache.total)
        }
    }

    private mutating func write(_ totals: OOMReport.Totals, _ size: PageSize) {
        write("ram_bytes", totals.ram, of: size)
        write("high_memory_bytes", totals.highMemory, of: size)
        write("reserved_bytes", totals.reserved, of: size)
        write("cma_reserved_bytes", totals.cmaReserved, of: size)
        write("hardware_poisoned_bytes", totals.hardwarePoisoned, of: size)
        write("page_cache_bytes", totals.pageCache, of: size)
        write("swap_cache_bytes", totals.swapCache, of: size)
    }
}
