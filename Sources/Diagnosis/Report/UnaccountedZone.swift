import Kernel

/// What of a dry zone no counter accounts for, where the log has counters of zones only: neither free nor on a list of
/// pages that processes or files have. It is the kernel's own: its objects, page tables, stacks, buffers of drivers.
///
/// Kernel: mm/page_alloc.c, `show_free_areas()`; up to 2.6.27 slab and page tables are counters of the machine.
struct UnaccountedZone {
    let bytes: Bytes
    let words: String
    let filling: Filling
    let evidence: LogEvidence?

    /// Nil where the machine's counters tell, where the lists are missing, and where it is less than half of the zone.
    init?(_ dry: JudgedZone, _ facts: ReportFacts) {
        let zone = dry.zone
        let lists = ["active", "inactive", "active_anon", "inactive_anon", "active_file", "inactive_file", "unevictable"]
        let known = lists.compactMap { zone[$0] }
        guard facts.use.unaccounted == nil, facts.report.counters == nil, zone["slab_unreclaimable"] == nil, !known.isEmpty,
            let free = zone.free, let size = zone.managed ?? zone.present
        else { return nil }
        let listed = known.reduce(Bytes.zero, +)
        bytes = size - free - listed
        let share = bytes.thousandths(of: size)
        guard share >= 500 else { return nil }
        words = "\(bytes.words), \(percent(share)) of the zone, are in no counter"
        filling = Filling(what: "unaccounted", bytes: bytes, thousandths: bytes.thousandths(of: facts.use.sum))
        evidence = LogEvidence(
            "of the \(size.exactWords) of \(facts.label(zone)) \(free.exactWords) were free and \(listed.exactWords) pages of processes and "
                + "files: no counter accounts for the other \(bytes.exactWords), which are the kernel's own", zone.zoneLine,
            keys: ["free:", "active:", "inactive:", "present:", "managed:"])
    }
}
