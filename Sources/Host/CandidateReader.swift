public import Diagnosis
import Glibc
public import Kernel

/// Reads what there is to know of the processes near the head of the order, each once. Made for one forecast.
///
/// What may not be read of a process is nil, and hides neither it nor the others.
public final class CandidateReader {
    private let start: Directory
    private let table: ProcessTable
    private let cgroups: MemoryCgroups
    private let processes: [ProcessStatus]
    private let readsPolicies: Bool
    private var reader = ProcessReader()
    private var known: [ProcessID: VictimDetails] = [:]
    private var groups: [ProcessID: CgroupMembership.Hierarchy]?
    private var groupKills: [CgroupPath: Bool] = [:]

    /// - Parameters:
    ///   - processes: all of the machine, among whom those that die together are looked for.
    ///   - readsPolicies: where nodes decide; it needs the right to trace.
    public init(
        table: ProcessTable, cgroups: MemoryCgroups, processes: [ProcessStatus], readsPolicies: Bool
    ) throws(SourceError) {
        start = try table.open()
        self.table = table
        self.cgroups = cgroups
        self.processes = processes.filter { $0.memory != nil }
        self.readsPolicies = readsPolicies
    }

    /// - Parameter domain: where memory ran out, so that a group of version 2 is killed whole only within it.
    /// - Returns: nil where it has ended.
    public func readDetails(of process: ProcessStatus, within domain: OOMDomain) -> VictimDetails? {
        if let details = known[process.process] { return details }
        do throws(ReadFailure) {
            let details = try read(process, domain)
            known[process.process] = details
            return details
        } catch  where error.isGone { return nil } catch { return VictimDetails() }
    }

    /// The group that a process's memory is charged to.
    public func readMemoryCgroup(of process: ProcessStatus) -> CgroupPath? { hierarchy(of: process)?.path }

    /// What is the process's alone; nil where it may not be asked.
    public func readRollup(of process: ProcessID) -> MemoryRollup? {
        text("smaps_rollup", of: process).flatMap(MemoryRollup.init(parsing:))
    }

    /// By the flag in `stat`, which kernels before 6.9 alone have.
    public func readIsKernelThread(_ process: ProcessStatus) -> Bool {
        if let isKernelThread = process.isKernelThread { return isKernelThread }
        do { return try reader.readStat(of: process.process, from: start.descriptor).flags.contains(.kernelThread) } catch {
            return false
        }
    }

    private func read(_ process: ProcessStatus, _ domain: OOMDomain) throws(ReadFailure) -> VictimDetails {
        let id = process.process
        var details = VictimDetails()
        details.status = StatusDetails(parsing: try reader.readText("status", of: id, from: start.descriptor))
        details.score = readScore(of: id)
        let group = hierarchy(of: process)
        details.memoryCgroup = group?.path
        if readsPolicies { details.policy = readPolicy(of: id) }
        readSharing(of: process, into: &details)
        if let group, group.number == 0 { readGroup(around: group.path, process, domain, into: &details) }
        return details
    }

    private func readScore(of process: ProcessID) -> Int? {
        do { return try reader.readScore(of: process, from: start.descriptor) } catch { return nil }
    }

    private func text(_ file: StaticString, of process: ProcessID) -> [UInt8]? {
        do { return try reader.readText(file, of: process, from: start.descriptor) } catch { return nil }
    }
}

extension CandidateReader {
    /// A leader that has exited shows the root of version 1: its threads show the group.
    private func hierarchy(of process: ProcessStatus) -> CgroupMembership.Hierarchy? {
        if let known = groups?[process.process] { return known }
        do {
            guard process.isZombieWithThreads else {
                return try reader.readCgroups(of: process.process, from: start.descriptor).memory
            }
            let tasks = try Directory(opening: "\(process.process)/task", at: start.descriptor)
            for thread in try tasks.readNumbers() where thread != process.process {
                return try reader.readCgroups(of: thread, from: tasks.descriptor).memory
            }
            return nil
        } catch { return nil }
    }

    /// Only its first line: for each line the kernel walks the pages of a mapping, and it prints no more than was asked for.
    private func readPolicy(of process: ProcessID) -> MemoryPolicy {
        let file = openat(start.descriptor, "\(process)/numa_maps", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return .unknown }
        defer { close(file) }
        var line = [UInt8](repeating: 0, count: 64)
        let count = line.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
        return MemoryPolicy(parsingMapping: Array(line.prefix(max(count, 0))))
    }

    /// Who has the very same memory shows nearly the same sums, read a moment later.
    private func readSharing(of process: ProcessStatus, into details: inout VictimDetails) {
        let alike = processes.filter { $0.process != process.process && $0.isAlike(process) }.map(\.process)
        guard !alike.isEmpty else { return }
        guard table.root.isEmpty else {
            details.mayShare = processes.filter { $0.process != process.process && $0.memory == process.memory }.map(\.process)
            return
        }
        let found = MemorySharing.read(of: process, among: alike)
        details.sharing = found.sharing
        let same = Set(processes.filter { $0.memory == process.memory }.map(\.process))
        details.mayShare = found.unknown.filter(same.contains)
    }

    /// The highest group with memory.oom.group, up to the one that ran out. Kernel: mm/memcontrol.c, `mem_cgroup_get_oom_group()`.
    private func readGroup(
        around path: CgroupPath, _ process: ProcessStatus, _ domain: OOMDomain, into details: inout VictimDetails
    ) {
        var end = CgroupPath("/".utf8)
        if case .memcg(let limited) = domain.kind { end = limited.group.path }
        var group: CgroupPath? = path
        while let next = group, next.isSameOrBelow(end) {
            if killsTogether(next) { details.killedGroup = next }
            group = next.parent
        }
        guard let killed = details.killedGroup else { return }
        details.groupMembers = readAllGroups().filter { $0.key != process.process && $0.value.path.isSameOrBelow(killed) }
            .map(\.key).sorted()
    }

    private func killsTogether(_ group: CgroupPath) -> Bool {
        if let known = groupKills[group] { return known }
        let kills = cgroups.readKillsTogether(group)
        groupKills[group] = kills
        return kills
    }

    private func readAllGroups() -> [ProcessID: CgroupMembership.Hierarchy] {
        if let groups { return groups }
        var all: [ProcessID: CgroupMembership.Hierarchy] = [:]
        for process in processes { all[process.process] = hierarchy(of: process) }
        groups = all
        return all
    }
}

extension ProcessStatus {
    /// As near as two readings of one memory are, even while it grows.
    fileprivate func isAlike(_ other: ProcessStatus) -> Bool {
        guard let ours = memory?.resident, let theirs = other.memory?.resident else { return false }
        let larger = max(ours, theirs)
        return max(ours - theirs, theirs - ours).count <= larger.count / 8 + Bytes(kibibytes: 256).count
    }
}
