import Diagnosis
import Host
import Kernel

extension ProtectedProcess {
    /// The limited group in which nobody else could die when it is full; nil where somebody could, or nothing limits this process.
    ///
    /// Kernel: mm/memcontrol.c, `mem_cgroup_out_of_memory()`: with nobody to kill the charge is tried again and again, and
    /// `vm.panic_on_oom=2` panics. Those that share the memory become exempt with it and are no help.
    func readGroupWithoutOtherVictim(in cgroups: MemoryCgroups) throws(ProcessError) -> CgroupPath? {
        guard before.adjustment != .exempt, let membership = try handle.readCgroups() else { return nil }
        do {
            guard let group = try cgroups.readLimitingGroup(of: membership) else { return nil }
            return try hasOtherVictim(in: group) ? nil : group
        } catch {
            throw .failed(error)
        }
    }

    private func hasOtherVictim(in group: CgroupPath) throws(SourceError) -> Bool {
        let candidates = try table.readAll().processes.filter(\.mayBeKilled).map(\.status.process)
        let exemptWithIt = Set(MemorySharing.read(of: status, among: candidates).sharing + [status.process])
        for candidate in candidates where !exemptWithIt.contains(candidate) {
            if let path = try table.readMemoryCgroup(of: candidate), path.isSameOrBelow(group) { return true }
        }
        return false
    }
}

extension ProcessReading {
    fileprivate var mayBeKilled: Bool { status.memory != nil && adjustment != .exempt && status.process != ProcessID(1) }
}
