import Kernel

extension RecordedCounter {
    /// The name in JSON, with its unit.
    var key: StaticString {
        switch self {
        case .memTotal: "total_bytes"
        case .memFree: "free_bytes"
        case .memAvailable: "available_bytes"
        case .buffers: "buffers_bytes"
        case .cached: "cached_bytes"
        case .swapCached: "swap_cached_bytes"
        case .anonPages: "anon_bytes"
        case .mapped: "mapped_bytes"
        case .shmem: "shmem_bytes"
        case .slab: "slab_bytes"
        case .slabUnreclaimable: "slab_unreclaimable_bytes"
        case .kernelStack: "kernel_stack_bytes"
        case .pageTables: "page_tables_bytes"
        case .perCPU: "per_cpu_bytes"
        case .dirty: "dirty_bytes"
        case .writeback: "writeback_bytes"
        case .unevictable: "unevictable_bytes"
        case .swapTotal: "swap_total_bytes"
        case .swapFree: "swap_free_bytes"
        case .committed: "committed_bytes"
        default: countedKey
        }
    }

    private var countedKey: StaticString {
        switch self {
        case .oomKills: "oom_kill_total"
        case .allocationStalls: "allocation_stalls_total"
        case .scannedByKswapd: "pages_scanned_kswapd_total"
        case .scannedDirectly: "pages_scanned_direct_total"
        case .reclaimedByKswapd: "pages_reclaimed_kswapd_total"
        case .reclaimedDirectly: "pages_reclaimed_direct_total"
        case .fileRefaults: "refaults_file_total"
        case .anonRefaults: "refaults_anon_total"
        case .fileActivations: "refaults_activated_total"
        case .majorFaults: "major_faults_total"
        case .swappedIn: "pages_swapped_in_total"
        case .swappedOut: "pages_swapped_out_total"
        case .compactionStalls: "compaction_stalls_total"
        case .compactionFailures: "compaction_failures_total"
        case .compactionSuccesses: "compaction_successes_total"
        case .pressureSome: "pressure_some_microseconds_total"
        case .pressureFull: "pressure_full_microseconds_total"
        case .pressureSome10: "pressure_some_avg10_percent"
        case .pressureFull10: "pressure_full_avg10_percent"
        default: "io_pressure_full_microseconds_total"
        }
    }
}
