public import Diagnosis
import Kernel

extension EventRecord {
    /// What is kept of a stall. Its group stands where a victim's does.
    public init(of stall: Stall, bootID: String) {
        let lines = stall.lines
        self.init(
            .stall,
            EventIdentity(
                bootID: bootID, time: TimeSinceBoot(microseconds: stall.begin.sinceBoot.count / 1_000),
                fingerprint: EventIdentity.fingerprint(of: lines.prefix(1))))
        killedAt = stall.begin.wall
        evidence = lines
        place(in: stall.group)
    }

    /// The group that it is about, with its names of systemd and of container runtimes.
    mutating func place(in group: CgroupPath?) {
        victimCgroup = group
        guard let group else { return }
        let identity = CgroupIdentity(of: group)
        unit = identity.unit ?? identity.slice
        container = identity.container?.id
        pod = identity.podUID
    }
}

extension Stall {
    /// nil for another event.
    public init?(of stored: StoredEvent) {
        guard stored.record.kind == .stall else { return nil }
        self.init(lines: stored.record.evidence)
    }
}
