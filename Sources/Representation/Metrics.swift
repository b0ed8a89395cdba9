/// Every metric name of the project, with its kind and its help line. Labels are bounded: no pid, name or cgroup.
enum Metrics {
    static let zoneFree = MetricFamily(
        name: "oomwarden_zone_free_bytes", kind: .gauge, help: "Free memory of the zone, free CMA and highatomic blocks included."
    )
    static let zoneManaged = MetricFamily(
        name: "oomwarden_zone_managed_bytes", kind: .gauge, help: "Memory of the zone that the buddy allocator owns.")
    static let zoneWatermark = MetricFamily(
        name: "oomwarden_zone_watermark_bytes", kind: .gauge, help: "Watermarks of the zone; any boost is inside them.")
    static let zoneBoost = MetricFamily(
        name: "oomwarden_zone_watermark_boost_bytes", kind: .gauge,
        help: "Temporary raise of the watermarks against fragmentation.")
    static let zoneProtection = MetricFamily(
        name: "oomwarden_zone_protection_bytes", kind: .gauge,
        help: "Memory that requests which may use the zone named by 'against' must leave free here (lowmem_reserve).")
    static let zonePerCPU = MetricFamily(
        name: "oomwarden_zone_per_cpu_bytes", kind: .gauge, help: "Free memory in the lists of the CPUs; not part of free.")
    static let zoneHeadroom = MetricFamily(
        name: "oomwarden_zone_headroom_bytes", kind: .gauge,
        help: "Free memory above min and protection for this kind of request; more than 0 can be served now.")
    static let requestMargin = MetricFamily(
        name: "oomwarden_request_margin_bytes", kind: .gauge,
        help:
            "Headroom of the request's best zone with everything reclaimable returned; 0 or less ends in an OOM kill or a failure."
    )
    static let lowZoneDry = MetricFamily(
        name: "oomwarden_low_zone_dry", kind: .gauge,
        help: "1 if a zone for the kernel's own memory is nearly dry while a higher one has plenty.")
    static let freeBlocks = MetricFamily(
        name: "oomwarden_buddy_free_blocks", kind: .gauge, help: "Free blocks by order.")
    static let unusable = MetricFamily(
        name: "oomwarden_unusable_free_ratio", kind: .gauge,
        help: "Share of the free memory in blocks too small for the order (debugfs unusable_index).")
    static let fragmentation = MetricFamily(
        name: "oomwarden_fragmentation_index", kind: .gauge,
        help: "Why the order would fail: towards 0 lack of memory, towards 1 fragmentation; absent where it would succeed.")
    static let largestOrder = MetricFamily(
        name: "oomwarden_largest_free_order", kind: .gauge, help: "Order of the largest free block; -1 if nothing is free.")
    static let lowTotal = MetricFamily(name: "oomwarden_low_memory_total_bytes", kind: .gauge, help: "Low memory (LowTotal).")
    static let lowFree = MetricFamily(name: "oomwarden_low_memory_free_bytes", kind: .gauge, help: "Free low memory (LowFree).")
    static let highTotal = MetricFamily(name: "oomwarden_high_memory_total_bytes", kind: .gauge, help: "High memory (HighTotal).")
    static let highFree = MetricFamily(
        name: "oomwarden_high_memory_free_bytes", kind: .gauge, help: "Free high memory (HighFree).")
    static let pressureSome = MetricFamily(
        name: "oomwarden_pressure_some_seconds_total", kind: .counter, help: "Time in which at least one task waited for memory.")
    static let pressureFull = MetricFamily(
        name: "oomwarden_pressure_full_seconds_total", kind: .counter, help: "Time in which all tasks waited for memory.")
    static let allocationStalls = MetricFamily(
        name: "oomwarden_allocation_stalls_total", kind: .counter, help: "Requests that had to reclaim memory themselves.")
    static let compactionStalls = MetricFamily(
        name: "oomwarden_compaction_stalls_total", kind: .counter, help: "Requests that had to compact memory themselves.")
    static let compactionFailures = MetricFamily(
        name: "oomwarden_compaction_failures_total", kind: .counter, help: "Compactions that gave no block.")
    static let compactionSuccesses = MetricFamily(
        name: "oomwarden_compaction_successes_total", kind: .counter, help: "Compactions that gave a block.")
    static let compactionDaemonWakes = MetricFamily(
        name: "oomwarden_compaction_daemon_wakes_total", kind: .counter, help: "Wake-ups of kcompactd.")
    static let kernelKills = MetricFamily(
        name: "oomwarden_kernel_oom_kills_total", kind: .counter,
        help: "Processes that the OOM killer ended, as the kernel counts them.")
    static let kills = MetricFamily(
        name: "oomwarden_oom_kills_total", kind: .counter, help: "Processes that the OOM killer ended, as seen in the kernel log."
    )
    static let events = MetricFamily(
        name: "oomwarden_oom_events_total", kind: .counter,
        help: "OOM kill events seen in the kernel log; one may have several victims.")
    static let killsByCause = MetricFamily(
        name: "oomwarden_oom_kills_by_cause_total", kind: .counter,
        help: "Processes that the OOM killer ended, by the cause that the report was judged to have.")
    static let lastKill = MetricFamily(
        name: "oomwarden_last_oom_kill_timestamp_seconds", kind: .gauge,
        help: "When the OOM killer last ended a process, seconds since 1970.")
    static let storeSize = MetricFamily(
        name: "oomwarden_store_size_bytes", kind: .gauge, help: "Size of the history's file, without its write-ahead log.")
    static let storeWriteErrors = MetricFamily(
        name: "oomwarden_store_errors_total", kind: .counter,
        help: "How often the history could not be written or read.")
    static let storeBacklog = MetricFamily(
        name: "oomwarden_store_backlog_events", kind: .gauge, help: "Events that are shown and not yet written.")
    static let storeDropped = MetricFamily(
        name: "oomwarden_store_dropped_events_total", kind: .counter,
        help: "Events that were given up because more waited to be written than memory has room for.")
    static let unexplainedKills = MetricFamily(
        name: "oomwarden_unexplained_kills", kind: .gauge,
        help:
            "Kills that the kernel counted since its log was first read to the end and that the log did not tell, settled for 5 s; kills while records were lost are left out."
    )
    static let victimBadness = MetricFamily(
        name: "oomwarden_victim_badness_ratio", kind: .gauge,
        help:
            "Badness of the processes that would be killed first, as a share of all memory; absent where nobody has looked lately."
    )
    static let noVictimLeft = MetricFamily(
        name: "oomwarden_no_victim_left", kind: .gauge,
        help: "1 if no process may be killed: the kernel would panic.")
    static let leases = MetricFamily(name: "oomwarden_leases", kind: .gauge, help: "Leases in force.")
    static let protectedProcesses = MetricFamily(
        name: "oomwarden_protected_processes", kind: .gauge,
        help: "Processes that have an adjustment of ours: by a lease, by a policy, or inherited.")
    static let restoresPending = MetricFamily(
        name: "oomwarden_restores_pending", kind: .gauge,
        help: "Processes that have not got back what they had, as the kernel refused; it is tried again.")
    static let childrenReset = MetricFamily(
        name: "oomwarden_lease_children_reset_total", kind: .counter,
        help: "Children of protected processes that got back the adjustment of before.")
    static let leaseFailures = MetricFamily(
        name: "oomwarden_lease_failures_total", kind: .counter,
        help: "How often protected processes could not be looked after: all processes, or the store, could not be read.")
    static let auditErrors = MetricFamily(
        name: "oomwarden_audit_write_errors_total", kind: .counter,
        help: "How often an entry of the audit could not be written; a protect is not made then.")
    static let auditLost = MetricFamily(
        name: "oomwarden_audit_entries_lost_total", kind: .counter,
        help: "Entries of the audit that were given up because more waited to be written than memory has room for.")
    static let policies = MetricFamily(
        name: "oomwarden_policies", kind: .gauge, help: "Policies in force, by where they are changed.")
    static let policyContested = MetricFamily(
        name: "oomwarden_policy_contested_total", kind: .counter,
        help: "Processes that somebody else has given another value again, after a policy's had been put back once.")
    static let processEventsLost = MetricFamily(
        name: "oomwarden_process_events_lost_total", kind: .counter,
        help: "How often the kernel said that events of processes are missing; all processes are then looked at again.")
    static let recordsLost = MetricFamily(
        name: "oomwarden_kernel_log_records_lost_total", kind: .counter,
        help: "Records of the kernel log that were overwritten before they could be read.")
    static let stalls = MetricFamily(
        name: "oomwarden_stalls_total", kind: .counter,
        help: "Stalls for want of memory that have begun: of the machine, or of a control group; since the start.")
    static let streamClients = MetricFamily(
        name: "oomwarden_stream_clients", kind: .gauge, help: "Clients that listen to the stream of events.")
    static let streamBacklog = MetricFamily(
        name: "oomwarden_stream_backlog_bytes", kind: .gauge,
        help: "What clients of the stream have not taken yet, of all together.")
    static let streamClientsCut = MetricFamily(
        name: "oomwarden_stream_clients_cut_total", kind: .counter,
        help: "Clients of the stream that were cut off because they did not read.")
    static let sourceUp = MetricFamily(
        name: "oomwarden_source_up", kind: .gauge, help: "1 if the source was read and understood.")
    static let sourceSeconds = MetricFamily(
        name: "oomwarden_source_read_seconds", kind: .gauge, help: "Time that the last reading of the source took.")
    static let buildInfo = MetricFamily(name: "oomwarden_build_info", kind: .gauge, help: "Version of this program; always 1.")

    static let processCPU = MetricFamily(
        name: "process_cpu_seconds_total", kind: .counter, help: "CPU time of this program, user and system.")
    static let processFDs = MetricFamily(name: "process_open_fds", kind: .gauge, help: "Open file descriptors of this program.")
    static let processMaxFDs = MetricFamily(name: "process_max_fds", kind: .gauge, help: "Limit of open file descriptors.")
    static let processVirtual = MetricFamily(
        name: "process_virtual_memory_bytes", kind: .gauge, help: "Virtual memory of this program.")
    static let processResident = MetricFamily(
        name: "process_resident_memory_bytes", kind: .gauge, help: "Resident memory of this program.")
    static let processStart = MetricFamily(
        name: "process_start_time_seconds", kind: .gauge, help: "Start of this program in seconds since 1970.")
}
