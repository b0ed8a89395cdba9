import ArgumentParser
import Host
import Representation

/// `oomwarden analyze`: why did the kernel kill, by any log of it.
struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", _superCommandName: "oomwarden",
        abstract: "Tell why processes were killed for want of memory, by a kernel log of any age and form.",
        discussion: """
            Logs of Linux 2.4 and newer, as /var/log/messages, dmesg, journalctl, a serial console or a container's runtime has
            them, or pasted from a mail. gzip, xz and zstd are read too; - is standard input, and so is no file at all.

              oomwarden analyze /var/log/messages*
              journalctl -k -o json | oomwarden analyze
              dmesg | oomwarden analyze --verbose | less -R

            Exit status: 0 reports were found, 1 none were, 2 something could not be read (what could be is shown).
            """)

    enum ColorChoice: String, CaseIterable, ExpressibleByArgument { case auto, always, never }

    @Argument(help: ArgumentHelp("Logs; - is standard input.", valueName: "file"))
    var files: [String] = []

    @Flag(name: .customLong("json"), help: "Print one JSON document, for programs.")
    var json = false

    @Flag(name: .customLong("verbose"), help: "Show the whole report, and of each remedy why and at which risk.")
    var verbose = false

    @Option(
        name: .customLong("color"),
        help: "auto (a terminal, unless NO_COLOR is set), always or never.")
    var color = ColorChoice.auto

    func run() throws {
        let names = files.isEmpty ? ["-"] : files
        if names.contains("-"), Terminal.isInput {
            StandardStream.error.write(Array("oomwarden: paste the kernel's log, then press Ctrl-D on a line of its own\n".utf8))
        }
        var analysis = LogAnalysis(printer: printer(areSeveral: names.count > 1), progress: AnalysisProgress())
        for name in names { try analysis.read(name) }
        try analysis.finish()
        if analysis.hasFailed { throw ExitCode(2) }
        if analysis.reports == 0 {
            if !json { say("no OOM report in " + names.map { $0 == "-" ? "standard input" : $0 }.joined(separator: ", ")) }
            throw ExitCode(1)
        }
    }

    private func printer(areSeveral: Bool) -> ReportPrinter {
        guard !json else { return ReportPrinter(json: AnalysisDocument(pretty: true)) }
        return ReportPrinter(text: style, areSeveral: areSeveral)
    }

    private var style: TextStyle {
        let terminal = Terminal(.output)
        let isColored = color == .auto ? terminal != nil && Terminal.allowsColor : color == .always
        var style = TextStyle(
            width: terminal?.width ?? 80, isColored: isColored, isUnicode: Terminal.isUTF8, isVerbose: verbose)
        style.hint = "--verbose says of each why and at which risk, and shows the whole report"
        return style
    }
}

/// A line on stderr for whoever typed the command.
func say(_ text: String) { StandardStream.error.write(Array("oomwarden: \(text.printable)\n".utf8)) }
