public import Diagnosis
public import Kernel

/// `POST /victims/what-if`: what other adjustments would do to the order, and who would go one after the other.
public struct WhatIfDocument: Sendable {
    let takenAt: Timestamp
    let whatIf: WhatIf
    let pageSize: PageSize

    public init(takenAt: Timestamp, whatIf: WhatIf, pageSize: PageSize) {
        self.takenAt = takenAt
        self.whatIf = whatIf
        self.pageSize = pageSize
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("collected_at", takenAt)
            json.write(whatIf.before.domain, pageSize)
            json.objects("changes", whatIf.changes) { json, change in
                json.write(change.process)
                json.write("before", change.before.rawValue)
                json.write("after", change.after.rawValue)
                json.array("also_changed", change.alsoChanged) { json, process in json.writeValue(Int(process.rawValue)) }
            }
            json.objects("before", whatIf.before.victims) { json, victim in json.write(placeOf: victim) }
            json.objects("after", whatIf.after.victims) { json, victim in
                json.write(placeOf: victim)
                json.write("rank_before", whatIf.before.rank(of: victim.process))
            }
            json.objects("kills", whatIf.kills) { json, kill in
                json.write(placeOf: kill.victim)
                json.write(killScopeOf: kill.victim)
                json.object("returns") { $0.write(kill.returns) }
            }
            json.write("certain", whatIf.after.isCertain)
            json.write(whatIf.after.doubts)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func write(placeOf victim: VictimForecast.Victim) {
        write(victim.reading.status)
        write("oom_score_adj", victim.reading.adjustment.rawValue)
        write("badness_pages", victim.terms.badness.pages.count)
    }

    mutating func write(_ returns: KillReturn) {
        write("least_bytes", returns.least)
        write("most_bytes", returns.most)
        write("swap_bytes", returns.swap)
        write("basis", returns.basis.rawValue)
    }
}

extension VictimForecast {
    /// From 1; nil for one that is not among those shown.
    func rank(of process: ProcessID) -> Int? { victims.firstIndex { $0.process == process }.map { $0 + 1 } }
}
