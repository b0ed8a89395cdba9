public import Diagnosis
public import Host
public import Kernel

/// Looks at the machine and says whom the kernel would kill. It changes nothing and keeps nothing.
public struct Forecaster: Sendable {
    private let table: ProcessTable
    private let cgroups: MemoryCgroups
    /// Nil where the machine does not tell.
    private let kernel: KernelVersion?
    private let watch: VictimWatch?

    /// - Parameter watch: is told of each order of the whole machine.
    public init(table: ProcessTable, cgroups: MemoryCgroups, kernel: KernelVersion?, watch: VictimWatch? = nil) {
        self.table = table
        self.cgroups = cgroups
        self.kernel = kernel
        self.watch = watch
    }

    /// Where memory runs out.
    public enum Place: Hashable, Sendable {
        case machine
        case cgroup(CgroupPath)
        case nodes(NodeSet)
    }

    public func readForecast(
        for place: Place, limit: Int, _ snapshot: Snapshot
    ) throws(ForecastError) -> VictimForecast {
        let scene = try readScene(place, limit: limit, snapshot)
        return scene.named(VictimForecast(scene.question, details: scene.details))
    }

    public func readWhatIf(
        _ trial: WhatIf.Trial, in place: Place, limit: Int, _ snapshot: Snapshot
    ) throws(ForecastError) -> WhatIf {
        let scene = try readScene(place, limit: limit, snapshot)
        for id in trial.adjustments.keys.sorted() { try scene.checkIsThere(id) }
        return WhatIf(scene.question, trying: trial, details: scene.details, returns: scene.returns)
    }

    /// Of the whole machine, for a request whose margin is going; nil where there is nothing to tell.
    public func readOutlook(
        _ machine: MachineDiagnosis, _ assessment: Assessment, _ snapshot: Snapshot
    ) -> Result<KillOutlook, ForecastError>? {
        guard machine.isShort else { return nil }
        do throws(ForecastError) {
            let scene = try readScene(.machine, limit: 1, snapshot)
            let forecast = VictimForecast(scene.question, details: scene.details)
            guard let victim = forecast.victims.first else { return nil }
            return KillOutlook(
                of: forecast, returns: scene.returns(victim), machine: machine, assessment: assessment, snapshot.pageSize
            ).map { .success($0) }
        } catch { return .failure(error) }
    }
}

/// Why nobody can say who would die.
public enum ForecastError: Error, Hashable, Sendable {
    case source(SourceError)
    case noSuchGroup(CgroupPath)
    case noSuchNode(NodeSet, known: NodeSet)
    case noSuchProcess(ProcessID)
    /// One that has no use of an adjustment: a kernel thread, a zombie.
    case neverChosen(ProcessID, Exclusion)
    /// Before 3.6 the kernel compared what cannot be had from here.
    case formulaUnknown(KernelVersion)

    /// Half a sentence, without a path: safe to be shown to a client.
    public var reason: String {
        switch self {
        case .source(let error): error.reason
        case .noSuchGroup(let path): "there is no memory cgroup \(path.text.debugDescription)"
        case .noSuchNode(let nodes, let known): "expected some of the nodes \(known), found \(nodes)"
        case .noSuchProcess(let process): "there is no process \(process)"
        case .neverChosen(let process, _): "process \(process) is never chosen"
        case .formulaUnknown(let version): "Linux \(version) compares run times and children, which cannot be had from here"
        }
    }
}

/// One look at all processes of a place.
private struct ForecastScene {
    let question: VictimForecast.Question
    let scan: ProcessTable.Scan
    let reader: CandidateReader

    func details(_ reading: ProcessReading) -> VictimDetails? {
        reader.readDetails(of: reading.status, within: question.domain)
    }

    /// Those without memory are told apart by their flags, which the scan does not read.
    func named(_ forecast: VictimForecast) -> VictimForecast {
        forecast.replacingExcluded { process in
            guard process.reason == .kernelThread, !reader.readIsKernelThread(process.status) else { return process }
            return ExcludedProcess(status: process.status, reason: .zombie)
        }
    }

    /// Those that share one memory return it once.
    func returns(_ victim: VictimForecast.Victim) -> KillReturn {
        let sharing = Set(victim.details.sharing)
        let scope = Set(victim.killScope)
        return scan.processes.filter { scope.contains($0.status.process) && !sharing.contains($0.status.process) }
            .reduce(.nothing) { $0 + returns($1, dying: scope) }
    }

    private func returns(_ reading: ProcessReading, dying: Set<ProcessID>) -> KillReturn {
        guard let memory = reading.status.memory else { return .nothing }
        let relatives = scan.processes.filter { other in
            !dying.contains(other.status.process) && other.status.isRelative(of: reading.status)
        }
        return KillReturn(
            of: memory, kinds: details(reading)?.status.kinds, rollup: reader.readRollup(of: reading.status.process),
            relatives: relatives.reduce(.zero) { $0 + ($1.status.memory?.resident ?? .zero) })
    }

    func checkIsThere(_ id: ProcessID) throws(ForecastError) {
        guard let reading = scan.processes.first(where: { $0.status.process == id }) else { throw .noSuchProcess(id) }
        guard reading.status.memory == nil else { return }
        throw .neverChosen(id, reader.readIsKernelThread(reading.status) ? .kernelThread : .zombie)
    }
}

extension ProcessStatus {
    /// Parent, child or sibling: a fork has the pages of both until one of them writes.
    fileprivate func isRelative(of other: ProcessStatus) -> Bool {
        guard process != other.process else { return false }
        let first = ProcessID(1)
        return process == other.parent || parent == other.process || (parent == other.parent && parent != first)
    }
}

extension Forecaster {
    private func readScene(
        _ place: Place, limit: Int, _ snapshot: Snapshot
    ) throws(ForecastError) -> ForecastScene {
        let settings = VMSettings.read(root: table.root)
        let version = kernel ?? Self.newest
        let limited = try place.isCgroup ? readLimitedGroup(place) : nil
        let domain = try domain(place, limited, snapshot, version, settings)
        let formula = try formula(domain.totalPages, snapshot, version)
        let scan: ProcessTable.Scan
        let reader: CandidateReader
        do {
            scan = try table.readAll()
            reader = try CandidateReader(
                table: table, cgroups: cgroups, processes: scan.processes.map(\.status), readsPolicies: place.isNodes)
        } catch { throw .source(error) }
        var question = VictimForecast.Question(
            domain: domain, formula: formula, processes: members(of: domain, scan.processes, reader))
        question.limit = limit
        question.counterError = CounterError.pages(of: version, processors: snapshot.processors)
        question.settings = killSettings(settings, scan, snapshot, version)
        if place.isCgroup, limited == nil { question.settings.unlimitedGroup = place.group }
        if domain.kind == .global { watch?.note(question) }
        return ForecastScene(question: question, scan: scan, reader: reader)
    }

    /// What is taken for a machine that does not tell its version.
    private static let newest = KernelVersion(6, 1)

    private func formula(
        _ total: Pages, _ snapshot: Snapshot, _ version: KernelVersion
    ) throws(ForecastError) -> BadnessFormula {
        guard let formula = BadnessFormula(total: total, pageSize: snapshot.pageSize, kernel: version) else {
            throw .formulaUnknown(version)
        }
        return formula
    }

    private func killSettings(
        _ settings: VMSettings, _ scan: ProcessTable.Scan, _ snapshot: Snapshot, _ version: KernelVersion
    ) -> KillSettings {
        var kill = KillSettings()
        kill.panicOnOOM = settings.panicOnOOM
        kill.killsAllocatingTask = settings.killsAllocatingTask
        kill.userspaceKillers = KillSettings.userspaceKillers(among: scan.processes)
        kill.machineFormula = BadnessFormula(of: snapshot, kernel: version)
        kill.knowsKernel = kernel != nil
        kill.unreadable = scan.denied + scan.failed
        kill.seesAll = table.seesAll
        kill.nodesWithMemory = snapshot.zoneInfo.value.map { NodeSet($0.populated.map(\.id.node)) }
        return kill
    }

    private func members(
        of domain: OOMDomain, _ processes: [ProcessReading], _ reader: CandidateReader
    ) -> [ProcessReading] {
        guard case .memcg(let limited) = domain.kind else { return processes }
        return processes.filter { reading in
            reading.status.memory != nil
                && reader.readMemoryCgroup(of: reading.status)?.isSameOrBelow(limited.group.path) == true
        }
    }

    /// The group that would be full: the one asked for, or where it has no limit that one around it which is nearest to its own.
    private func readLimitedGroup(_ place: Place) throws(ForecastError) -> OOMDomain.LimitedGroup? {
        guard let path = place.group else { return nil }
        let chain: [MemoryCgroup]
        do { chain = try cgroups.readChain(of: path) } catch .absent { throw .noSuchGroup(path) } catch { throw .source(error) }
        guard let nearest = CgroupLimit.nearest(of: chain), let own = chain.first else { return nil }
        let limit = own.killingLimits.isEmpty ? nearest.cgroup : own.path
        guard let group = chain.first(where: { $0.path == limit }) else { return nil }
        return OOMDomain.LimitedGroup(asked: path, group: group, nearer: nearest.cgroup == limit ? nil : nearest)
    }

    private func domain(
        _ place: Place, _ limited: OOMDomain.LimitedGroup?, _ snapshot: Snapshot, _ version: KernelVersion,
        _ settings: VMSettings
    ) throws(ForecastError) -> OOMDomain {
        let domain: OOMDomain?
        switch place {
        case .machine: domain = .global(snapshot)
        case .cgroup:
            domain = limited.map { .memcg($0, snapshot, swappiness: settings.swappiness) } ?? .global(snapshot)
        case .nodes(let nodes):
            let known = NodeSet(snapshot.zoneInfo.value?.populated.map(\.id.node) ?? [])
            guard known.isEmpty || nodes.intersects(known) else { throw .noSuchNode(nodes, known: known) }
            domain = .nodes(nodes, snapshot, kernel: version)
        }
        if let domain { return domain }
        throw .source(snapshot.failure(of: .memInfo) ?? snapshot.failure(of: .zoneInfo) ?? .absent(path: "/proc/meminfo"))
    }
}

extension Forecaster.Place {
    fileprivate var group: CgroupPath? { if case .cgroup(let path) = self { path } else { nil } }
    fileprivate var isCgroup: Bool { group != nil }
    fileprivate var isNodes: Bool { if case .nodes = self { true } else { false } }
}

extension Snapshot {
    /// The CPUs that keep lists of free pages: those that are there.
    fileprivate var processors: Int {
        guard let zone = zoneInfo.value?.zones.first(where: \.isPopulated) else { return 1 }
        return Set(zone.pageSets.map(\.cpu)).count
    }
}
