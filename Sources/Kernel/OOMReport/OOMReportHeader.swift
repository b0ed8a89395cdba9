/// Who asked for memory that could not be had, and for what: the first line of a report.
///
/// Kernel: mm/oom_kill.c, `dump_header()`; since 2.6.8. Rate-limited together with all that follows it, but for the kill
/// line: ten in five seconds.
struct OOMReportHeader: Hashable, Sendable {
    /// Nil up to 2.6.18, which do not tell.
    let comm: CommandName?
    let mask: GFPMask?
    /// A power of two of pages; -1 for SysRq f, since 4.4. 2.6.8 to 2.6.12 print none.
    let order: Int?
    /// The asker's, not the victim's; `oom_adj` and `oomkilladj` converted.
    let scoreAdjustment: Int?
    /// The nodes that a memory policy left, as printed: `0-1`. 4.9 to 4.20; 4.9 and 4.10 print all where there is no policy.
    let nodeMask: String?
    /// What the names of the fields tell about the meaning of the mask's bits; nil where the mask has names.
    let era: GFPEra?
}

extension OOMReportHeader {
    /// Nil if `text` is no such line. What is cut off is nil.
    ///
    ///     big invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), order=0, oom_score_adj=0
    ///     basename invoked oom-killer: gfp_mask=0xd0, order=2, oomkilladj=0
    ///     oom-killer: gfp_mask=0x1d2
    init?(_ text: [UInt8]) {
        let fields: Int
        if let name = text.endOfName(before: " invoked oom-killer:") {
            comm = CommandName(text[..<name])
            fields = name + 20
        } else if text.starts(with: "oom-killer: ") {
            comm = nil
            fields = 11
        } else {
            return nil
        }
        mask = GFPMask(in: text, from: fields)
        // Some kernels put it first: found by key, not by position.
        order = text.decimal(after: "order=", from: fields)
        nodeMask = text.nodeList(after: "nodemask=", from: fields)
        let legacy = text.decimal(after: "oom_adj=", from: fields)
        let oldest = text.decimal(after: "oomkilladj=", from: fields)
        scoreAdjustment =
            text.decimal(after: "oom_score_adj=", from: fields)
            ?? (legacy ?? oldest).flatMap { OOMScoreAdjustment(oomAdj: $0)?.rawValue }
        era = (legacy ?? oldest) != nil || fields == 11 ? .linux26 : mask.flatMap(GFPEra.init(ofBare:))
    }

    /// False for the first of several pieces.
    var isComplete: Bool { comm == nil ? mask != nil : order != nil && scoreAdjustment != nil }
}

extension [UInt8] {
    /// `nodemask=0-1,3, order=…`; nil for `(null)`.
    func nodeList(after key: StaticString, from start: Int = 0) -> String? {
        guard let at = first(key, from: start).map({ $0 + key.utf8CodeUnitCount }) else { return nil }
        var list = self[at...].prefix { $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ",") }
        while list.last == UInt8(ascii: ",") { list = list.dropLast() }
        return list.isEmpty ? nil : String(decoding: list, as: UTF8.self)
    }
}
