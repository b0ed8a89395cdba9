import Kernel

/// Every zone that the request could use is dry while another, that it could not use, is not: "out of memory although
/// gigabytes are free". HighMem on 32-bit; Movable on 64-bit; all above DMA for a device's request.
///
/// Kernel: mm/page_alloc.c, `get_page_from_freelist()`, walks the zones of `gfp_zone()` only.
enum ZoneExhausted {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        guard let zones = facts.zones, zones.isDry || (facts.report.kind == .allocationFailure && zones.isBelowMin),
            let dry = zones.decisive, let other = Plenty(outside: zones, facts)
        else { return nil }
        let isProven = other.isCounted && zones.isBelowMin && (!other.isDerived || (facts.era.hidesZones && !zones.isInferred))
        var verdict = Verdict(
            .zoneExhausted, isProven && facts.report.kind != .allocationFailure ? .certain : .likely,
            because: because(facts, dry, other))
        verdict.deniedBy = facts.watermarkDenial()
        let rest = UnaccountedZone(dry, facts)
        verdict.addition = rest?.filling
        verdict.evidence =
            facts.zoneEvidence(limit: 4) + other.evidence + inference(facts, other) + kernelUse(facts)
            + [rest?.evidence].compactMap { $0 }
        verdict.remedies = ZoneRemedies(facts: facts, dry: dry, other: other).all
        return verdict
    }

    private static func because(_ facts: ReportFacts, _ dry: JudgedZone, _ other: Plenty) -> String {
        let rest = UnaccountedZone(dry, facts).map { " (\($0.words))" } ?? ""
        return "\(facts.zonePhrase(dry)): the memory that this kind of request must come from was used up\(rest), while "
            + "\(other.words) in zone \(other.name) were of no use to it"
    }

    /// The log does not show the request: but one that may use the other zone would have been served there.
    private static func inference(_ facts: ReportFacts, _ other: Plenty) -> [LogEvidence] {
        guard facts.zones?.isInferred == true, let line = other.line else { return [] }
        let claim = "a request that may use \(other.name) would have been served there, so this one could not use it"
        return [LogEvidence(claim: claim, line: line.number, quote: line.cut(to: ["free:", "min:", "high:"]))]
    }

    /// What the dry zone is full of, as far as counters tell.
    private static func kernelUse(_ facts: ReportFacts) -> [LogEvidence] {
        let kinds = [
            (["slab_unreclaimable", "slab"], "of the kernel's objects"), (["pagetables"], "of page tables"),
            (["kernel_stack"], "of kernel stacks"),
        ]
        return kinds.compactMap { names, what in
            let key = names[0] == "pagetables" ? "page_tables" : names[0] == "kernel_stack" ? "kernel_stacks" : names[0]
            let bytes = max(facts.use[key], facts.use[names.last ?? key])
            guard facts.use.share(bytes) >= 50 else { return nil }
            return facts.counterEvidence(names, "\(bytes.words) \(what)")
        }
    }
}

/// A zone outside the request's reach that has memory to give.
struct Plenty {
    let name: String
    /// Free there, or to be had there by reclaim.
    let obtainable: Bytes
    let free: Bytes
    let managed: Bytes?
    let line: QuotedLine?
    let isDerived: Bool
    /// False for an estimate.
    let isCounted: Bool
    let evidence: [LogEvidence]

    /// The one with the most; nil where none has a twentieth of its size or more above its high watermark.
    init?(outside zones: ZoneJudgement, _ facts: ReportFacts) {
        let printed = zones.forbidden.compactMap { Plenty(printed: $0, facts) }
        let hidden = zones.hidden.flatMap { Plenty(hidden: $0, facts) }
        guard let most = (printed + [hidden].compactMap { $0 }).max(by: { $0.obtainable < $1.obtainable }) else { return nil }
        self = most
    }

    var words: String { free >= obtainable - free ? "\(free.words) free" : "\(obtainable.words) free or easily freed" }

    private init?(printed judged: JudgedZone, _ facts: ReportFacts) {
        let zone = judged.zone
        guard let free = zone.free, let managed = zone.managed ?? zone.present, managed > .zero else { return nil }
        let mark = zone.high ?? zone.min ?? .zero
        obtainable = max(free - mark, .zero) + Self.reclaimable(zone, facts)
        guard obtainable.thousandths(of: managed) >= 50 else { return nil }
        name = facts.label(zone)
        self.free = free
        self.managed = managed
        line = zone.zoneLine
        isDerived = false
        isCounted = true
        let claim = "\(name) had \(free.words) free, of no use to this request"
        evidence = [LogEvidence(claim, zone.zoneLine, keys: ["free:", "min:", "high:"])].compactMap { $0 }
    }

    private init?(hidden: HiddenZone, _ facts: ReportFacts) {
        guard hidden.free.thousandths(of: hidden.managed) >= 50 else { return nil }
        name = hidden.name
        obtainable = hidden.free
        free = hidden.free
        managed = hidden.managed
        line = nil
        isDerived = true
        isCounted = hidden.isCounted
        evidence = Self.derivation(hidden, facts)
    }

    /// File pages; processes' own where swap has room.
    private static func reclaimable(_ zone: ReportedZone, _ facts: ReportFacts) -> Bytes {
        let hasSwap = facts.report.swap.map { $0.total > .zero && !facts.swapIsFull } ?? false
        let file = (zone["active_file"] ?? .zero) + (zone["inactive_file"] ?? .zero)
        let anonymous = (zone["active_anon"] ?? .zero) + (zone["inactive_anon"] ?? .zero)
        let either = (zone["active"] ?? .zero) + (zone["inactive"] ?? .zero)
        guard hasSwap, let room = facts.report.swap?.free else { return file }
        return file + min(anonymous + either, room)
    }

    private static func derivation(_ hidden: HiddenZone, _ facts: ReportFacts) -> [LogEvidence] {
        let printed = facts.report.printed(\.free)
        let size = LogEvidence(
            "the zones printed are \(hidden.managed.words) smaller than the machine's memory: zone \(hidden.name), which a kernel since "
                + "6.1 does not print for this request (derived)", facts.report.quotes.totalRAM)
        guard hidden.isCounted else {
            let claim =
                "at most the rest of zone \(hidden.name), \(hidden.free.words), was free: no more is on its lists (derived)"
            return [
                size,
                LogEvidence(
                    claim, facts.report.nodes.first?.line,
                    keys: ["active_anon:", "inactive_anon:", "active_file:", "inactive_file:"]),
            ]
            .compactMap { $0 }
        }
        let pages = facts.report.counters?["free"]?.count ?? 0
        let claim =
            "\(pages) pages were free in all, in the zones printed \(Pages(printed, of: facts.pageSize).count): the other "
            + "\(Pages(hidden.free, of: facts.pageSize).count) (\(hidden.free.words)) lie in zone \(hidden.name) (derived)"
        return [facts.counterEvidence(["free"], claim), size].compactMap { $0 }
    }
}
