public import Diagnosis
import Glibc
public import Host
public import Kernel

/// Sees to it that no protection makes the machine unkillable: by the sum of what is protected, and by who is left.
public struct BudgetKeeper: Sendable {
    private let table: ProcessTable
    private let share: ProtectionBudget.Percent
    private let readTotal: @Sendable () -> Bytes?

    /// - Parameter readTotal: `MemTotal`; nil where it cannot be read, and then no sum is too much.
    public init(
        table: ProcessTable, share: ProtectionBudget.Percent = .standard, readTotal: @escaping @Sendable () -> Bytes?
    ) {
        self.table = table
        self.share = share
        self.readTotal = readTotal
    }

    /// Looks at every process as it would stand with this one changed.
    ///
    /// Where children inherit, all that is below it counts with it: what it starts in their place will have the value.
    ///
    /// - Throws: `.overBudget`, `.noVictimLeft`, or why the processes could not be looked at. The machine may be left without a
    ///   victim where that is forced; the budget holds all the same.
    public func check(_ candidate: ProtectedCandidate) throws(ProtectionError) {
        guard candidate.wanted <= ProtectionBudget.strong else { return }
        let readings: [ProcessReading]
        var family: Set<ProcessID> = [candidate.process]
        do throws(SourceError) {
            readings = try table.readAll().processes
            if candidate.inherits { family.formUnion(try table.readTree().descendants(of: candidate.process)) }
        } catch { throw .process(.failed(error)) }
        if candidate.wanted == .exempt, !candidate.isForced,
            !readings.contains(where: { isLeft($0, without: candidate.process) })
        {
            throw .noVictimLeft(candidate.process)
        }
        // Who is strongly protected already adds nothing to the sum.
        let isNews = readings.contains { family.contains($0.status.process) && $0.adjustment > ProtectionBudget.strong }
        guard let total = readTotal(), isNews else { return }
        let held = readings.map { reading in
            family.contains(reading.status.process)
                ? ProcessReading(status: reading.status, adjustment: min(reading.adjustment, candidate.wanted)) : reading
        }.filter { $0.adjustment <= ProtectionBudget.strong }
        try check(held, ProtectionBudget(share: share, total: total))
    }

    private func check(_ processes: [ProcessReading], _ budget: ProtectionBudget) throws(ProtectionError) {
        let reader = ProtectedMemoryReader(table: table)
        let exact: ProtectedMemory
        do throws(SourceError) {
            guard try !budget.allows(reader.read(processes, isExact: false)) else { return }
            exact = try reader.read(processes, isExact: true)
        } catch { throw .process(.failed(error)) }
        if !budget.allows(exact) { throw .overBudget(budget, exact) }
    }

    /// Kernel threads have no memory; zombies have given theirs back.
    private func isLeft(_ reading: ProcessReading, without process: ProcessID) -> Bool {
        let id = reading.status.process
        guard id != process, id != ProcessID(1), id.rawValue != getpid() else { return false }
        return reading.adjustment != .exempt && reading.status.memory != nil
    }
}
