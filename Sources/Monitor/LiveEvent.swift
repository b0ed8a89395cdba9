public import Diagnosis
public import Kernel

/// What a stream tells as it happens.
public enum LiveEvent: Sendable {
    case report(OOMEvent)
    case stall(Stall)
    case zones(ZoneChange)

    /// The word that stands for it in a stream.
    public var kind: Kind {
        switch self {
        case .report(let event): Kind(event.kind)
        case .stall: .stall
        case .zones: .zoneState
        }
    }

    /// The groups that it is about.
    public var cgroups: [CgroupPath] {
        switch self {
        case .report(let event): [event.victimCgroup, event.limitCgroup].compactMap { $0 }
        case .stall(let stall): stall.group.map { [$0] } ?? []
        case .zones: []
        }
    }

    /// What happens, in the words of the interface.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case kill
        case killWithoutReport = "kill_without_report"
        case noKill = "no_kill"
        case allocationFailure = "allocation_failure"
        case userspaceKill = "userspace_kill"
        case recordsLost = "records_lost"
        case stall
        case zoneState = "zone_state"

        init(_ kind: OOMReport.Kind) {
            self =
                switch kind {
                case .kill: .kill
                case .killWithoutReport: .killWithoutReport
                case .noKill: .noKill
                case .allocationFailure: .allocationFailure
                case .userspaceKill: .userspaceKill
                }
        }
    }
}
