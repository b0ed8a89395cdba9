/// Who asked for memory that could not be had, and for what: the first line of a report.
///
/// Kernel: mm/oom_kill.c, `dump_header()`; this form since 5.0. Rate-limited together with all that follows it, but for
/// the kill line: ten in five seconds.
struct OOMReportHeader: Hashable, Sendable {
    let comm: CommandName
    let mask: GFPMask?
    /// A power of two of pages; -1 for SysRq f.
    let order: Int?
    /// The asker's, not the victim's.
    let scoreAdjustment: Int?
}

extension OOMReportHeader {
    /// Nil if `text` is no such line.
    ///
    ///     big invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), order=0, oom_score_adj=0
    init?(_ text: [UInt8]) {
        guard let name = Self.endOfName(in: text) else { return nil }
        let fields = name + 21
        comm = CommandName(text[..<name])
        mask = GFPMask(in: text, from: fields)
        // Some kernels put it first: found by key, not by position.
        order = text.decimal(after: "order=", from: fields)
        scoreAdjustment = text.decimal(after: "oom_score_adj=", from: fields)
    }

    /// A name has at most 15 bytes. Further on the words may stand in a cgroup's name, which anybody may choose.
    private static func endOfName(in text: [UInt8]) -> Int? {
        (0...15).first { text.has(" invoked oom-killer: ", at: $0) }
    }

    /// False for the first of several pieces.
    var isComplete: Bool { order != nil && scoreAdjustment != nil }
}
