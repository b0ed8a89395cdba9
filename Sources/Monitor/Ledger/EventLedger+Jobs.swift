import Host
import Kernel
public import Store
import Synchronization

extension EventLedger {
    /// Has something slow done by the worker, in its order; false where there is no worker, or too much waits for it.
    @discardableResult
    public func later(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = jobs.withLock { jobs in
            guard jobs.isOpen, jobs.waiting.count < Jobs.most else { return false }
            jobs.waiting.append(job)
            return true
        }
        if isTaken { bell.withLock { $0 }?.ring() }
        return isTaken
    }

    /// What waits for the worker beside events.
    struct Jobs: Sendable {
        static let most = 100

        var isOpen = false
        var waiting: [@Sendable () -> Void] = []
    }

    func doJobs() {
        while let job = jobs.withLock({ $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }) { job() }
    }

    /// The last jobs are done; no more are taken.
    func endJobs() {
        doJobs()
        jobs.withLock { $0.isOpen = false }
        doJobs()
    }
}

extension EventLedger {
    /// Keeps something with an event, in the place of what was kept of that kind; in memory until the event is in the file.
    public func attach(_ attachment: Attachment, to id: String) {
        state.withLock { state in
            state.attachments.removeAll { $0.id == id && $0.attachment.kind == attachment.kind }
            state.attachments.append((id, attachment))
            state.trimAttachments(to: settings.attachments)
        }
        bell.withLock { $0 }?.ring()
    }

    public func attachment(_ kind: String, of id: String) throws(StoreError) -> Attachment? {
        let (store, waiting) = state.withLock { state in
            (state.store, state.attachments.last { $0.id == id && $0.attachment.kind == kind }?.attachment)
        }
        if let waiting { return waiting }
        return try store?.attachment(kind, of: id)
    }

    /// After the events: what belongs to one that is not written yet waits for it.
    func writeAttachments(into store: EventStore) throws(StoreError) {
        for (id, attachment) in state.withLock({ $0.attachments }) {
            let isWritten = try store.attach(attachment, to: id)
            state.withLock { state in
                // One of an event that was forgotten has nobody to ask for it.
                guard isWritten || !state.pending.contains(where: { $0.event.id == id }) else { return }
                state.attachments.removeAll { $0.id == id && $0.attachment == attachment }
            }
        }
    }
}

extension EventLedger.State {
    /// The oldest go first.
    fileprivate mutating func trimAttachments(to limit: Bytes) {
        var size = attachments.reduce(0) { $0 + $1.attachment.data.count }
        while size > limit.count, attachments.count > 1 { size -= attachments.removeFirst().attachment.data.count }
    }
}
