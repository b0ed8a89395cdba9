import Kernel

/// All zones of a report against its request: what the kernel asked them, and what they answered.
struct ZoneJudgement: Hashable {
    let reach: RequestReach
    /// Where the report does not say what was asked for, and only one kind of request can have failed here.
    let isInferred: Bool
    let zones: [JudgedZone]
    let hidden: HiddenZone?
    let types: ZoneTypes
    /// Zones that the request may use are not in the log.
    let hasMissing: Bool

    /// Nil where no zone is printed, or no kind of request is known to have failed.
    init?(of report: OOMReport, era: ReportEra, pageSize: PageSize) {
        guard report.zones.contains(where: { $0.free != nil && $0.min != nil }) else { return nil }
        let types = ZoneTypes(of: report)
        let judge = { (reach: RequestReach) in
            report.zones.map { JudgedZone($0, reach, types: types, era: era, pageSize: pageSize) }
        }
        guard let asked = RequestReach(of: report.request) ?? Self.inferred(judge, report, types, era) else { return nil }
        reach = asked
        isInferred = RequestReach(of: report.request) == nil
        zones = judge(asked)
        self.types = types
        let hidden = HiddenZone(of: report, reach: asked, types: types, pageSize: pageSize)
        self.hidden = hidden
        hasMissing = MissingZones.areSeen(in: report, asked, types, hidden: hidden, pageSize)
    }

    var allowed: [JudgedZone] { zones.filter { $0.isAllowed && !$0.isEmpty } }
    var forbidden: [JudgedZone] { zones.filter { !$0.isAllowed && !$0.isEmpty } }

    /// No zone of the request can give it a page even of the kernel's last try, which asks for the high watermark.
    var isDry: Bool { !allowed.isEmpty && !hasMissing && allowed.allSatisfy { $0.high == .belowWatermark } }

    /// No zone of the request is above min.
    var isBelowMin: Bool { !allowed.isEmpty && !hasMissing && allowed.allSatisfy { $0.min == .belowWatermark } }

    /// The zone that comes nearest to serving the request; the largest of those that would not be asked twice.
    var decisive: JudgedZone? {
        allowed.max { ($0.zone.managed ?? $0.zone.present ?? .zero) < ($1.zone.managed ?? $1.zone.present ?? .zero) }
    }

    /// How far the best zone is above the high watermark; nil where it is below.
    var excess: Pages? { allowed.compactMap(\.slack).max().flatMap { $0 > .zero ? $0 : nil } }

    var verdicts: [ZoneVerdict] { zones.compactMap(\.verdict) + (hidden.map { [$0.verdict] } ?? []) }

    /// A request that any zone could have served did not fail: of a user's and a kernel's request the one that is left.
    private static func inferred(
        _ judge: @escaping (RequestReach) -> [JudgedZone], _ report: OOMReport, _ types: ZoneTypes, _ era: ReportEra
    ) -> RequestReach? {
        let kernel = RequestReach(kind: .kernel)
        let user = RequestReach(kind: .user)
        let fails = { (reach: RequestReach) in
            judge(reach).allSatisfy { !$0.isAllowed || $0.isEmpty || $0.high == .belowWatermark }
        }
        // A kernel that prints only the request's zones would have printed the higher ones for a user's request.
        let hides = era.hidesZones && HiddenZone(of: report, reach: kernel, types: types, pageSize: .fourKiB) != nil
        if hides { return fails(kernel) ? kernel : nil }
        switch (fails(user), fails(kernel)) {
        case (true, _): return user
        case (false, true): return kernel
        case (false, false): return nil
        }
    }
}
