public import Kernel

/// `GET /oom-kills/stats`: events counted, and whether all that the kernel counted are among them.
public struct KillStatsDocument: Sendable {
    private let key: String
    private let span: (since: Timestamp?, until: Timestamp?)
    private let counts: [Count]
    private let conservation: Conservation

    /// Events that have one value of the key in common; nil where it is not known.
    public struct Count: Sendable {
        let value: [UInt8]?
        let events: Int

        public init(_ value: [UInt8]?, _ events: Int) {
            self.value = value
            self.events = events
        }
    }

    /// vmstat's `oom_kill` since boot = recorded victims + those explained as unreported + unexplained ones.
    public struct Conservation: Sendable {
        let bootID: String
        let counted: Int?
        let recorded: Int
        let unexplained: Int?

        public init(bootID: String, counted: Int?, recorded: Int, unexplained: Int?) {
            self.bootID = bootID
            self.counted = counted
            self.recorded = recorded
            self.unexplained = unexplained
        }

        /// From before the log that could be read, lost with its records, or counted twice by the kernel.
        var explained: Int? {
            guard let counted, let unexplained else { return nil }
            return counted - recorded - unexplained
        }
    }

    public init(by key: String, span: (since: Timestamp?, until: Timestamp?), counts: [Count], conservation: Conservation) {
        self.key = key
        self.span = span
        self.counts = counts
        self.conservation = conservation
    }
}

extension KillStatsDocument {
    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("by", key)
            json.write("since", span.since)
            json.write("until", span.until)
            json.objects("counts", counts) { json, count in
                json.write("value", count.value.map { String(decoding: $0, as: UTF8.self) })
                json.write("events", count.events)
            }
            json.object("conservation") { json in
                json.write("boot_id", conservation.bootID)
                json.write("kernel_oom_kills", conservation.counted)
                json.write("recorded_victims", conservation.recorded)
                json.write("explained_unreported", conservation.explained)
                json.write("unexplained", conservation.unexplained)
            }
        }
    }

    public var table: String {
        var table = TerminalTable([("EVENTS", .right), (key.uppercased(), .left)])
        for count in counts {
            table.add(["\(count.events)", count.value.map { String(decoding: $0, as: UTF8.self).printable } ?? "-"])
        }
        let all =
            "\(conservation.counted.map(String.init) ?? "?") counted by the kernel since boot, "
            + "\(conservation.recorded) recorded, \(conservation.unexplained.map(String.init) ?? "?") unexplained\n"
        return table.text + all
    }
}
