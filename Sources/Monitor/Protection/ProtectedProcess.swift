import Diagnosis
import Host
import Kernel

/// A process that may be adjusted, with how it stood when it was opened.
struct ProtectedProcess: ~Copyable {
    let handle: ProcessHandle
    let status: ProcessStatus
    let before: ProtectionOutcome.Standing
    let table: ProcessTable
    private let kernel: KernelVersion
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
        self.kernel = kernel.version
        formula = request.formula
    }

    var key: OriginalAdjustments.Key { OriginalAdjustments.Key(process: handle.process, startTime: handle.startTime) }

    /// - Parameter written: called as soon as the process has the value, whatever fails later.
    func set(_ adjustment: OOMScoreAdjustment, written: () -> Void) throws(ProcessError) -> ProtectionOutcome {
        guard before.adjustment != adjustment else {
            written()
            return outcome(after: before, alsoChanged: [], .done)
        }
        let others = try SharedAdjustments(with: status, in: table, kernel: kernel)
        try handle.write(adjustment)
        written()
        let after = try handle.readStanding()
        return outcome(after: after, alsoChanged: try others.readChanged(to: after.adjustment), .done)
    }

    /// What `set` would do, tried as far as that changes nothing.
    func foresee(_ adjustment: OOMScoreAdjustment) throws(ProcessError) -> ProtectionOutcome {
        try handle.checkMayBeOpened()
        guard before.adjustment != adjustment else { return outcome(after: before, alsoChanged: [], .foreseen(certain: true)) }
        let mayLower = try readOwnCapabilities().contains(.sysResource)
        let isCertain = mayLower || adjustment > before.adjustment
        let score = formula.map { $0.oomScore(of: $0.badness(of: status, adjustment: adjustment)) }
        return outcome(
            after: ProtectionOutcome.Standing(adjustment: adjustment, score: score),
            alsoChanged: try SharedAdjustments(with: status, in: table, kernel: kernel).known(without: adjustment),
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
}
