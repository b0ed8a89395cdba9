public import MicroHTTP
import Monitor
import Store

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
        let leases = LeaseRoutes(context: context)
        let policies = PolicyRoutes(context: context)
        let metrics = MetricsRoutes(context: context)
        let readers = { context.access.readers($0) }
        let service = ServiceRoutes(
            sampler: context.sampler, watch: context.watch, machine: context.machine, build: context.build)
        all =
            [
                Route(.get, "/", service.landing),
                Route(.get, "/zones", memory.zones),
                Route(.get, "/zones/{node}/{zone}", memory.zone),
                Route(.get, "/zones/{node}/{zone}/can-serve", memory.canServe),
                Route(.get, "/fragmentation", context.access.readers(memory.fragmentation, of: MemoryRoutes.wantsMigrateTypes)),
                Route(.get, "/oom-kills", readers(events.events)),
                Route(.get, "/oom-kills/stream", readers(stream.stream)),
                Route(.get, "/oom-kills/stats", readers(events.stats)),
                Route(.get, "/oom-kills/{id}", readers(events.event)),
                Route(.get, "/explain", readers(events.explain)),
                Route(.post, "/oom-kills/analyze", upTo: context.maximumLogBytes, intake: AnalysisRoutes().analyze),
                Route(.get, "/diagnosis", readers(memory.diagnosis)),
                Route(.get, "/oom-kills/{id}/timeline", readers(history.timeline)),
                Route(.get, "/history", readers(history.history)),
                Route(.get, "/processes", readers(processes.processes)),
                Route(.get, "/processes/{pid}", readers(processes.process)),
                Route(.get, "/leases", readers(leases.leases)),
                Route(.get, "/victims", readers(forecast.victims)),
                Route(.post, "/victims/what-if", readers(forecast.whatIf)),
                Route(.get, "/cgroups", readers(forecast.cgroups)),
                Route(.get, "/audit", readers(AuditRoutes(context: context).audit)),
                Route(.get, "/capabilities", readers(RightsRoutes(context: context).capabilities)),
                Route(.get, "/policies", readers(policies.list)),
                Route(.get, "/policies/{name}", readers(policies.policy)),
                Route(.get, "/metrics", metrics.metrics),
                Route(.get, "/-/healthy", service.healthy),
                Route(.get, "/-/ready", service.ready),
                Route(.get, "/openapi.yaml", service.openapi),
            ] + Self.changes(context)
    }

    /// What changes the machine or the daemon: done or refused, it is in the audit.
    private static func changes(_ context: APIContext) -> [Route] {
        let protection = ProtectionRoutes(context: context)
        let policies = PolicyRoutes(context: context)
        let leases = LeaseRoutes(context: context)
        let attempts = Attempts(context: context)
        return [
            Route(.post, "/processes/{pid}/protect", attempts.noted(.protect, protection.protect)),
            Route(.post, "/processes/{pid}/unprotect", attempts.noted(.unprotect, protection.unprotect)),
            Route(.delete, "/leases/{id}", attempts.noted(.endLease, leases.end)),
            Route(.put, "/policies/{name}", attempts.noted(.putPolicy, policies.put)),
            Route(.delete, "/policies/{name}", attempts.noted(.deletePolicy, policies.delete)),
            Route(.post, "/-/reload", attempts.noted(.reload, ReloadRoutes(context: context).reload)),
        ]
    }
}
