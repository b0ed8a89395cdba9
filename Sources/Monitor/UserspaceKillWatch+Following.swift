import Host
import Kernel
import Logging
import Synchronization

extension UserspaceKillWatch {
    /// The whole life of the thread.
    func follow(until stop: WakeUp) {
        var kills = UserspaceKills()
        while !stop.isRaised {
            followJournal(&kills, until: stop)
            followSyslog(&kills, until: stop)
        }
    }

    /// Returns where there is no journal, or it fails.
    private func followJournal(_ kills: inout UserspaceKills, until stop: WakeUp) {
        guard Journal.isPresent(root: settings.root) else { return forget(.journal) }
        do throws(SourceError) {
            var journal = try Journal(root: settings.root)
            note(.journal, nil)
            forget(.syslog)
            while !stop.isRaised {
                while let entry = try journal.readNext() { tell(entry.line, at: entry.writtenAt, .journal, &kills) }
                try journal.wait(until: stop)
            }
        } catch { note(.journal, error) }
    }

    /// Returns when it is time to look for the journal, and it can be opened.
    private func followSyslog(_ kills: inout UserspaceKills, until stop: WakeUp) {
        guard let path = syslogPath else {
            forget(.syslog)
            return wait(until: stop, for: settings.pause)
        }
        do throws(SourceError) {
            var file = try GrowingFile(path: path)
            note(.syslog, nil)
            var nextLook = Nanoseconds.monotonic.count + settings.pause.count
            while !stop.isRaised {
                try file.readLines { tellSyslog($0, &kills) }
                wait(until: stop, for: settings.interval)
                guard Nanoseconds.monotonic.count >= nextLook else { continue }
                if canOpenJournal { return }
                nextLook = Nanoseconds.monotonic.count + settings.pause.count
            }
        } catch {
            note(.syslog, error)
            wait(until: stop, for: settings.pause)
        }
    }

    private func tellSyslog(_ bytes: ArraySlice<UInt8>, _ kills: inout UserspaceKills) {
        let now = Timestamp.now
        guard let line = LogLine(ofKiller: bytes, number: now.unixNanoseconds / 1_000) else { return }
        tell(line, at: now, .syslog, &kills)
    }

    private func tell(_ line: LogLine, at time: Timestamp, _ source: SourceHealth.Source, _ kills: inout UserspaceKills) {
        for kill in kills.add(line, at: time) { publish(kill, time, source.rawValue) }
    }

    /// Debian's name, then Red Hat's.
    private var syslogPath: String? {
        ["/var/log/syslog", "/var/log/messages"].map { settings.root + $0 }.first(where: FileSystem.exists)
    }

    private var canOpenJournal: Bool {
        guard Journal.isPresent(root: settings.root) else { return false }
        do throws(SourceError) {
            _ = try Journal(root: settings.root)
            return true
        } catch {
            note(.journal, error)
            return false
        }
    }

    private func wait(until stop: WakeUp, for pause: Nanoseconds) {
        do throws(SourceError) {
            _ = try stop.wait(for: pause)
        } catch { logger.warning("userspace kills are not seen in time: \(error), ignoring") }
    }
}

extension UserspaceKillWatch {
    private func note(_ source: SourceHealth.Source, _ failure: SourceError?) {
        let before = standing.withLock { $0.updateValue(failure, forKey: source) }
        guard before != .some(failure) else { return }
        if let failure {
            logger.warning("source \(source.rawValue) failed: \(failure)\(source.remedy(for: failure)), ignoring")
        } else {
            logger.info("source \(source.rawValue): following systemd-oomd and earlyoom")
        }
    }

    private func forget(_ source: SourceHealth.Source) {
        _ = standing.withLock { $0.removeValue(forKey: source) }
    }
}
