extension ProtectionKeeper {
    /// Learns from it which processes come and go, as long as it is told.
    public func follow(_ feed: ProcessFeed) {
        feed.subscribe { [weak self, weak feed] events in
            guard let self, let feed else { return }
            isToldOfForks = feed.mode == .events
            take(events)
        }
    }

    private func take(_ events: [ProcessFeed.Event]) {
        for event in events {
            switch event {
            case .forked(let parent, let child): noteForked(parent: parent, child: child)
            case .exited(let process): noteExited(process)
            case .executed: continue
            case .lost, .scanned: sweep()
            }
        }
    }
}
