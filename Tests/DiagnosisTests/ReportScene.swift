import Kernel

/// Reports put together by hand, with the lines that statements are quoted from.
enum ReportScene {
    static func report(_ kind: OOMReport.Kind = .kill, release: String? = nil) -> OOMReport {
        var report = OOMReport(kind: kind, at: LogLine(number: 1, transport: .bare, text: Array("x".utf8)))
        report.release = release
        return report
    }

    static func line(_ number: Int, _ text: String) -> QuotedLine { QuotedLine(number: number, bytes: text.utf8) }

    /// A zone of kB amounts, with a line that holds them.
    static func zone(
        _ name: String, node: Int? = nil, free: Int, min: Int, high: Int, size: Int, reserve: [Int] = [], blocks: [Int] = [],
        types: [String]? = nil, line number: Int = 10
    ) -> ReportedZone {
        var zone = ReportedZone(node: node, name: name)
        zone.free = Bytes(kibibytes: free)
        zone.min = Bytes(kibibytes: min)
        zone.high = Bytes(kibibytes: high)
        zone.present = Bytes(kibibytes: size)
        zone.protection = reserve.map { Pages($0) }
        zone.freeBlocks = blocks
        zone.blockTypes = types
        zone.pageSize = .fourKiB
        zone.zoneLine = line(
            number, "\(name) free:\(free)kB min:\(min)kB high:\(high)kB present:\(size)kB all_unreclaimable? yes")
        zone.protectionLine = line(number + 1, "lowmem_reserve[]: \(reserve.map(String.init).joined(separator: " "))")
        zone.blocksLine = line(number + 2, "\(name): blocks")
        return zone
    }

    static func counters(_ pages: [String: Int]) -> MemoryCounters {
        MemoryCounters(counts: pages.map { MemoryCounters.Count(name: $0.key, pages: Pages($0.value)) })
    }

    static func request(_ kind: AllocationRequest, order: Int = 0, mask: String? = nil, flags: [String]? = nil)
        -> OOMReport.Request
    {
        OOMReport.Request(mask: mask.map { GFPMask(hexadecimal: $0, flags: flags) }, order: order, kind: kind)
    }

    static func victim(_ pid: Int, _ name: String, anonymous: Int = 0) -> Victim {
        Victim(
            processID: ProcessID(Int32(pid)), comm: CommandName(name.utf8),
            memory: Victim.Memory(anonymous: Bytes(kibibytes: anonymous)))
    }

    static func task(_ pid: Int, _ name: String, resident: Int, adjustment: Int = 0, swapped: Int = 0) -> TaskTable.Task {
        var task = TaskTable.Task(processID: ProcessID(Int32(pid)), comm: CommandName(name.utf8), line: pid)
        task.threadGroup = task.processID
        task.userID = 1000
        task.resident = Pages(resident)
        task.swapped = Pages(swapped)
        task.pageTables = .zero
        task.scoreAdjustment = adjustment
        return task
    }

    static func table(_ rows: [TaskTable.Task]) -> TaskTable {
        var table = TaskTable()
        table.rows = rows
        table.isComplete = true
        table.line = line(30, "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name")
        return table
    }

    /// A 64-bit machine of 400 MiB that a page of a process could not be had from: both zones at their min.
    static func dryMachine(anonymous: Int, shmem: Int = 0, slab: Int = 2000, swap: (total: Int, free: Int)? = (0, 0)) -> OOMReport
    {
        var report = report(release: "6.1.0-56-amd64")
        report.request = request(.user, mask: "0x140dca", flags: ["GFP_HIGHUSER_MOVABLE", "__GFP_COMP", "__GFP_ZERO"])
        report.zones = [
            zone("DMA", node: 0, free: 1360, min: 104, high: 152, size: 15_360, reserve: [0, 316, 316, 316, 316], line: 10),
            zone("DMA32", node: 0, free: 2168, min: 2180, high: 3268, size: 394_240, reserve: [0, 0, 0, 0, 0], line: 14),
        ]
        report.counters = counters([
            "active_anon": 0, "inactive_anon": anonymous + shmem, "isolated_anon": 0, "active_file": 0, "inactive_file": 0,
            "isolated_file": 0, "unevictable": 0, "shmem": shmem, "slab_reclaimable": 500, "slab_unreclaimable": slab,
            "pagetables": 100, "free": 882,
        ])
        report.quotes.counters = [line(8, "active_anon:0 inactive_anon:\(anonymous + shmem)"), line(9, " free:882 free_pcp:0")]
        report.totals.ram = Pages(104_400)
        report.totals.reserved = Pages(2000)
        report.swap = swap.map { OOMReport.Swap(total: Bytes(kibibytes: $0.total), free: Bytes(kibibytes: $0.free)) }
        report.quotes.swapFree = line(20, "Free swap  = \(swap?.free ?? 0)kB")
        report.quotes.swapTotal = line(21, "Total swap = \(swap?.total ?? 0)kB")
        report.victims = [victim(111, "big", anonymous: 219_844)]
        return report
    }
}
