public import Diagnosis
public import Kernel

/// `GET /zones`: every zone, what each kind of request could have of it, and what is going wrong.
public struct ZonesDocument: Sendable {
    let snapshot: Snapshot
    let assessment: Assessment
    let zones: [ZoneAssessment]
    let findings: [Finding]
    let detail: Detail

    /// `full` adds every counter and every CPU's list.
    public enum Detail: Sendable {
        case brief, full
    }

    /// - Parameters:
    ///   - zones: those of the assessment that were asked for.
    ///   - findings: the assessment's and what else there is to say.
    public init(
        snapshot: Snapshot, assessment: Assessment, zones: [ZoneAssessment], findings: [Finding], detail: Detail = .brief
    ) {
        self.snapshot = snapshot
        self.assessment = assessment
        self.zones = zones
        self.findings = findings
        self.detail = detail
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("collected_at", snapshot.takenAt)
            json.write("page_size_bytes", snapshot.pageSize.bytes)
            json.object("low_memory", of: snapshot.memInfo.value?.low, Self.write)
            json.object("high_memory", of: snapshot.memInfo.value?.high, Self.write)
            json.objects("zones", zones, write)
            json.objects("requests", assessment.requests) { json, request in
                json.write("request", request.request.rawValue)
                json.write("numa_node", request.node)
                json.write("margin_bytes", request.margin, of: snapshot.pageSize)
                json.write("consequence", request.consequence.rawValue)
            }
            if detail == .full { writeNodes(&json) }
            json.write(findings: findings)
        }
    }

    private static func write(_ json: inout JSONWriter, _ amount: MemInfo.Amount) {
        json.write("total_bytes", amount.total)
        json.write("free_bytes", amount.free)
    }

    private func write(_ json: inout JSONWriter, _ assessed: ZoneAssessment) {
        let (zone, size) = (assessed.zone, snapshot.pageSize)
        json.write("numa_node", zone.id.node)
        json.write("memory_zone", zone.id.name)
        json.write("free_bytes", zone.free, of: size)
        json.write("managed_bytes", zone.managed, of: size)
        json.write("present_bytes", zone.present, of: size)
        json.write("spanned_bytes", zone.spanned, of: size)
        json.object("watermarks") { json in
            json.write("min_bytes", zone.watermarks.min, of: size)
            json.write("low_bytes", zone.watermarks.low, of: size)
            json.write("high_bytes", zone.watermarks.high, of: size)
            json.write("boost_bytes", zone.watermarks.boost, of: size)
            json.write("promo_bytes", zone.watermarks.promo, of: size)
        }
        json.object("protection_bytes") { json in
            for (name, pages) in zone.protections(types: assessment.types) {
                json.write(name: name, Bytes(pages, of: size).count)
            }
        }
        json.write("per_cpu_bytes", zone.perCPU, of: size)
        json.write("free_cma_bytes", zone.freeCMA, of: size)
        json.write("free_highatomic_bytes", zone.freeHighatomic, of: size)
        json.write("state", assessed.state?.rawValue)
        json.objects("headroom", assessed.headroom) { json, headroom in
            json.write("request", headroom.request.rawValue)
            json.write("bytes", headroom.now, of: size)
            json.write("margin_bytes", headroom.margin, of: size)
        }
        if detail == .full { writeDetail(&json, zone) }
    }

    private func writeDetail(_ json: inout JSONWriter, _ zone: Zone) {
        json.object("kernel_counters") { json in for counter in zone.counters { json.write(name: counter.name, counter.value) } }
        json.objects("page_sets", zone.pageSets) { json, set in
            json.write("cpu", set.cpu)
            json.object("kernel_counters") { json in for value in set.values { json.write(name: value.name, value.value) } }
        }
    }

    private func writeNodes(_ json: inout JSONWriter) {
        json.objects("nodes", snapshot.zoneInfo.value?.nodes ?? []) { json, node in
            json.write("numa_node", node.node)
            json.object("kernel_counters") { json in
                for counter in node.counters { json.write(name: counter.name, counter.value) }
            }
        }
    }
}

extension JSONWriter {
    mutating func write(findings: [Finding]) {
        objects("findings", findings) { json, finding in
            json.write("id", finding.id)
            json.write("severity", finding.severity.rawValue)
            json.write("claim", finding.claim)
            json.objects("evidence", finding.evidence) { json, evidence in
                json.write("source", evidence.source)
                json.write("quote", evidence.quote)
                json.write("value", evidence.value)
            }
        }
    }
}

extension Zone {
    /// The columns that can hold anything: those of zones above this one. All of them where the columns have no names.
    func protections(types: ZoneTypes) -> [(name: String, pages: Pages)] {
        var result: [(name: String, pages: Pages)] = []
        result.reserveCapacity(protection.count)
        for column in protection.indices where mayHoldProtection(column, types) {
            result.append((types.name(of: column), protection[column]))
        }
        return result
    }

    func mayHoldProtection(_ column: Int, _ types: ZoneTypes) -> Bool {
        guard column < types.count else { return false }
        guard let own = type, column < types.types.count else { return true }
        return types.types[column] > own
    }
}
