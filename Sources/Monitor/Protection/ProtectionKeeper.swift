public import Diagnosis
public import Host
public import Kernel
import Synchronization

/// Sets adjustments on demand, by the rules that keep a mistake small, and knows what was there before.
public final class ProtectionKeeper: Sendable {
    private let table: ProcessTable
    private let cgroups: MemoryCgroups
    private let kernel: RunningKernel
    /// Held throughout an action, so that two of them cannot take each other's value for the original one. Only actions wait
    /// for it, and nothing that is read under it touches a process's own pages.
    private let originals = Mutex(OriginalAdjustments())

    public init(table: ProcessTable, cgroups: MemoryCgroups, kernel: RunningKernel) {
        self.table = table
        self.cgroups = cgroups
        self.kernel = kernel
    }

    /// What is asked of a process.
    public struct Request: Sendable {
        public var process: ProcessID
        /// Says and checks all that the real action does, and changes nothing.
        public var isDryRun = false
        /// Leave a limited group without a possible victim if need be.
        public var isForced = false
        /// What foretells the score in a dry run; without it none is foretold.
        public var formula: BadnessFormula?
        /// Whether the process is the one that was meant.
        public var accepts: @Sendable (ProcessIdentity) -> Bool = { _ in true }

        public init(process: ProcessID) { self.process = process }
    }

    public func protect(
        _ request: Request, adjustment: OOMScoreAdjustment = .exempt
    ) throws(ProtectionError) -> ProtectionOutcome {
        try originals.withLock { (originals) throws(ProtectionError) in
            let subject = try opened(request)
            if adjustment == .exempt, !request.isForced { try checkLeavesAVictim(subject) }
            return try reported { () throws(ProcessError) in
                guard !request.isDryRun else { return try subject.foresee(adjustment) }
                return try subject.set(adjustment) {
                    guard subject.before.adjustment != adjustment else { return }
                    originals.remember(subject.before.adjustment, of: subject.key, in: table)
                }
            }
        }
    }

    /// Sets what was there before the first `protect`.
    public func unprotect(_ request: Request) throws(ProtectionError) -> ProtectionOutcome {
        try originals.withLock { (originals) throws(ProtectionError) in
            let subject = try opened(request)
            guard let original = originals[subject.key] else { throw .nothingToRestore(request.process) }
            if original == .exempt, !request.isForced { try checkLeavesAVictim(subject) }
            return try reported { () throws(ProcessError) in
                guard !request.isDryRun else { return try subject.foresee(original) }
                return try subject.set(original) { originals.forget(subject.key) }
            }
        }
    }

    private func opened(_ request: Request) throws(ProtectionError) -> ProtectedProcess {
        try reported { () throws(ProcessError) in try ProtectedProcess(request, in: table, kernel: kernel) }
    }

    private func checkLeavesAVictim(_ subject: borrowing ProtectedProcess) throws(ProtectionError) {
        let group: CgroupPath?
        do { group = try subject.readGroupWithoutOtherVictim(in: cgroups) } catch { throw .process(error) }
        if let group { throw .noOtherVictim(subject.handle.process, group: group) }
    }
}

private func reported<Value: ~Copyable>(_ body: () throws(ProcessError) -> Value) throws(ProtectionError) -> Value {
    do { return try body() } catch { throw .process(error) }
}
