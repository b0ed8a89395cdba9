public import Kernel

/// What follows if the request fails whose margin is going: who dies, and how much of that comes back where it is needed.
public struct KillOutlook: Hashable, Sendable {
    public let victim: VictimForecast.Victim
    public let returns: KillReturn
    /// The most of it that can lie in the zones which the request may use; nil where no counter tells.
    public let mostWhereNeeded: Bytes?
    /// One sentence.
    public let claim: String

    /// - Returns: nil where nothing is short, the failure kills nobody, or nobody is there to be killed.
    public init?(
        of forecast: VictimForecast, returns: KillReturn, machine: MachineDiagnosis, assessment: Assessment, _ size: PageSize
    ) {
        guard machine.isShort, let first = machine.first, first.consequence == .oomKill, let victim = forecast.victims.first
        else {
            return nil
        }
        let zones = NeededZones(for: first.request, in: assessment, size)
        self.victim = victim
        self.returns = returns
        mostWhereNeeded = zones.most(of: returns)
        claim = Self.claim(first.request, victim, returns, zones)
    }

    private static func claim(
        _ request: AllocationRequest, _ victim: VictimForecast.Victim, _ returns: KillReturn, _ zones: NeededZones
    ) -> String {
        let others = victim.killScope.count - 1
        let who = victim.reading.status.words + (others > 0 ? " and \(others) more" : "")
        let verb = others > 0 ? "die and return" : "dies and returns"
        return "if a \(request.rawValue) request fails now, \(who) \(verb) \(returns.words)\(zones.words(for: returns))"
    }
}

/// The zones that a request must come from, and how much of processes' memory can lie in them.
///
/// No file tells in which zone a page of a process lies. But all that the zone's lists hold bounds it.
private struct NeededZones {
    let names: [String]
    /// False where the request may use every zone: then all that comes back is of use.
    let areSome: Bool
    /// Nil where a zone does not tell its lists.
    let held: Bytes?

    init(for request: AllocationRequest, in assessment: Assessment, _ size: PageSize) {
        let populated = assessment.zones.filter(\.zone.isPopulated)
        let needed = populated.filter { $0.headroom[request] != nil }
        names = needed.reduce(into: []) { names, next in if !names.contains(next.zone.id.name) { names.append(next.zone.id.name) }
        }
        areSome = needed.count < populated.count
        var sum: Pages? = .zero
        for assessed in needed { sum = assessed.zone.processPages.flatMap { pages in sum.map { $0 + pages } } }
        held = sum.map { Bytes($0, of: size) }
    }

    func most(of returns: KillReturn) -> Bytes? { areSome ? held.map { min($0, returns.most) } : returns.most }

    func words(for returns: KillReturn) -> String {
        guard areSome else { return "" }
        let list = names.joined(separator: ", ")
        guard let most = most(of: returns) else { return "; how much of it lies in \(list), where it is needed, is not known" }
        // Page tables and stacks are the kernel's own, and small.
        if most.count <= returns.most.count / 100 { return ", next to none of it in \(list), where it is needed" }
        if most < returns.most { return ", at most \(most.words) of it in \(list), where it is needed" }
        return "; how much of it lies in \(list), where it is needed, is not known"
    }
}

extension Zone {
    /// Anonymous and shared pages, and those that are locked, whose lists may hold processes' pages as well. Nil where there are
    /// no lists.
    fileprivate var processPages: Pages? {
        guard let anonymous = reclaimable?.anonymous else { return nil }
        let locked = counters.first { $0.name == "nr_zone_unevictable" || $0.name == "nr_unevictable" }
        return anonymous + Pages(locked?.value ?? 0)
    }
}

extension KillReturn {
    /// `1.9-2.3 GiB`, or one amount where both are the same.
    var words: String { least.words == most.words ? most.words : "\(least.words) to \(most.words)" }
}
