import Diagnosis
import Kernel
import Monitor
import Representation

extension PolicyBook {
    var fileState: PolicyFileState? {
        filePath.map { PolicyFileState(path: $0, failure: fileFailure?.sentence) }
    }
}

extension ProcessWatching {
    init(_ mode: ProcessFeed.Mode) {
        switch mode {
        case .off: self = .off
        case .events: self = .events
        case .scan(let interval, let failure):
            self = .scan(seconds: interval.count / 1_000_000_000, because: failure.reason)
        }
    }
}

extension PolicyCounts {
    init(of policies: PolicyControl) {
        let all = policies.book.policies
        let file = all.count { $0.source == .file }
        self.init(
            api: all.count - file, file: file, contested: policies.engine.contestedCount, losses: policies.feed.counts.losses)
    }
}
