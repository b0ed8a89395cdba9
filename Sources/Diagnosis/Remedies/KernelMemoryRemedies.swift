import Kernel

/// The kernel's own memory filled the machine.
struct KernelMemoryRemedies {
    let facts: ReportFacts
    let largest: String

    var all: [Remedy] { [slab, pageTables, sockets, cma, ProtectionRemedies(facts: facts).protectOne].compactMap { $0 } }

    private var slab: Remedy? {
        guard largest.hasPrefix("slab") || !facts.report.slabs.isEmpty else { return nil }
        let cache = facts.report.slabs.max { $0.total < $1.total }
        let why =
            cache.map { "cache \($0.name) alone has \($0.total.words); its name says which part of the kernel keeps it" }
            ?? "\((facts.use["slab_unreclaimable"] + facts.use["slab"]).words) are objects that the kernel cannot free; the largest cache says whose they are"
        let name = cache.map { "grep -w \(Command.quoted($0.name)) /proc/slabinfo; " } ?? ""
        return Remedy(
            title: cache.map { "find what fills cache \($0.name)" } ?? "find the largest slab cache", why: why,
            command: "\(name)slabtop -o -s c | head -20", risk: "none, it only reads")
    }

    private var pageTables: Remedy? {
        guard facts.use.share(facts.use["page_tables"]) >= 50 else { return nil }
        return Remedy(
            title: "fewer page tables: fewer processes, or huge pages for shared memory",
            why:
                "\(facts.use["page_tables"].words) are page tables: every process that maps a large shared area has its own for it",
            command: "grep VmPTE /proc/[0-9]*/status | sort -k2 -n -r | head", risk: "none, it only reads")
    }

    private var sockets: Remedy? {
        guard let unaccounted = facts.use.unaccounted, facts.use.share(unaccounted) >= 100 else { return nil }
        return Remedy(
            title: "find the memory that no counter shows",
            why:
                "\(unaccounted.words)\(facts.shareWords(unaccounted)) are in none of the counters: socket buffers (mem in sockstat, in pages), "
                + "drivers, vmalloc, a balloon of the hypervisor",
            command: "cat /proc/net/sockstat; grep -E 'Vmalloc|Percpu' /proc/meminfo; ss -m -a | head",
            risk:
                "none, it only reads. The process that holds unread sockets is not the biggest: killing by size does not free them"
        )
    }

    private var cma: Remedy? {
        let cma = facts.use["free_cma"]
        guard facts.use.share(cma) >= 50 else { return nil }
        let half = facts.report.totals.cmaReserved.map {
            "; cma=\(Bytes(Pages($0.count / 2), of: facts.pageSize).mebibytesUp)M on the kernel's command line halves it"
        }
        return Remedy(
            title: "a smaller CMA area",
            why: "\(cma.words) are free there, and only movable pages, those of processes, may use them\(half ?? "")",
            command: nil,
            risk: "devices that need large contiguous buffers (camera, video) may fail; needs a restart")
    }
}
