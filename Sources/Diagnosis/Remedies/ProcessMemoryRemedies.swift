import Kernel

/// Processes' memory filled RAM, and swap if there was any.
struct ProcessMemoryRemedies {
    let facts: ReportFacts

    var all: [Remedy] {
        let protection = ProtectionRemedies(facts: facts)
        return ([limitBiggest] + [swap] + [zram, protection.protectOne, protection.strictOvercommit]).compactMap { $0 }
    }

    /// The biggest row of the table, else the victim.
    private var limitBiggest: Remedy? {
        let biggest = facts.report.tasks.rows.max { ($0.resident ?? .zero) < ($1.resident ?? .zero) }
        let victim = facts.report.victims.first
        let name = biggest.map { "\($0.comm.text) (\($0.processID.rawValue))" } ?? victim?.words
        guard let name else { return nil }
        let held = biggest?.resident.map { Bytes($0, of: facts.pageSize) } ?? victim?.memory.anonymous
        let unit = facts.report.victimCgroup.flatMap { CgroupIdentity(of: $0).unit }
        let limit = facts.use.whole.map { Bytes($0.count / 4 * 3).mebibytesUp }
        return Remedy(
            title: "look at the biggest process first: \(name)",
            why: (held.map { "it had \($0.words) in RAM. " } ?? "")
                + "If that is a leak, mend it; if not, a limit on its unit keeps an OOM inside it instead of the whole machine",
            command: unit.flatMap { unit in limit.map { "systemctl set-property \(Command.quoted(unit)) MemoryMax=\($0)M" } },
            risk: "the unit's processes are killed when it reaches the limit")
    }

    /// What the victims held, and half of RAM at most.
    private var swap: Remedy? {
        guard let whole = facts.use.whole else { return nil }
        let victims = facts.report.victims.reduce(Bytes.zero) { $0 + ($1.memory.anonymous ?? .zero) }
        let there = facts.report.swap?.total ?? .zero
        let more = max(Bytes(whole.count / 4), min(victims, Bytes(whole.count / 2))).mebibytesUp
        let head =
            there > .zero
            ? "all \(there.words) of swap were used" : "there is no swap: every page that a process has written must stay in RAM"
        return Remedy(
            title: there > .zero ? "more swap: \(more) MiB" : "add swap: \(more) MiB",
            why: "\(head). It helps where part of what processes hold is rarely used; a leak fills it as well, only later",
            command: Command.swapFile(mebibytes: more),
            risk: "slow where much of it is in use; not on every file system (btrfs, ZFS)")
    }

    private var zram: Remedy? {
        guard facts.era.version.map({ $0 >= KernelVersion(3, 14) }) ?? true, facts.use.whole != nil else { return nil }
        return Remedy(
            title: "add RAM, or use less",
            why:
                "the machine was asked for more than it has: fewer or smaller workers and caches (JVM heap, buffer pools), or a larger machine",
            command: nil, risk: "none")
    }
}
