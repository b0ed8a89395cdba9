public import MicroHTTP
import Monitor

/// The whole table, as openapi.yaml has it.
public struct Routes: Sendable {
    public let all: [Route]

    public init(_ context: APIContext) {
        let memory = MemoryRoutes(
            sampler: context.sampler, kernel: context.machine.knownKernel, readPageTypeInfo: context.machine.readPageTypeInfo,
            readOutlook: context.forecaster.readOutlook)
        let events = EventRoutes(watch: context.watch, sampler: context.sampler)
        let history = HistoryRoutes(recorder: context.recorder, watch: context.watch, sampler: context.sampler)
        let stream = StreamRoutes(hub: context.hub, ledger: context.watch.ledger, counts: context.streamCounts)
        let processes = ProcessRoutes(context: context)
        let forecast = ForecastRoutes(context: context)
        let protection = ProtectionRoutes(context: context)
        let metrics = MetricsRoutes(context: context)
        let service = ServiceRoutes(
            sampler: context.sampler, watch: context.watch, machine: context.machine, build: context.build)
        all = [
            Route(.get, "/", service.landing),
            Route(.get, "/zones", memory.zones),
            Route(.get, "/zones/{node}/{zone}", memory.zone),
            Route(.get, "/zones/{node}/{zone}/can-serve", memory.canServe),
            Route(.get, "/fragmentation", memory.fragmentation),
            Route(.get, "/oom-kills", events.events),
            Route(.get, "/oom-kills/stream", stream.stream),
            Route(.get, "/oom-kills/stats", events.stats),
            Route(.get, "/oom-kills/{id}", events.event),
            Route(.get, "/explain", events.explain),
            Route(.post, "/oom-kills/analyze", upTo: context.maximumLogBytes, intake: AnalysisRoutes().analyze),
            Route(.get, "/diagnosis", memory.diagnosis),
            Route(.get, "/oom-kills/{id}/timeline", history.timeline),
            Route(.get, "/history", history.history),
            Route(.get, "/processes", processes.processes),
            Route(.get, "/processes/{pid}", processes.process),
            Route(.post, "/processes/{pid}/protect", protection.protect),
            Route(.post, "/processes/{pid}/unprotect", protection.unprotect),
            Route(.get, "/victims", forecast.victims),
            Route(.post, "/victims/what-if", forecast.whatIf),
            Route(.get, "/cgroups", forecast.cgroups),
            Route(.get, "/metrics", metrics.metrics),
            Route(.get, "/-/healthy", service.healthy),
            Route(.get, "/-/ready", service.ready),
            Route(.get, "/openapi.yaml", service.openapi),
        ]
    }
}
