import ArgumentParser
import Diagnosis
import Host
import Kernel
import Monitor
import Representation

/// `oomwarden diagnose`: which request would fail first, now, and why.
struct DiagnoseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose", _superCommandName: "oomwarden",
        abstract: "Tell which request for memory would fail first on this machine, and why.")

    @OptionGroup var reading: ReadingOptions

    @Flag(name: .customLong("verbose"), help: "Say of each remedy why and at which risk.")
    var verbose = false

    func run() throws {
        let snapshot = ProcFS(root: reading.root ?? "").readSnapshot()
        let assessment = Assessment(of: snapshot, zoneInfo: try shown(snapshot.zoneInfo))
        let machine = MachineDiagnosis(of: snapshot, assessment: assessment)
        let outlook =
            machine.isShort ? Forecaster(root: reading.root ?? "").readOutlook(machine, assessment, snapshot) : nil
        let document = DiagnosisDocument(
            takenAt: snapshot.takenAt, machine: machine, outlook: outlook?.value, outlookUnknown: outlook?.failure?.reason)
        try reading.show(json: document.json, table: { document.text(style) })
    }

    private var style: TextStyle {
        let terminal = Terminal(.output)
        var style = TextStyle(
            width: terminal?.width ?? 80, isColored: terminal != nil && Terminal.allowsColor, isUnicode: Terminal.isUTF8,
            isVerbose: verbose)
        style.hint = "--verbose says of each why and at which risk"
        return style
    }
}
