import ArgumentParser
import Diagnosis
import Host
import Kernel
import MicroHTTP
import Representation
import Store

/// `oomwarden serve`: the daemon.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", _superCommandName: "oomwarden",
        abstract: "Serve zones, fragmentation, OOM kills and processes over HTTP.",
        discussion: """
            Runs in the foreground until SIGTERM or SIGINT; SIGHUP has the policy file read again. Durations are written 0, 100ms, 10s, 5m.
            The first token, for actions and command lines, is made at first start in the state directory; oomwarden token makes
            others. From another machine, processes, cgroups and quotes of the log need a token with scope read.
            Every 10 s the recorder looks at all processes, which is also where the metrics of who would be killed first come from.
            """)

    @Option(
        name: .customLong("web.listen-address"),
        help: ArgumentHelp(
            "Where to listen; repeatable (default: 127.0.0.1:10137).", valueName: "HOST:PORT|unix:PATH"),
        transform: ListenAddress.init(parsing:))
    var listen: [ListenAddress] = []

    @Option(
        name: .customLong("state-dir"),
        help: ArgumentHelp(
            "Where the token is kept (default: $STATE_DIRECTORY, else $XDG_STATE_HOME/oomwarden, else ~/.local/state/oomwarden).",
            valueName: "dir"))
    var stateDirectory: String?

    @Option(
        name: .customLong("retention.time"),
        help: ArgumentHelp("How long events are kept (default: 400d).", valueName: "duration"), transform: RetentionSpan.parsed)
    var retentionTime = Retention.standardAge

    @Option(
        name: .customLong("retention.size"),
        help: ArgumentHelp("How large the history may grow; the oldest goes first (default: 256MiB).", valueName: "size"),
        transform: ByteSize.init(parsing:))
    var retentionSize = ByteSize(Retention.standardSize)

    @Flag(
        name: .customLong("no-import"),
        help: "Do not read the older logs of this machine (messages, kern.log, syslog, pstore) at the first start.")
    var noImport = false

    @Flag(name: .customLong("web.enable-actions"), help: "Let clients with a token of scope protect protect processes.")
    var enableActions = false

    @Option(
        name: .customLong("web.admin-uid"),
        help: ArgumentHelp(
            "Who may do everything on a unix socket without a token; repeatable (always: root and the daemon's own user).",
            valueName: "uid"))
    var adminUsers: [UInt32] = []

    @Option(
        name: .customLong("protect.max-share"),
        help: ArgumentHelp(
            "How much of all memory may be at oom_score_adj -500 or below, in percent (default: 60).", valueName: "percent"),
        transform: ServeCommand.percent)
    var maximumShare = ProtectionBudget.Percent.standard

    @Option(
        name: .customLong("leases.on-stop"),
        help: ArgumentHelp(
            "At the end: restore what protected processes had before, or keep it for the next start or 'oomwarden restore'.",
            valueName: "what"))
    var leasesOnStop = LeasesOnStop.restore

    @Option(
        name: .customLong("web.max-analyze-size"),
        help: ArgumentHelp("The longest log that POST /oom-kills/analyze takes (default: 64MiB).", valueName: "size"),
        transform: ByteSize.init(parsing:))
    var maximumLogSize = ByteSize(Bytes(64 << 20))

    @Option(
        name: .customLong("policy.file"),
        help: ArgumentHelp(
            "Policies in YAML; a broken one is refused whole. 'oomwarden policies check FILE' says whether it is right.",
            valueName: "file"))
    var policyFile: String?

    @Option(
        name: .customLong("sample.max-age"),
        help: ArgumentHelp(
            "Requests that come within it share one reading of the machine; 0 reads anew each time (default: 100ms).",
            valueName: "duration"),
        transform: TimeSpan.init(parsing:))
    var maximumAge = TimeSpan(.milliseconds(100))

    @Option(
        name: .customLong("root"),
        help: ArgumentHelp(
            "Show another machine's files: DIR/proc, DIR/sys, DIR/dev/kmsg. Actions are off with it.", valueName: "dir"),
        transform: RootDirectory.checked)
    var root: String?

    @Option(name: .customLong("log.level"), help: ArgumentHelp("How much is logged.", valueName: "level"))
    var logLevel = LogLevel.info

    @Option(
        name: .customLong("log.format"),
        help: ArgumentHelp("How a line looks; journald has priorities, and is the default under systemd.", valueName: "format"))
    var logFormat: LogFormat?

    private static func percent(_ text: String) throws -> ProtectionBudget.Percent {
        let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
        guard let percent = Int(digits).flatMap(ProtectionBudget.Percent.init) else {
            throw ValidationError("expected a percentage from 1 to 100, such as 60, found \(text.debugDescription)")
        }
        return percent
    }

    func run() throws {
        var settings = Daemon.Settings()
        settings.listen = listen.isEmpty ? [.tcp(host: "127.0.0.1", port: 10137)] : listen
        settings.stateDirectory = stateDirectory
        settings.enableActions = enableActions
        settings.adminUsers.formUnion(adminUsers)
        settings.maximumAge = maximumAge
        settings.maximumLogSize = maximumLogSize
        settings.readsUsualLogs = !noImport
        settings.leasesOnStop = leasesOnStop
        settings.maximumShare = maximumShare
        settings.retention = Retention(age: retentionTime, size: retentionSize.bytes)
        settings.policyFile = policyFile
        settings.root = root ?? ""
        try Daemon(settings, logger: StandardError.logger(logLevel, logFormat)).run()
    }
}
