import Kernel
import MicroHTTP
import Monitor
import Representation

/// `/metrics`, for Prometheus.
struct MetricsRoutes: Sendable {
    let context: APIContext
    private let choice = FormatChoice()

    init(context: APIContext) { self.context = context }

    private static let textHead = SharedBody.head(type: PrometheusText.Format.text.mediaType)
    private static let openMetricsHead = SharedBody.head(type: PrometheusText.Format.openMetrics.mediaType)

    @Sendable func metrics(_ request: Request, _ parameters: PathParameters) throws -> Response {
        let format = choice.format(for: request)
        let sample = context.sampler.current()
        let form = AnswerForm(
            route: "/metrics", mediaType: format.mediaType, isPretty: false, isCompressed: request.allowsGzip)
        return Response(
            try sample.answer(form) {
                // Before the sources, of which it is one.
                let usage = context.machine.readUsage()
                var page = MetricsPage(
                    snapshot: sample.snapshot, assessment: sample.assessment.value,
                    log: KernelLogCounts(of: context.watch, sample.snapshot.vmStat.value),
                    sources: context.machine.sources, own: (usage, context.build))
                page.stalls = context.recorder.map { ($0.stallCounts.machine, $0.stallCounts.cgroups) }
                if context.hub != nil {
                    let counts = context.streamCounts
                    page.streams = (counts.clients, counts.cutOff, counts.backlog)
                }
                page.victims = context.victims?.summary()
                page.protection = context.figures
                page.policies = PolicyCounts(of: context.policies)
                let head = format == .openMetrics ? Self.openMetricsHead : Self.textHead
                return try SharedBody.encoded(page.render(format), head, isCompressed: form.isCompressed)
            })
    }
}

extension APIContext {
    /// nil where nothing can be protected: the files are another machine's.
    fileprivate var figures: ProtectionFigures? {
        guard attempts != nil else { return nil }
        let summary = protection.summary
        return ProtectionFigures(
            leases: summary.leases, processes: summary.processes, pending: summary.pending,
            childrenReset: summary.childrenReset, failures: summary.failures,
            audit: (errors: summary.auditErrors, lost: summary.auditLost))
    }
}
