public import Diagnosis
public import Store

/// What a stream tells as it happens.
public enum LiveEvent: Sendable {
    case event(ShownEvent)
    /// What has become of a stall that was told when it began.
    case stall(StoredEvent, Stall)
    case zones(ZoneChange)

    /// The word that stands for it in a stream.
    public var kind: EventKind {
        switch self {
        case .event(let shown): shown.event.record.kind
        case .stall: .stall
        case .zones: .zoneState
        }
    }
}
