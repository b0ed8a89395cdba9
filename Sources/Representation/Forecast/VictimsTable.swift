import Diagnosis
import Kernel

extension VictimsDocument {
    /// The same for people.
    public var table: String {
        let head = "whom the kernel would kill \(forecast.domain.words)" + (forecast.isCertain ? "" : ", not certain") + ":\n\n"
        guard !forecast.victims.isEmpty else { return head + "nobody\n" + doubts(forecast.doubts) + rest }
        var table = TerminalTable([
            ("RANK", .right), ("PID", .right), ("COMM", .left), ("BADNESS", .right), ("AHEAD BY", .right), ("SCORE", .right),
            ("ADJ", .right), ("RSS", .right), ("SWAP", .right), ("CGROUP", .left), ("DIES WITH IT", .left),
        ])
        for (index, victim) in forecast.victims.enumerated() {
            let memory = victim.reading.status.memory
            table.add([
                String(index + 1), victim.process.description, victim.reading.status.commandName.text.printable,
                human(victim.terms.badness.pages), victim.margin.map(human) ?? "-", victim.details.score.map(String.init) ?? "-",
                victim.reading.adjustment.description, memory?.resident.human ?? "-", memory?.swapped?.human ?? "-",
                victim.details.memoryCgroup?.text.printable ?? "-", victim.othersInScope,
            ])
        }
        return head + table.text + doubts(forecast.doubts) + rest
    }

    private func human(_ pages: Pages) -> String { Bytes(pages, of: pageSize).human }

    private var rest: String {
        let counts = Exclusion.allCases.compactMap { reason in
            let count = forecast.excluded.count { $0.reason == reason }
            return count > 0 ? "\(count) \(reason.rawValue)" : nil
        }
        let others = forecast.candidates - forecast.victims.count
        return (others > 0 ? "\nand \(others) more" : "")
            + (counts.isEmpty ? (others > 0 ? "\n" : "") : "\nnever chosen: \(counts.joined(separator: ", "))\n")
    }
}

func doubts(_ doubts: [ForecastDoubt]) -> String {
    doubts.isEmpty ? "" : "\n" + doubts.map { "\($0.id.rawValue): \($0.claim.printable)\n" }.joined()
}

extension VictimForecast.Victim {
    /// `102, 103 and 9 more`
    var othersInScope: String {
        let others = killScope.dropFirst()
        let shown = others.prefix(3).map(\.description).joined(separator: ", ")
        return shown + (others.count > 3 ? " and \(others.count - 3) more" : "")
    }
}
