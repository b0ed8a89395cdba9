import ArgumentParser

/// Why did Linux kill my process, what will it kill next, and how do I keep it alive?
struct Oomwarden: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oomwarden",
        abstract: "Tells why Linux killed a process, shows what is going dry, keeps processes alive.",
        discussion: """
            Why was it killed?  oomwarden analyze /var/log/messages, or dmesg | oomwarden analyze
            Straight from /proc:  oomwarden diagnose | zones | fragmentation | kills | processes
            Who dies next?  oomwarden victims | what-if --pid PID --adj N | cgroups
            Who is protected?  oomwarden leases | restore | policies | policies check FILE
            As a daemon:  oomwarden serve, then curl http://127.0.0.1:10137/ | oomwarden watch
            Who may ask it:  oomwarden token create NAME --scope read | token list | token revoke NAME
            Who has changed what?  oomwarden audit --since 7d
            """,
        version: Build.text,
        subcommands: [
            AnalyzeCommand.self, DiagnoseCommand.self, ExplainCommand.self, ServeCommand.self, ZonesCommand.self,
            FragmentationCommand.self, KillsCommand.self, ProcessesCommand.self, VictimsCommand.self, WhatIfCommand.self,
            CgroupsCommand.self, LeasesCommand.self, RestoreCommand.self, PoliciesCommand.self, WatchCommand.self,
            ImportCommand.self, ExportCommand.self, TokenCommand.self, AuditCommand.self,
        ])
}
