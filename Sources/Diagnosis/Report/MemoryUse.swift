import Kernel

/// What the memory of the whole machine was full of when a request failed, from Mem-Info.
///
/// The counters do not add up to the whole: what drivers, sockets and vmalloc take from the page allocator is in none of
/// them. Kernel: mm/show_mem.c, `show_free_areas()`.
struct MemoryUse: Hashable {
    /// What the allocator owns; nil where neither zones nor totals tell.
    let whole: Bytes?
    /// By name; what the log does not say is not there.
    let parts: [String: Bytes]
    /// Both lists of each kind.
    let isWholeLists: Bool
    /// Of the whole, what is in none of the parts; nil where too many of them are missing.
    let unaccounted: Bytes?

    init(of report: OOMReport, pageSize: PageSize) {
        var parts = MemoryParts(report, pageSize)
        parts.readAll()
        self.parts = parts.bytes
        let lists = ["active_anon", "inactive_anon", "active_file", "inactive_file", "shmem"]
        isWholeLists = lists.allSatisfy { report.counters?[$0] != nil }
        whole = Self.whole(of: report, pageSize)
        let known = parts.bytes.values.reduce(Bytes.zero, +)
        unaccounted = parts.isFull ? whole.map { max($0 - known, .zero) } : nil
    }

    subscript(_ name: String) -> Bytes { parts[name] ?? .zero }

    /// Largest first; what is less than a thousandth is left out.
    var fillings: [Filling] {
        let whole = self.whole ?? parts.values.reduce(Bytes.zero, +)
        var all = parts
        if let unaccounted { all["unaccounted"] = unaccounted }
        return Filling.list(all, of: whole)
    }

    func fillings(with addition: Filling?) -> [Filling] {
        guard let addition, parts[addition.what] == nil, unaccounted == nil else { return fillings }
        return (fillings + [addition]).sorted { ($1.bytes, $0.what) < ($0.bytes, $1.what) }
    }

    /// `pages RAM` less `pages reserved`; where that contradicts the zones (3.11 to 3.16 print the last zone's reserve for
    /// the sum), the zones.
    private static func whole(of report: OOMReport, _ pageSize: PageSize) -> Bytes? {
        let zones = report.printed { $0.managed ?? $0.present }
        guard let ram = report.totals.ram, ram > .zero else { return zones > .zero ? zones : nil }
        let owned = Bytes(ram - min(report.totals.reserved ?? .zero, ram), of: pageSize)
        let hidesNothing = report.counters?["free"].map {
            Bytes($0, of: pageSize) <= report.printed(\.free) + Bytes(zones.count / 50)
        }
        return hidesNothing == true && zones > .zero && zones < owned ? zones : owned
    }
}

extension MemoryUse {
    /// What only processes' own memory is: it ends with them.
    var processes: Bytes { self["anonymous"] + self["unevictable"] + (parts["active_and_inactive"] ?? .zero) }

    /// Every list of Mem-Info is there, so that their sums can be compared.
    var hasAllLists: Bool { ["anonymous", "page_cache", "unevictable", "free"].allSatisfy { parts[$0] != nil } && isWholeLists }

    /// What the kernel holds for itself, in counters or in none.
    var kernel: Bytes {
        ["slab", "slab_unreclaimable", "slab_reclaimable", "page_tables", "kernel_stacks"].reduce(unaccounted ?? .zero) {
            $0 + self[$1]
        }
    }

    var sum: Bytes { whole ?? parts.values.reduce(Bytes.zero, +) }

    func share(_ bytes: Bytes) -> Int { bytes.thousandths(of: sum) }
}

extension Filling {
    /// Largest first, in a fixed order where two are equal.
    static func list(_ parts: [String: Bytes], of whole: Bytes) -> [Filling] {
        parts.filter { $0.value > .zero }.map { name, bytes in
            Filling(what: name, bytes: bytes, thousandths: bytes.thousandths(of: whole))
        }.filter { $0.thousandths > 0 }.sorted { ($1.bytes, $0.what) < ($0.bytes, $1.what) }
    }
}

/// Reads Mem-Info's counters of every era into parts that do not overlap.
private struct MemoryParts {
    var bytes: [String: Bytes] = [:]
    /// The lists of pages and the free ones are there: what is missing is in no counter.
    var isFull: Bool { hasLists && bytes["free"] != nil && hasSlab }

    private let report: OOMReport
    private let pageSize: PageSize
    private var hasLists = false
    private var hasSlab = false

    init(_ report: OOMReport, _ pageSize: PageSize) {
        self.report = report
        self.pageSize = pageSize
    }

    mutating func readAll() {
        readLists()
        readKernel()
        readHugePages()
        readFree()
    }

    /// The counter, or the sum over the nodes, or over the zones.
    private func amount(_ name: String) -> Bytes? {
        if let pages = report.counters?[name] { return Bytes(pages, of: pageSize) }
        if let sum = Self.sum(report.nodes.map { $0[name] }) { return sum }
        return Self.sum(report.zones.map { $0[name] })
    }

    private static func sum(_ amounts: [Bytes?]) -> Bytes? {
        let known = amounts.compactMap { $0 }
        return known.isEmpty ? nil : known.reduce(.zero, +)
    }

    private func sum(_ names: String...) -> Bytes? { Self.sum(names.map(amount)) }

    /// shmem lies on the anonymous lists, and mlocked pages of all kinds on `unevictable`. Up to 2.6.27 one pair of lists
    /// holds processes' and file pages together.
    private mutating func readLists() {
        if let anonymous = sum("active_anon", "inactive_anon", "isolated_anon") {
            let shmem = amount("shmem") ?? .zero
            hasLists = true
            bytes["anonymous"] = max(anonymous - shmem, .zero)
            bytes["shmem"] = amount("shmem")
            bytes["page_cache"] = sum("active_file", "inactive_file", "isolated_file")
            // What of shmem is not on the anonymous lists is locked.
            bytes["unevictable"] = amount("unevictable").map { max($0 - max(shmem - anonymous, .zero), .zero) }
        } else if let both = sum("active", "inactive") {
            hasLists = true
            bytes["active_and_inactive"] = both
        }
    }

    private mutating func readKernel() {
        for name in ["slab", "slab_unreclaimable", "slab_reclaimable"] {
            guard let slab = amount(name) else { continue }
            bytes[name] = slab
            hasSlab = true
        }
        bytes["page_tables"] = sum("pagetables", "sec_pagetables")
        bytes["kernel_stacks"] = sum("kernel_stack", "shadow_call_stack")
        bytes["bounce"] = amount("bounce")
    }

    private mutating func readHugePages() {
        guard !report.hugePages.isEmpty else { return }
        bytes["huge_pages"] = report.hugePages.reduce(Bytes.zero) { $0 + $1.bytes }
    }

    private mutating func readFree() {
        guard let free = report.counters?["free"].map({ Bytes($0, of: pageSize) }) ?? Self.sum(report.zones.map(\.free)) else {
            return
        }
        let cma = min(report.counters?["free_cma"].map { Bytes($0, of: pageSize) } ?? report.printed(\.freeCMA), free)
        bytes["free"] = free - cma
        bytes["free_cma"] = cma
        bytes["free_in_cpu_lists"] = amount("free_pcp")
    }
}

extension HugePagePool {
    /// Reserved whether used or not.
    var bytes: Bytes { size.times(total) }
    var freeBytes: Bytes { size.times(free) }
}

extension Bytes {
    func times(_ factor: Int) -> Bytes {
        let (product, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? Bytes(Int.max) : Bytes(product)
    }
}
