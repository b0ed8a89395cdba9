import API
import ArgumentParser
import Host
import Kernel
import Logging
import Monitor

extension Wiring {
    static func keeper(
        _ table: ProcessTable, _ cgroups: MemoryCgroups, _ kernel: RunningKernel, _ settings: ProtectionKeeper.Settings,
        _ feed: ProcessFeed
    ) -> ProtectionKeeper {
        let keeper = ProtectionKeeper(table: table, cgroups: cgroups, kernel: kernel, settings: settings)
        keeper.follow(feed)
        return keeper
    }

    /// What is protected is written down where refused attempts are; with another machine's files, nowhere.
    static func leases(
        _ trail: AuditTrail?, _ budget: BudgetKeeper, _ feed: ProcessFeed, _ logger: Logger
    ) -> ProtectionKeeper.Settings {
        var settings = ProtectionKeeper.Settings()
        if let trail { settings.trail = trail }
        settings.checkBudget = { candidate throws(ProtectionError) in try budget.check(candidate) }
        settings.onHolding = { isHolding in if isHolding { feed.start(for: .leases) } else { feed.stop(for: .leases) } }
        settings.onFailure = { logger.warning("leases: \($0.sentence), ignoring") }
        settings.onRetry = { process, reason in
            logger.warning("leases: process \(process) has not got back what it had (\(reason)), trying again")
        }
        return settings
    }
}

extension Wiring {
    static func budget(_ settings: Daemon.Settings, _ table: ProcessTable, _ sampler: Sampler<Sample>) -> BudgetKeeper {
        BudgetKeeper(table: table, share: settings.maximumShare) { sampler.current().snapshot.memInfo.value?.total }
    }

    static func lock(_ directory: String) throws -> FileLock {
        guard let lock = try StateDirectory.lock(directory) else {
            throw Failure("another oomwarden runs with \(directory); stop it, or give this one a --state-dir of its own")
        }
        return lock
    }
}

/// What becomes of protected processes when the daemon is stopped.
enum LeasesOnStop: String, CaseIterable, ExpressibleByArgument {
    /// They get back what they had; the next start applies what has not run out again.
    case restore
    /// They stay as they are: somebody calls `oomwarden restore` when it is for good, as the unit does.
    case keep
}

extension Daemon {
    /// Leases of before are in force from here on, and end by the clock.
    func startLeases(_ wiring: Wiring) {
        guard settings.root.isEmpty else { return }
        do { try wiring.keeper.start() } catch { logger.error("leases: \(error), ignoring") }
    }

    func stopLeases(_ wiring: Wiring) {
        guard settings.root.isEmpty else { return }
        wiring.keeper.stop()
        guard settings.leasesOnStop == .restore else { return }
        do {
            for sentence in try wiring.keeper.suspend() { logger.notice("\(sentence)") }
        } catch { logger.error("leases: what is protected stays so: \(error.sentence)") }
    }
}
