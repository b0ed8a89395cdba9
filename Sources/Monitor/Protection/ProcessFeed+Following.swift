import Host
import Kernel
import Logging

extension ProcessFeed {
    /// The whole life of the thread.
    func follow(until stop: WakeUp) {
        guard let bell else { return }
        while !stop.isRaised {
            guard isNeeded else {
                note(.off)
                wait(until: stop, bell, for: nil)
                continue
            }
            do throws(SourceError) {
                guard settings.usesEvents else { throw .absent(path: "process events") }
                try followEvents(until: stop, bell)
            } catch {
                note(.scan(every: settings.scanInterval, because: error))
                scan(until: stop, bell)
            }
        }
        note(.off)
    }

    /// Returns when nobody needs it.
    private func followEvents(until stop: WakeUp, _ bell: Bell) throws(SourceError) {
        var source = try ProcessEvents()
        note(.events)
        // What was there before the first event.
        publish([.scanned])
        var nextLook = Nanoseconds.monotonic.count + settings.lookInterval.count
        while !stop.isRaised, isNeeded {
            let rest = nextLook - Nanoseconds.monotonic.count
            switch rest > 0 ? try source.wait(until: stop, or: bell, for: Nanoseconds(rest)) : .silence {
            case .stopped: return
            case .rung, .silence:
                wait(until: stop, bell, for: Nanoseconds(0))
                nextLook = Nanoseconds.monotonic.count + settings.lookInterval.count
                if isNeeded { publish([.scanned]) }
            case .news:
                guard try !stop.wait(for: settings.gathering) else { return }
                let news = try source.readNews()
                if news.failed > 0 { logger.debug("source process_events: \(news.failed) not understood, ignoring") }
                publish(news.events.compactMap(Event.init) + (news.hasLost || news.failed > 0 ? [.lost] : []))
            }
        }
    }

    /// Returns when nobody needs it, or it is time to try events again.
    private func scan(until stop: WakeUp, _ bell: Bell) {
        let end = Nanoseconds.monotonic.count + settings.pause.count
        while !stop.isRaised, isNeeded, Nanoseconds.monotonic.count < end {
            publish([.scanned])
            wait(until: stop, bell, for: settings.scanInterval)
        }
    }

    private func wait(until stop: WakeUp, _ bell: Bell, for time: Nanoseconds?) {
        do throws(SourceError) {
            _ = try bell.wait(until: stop, for: time)
        } catch { logger.warning("new processes are not seen in time: \(error), ignoring") }
    }
}

extension ProcessFeed.Event {
    /// nil for what no subscriber needs to know.
    fileprivate init?(_ event: ProcessEvent) {
        switch event {
        case .forked(let parent, let child): self = .forked(parent: parent, child: child)
        case .executed(let process): self = .executed(process)
        case .exited(let process): self = .exited(process)
        case .answered, .other: return nil
        }
    }
}
