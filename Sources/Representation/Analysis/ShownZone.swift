import Diagnosis
import Kernel

/// A zone of a report as it is shown: what the log prints of it, what the diagnosis says of it, or both.
struct ShownZone {
    let node: Int?
    let name: String
    let reported: ReportedZone?
    let verdict: ZoneVerdict?

    /// The zones of the log in its order, then those that it does not print.
    static func all(of report: OOMReport, _ diagnosis: OOMDiagnosis) -> [ShownZone] {
        var left = diagnosis.zones
        let printed = report.zones.map { zone in
            let at = left.firstIndex { !$0.isDerived && $0.node == zone.node && $0.name == zone.name }
            return ShownZone(node: zone.node, name: zone.name, reported: zone, verdict: at.map { left.remove(at: $0) })
        }
        return printed + left.map { ShownZone(node: $0.node, name: $0.name, reported: nil, verdict: $0) }
    }
}

extension ReportedZone {
    /// nil where the log has no such line; of a zone without memory it is empty, which is something else.
    var printedBlocks: [Int]? { blocksLine == nil && freeBlocks.isEmpty ? nil : freeBlocks }

    var printedProtection: [Pages]? { protectionLine == nil && protection.isEmpty ? nil : protection }
}

extension OOMReport {
    /// Most machines have pages of 4 KiB; a report of another that does not tell its size is shown too small.
    var pageSizeOrUsual: PageSize { PageSize(of: self) ?? .fourKiB }
}

extension WallTime {
    /// RFC 3339 where the log says enough for it, else its own words.
    var shown: String {
        guard let seconds = unixSeconds, (-62_135_596_800..<253_402_300_800).contains(seconds) else { return text }
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return text }
        let whole = Timestamp(unixNanoseconds: nanoseconds).rfc3339
        guard let fraction, whole.hasSuffix(".000Z") else { return whole }
        return whole.dropLast(5) + "." + fraction + "Z"
    }

    /// The digits behind the seconds, `31,123456` or `20.250`, at most nine.
    private var fraction: Substring? {
        let separators = text.indices.filter { ".,".contains(text[$0]) }
        for at in separators {
            let before = text[..<at].suffix(3)
            let digits = text[text.index(after: at)...].prefix { $0.isASCII && $0.isWholeNumber }
            if before.first == ":", before.dropFirst().allSatisfy(\.isWholeNumber), !digits.isEmpty { return digits.prefix(9) }
        }
        return nil
    }
}
