import Kernel

// The zones' numbers as evidence, in the log's own words.

extension ReportFacts {
    /// What each zone of the request answered, the decisive one first; the reserve as a claim of its own where it decides.
    func zoneEvidence(limit: Int = 6) -> [LogEvidence] {
        guard let zones else { return [] }
        let first = zones.decisive
        let ordered = [first].compactMap { $0 } + zones.allowed.filter { $0 != first }
        return ordered.prefix(limit).flatMap { evidence(of: $0) }
    }

    func evidence(of judged: JudgedZone) -> [LogEvidence] {
        let keys = [
            "free:", "boost:", "min:", "high:", "reserved_highatomic:", "free_highatomic:", "free_cma:", "all_unreclaimable?",
        ]
        let shown = keys.filter { key in isTelling(key, judged) }
        let zone = LogEvidence(claim(of: judged), judged.zone.zoneLine, keys: shown)
        let reserve = (judged.protection ?? .zero) > .zero ? reserveEvidence(of: judged) : nil
        return [zone, reserve].compactMap { $0 }
    }

    private func isTelling(_ key: String, _ judged: JudgedZone) -> Bool {
        switch key {
        case "high:": judged.min != .belowWatermark
        case "boost:": (judged.zone.boost ?? .zero) > .zero
        case "free_cma:":
            judged.usable != judged.zone.free.map { Pages($0, of: pageSize) } && (judged.zone.freeCMA ?? .zero) > .zero
        case "reserved_highatomic:": (judged.zone.reservedHighatomic ?? .zero) > .zero
        case "free_highatomic:": (judged.zone.freeHighatomic ?? .zero) > .zero
        default: true
        }
    }

    private func claim(of judged: JudgedZone) -> String {
        let free = judged.zone.free ?? .zero
        let usable = judged.usable.map { Bytes($0, of: pageSize) } ?? free
        let name = label(judged.zone)
        let isClose = free.words == (judged.zone.min ?? .zero).words
        let foreign = usable < free && order == Order(0) ? ", of which this request could use \(max(usable, .zero).words)" : ""
        let head = "\(name) had \(isClose ? free.exactWords : free.words) free\(foreign)"
        switch judged.min {
        case .belowWatermark where (judged.protection ?? .zero) == .zero:
            let gaveUp = judged.zone.isAllUnreclaimable == true ? "; reclaim had given up on the zone" : ""
            return
                "\(head), not more than the \(isClose ? (judged.zone.min ?? .zero).exactWords : (judged.zone.min ?? .zero).words) that must stay free (min)\(gaveUp)"
        case .belowWatermark: return "\(head), too little with what is kept there for other requests"
        case .noBlock:
            return
                "\(head), more than its min of \((judged.zone.min ?? .zero).words), but no usable block of order \(order.rawValue)"
        case .blocksUnknown: return "\(head), more than its min of \((judged.zone.min ?? .zero).words)"
        case .served, .unknown:
            if judged.high == .belowWatermark {
                return
                    "\(head): above min, but the kernel's last try before it kills asks for more than high (\((judged.zone.high ?? .zero).words))"
            }
            return head
        }
    }

    private func reserveEvidence(of judged: JudgedZone) -> LogEvidence? {
        guard let protection = judged.protection, let mark = judged.zone.min, let usable = judged.usable else { return nil }
        let min = Pages(mark, of: pageSize)
        let need = min + protection
        let fails = usable <= need
        return LogEvidence(
            "\(label(judged.zone)) keeps \(protection.count) pages from requests that may use a higher zone: "
                + "\(usable.count) usable pages are \(fails ? "not more" : "more") than min \(min.count) + \(protection.count) = \(need.count)",
            judged.zone.protectionLine)
    }

    /// `Normal`, or `node 1 Normal` on a machine with several.
    func label(_ zone: ReportedZone) -> String {
        // Since 6.1 only the nodes of the request are printed.
        let several = report.zones.contains { ($0.node ?? 0) > 0 }
        guard several, let node = zone.node else { return zone.name }
        return "node \(node) \(zone.name)"
    }

    /// The test that the decisive zone failed.
    func watermarkDenial() -> DeniedBy? {
        guard let judged = zones?.decisive, let usable = judged.usable else { return nil }
        let atMin = judged.min == .belowWatermark
        guard let mark = atMin ? judged.zone.min : judged.zone.high else { return nil }
        var denial = DeniedBy(.watermark)
        denial.node = judged.zone.node
        denial.zone = judged.zone.name
        denial.watermark = atMin ? "min" : "high"
        denial.order = order.rawValue
        denial.free = Bytes(usable, of: pageSize)
        denial.needed = mark + Bytes(judged.protection ?? .zero, of: pageSize)
        return denial
    }

    /// `Normal had 1340 KiB free and must keep 3756 KiB`, for a sentence.
    func zonePhrase(_ judged: JudgedZone) -> String {
        let several = label(judged.zone) != judged.zone.name
        let usable = max(judged.usable.map { Bytes($0, of: pageSize) } ?? judged.zone.free ?? .zero, .zero)
        let atMin = judged.min == .belowWatermark
        let mark = (atMin ? judged.zone.min : judged.zone.high) ?? .zero
        let need = mark + Bytes(judged.protection ?? .zero, of: pageSize)
        let (has, keeps) = usable.words == need.words ? (usable.exactWords, need.exactWords) : (usable.words, need.words)
        return "\(several ? "" : "zone ")\(label(judged.zone)) had \(has) that this request could use and must keep \(keeps)"
    }
}
