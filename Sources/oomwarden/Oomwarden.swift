import ArgumentParser

/// Why did Linux kill my process, what will it kill next, and how do I keep it alive?
struct Oomwarden: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oomwarden",
        abstract: "Tells why Linux killed a process, shows what is going dry, keeps processes alive.",
        discussion: """
            Without the daemon, straight from /proc:  oomwarden zones | fragmentation | kills | processes
            With it:  oomwarden serve, then curl http://127.0.0.1:10137/ | oomwarden watch
            """,
        version: Build.text,
        subcommands: [
            ServeCommand.self, ZonesCommand.self, FragmentationCommand.self, KillsCommand.self, ProcessesCommand.self,
            WatchCommand.self,
        ])
}
