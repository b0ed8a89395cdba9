import API
import ArgumentParser
import Diagnosis
import Glibc
import Host
import Kernel
import Logging
import MicroHTTP
import Monitor
import Store

/// The daemon: what is started in which order, and stopped in the reverse one.
struct Daemon {
    struct Settings: Sendable {
        var listen: [ListenAddress] = []
        var stateDirectory: String?
        var enableActions = false
        /// Who may do everything on a unix socket: root and our own user could read the token anyway.
        var adminUsers: Set<UInt32> = [0, geteuid()]
        var maximumAge = TimeSpan(.milliseconds(100))
        /// The longest log that `POST /oom-kills/analyze` takes.
        var maximumLogSize = ByteSize(Bytes(64 << 20))
        var retention = Retention()
        var readsUsualLogs = true
        var leasesOnStop = LeasesOnStop.restore
        var maximumShare = ProtectionBudget.Percent.standard
        /// The administrator's policies.
        var policyFile: String?
        /// Empty for this machine.
        var root = ""
    }

    let settings: Settings
    let logger: Logger

    init(_ settings: Settings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Serves until a signal ends it.
    func run() throws {
        StandardStream.fillGaps()
        let (token, directory) = try readToken()
        let signals = Signals()
        let service = SystemdNotifier()
        _ = DescriptorLimit.raise(to: 4000)
        let wiring = try Wiring(settings, token: (token, directory), logger: logger)
        var server: HTTPServer?
        try wiring.openLedger { server = try startServer(wiring) }
        guard let server else { return }
        wiring.watch.ledger.start()
        wiring.watch.start()
        wiring.userspace.start()
        start(wiring)
        startLeases(wiring)
        startPolicies(wiring)
        announce(server.addresses, directory + "/token")
        announceActions(wiring)
        tell(service, "READY=1")
        waitForSignal(signals, service, wiring)
        tell(service, "STOPPING=1")
        server.stop()
        wiring.policies.feed.stop()
        stopLeases(wiring)
        wiring.userspace.stop()
        wiring.watch.stop()
        wiring.recorder?.stop()
        wiring.watch.ledger.stop()
        wiring.recorder?.writeCheckpoint()
        logger.info("stopped")
    }

    /// A daemon without a recorder still serves what the machine is like now.
    private func start(_ wiring: Wiring) {
        do {
            wiring.recorder?.readCheckpoint()
            try wiring.recorder?.start()
        } catch { logger.error("recorder: \(error), ignoring") }
    }

    private func startServer(_ wiring: Wiring) throws -> HTTPServer {
        let problems = ProblemResponses(logger: logger)
        let router = Router(wiring.routes.all, faults: problems.response, errors: problems.response)
        do {
            return try HTTPServer(
                listen: settings.listen, router: router,
                events: { [logger] event in logger.debug("\(event)") })
        } catch {
            throw Failure("\(error)")
        }
    }

    private func announce(_ addresses: [ListenAddress], _ tokenPath: String) {
        for address in addresses {
            switch address {
            case .tcp(let host, _):
                let url = host.isEmpty ? "http://0.0.0.0\(address)" : "http://\(address)"
                logger.notice("serving on \(url)")
                if !address.isLocal { logger.warning("\(address) is open to the network and not encrypted") }
            case .unix: logger.notice("serving on \(address)")
            }
        }
        logger.notice("the bearer token is in \(tokenPath)")
        if addresses.contains(where: \.isUnix) {
            let users = settings.adminUsers.sorted().map(String.init).joined(separator: ", ")
            logger.notice("on unix sockets these users need no token: uid \(users)")
        }
    }

    /// What is in force of before is so whether clients may act or not.
    private func announceActions(_ wiring: Wiring) {
        if settings.enableActions, settings.root.isEmpty, OwnRights.isInitialForPIDs == false {
            logger.warning("actions are refused: this is a pid namespace of its own, and pids of the log are others here")
        }
        if settings.enableActions, !settings.root.isEmpty {
            logger.warning("--web.enable-actions has no effect with --root: the files shown are not this machine's")
        } else if !settings.enableActions {
            let (policies, leases) = (wiring.policies.book.policies.count, wiring.keeper.summary.leases)
            logger.info("actions by clients are off; start with --web.enable-actions to allow them")
            guard policies + leases > 0 else { return }
            logger.notice(
                """
                actions by clients are off, yet in force: \(policies) \(policies == 1 ? "policy" : "policies"), \
                \(leases) \(leases == 1 ? "lease" : "leases")
                """)
        }
    }

    private func waitForSignal(_ signals: Signals, _ service: SystemdNotifier, _ wiring: Wiring) {
        // The first clients, who wait for the start, need some of these pages themselves.
        let startIsOver = Nanoseconds(1_000_000_000)
        if stops(signals.wait(for: startIsOver), wiring) { return }
        OwnProcess.releaseStartUpPages()
        while true {
            let signal = signals.wait(for: service.watchdogInterval)
            if stops(signal, wiring) { return }
            guard signal == nil else { continue }
            // A reading of the machine that hangs is what the watchdog is for.
            _ = wiring.sampler.current()
            tell(service, "WATCHDOG=1")
        }
    }

    /// SIGHUP has the policy file read again, as systemd's `ExecReload=` and most daemons have it.
    private func stops(_ signal: Signals.Name?, _ wiring: Wiring) -> Bool {
        guard let signal else { return false }
        guard signal == .hangUp else {
            logger.notice("\(signal): stopping")
            return true
        }
        do throws(SourceError) {
            try wiring.policies.reload(by: .daemon)
            logger.notice("\(signal): \(wiring.policies.book.policies.count) policies in force")
        } catch { logger.error("\(signal): \(error.sentence): the policies from before stay in force") }
        return false
    }

    private func tell(_ service: SystemdNotifier, _ state: String) {
        do { try service.notify(state) } catch { logger.warning("systemd was not told \(state): \(error), ignoring") }
    }

    private func readToken() throws -> (token: [UInt8], directory: String) {
        let directory = try StateDirectory.ofDaemon(settings.stateDirectory)
        do { try FileSystem.makeDirectory(directory) } catch {
            throw Failure("the state directory cannot be made: \(error); use --state-dir DIR")
        }
        do { return (try TokenFile.readOrCreate(in: directory), directory) } catch .file(let error) {
            throw Failure("the state directory must be this user's, who reads and writes in it: \(error); use --state-dir DIR")
        } catch { throw Failure("\(error)") }
    }
}

extension ListenAddress {
    fileprivate var isUnix: Bool { if case .unix = self { true } else { false } }
}

/// Why a command could not do its work: one sentence, with the next step.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
