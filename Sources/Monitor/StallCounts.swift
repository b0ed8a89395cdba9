import Diagnosis
import Synchronization

/// How many stalls have begun, read without a lock.
public final class StallCounts: Sendable {
    private let ofMachine = Atomic<Int>(0)
    private let ofCgroups = Atomic<Int>(0)

    public var machine: Int { ofMachine.load(ordering: .relaxed) }
    public var cgroups: Int { ofCgroups.load(ordering: .relaxed) }

    /// A stall is told again at its end, and counted once.
    func count(_ stall: Stall) {
        guard stall.end == nil else { return }
        switch stall.owner {
        case .machine: ofMachine.add(1, ordering: .relaxed)
        case .cgroup: ofCgroups.add(1, ordering: .relaxed)
        }
    }
}
