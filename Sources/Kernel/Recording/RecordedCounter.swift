/// The numbers beside free blocks that each sample of the flight recorder holds.
///
/// The raw values are written to disk: a new one is added at the end, none is ever given another meaning.
public enum RecordedCounter: Int, CaseIterable, Sendable {
    // /proc/meminfo. Kernel: fs/proc/meminfo.c, `meminfo_proc_show()`.
    case memTotal, memFree, memAvailable, buffers, cached, swapCached, anonPages, mapped, shmem, slab, slabUnreclaimable
    case kernelStack, pageTables, perCPU, dirty, writeback, unevictable, swapTotal, swapFree, committed
    // /proc/vmstat. Kernel: mm/vmstat.c, `vmstat_text[]`.
    case oomKills, allocationStalls, scannedByKswapd, scannedDirectly, reclaimedByKswapd, reclaimedDirectly
    case fileRefaults, anonRefaults, fileActivations, majorFaults, swappedIn, swappedOut
    case compactionStalls, compactionFailures, compactionSuccesses
    // /proc/pressure/memory and io. Kernel: kernel/sched/psi.c, `psi_show()`.
    case pressureSome, pressureFull, pressureSome10, pressureFull10, ioPressureFull

    /// What the number counts.
    public enum Unit: Sendable {
        case kibibytes
        /// Pages or occurrences, as the kernel counts them.
        case count
        case microseconds
        /// Hundredths of a per cent.
        case hundredths
    }

    public var unit: Unit {
        switch self {
        case _ where rawValue < Self.oomKills.rawValue: .kibibytes
        case _ where rawValue < Self.pressureSome.rawValue: .count
        case .pressureSome10, .pressureFull10: .hundredths
        default: .microseconds
        }
    }

    /// True for a number that only grows from the start of the machine on: its difference over time is what tells.
    public var isCumulative: Bool {
        switch unit {
        case .count, .microseconds: true
        case .kibibytes, .hundredths: false
        }
    }
}

extension RecordedCounter {
    /// The names of meminfo's lines.
    static let memInfo = CounterNames([
        ("MemTotal", .memTotal), ("MemFree", .memFree), ("MemAvailable", .memAvailable), ("Buffers", .buffers),
        ("Cached", .cached), ("SwapCached", .swapCached), ("AnonPages", .anonPages), ("Mapped", .mapped), ("Shmem", .shmem),
        ("Slab", .slab), ("SUnreclaim", .slabUnreclaimable), ("KernelStack", .kernelStack), ("PageTables", .pageTables),
        ("Percpu", .perCPU), ("Dirty", .dirty), ("Writeback", .writeback), ("Unevictable", .unevictable),
        ("SwapTotal", .swapTotal), ("SwapFree", .swapFree), ("Committed_AS", .committed),
    ])

    /// The names of vmstat's lines. What a kernel counts per zone (`allocstall_*` since 4.8, the scans up to 4.7) is summed;
    /// one `workingset_refault` for files alone was printed up to 5.8.
    static let vmStat = CounterNames(
        [
            ("oom_kill", .oomKills), ("allocstall", .allocationStalls), ("pgscan_kswapd", .scannedByKswapd),
            ("pgscan_direct", .scannedDirectly), ("pgsteal_kswapd", .reclaimedByKswapd), ("pgsteal_direct", .reclaimedDirectly),
            ("workingset_refault", .fileRefaults), ("workingset_refault_file", .fileRefaults),
            ("workingset_refault_anon", .anonRefaults), ("workingset_activate", .fileActivations),
            ("workingset_activate_file", .fileActivations), ("pgmajfault", .majorFaults), ("pswpin", .swappedIn),
            ("pswpout", .swappedOut), ("compact_stall", .compactionStalls), ("compact_fail", .compactionFailures),
            ("compact_success", .compactionSuccesses),
        ]
            + ["dma", "dma32", "normal", "high", "movable", "device"].flatMap { zone in
                [
                    ("allocstall_\(zone)", .allocationStalls), ("pgscan_kswapd_\(zone)", .scannedByKswapd),
                    ("pgscan_direct_\(zone)", .scannedDirectly), ("pgsteal_kswapd_\(zone)", .reclaimedByKswapd),
                    ("pgsteal_\(zone)", .reclaimedByKswapd), ("pgsteal_direct_\(zone)", .reclaimedDirectly),
                ]
            })
}

/// Finds a counter by its name's bytes, without a String being made: a sample looks up two hundred names each second.
struct CounterNames: Sendable {
    private let hashes: [UInt64]
    private let counters: [RecordedCounter]

    init(_ names: [(name: String, counter: RecordedCounter)]) {
        let sorted = names.map { (Self.hash(Array($0.name.utf8)[...]), $0.counter) }.sorted { $0.0 < $1.0 }
        hashes = sorted.map(\.0)
        counters = sorted.map(\.1)
    }

    func counter(named name: ArraySlice<UInt8>) -> RecordedCounter? {
        let hash = Self.hash(name)
        var (low, high) = (0, hashes.count)
        while low < high {
            let middle = (low &+ high) / 2
            if hashes[middle] < hash { low = middle &+ 1 } else { high = middle }
        }
        return low < hashes.count && hashes[low] == hash ? counters[low] : nil
    }

    /// FNV-1a of 64 bits.
    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
