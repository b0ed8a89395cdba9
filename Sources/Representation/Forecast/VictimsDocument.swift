public import Diagnosis
public import Kernel

/// `GET /victims`: whom the kernel would kill now, in its order, and why it passes over the others.
public struct VictimsDocument: Sendable {
    let takenAt: Timestamp
    let forecast: VictimForecast
    let pageSize: PageSize

    /// More of those that are not chosen are counted and not listed.
    static let mostExcluded = 100

    public init(takenAt: Timestamp, forecast: VictimForecast, pageSize: PageSize) {
        self.takenAt = takenAt
        self.forecast = forecast
        self.pageSize = pageSize
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("collected_at", takenAt)
            json.write(forecast.domain, pageSize)
            json.objects("victims", forecast.victims) { json, victim in json.write(victim) }
            json.write("candidates", forecast.candidates)
            json.objects("excluded", forecast.excluded.prefix(Self.mostExcluded)) { json, process in
                json.write(process.status)
                json.write("reason", process.reason.rawValue)
            }
            json.write("excluded_total", forecast.excluded.count)
            json.write("certain", forecast.isCertain)
            json.write("counter_error_pages", forecast.counterError.count)
            json.write(forecast.doubts)
        }
    }
}

extension JSONWriter {
    mutating func write(_ status: ProcessStatus) {
        write("pid", Int(status.process.rawValue))
        write(comm: status.commandName)
    }

    mutating func write(_ doubts: [ForecastDoubt]) {
        objects("doubts", doubts) { json, doubt in
            json.write("id", doubt.id.rawValue)
            json.write("claim", doubt.claim)
        }
    }

    mutating func write(_ domain: OOMDomain, _ size: PageSize) {
        object("domain") { json in
            json.write("kind", domain.kind.word)
            json.write("total_pages", domain.totalPages.count)
            json.write("total_bytes", domain.totalPages, of: size)
            json.write("asked_cgroup", domain.limited?.asked.text)
            json.write("cgroup", domain.limited?.group.path.text)
            json.write("limit_bytes", domain.limited?.group.maximum)
            json.write("usage_bytes", domain.limited?.group.usage)
            json.write("numa_nodes", domain.nodes?.description)
        }
    }

    mutating func write(_ victim: VictimForecast.Victim) {
        write(victim.reading.status)
        write("badness_pages", victim.terms.badness.pages.count)
        write("margin_pages", victim.margin?.count)
        write("oom_score", victim.details.score)
        write("oom_score_adj", victim.reading.adjustment.rawValue)
        object("terms") { json in
            json.write("resident_pages", victim.terms.resident.count)
            json.write("swapped_pages", victim.terms.swapped.count)
            json.write("page_tables_pages", victim.terms.pageTables.count)
            json.write("root_bonus_pages", victim.terms.rootBonus.count)
            json.write("adjustment_pages", victim.terms.adjustment.count)
        }
        write("cgroup", victim.details.memoryCgroup?.text)
        write("unit", victim.details.memoryCgroup.flatMap { CgroupIdentity(of: $0).unit })
        write(killScopeOf: victim)
    }

    mutating func write(killScopeOf victim: VictimForecast.Victim) {
        array("kill_scope", victim.killScope) { json, process in json.writeValue(Int(process.rawValue)) }
        array("may_share_memory", victim.details.mayShare) { json, process in json.writeValue(Int(process.rawValue)) }
    }
}

extension OOMDomain {
    var limited: LimitedGroup? { if case .memcg(let group) = kind { group } else { nil } }
    var nodes: NodeSet? { if case .nodes(let nodes) = kind { nodes } else { nil } }

    /// `when cgroup /box is full`
    var words: String {
        switch kind {
        case .global: "when the machine is out of memory"
        case .memcg(let limited): "when cgroup \(limited.group.path.text.printable) is full"
        case .nodes(let nodes): "when node \(nodes) is full"
        }
    }
}

extension OOMDomain.Kind {
    fileprivate var word: String {
        switch self {
        case .global: "global"
        case .memcg: "memcg"
        case .nodes: "nodes"
        }
    }
}
