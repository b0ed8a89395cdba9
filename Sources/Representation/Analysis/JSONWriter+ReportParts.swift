import Diagnosis
import Kernel

extension JSONWriter {
    mutating func write(_ key: StaticString, _ process: ProcessID?) { write(key, (process?.rawValue).map(Int.init)) }

    mutating func write(_ request: OOMReport.Request) {
        write("gfp_mask", request.mask?.hexadecimal)
        write("gfp_flags", request.mask?.flags)
        write("order", request.order)
        write("request", request.kind?.rawValue)
    }

    /// A zone of the log, or one that its totals tell of.
    mutating func write(_ zone: ShownZone) {
        let (reported, verdict) = (zone.reported, zone.verdict)
        write("numa_node", zone.node)
        write("memory_zone", zone.name)
        write("free_bytes", reported?.free ?? verdict?.free)
        object("watermarks") { json in
            json.write("min_bytes", reported?.min ?? verdict?.min)
            json.write("low_bytes", reported?.low)
            json.write("high_bytes", reported?.high ?? verdict?.high)
            json.write("boost_bytes", reported?.boost)
        }
        write("managed_bytes", reported?.managed ?? verdict?.managed)
        write("protection_pages", reported?.printedProtection.map { $0.map(\.count) })
        write("free_blocks", reported?.printedBlocks)
        write("all_unreclaimable", reported?.isAllUnreclaimable)
        write("derived", verdict?.isDerived ?? false)
        write("present_bytes", reported?.present)
        write("free_cma_bytes", reported?.freeCMA)
        write("reserved_highatomic_bytes", reported?.reservedHighatomic)
        write("free_block_types", reported?.blockTypes)
        write("allowed", verdict?.isAllowed)
        write("usable_bytes", verdict?.usable)
        write("protection_bytes", verdict?.protection)
        write("can_serve", verdict?.canServe)
        write("counters_bytes", reported?.amounts ?? [])
    }

    mutating func write(_ usage: MemcgUsage) {
        writeMembers(of: usage.memory)
        object("memory_and_swap", of: usage.memoryAndSwap) { json, counter in json.writeMembers(of: counter) }
        object("swap", of: usage.swap) { json, counter in json.writeMembers(of: counter) }
        object("kernel", of: usage.kernel) { json, counter in json.writeMembers(of: counter) }
        write("statistics_of", usage.statisticsOf?.text)
        write("statistics_bytes", usage.statistics)
    }

    private mutating func writeMembers(of counter: MemcgUsage.Counter?) {
        write("usage_bytes", counter?.usage)
        write("limit_bytes", counter?.limit)
        write("failcnt", counter?.failures)
    }

    mutating func write(_ task: TaskTable.Task, _ size: PageSize) {
        write("pid", task.processID)
        write("tgid", task.threadGroup)
        write("uid", task.userID)
        write("total_vm_bytes", task.totalMemory, of: size)
        write("rss_bytes", task.resident, of: size)
        write("anon_rss_bytes", task.anonymous, of: size)
        write("file_rss_bytes", task.file, of: size)
        write("shmem_rss_bytes", task.shared, of: size)
        write("pgtables_bytes", task.pageTables ?? task.pageTablePages.map { Bytes($0, of: size) })
        write("swap_bytes", task.swapped, of: size)
        write("oom_score_adj", task.scoreAdjustment)
        write(comm: task.comm)
    }

    /// Amounts under the kernel's own names. A name that comes twice has its first value: JSON's keys are unique.
    mutating func write(_ key: StaticString, _ amounts: [Amount]) {
        object(key) { json in
            var seen: Set<String> = []
            for amount in amounts where seen.insert(amount.name).inserted { json.write(name: amount.name, amount.bytes.count) }
        }
    }

    mutating func write(_ key: StaticString, _ values: [Int]?) {
        guard let values else { return write(key, nil as Int?) }
        array(key, values) { json, value in json.writeValue(value) }
    }
}
