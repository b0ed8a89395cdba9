import Kernel

/// The cause is not known.
enum UndecidedRemedies {
    static func all(_ facts: ReportFacts) -> [Remedy] {
        let whole = Remedy(
            title: "get the whole report",
            why: "the kernel prints zones, counters and processes just before the kill line; with them the cause can be named",
            command: "journalctl -k -b all | oomwarden analyze -", risk: "none, it only reads")
        return [facts.report.zones.isEmpty ? whole : nil, ProtectionRemedies(facts: facts).protectOne].compactMap { $0 }
    }
}
