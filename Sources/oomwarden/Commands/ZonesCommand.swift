import ArgumentParser
import Diagnosis
import Host
import Kernel
import Representation

/// `oomwarden zones`: every memory zone, now.
struct ZonesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zones", _superCommandName: "oomwarden",
        abstract: "Show every memory zone: free, watermarks, headroom and margin.")

    @OptionGroup var reading: ReadingOptions

    func run() throws {
        let snapshot = ProcFS(root: reading.root ?? "").readSnapshot()
        let assessment = Assessment(of: snapshot, zoneInfo: try shown(snapshot.zoneInfo))
        let document = ZonesDocument(
            snapshot: snapshot, assessment: assessment, zones: assessment.zones,
            findings: assessment.findings + snapshot.sourceFindings)
        try reading.show(json: document.json, table: { document.table })
    }
}
