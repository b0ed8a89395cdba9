public import Diagnosis
public import Store
import Synchronization

extension EventLedger {
    /// Takes in a stall when it begins, and again when it is over: it is one event.
    ///
    /// - Returns: the event, which is told already where it is new.
    @discardableResult
    public func add(_ stall: Stall) -> StoredEvent {
        let record = EventRecord(of: stall, bootID: settings.bootID)
        return add(record, id: stall.id, source: "recorder")
    }

    /// Gives a number among those of the events to what is told and not kept.
    public func number(_ tell: (Int) -> Void) {
        telling.withLock { _ in tell(state.withLock { $0.takeNumber() }) }
    }
}
