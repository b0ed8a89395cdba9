/// Bytes of any log in, reports with their lines out: each once, when nothing can be added to it any more.
public struct OOMEvidenceParser: Sendable {
    private var reader = LogReader()
    private var assembler = EvidenceAssembler()
    private var pending: [EvidencedReport] = []

    public init() {}
}

extension OOMEvidenceParser {
    /// The next part of the log, cut anywhere.
    public mutating func add(_ chunk: ArraySlice<UInt8>) -> [EvidencedReport] {
        var (assembler, pending) = (self.assembler, self.pending)
        self.assembler = EvidenceAssembler()
        reader.read(chunk) { line in
            for report in assembler.add(line) { pending.put(report) }
            return assembler.assembler.isAttentive
        }
        (self.assembler, self.pending) = (assembler, pending)
        return takeReady()
    }

    /// The log ends here.
    public mutating func finish() -> [EvidencedReport] {
        var (assembler, pending) = (self.assembler, self.pending)
        reader.finish { line in
            for report in assembler.add(line) { pending.put(report) }
            return true
        }
        for report in assembler.finish() { pending.put(report) }
        (self.assembler, self.pending) = (assembler, [])
        return pending
    }

    private mutating func takeReady() -> [EvidencedReport] {
        let earliest = assembler.assembler.earliest
        let ready = pending.prefix { report in earliest.map { report.report.lines.upperBound < $0 } ?? true }
        pending.removeFirst(ready.count)
        return Array(ready)
    }
}

extension [EvidencedReport] {
    /// A later state of a report takes the place of the earlier one.
    fileprivate mutating func put(_ new: EvidencedReport) {
        let known = lastIndex { old in
            old.report.anchor == new.report.anchor && old.report.quotes.kill == new.report.quotes.kill
                && old.report.kind == new.report.kind
        }
        if let known { self[known] = new } else { append(new) }
    }
}
