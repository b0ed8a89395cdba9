import Diagnosis
import Host
import Kernel
import Store

/// A process that may be adjusted, with how it stood when it was opened.
struct ProtectedProcess: ~Copyable {
    let handle: ProcessHandle
    let status: ProcessStatus
    let before: ProtectionOutcome.Standing
    let table: ProcessTable
    private let kernel: RunningKernel
    private let formula: BadnessFormula?

    /// - Throws: in the order that the answer must have: not there, not to be adjusted, not the one that was meant.
    init(_ request: ProtectionKeeper.Request, in table: ProcessTable, kernel: RunningKernel) throws(ProcessError) {
        let handle = try ProcessHandle(opening: request.process, in: table)
        try handle.checkIsKillable()
        let identity = ProcessIdentity(bootID: kernel.bootID, process: handle.process, startTime: handle.startTime)
        guard request.accepts(identity) else { throw .otherProcess(identity) }
        let status = try handle.readStatus()
        let before = try handle.readStanding()
        self.handle = handle
        self.status = status
        self.before = before
        self.table = table
        self.kernel = kernel
        formula = request.formula
    }

    /// The same one as it was, or none.
    init(_ key: TouchedProcess.Key, in table: ProcessTable, kernel: RunningKernel) throws(ProcessError) {
        var request = ProtectionKeeper.Request(process: key.process)
        request.accepts = { $0.bootID == key.bootID && $0.startTime == key.startTime }
        try self.init(request, in: table, kernel: kernel)
    }

    var subject: AuditEntry.Subject {
        AuditEntry.Subject(
            bootID: kernel.bootID, process: handle.process, startTime: handle.startTime, command: status.commandName)
    }

    var key: TouchedProcess.Key { subject.key }

    /// - Parameter movedFloor: whether a write of ours has moved the floor; then one back up has to move it as well.
    func set(
        _ adjustment: OOMScoreAdjustment, movedFloor: inout Bool
    ) throws(ProcessError) -> ProtectionOutcome {
        guard before.adjustment != adjustment else { return unchanged }
        let others = try SharedAdjustments(with: status, in: table, kernel: kernel.version)
        try handle.put(adjustment, over: before.adjustment, movedFloor: &movedFloor)
        let after = try handle.readStanding()
        return outcome(after: after, alsoChanged: try others.readChanged(to: after.adjustment), .done)
    }

    /// It stays as it is.
    var unchanged: ProtectionOutcome { outcome(after: before, alsoChanged: [], .done) }

    /// What `set` would do, tried as far as that changes nothing.
    func foresee(_ adjustment: OOMScoreAdjustment) throws(ProcessError) -> ProtectionOutcome {
        try handle.checkMayBeOpened()
        guard before.adjustment != adjustment else { return outcome(after: before, alsoChanged: [], .foreseen(certain: true)) }
        let mayLower = try readOwnCapabilities().contains(.sysResource)
        let isCertain = mayLower || adjustment > before.adjustment
        let score = formula.map { $0.oomScore(of: $0.badness(of: status, adjustment: adjustment)) }
        return outcome(
            after: ProtectionOutcome.Standing(adjustment: adjustment, score: score),
            alsoChanged: try SharedAdjustments(with: status, in: table, kernel: kernel.version).known(without: adjustment),
            .foreseen(certain: isCertain))
    }

    private func outcome(
        after: ProtectionOutcome.Standing, alsoChanged: [ProcessID], _ certainty: ProtectionOutcome.Certainty
    ) -> ProtectionOutcome {
        ProtectionOutcome(of: status, before: before, after: after, alsoChanged: alsoChanged, certainty: certainty)
    }
}

private func readOwnCapabilities() throws(ProcessError) -> CapabilitySet {
    do { return try Capabilities.readOwn().effective } catch { throw .failed(error) }
}

extension ProcessHandle {
    fileprivate func readStanding() throws(ProcessError) -> ProtectionOutcome.Standing {
        ProtectionOutcome.Standing(adjustment: try readAdjustment(), score: try readScore())
    }

    /// Writes so that the floor ends where it was, as far as anybody can: nobody can read it.
    ///
    /// A write that the floor forbids moves it down, and only a privileged one moves it up again: left below, its owner could
    /// go there without us. Kernel: fs/proc/base.c, `__set_oom_adj()`.
    func put(
        _ adjustment: OOMScoreAdjustment, over before: OOMScoreAdjustment, movedFloor: inout Bool
    ) throws(ProcessError) {
        if movedFloor, adjustment > before { return try write(adjustment, floor: .moves) }
        do {
            try write(adjustment, floor: .stays)
        } catch .refused(let refusal) where refusal.missing == .sysResource {
            try write(adjustment, floor: .moves)
            movedFloor = true
        }
    }
}
