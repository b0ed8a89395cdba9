import Kernel

/// One zone is dry and another is not.
struct ZoneRemedies {
    let facts: ReportFacts
    let dry: JudgedZone
    let other: Plenty

    var all: [Remedy] { isHighMem ? highMem : isLowDevice ? device : movable }

    private var isHighMem: Bool { other.name.hasPrefix("HighMem") }
    private var isLowDevice: Bool { facts.zones.map { $0.reach.highestZone < .normal } ?? false }
    private var isHistoric: Bool { facts.era.predatesRewrite }

    private var highMem: [Remedy] {
        let protection = ProtectionRemedies(facts: facts)
        let first = [sixtyFourBit] + (isHistoric ? [hugemem] : [])
        return (first + [reserve, useLess, notMore, dropCaches, protection.switchOff, protection.protectOne, article]).compactMap
        { $0 }
    }

    private var sixtyFourBit: Remedy {
        Remedy(
            title: "run a 64-bit kernel",
            why:
                "it maps all memory itself: the \(other.words) of \(other.name) would have served this request; "
                + "32-bit programs run on it unchanged",
            command: nil, risk: "the kernel and its modules must be replaced; needs a 64-bit processor")
    }

    private var hugemem: Remedy {
        Remedy(
            title: "a hugemem kernel (historical)",
            why:
                "it gave the kernel nearly 4 GiB of low memory instead of \(size.words): Red Hat's kernel-hugemem of RHEL 3 and 4",
            command: nil, risk: "slower system calls; no distribution has it any more, a 64-bit kernel is what came of it")
    }

    private var size: Bytes { dry.zone.managed ?? dry.zone.present ?? .zero }

    /// Kernel: mm/page_alloc.c, `setup_per_zone_lowmem_reserve()`: managed pages of the higher zones / ratio.
    private var reserve: Remedy? {
        if dry.zone.protectionLine?.text.contains("protections") == true { return lowerZoneProtection }
        guard let plan = ReservePlan(facts: facts, dry: dry, above: other) else { return nil }
        return Remedy(
            title: "keep more of \(dry.zone.name) for the kernel (vm.lowmem_reserve_ratio)",
            why:
                "\(plan.then.words) are kept, \(plan.now.words) now\(predecessor). A smaller divisor keeps more from processes' requests. \(userPages)",
            command: Command.sysctl("lowmem_reserve_ratio", plan.ratios),
            risk: "processes have that much less; it takes effect on new requests only")
    }

    private var predecessor: String { isHistoric ? "; before 2.6.11: lower_zone_protection = 250" : "" }

    /// 2.5.52 to 2.6.11-rc2.
    private var lowerZoneProtection: Remedy {
        Remedy(
            title: "keep more of \(dry.zone.name) for the kernel (vm.lower_zone_protection)",
            why:
                "the predecessor of lowmem_reserve_ratio, before 2.6.11: 250 keeps about 250 MiB of low memory from requests that may use HighMem. \(userPages)",
            command: Command.sysctl("lower_zone_protection", 250), risk: "processes have that much less")
    }

    private var userPages: String {
        let names = ["active", "inactive", "active_anon", "inactive_anon", "active_file", "inactive_file"]
        guard names.contains(where: { dry.zone[$0] != nil }) else { return "" }
        let pages = names.reduce(Bytes.zero) { $0 + (dry.zone[$1] ?? .zero) }
        if pages.thousandths(of: size) >= 50 {
            return "\(pages.words) of the zone were pages of processes and files, which it would have kept out."
        }
        return
            "Here only \(pages.words) of the zone were pages of processes and files: the kernel itself had filled it, so this alone would not have saved it."
    }

    private var useLess: Remedy {
        Remedy(
            title: "find what the kernel keeps in low memory",
            why:
                "threads cost stacks, processes page tables, files and sockets objects; slabtop shows the objects, of cached names too",
            command: "grep -E 'LowFree|Slab|PageTables|KernelStack' /proc/meminfo; slabtop -o -s c | head -20",
            risk: "none, it only reads")
    }

    private var notMore: Remedy {
        Remedy(
            title: "more RAM or swap does not help",
            why:
                "more RAM only enlarges \(other.name), and swap takes no page that fills \(dry.zone.name): it takes processes' pages. "
                + "Each page of \(other.name) costs 32 bytes or more of low memory to keep account of",
            command: nil, risk: "more RAM makes it worse")
    }

    private var dropCaches: Remedy {
        let gaveUp =
            dry.zone.isAllUnreclaimable == true
            ? " Here the kernel had found nothing more to reclaim in \(dry.zone.name) (all_unreclaimable)." : ""
        return Remedy(
            title: "drop caches, as a diagnosis",
            why: "what comes back was reclaimable, and what does not is in use; it is no cure.\(gaveUp)",
            command: "sync; echo 3 > /proc/sys/vm/drop_caches", risk: "files and names must be read again; slow for a while")
    }

    /// What a well-known article on this cause says and what is not so.
    private var article: Remedy? {
        guard isHistoric, facts.order == Order(0) else { return nil }
        return Remedy(
            title: "what is often said about this and is not so",
            why:
                "it was not fragmentation: \(dry.zone.name) was below its min whatever the block size. "
                + "oom_adj has weighed linearly, not by powers of two, "
                + "since 2.6.36. A smaller lowmem_reserve_ratio protects more, not less. Switching the killer off frees nothing",
            command: nil, risk: "none")
    }

    private var device: [Remedy] {
        [
            Remedy(
                title: "find who asks for \(dry.zone.name) memory",
                why: "only devices that cannot address more need this zone; the call trace in the report names the driver",
                command: nil, risk: "none"),
            Remedy(
                title: "keep other requests out of it (vm.lowmem_reserve_ratio)",
                why: "a smaller divisor keeps more of the low zones for those that have no other",
                command: ReservePlan(facts: facts, dry: dry, above: other).map {
                    Command.sysctl("lowmem_reserve_ratio", $0.ratios)
                },
                risk: "other requests have that much less"),
        ]
    }

    private var movable: [Remedy] {
        let core = Bytes(size.count / 4) + kernelZones
        return [
            Remedy(
                title: "give the kernel more of the memory (kernelcore=, movablecore=)",
                why:
                    "zone \(other.name) takes only pages that can be moved, those of processes; \(other.words) lay there while the kernel's own zones, "
                    + "\(kernelZones.words), were full: kernelcore=\(core.mebibytesUp)M on the kernel's command line, instead of what is there now",
                command: nil,
                risk: "memory hot-unplug and huge pages work less well; needs a restart"),
            Remedy(
                title: "hot-plugged memory (virtio-mem, CXL): online less of it as movable",
                why:
                    "blocks that are online_movable go to \(other.name); auto_online_blocks=online_kernel puts new ones where the kernel may use them",
                command: "echo online_kernel > /sys/devices/system/memory/auto_online_blocks",
                risk: "blocks that the kernel uses cannot be unplugged again"),
            Remedy(
                title: "find what the kernel keeps", why: "sockets, page tables, slab: none of it may lie in \(other.name)",
                command:
                    "grep -E 'Slab|SUnreclaim|PageTables|KernelStack|Percpu|VmallocUsed' /proc/meminfo; cat /proc/net/sockstat",
                risk: "none, it only reads"),
            ProtectionRemedies(facts: facts).protectOne,
        ].compactMap { $0 }
    }

    private var kernelZones: Bytes {
        (facts.zones?.allowed ?? []).reduce(Bytes.zero) { $0 + ($1.zone.managed ?? $1.zone.present ?? .zero) }
    }
}

/// The divisors that keep twice as much of the dry zone for the kernel, at most half of it.
struct ReservePlan {
    let now: Bytes
    let then: Bytes
    let ratio: Int
    let ratios: [Int]

    init?(facts: ReportFacts, dry: JudgedZone, above other: Plenty) {
        guard let zones = facts.zones, let type = dry.zone.type, let index = zones.types.types.firstIndex(of: type),
            let column = RequestReach(kind: .user).column(in: zones.types), column > index,
            dry.zone.protection.indices.contains(column), let size = dry.zone.managed ?? dry.zone.present,
            let above = other.managed,
            above > .zero
        else { return nil }
        now = Bytes(dry.zone.protection[column], of: dry.pageSize)
        let wish =
            Bytes(Swift.min(Swift.max(now.count, size.count / 16), size.count / 4))
            + Bytes(Swift.min(Swift.max(now.count, size.count / 16), size.count / 4))
        guard wish > .zero, wish > now else { return nil }
        ratio = Swift.max(above.count / wish.count, 1)
        then = Bytes(above.count / ratio)
        // Since 4.16 HighMem and Movable have 0, from there nothing is kept.
        let hasOwnOfHighMem = facts.era.version.map { $0 >= KernelVersion(4, 16) } ?? !facts.report.nodes.isEmpty
        var ratios = zones.types.types.dropLast().map { type in
            if type < .normal { return 256 }
            return type > .normal && hasOwnOfHighMem ? 0 : 32
        }
        guard ratios.indices.contains(index) else { return nil }
        ratios[index] = ratio
        self.ratios = Array(ratios)
    }
}
