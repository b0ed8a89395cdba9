public import Diagnosis
public import Kernel

/// `GET /zones/{node}/{zone}/can-serve`: would the kernel take a block from this zone now, and by which sum.
public struct CanServeDocument: Sendable {
    let snapshot: Snapshot
    let zone: ZoneID
    let question: WatermarkCheck.Question
    let check: WatermarkCheck
    /// Why the migrate types are unknown; nil where they were read or not needed.
    let unread: SourceError?

    public init(
        snapshot: Snapshot, zone: ZoneID, question: WatermarkCheck.Question, check: WatermarkCheck, unread: SourceError? = nil
    ) {
        self.snapshot = snapshot
        self.zone = zone
        self.question = question
        self.check = check
        self.unread = unread
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("collected_at", snapshot.takenAt)
            json.write("numa_node", zone.node)
            json.write("memory_zone", zone.name)
            json.write("order", question.order.rawValue)
            json.write("request", question.request.rawValue)
            json.write("watermark", question.watermark.rawValue)
            json.write("can_serve", check.canServe)
            json.objects("terms", check.terms) { json, term in
                json.write("name", term.name)
                json.write("pages", term.pages.count)
                json.write("bytes", term.pages, of: snapshot.pageSize)
            }
            json.write("reason", reason)
            json.write("consequence", FailureConsequence(of: question.request, order: question.order).rawValue)
        }
    }

    /// The same values for people: the sum, line by line.
    public var table: String {
        let size = snapshot.pageSize
        var table = TerminalTable([("", .left), ("PAGES", .right), ("", .right)])
        for term in check.terms { table.add([term.name, String(term.pages.count), Bytes(term.pages, of: size).human]) }
        let left = check.terms.reduce(Pages.zero) { $0 + $1.pages }
        table.add(["left", String(left.count), Bytes(left, of: size).human])
        let verdict = check.canServe.map { $0 ? "yes" : "no" } ?? "unknown"
        return "\(verdict): \(reason)\n\n" + (check.terms.isEmpty ? "" : table.text)
    }

    /// One sentence for people.
    public var reason: String {
        let order = question.order.rawValue
        let mark = question.watermark.rawValue
        switch check.verdict {
        case .served:
            return "free memory is above \(mark) and protection" + (order > 0 ? ", and a block of order \(order) is free" : "")
        case .belowWatermark(let missing):
            return "\(missing.count) more free pages are needed to be above \(mark) and protection"
        case .noBlock: return "enough is free, but no block of order \(order) or more"
        case .tooMuchInSmallBlocks:
            return "enough is free, but too much of it in blocks below order \(order) (the rule up to 4.3)"
        case .reserveUnknown(let limit):
            return "it hangs on the highatomic reserve, which may hold up to \(limit.count) pages: "
                + whoTells
        case .onlyOnOtherLists:
            return "blocks of order \(order) are free only on lists that a \(question.request.rawValue) request may not use"
        case .listsUnknown:
            return "blocks of order \(order) are free, but they may all be on CMA or highatomic lists: "
                + whoTells
        case .zoneNotAllowed: return "a \(question.request.rawValue) request may not use zone \(zone.name)"
        case .zoneEmpty: return "the zone holds no memory"
        }
    }

    private var whoTells: String {
        switch unread {
        case .unreadable(_, let errno)? where errno == 1 || errno == 13:
            "/proc/pagetypeinfo tells, and reading it needs CAP_DAC_READ_SEARCH"
        case let failure?: "/proc/pagetypeinfo would tell, but could not be read: \(failure.reason)"
        case nil: "/proc/pagetypeinfo does not tell of this zone"
        }
    }
}
