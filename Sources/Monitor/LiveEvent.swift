public import Diagnosis
public import Kernel

/// What a stream tells as it happens.
public enum LiveEvent: Sendable {
    case report(OOMEvent)
    case stall(Stall)

    /// The word that stands for it in a stream.
    public var kind: String {
        switch self {
        case .report(let event): event.kind.rawValue
        case .stall: "stall"
        }
    }

    /// The groups that it is about.
    public var cgroups: [CgroupPath] {
        switch self {
        case .report(let event): [event.victimCgroup, event.limitCgroup].compactMap { $0 }
        case .stall(let stall): stall.group.map { [$0] } ?? []
        }
    }
}
