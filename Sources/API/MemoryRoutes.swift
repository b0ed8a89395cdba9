import Diagnosis
import Kernel
import MicroHTTP
import Monitor
import Representation

/// Zones and fragmentation.
struct MemoryRoutes: Sendable {
    let sampler: Sampler<Sample>
    /// nil where the machine does not tell its version.
    let kernel: KernelVersion?
    let readPageTypeInfo: @Sendable () -> Result<PageTypeInfo, SourceError>
    let readOutlook: @Sendable (MachineDiagnosis, Assessment, Snapshot) -> Result<KillOutlook, ForecastError>?

    private enum Detail: String, CaseIterable { case brief, full }
    private enum Grouping: String, CaseIterable { case order, migratetype }

    @Sendable func zones(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["node", "zone", "detail"])
        let sample = sampler.current()
        if request.query["node"] == nil, request.query["zone"] == nil, request.query["detail"] == nil {
            let assessment = try sample.assessment.get()
            return try answer(sample, assessment, assessment.zones, .brief).response(to: request, cache: (sample, "/zones"))
        }
        return try zones(request, sample, node: request.number("node", in: 0...Int(Int32.max)), name: request.query["zone"])
    }

    @Sendable func zone(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["detail"])
        let sample = sampler.current()
        let assessed = try find(parameters, in: try sample.assessment.get())
        let assessment = try sample.assessment.get()
        return try answer(sample, assessment, [assessed], try detail(of: request)).response(to: request)
    }

    @Sendable func canServe(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["order", "request", "watermark"])
        let question = WatermarkCheck.Question(
            order: Order(try request.number("order", in: 0...31) ?? 0), request: try request.word("request", default: .kernel),
            watermark: try request.word("watermark", default: .min))
        let sample = sampler.current()
        let assessment = try sample.assessment.get()
        let zone = try find(parameters, in: assessment).zone
        var known = WatermarkCheck.Knowledge(kernel: kernel, areas: sample.snapshot.buddyInfo.value?[zone.id])
        var check = WatermarkCheck(of: zone, types: assessment.types, known: known, asked: question)
        var unread: SourceError?
        if check.canServe == nil {
            let pageTypes = readPageTypeInfo()
            (known.pageTypes, unread) = (pageTypes.value, pageTypes.failure)
            check = WatermarkCheck(of: zone, types: assessment.types, known: known, asked: question)
        }
        let document = CanServeDocument(
            snapshot: sample.snapshot, zone: zone.id, question: question, check: check, unread: unread)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }

    /// The machine now: which request would fail first, and why.
    @Sendable func diagnosis(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: [])
        let sample = sampler.current()
        let assessment = try sample.assessment.get()
        let machine = MachineDiagnosis(of: sample.snapshot, assessment: assessment)
        let outlook = readOutlook(machine, assessment, sample.snapshot)
        let document = DiagnosisDocument(
            takenAt: sample.snapshot.takenAt, machine: machine, outlook: outlook?.value,
            outlookUnknown: outlook?.failure?.reason)
        return try Answer(json: document.json, table: { document.text() })
            .response(to: request, cache: (sample, "/diagnosis"))
    }

    @Sendable func fragmentation(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["by"])
        let sample = sampler.current()
        if try request.word("by", default: Grouping.order) == .migratetype { return try migrateTypes(request, sample) }
        let snapshot = sample.snapshot
        let document = FragmentationDocument(
            takenAt: snapshot.takenAt, pageSize: snapshot.pageSize, zones: try snapshot.buddyInfo.get().zones,
            compaction: snapshot.vmStat.value?.compaction)
        return try Answer(json: document.json, table: { document.table })
            .response(to: request, cache: (sample, "/fragmentation"))
    }

    /// The kernel tells them to root alone.
    @Sendable static func wantsMigrateTypes(_ request: Request) -> Bool {
        request.query["by"] == Grouping.migratetype.rawValue
    }

    private func migrateTypes(_ request: Request, _ sample: Sample) throws -> Response {
        let info: PageTypeInfo
        switch readPageTypeInfo() {
        case .success(let read): info = read
        case .failure(.unreadable(_, let errno)) where errno == 13 || errno == 1:
            throw Refusal(
                .forbidden, "missing_capability",
                "reading /proc/pagetypeinfo needs CAP_DAC_READ_SEARCH, which the daemon has not",
                next: "add CAP_DAC_READ_SEARCH to AmbientCapabilities of the unit, or ask for /fragmentation without by=")
        case .failure(let error): throw Refusal(unreadable: error)
        }
        let document = MigrateTypesDocument(takenAt: sample.snapshot.takenAt, pageSize: sample.snapshot.pageSize, info: info)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }

    private func zones(_ request: Request, _ sample: Sample, node: Int?, name: String?) throws -> Response {
        let zoneInfo = try sample.snapshot.zoneInfo.get()
        let assessment = Assessment(of: sample.snapshot, zoneInfo: zoneInfo, node: node)
        let wanted = assessment.zones.filter { name == nil || $0.zone.id.name == name }
        guard !wanted.isEmpty else {
            let asked = [node.map { "node \($0)" }, name.map { "zone \($0)" }].compactMap { $0 }.joined(separator: ", ")
            throw missing(asked, zoneInfo)
        }
        return try answer(sample, assessment, wanted, try detail(of: request)).response(to: request)
    }

    private func answer(
        _ sample: Sample, _ assessment: Assessment, _ zones: [ZoneAssessment], _ detail: ZonesDocument.Detail
    ) -> Answer {
        let document = ZonesDocument(
            snapshot: sample.snapshot, assessment: assessment, zones: zones, findings: assessment.findings + sample.findings,
            detail: detail)
        return Answer(json: document.json, table: { document.table })
    }

    private func detail(of request: Request) throws -> ZonesDocument.Detail {
        try request.word("detail", default: Detail.brief) == .full ? .full : .brief
    }

    private func find(_ parameters: PathParameters, in assessment: Assessment) throws -> ZoneAssessment {
        let (node, name) = (parameters["node"], parameters["zone"])
        if let found = assessment.zones.first(where: { String($0.zone.id.node) == node && $0.zone.id.name == name }) {
            return found
        }
        throw missing("\(node)/\(name)", ZoneInfo(zones: assessment.zones.map(\.zone), nodes: []))
    }

    private func missing(_ asked: String, _ zoneInfo: ZoneInfo) -> Refusal {
        let known = zoneInfo.zones.map { "\($0.id.node)/\($0.id.name)" }.joined(separator: ", ")
        return Refusal(
            .notFound, "no_such_zone", "expected one of \(known), found \(asked.debugDescription)",
            next: "GET /zones lists every zone of this machine")
    }
}
