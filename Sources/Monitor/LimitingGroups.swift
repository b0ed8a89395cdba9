import Host
import Kernel

/// The limited memory cgroups of the processes that the recorder has looked at lately.
///
/// In a storm the kernel prints a bare line for a kill and no report: then this is all that tells whose limit it was. Two
/// looks are kept, since the victim of a storm may have been born before the one and die after the other.
struct LimitingGroups {
    private var latest: [ProcessID: Member] = [:]
    private var before: [ProcessID: Member] = [:]

    private struct Member {
        let name: CommandName
        let group: CgroupPath
    }

    mutating func note(_ scan: ProcessScan, _ groups: [ProcessID: CgroupPath]) {
        before = latest
        latest = [:]
        for process in scan.processes {
            guard let group = groups[process.process] else { continue }
            latest[process.process] = Member(name: process.name, group: group)
        }
    }

    /// nil for a process that was not seen, or whose number had another name then.
    func group(of process: ProcessID, _ name: CommandName) -> CgroupPath? {
        guard let member = latest[process] ?? before[process], member.name == name else { return nil }
        return member.group
    }
}

extension ProcessTable {
    /// The innermost group with a limit around each of these; processes that have ended or may not be read are left out.
    func readLimitingGroups(of scan: ProcessScan, in cgroups: MemoryCgroups) throws(SourceError) -> [ProcessID: CgroupPath] {
        var known: [CgroupMembership: CgroupPath?] = [:]
        var groups: [ProcessID: CgroupPath] = [:]
        for (process, membership) in try readMemberships(of: scan.processes.lazy.map(\.process)) {
            if known[membership] == nil { known[membership] = .some(try cgroups.readLimitingGroup(of: membership)) }
            groups[process] = known[membership] ?? nil
        }
        return groups
    }
}
