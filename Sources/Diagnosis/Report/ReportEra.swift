import Kernel

/// Which kernel wrote a report, as far as its arithmetic depends on it; from the release, else from the report's own form.
struct ReportEra: Hashable {
    let version: KernelVersion?
    /// Since 4.4 a free block of the order is enough; before, what lies in smaller blocks was taken off.
    let hasBlockRule: Bool
    /// Since 6.1 a report shows only the zones, and the nodes, that the request may use.
    let hidesZones: Bool
    /// Up to 2.6.27 a zone's line has one pair of lists for processes' and files' pages.
    let hasJointLists: Bool

    init(of report: OOMReport) {
        let version = report.release.flatMap(KernelVersion.init(release:))
        self.version = version
        hasBlockRule = version.map { $0 >= HighatomicReserve.since } ?? Self.looksLikeBlockRule(report)
        hasJointLists = report.zones.contains { $0["active"] != nil && $0["active_anon"] == nil }
        hidesZones = version.map { $0 >= KernelVersion(6, 1) } ?? Self.hasSecondaryPageTables(report)
    }

    /// Node lines are of 4.8; a report from between 3.8 and 4.3 has letters with E before M, or R.
    private static func looksLikeBlockRule(_ report: OOMReport) -> Bool {
        if !report.nodes.isEmpty { return true }
        let letters = report.zones.flatMap { $0.blockTypes ?? [] }.filter { !$0.isEmpty }
        return !letters.isEmpty && !letters.contains { $0.contains("R") || $0.contains("EM") || $0.contains("EC") }
    }

    /// `sec_pagetables` came in 6.1 as well.
    private static func hasSecondaryPageTables(_ report: OOMReport) -> Bool {
        report.counters?["sec_pagetables"] != nil || report.nodes.contains { $0["sec_pagetables"] != nil }
    }
}

extension KernelVersion {
    /// Nil where the release of a report is no version.
    init?(release: String) {
        do throws(ParseError) {
            try self.init(parsing: Array(release.utf8))
        } catch {
            return nil  // A word that is no version says nothing about the era; the report's form is asked instead.
        }
    }
}
