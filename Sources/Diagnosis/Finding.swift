import Kernel

/// Something that a person should know about the machine, with the numbers that say so.
public struct Finding: Hashable, Sendable {
    /// Stable, for programs: `low_zone_dry`.
    public let id: String
    public let severity: Severity
    /// One sentence.
    public let claim: String
    public let evidence: [Evidence]

    public init(id: String, severity: Severity, claim: String, evidence: [Evidence]) {
        self.id = id
        self.severity = severity
        self.claim = claim
        self.evidence = evidence
    }

    public enum Severity: String, CaseIterable, Sendable {
        case info, warning, critical
    }
}

/// One number that a finding stands on: where it was read, in whose words, and its value in base units.
public struct Evidence: Hashable, Sendable {
    /// `zoneinfo`, `meminfo`, `kmsg`.
    public let source: String
    /// The source's own names and unit.
    public let quote: String
    /// Bytes, seconds or a count; nil where the evidence is no number.
    public let value: Int?

    public init(source: String, quote: String, value: Int?) {
        self.source = source
        self.quote = quote
        self.value = value
    }

    /// How far anonymous pages can go; nothing where meminfo could not be read.
    static func swap(_ snapshot: Snapshot) -> [Evidence] {
        guard let free = snapshot.memInfo.value?.swapFree else { return [] }
        return [Evidence(source: "meminfo", quote: "SwapFree: \(free.kibibytes) kB", value: free.count)]
    }

    /// A number of a zone under zoneinfo's own name, in its own unit; a sum names its lines.
    static func zone(_ zone: Zone, _ name: String, _ pages: Pages, _ size: PageSize) -> Evidence {
        Evidence(source: "zoneinfo", quote: "\(zone.id): \(name) \(pages.count)", value: Bytes(pages, of: size).count)
    }
}
