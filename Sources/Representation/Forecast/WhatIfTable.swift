import Diagnosis
import Kernel

extension WhatIfDocument {
    /// The same for people.
    public var table: String {
        let changes = whatIf.changes.map { change in
            "\(change.process.commandName.text.printable) (\(change.process.process)): \(change.before) to \(change.after)"
                + (change.alsoChanged.isEmpty ? "" : ", and \(change.alsoChanged.count) that share its memory") + "\n"
        }
        let head = changes.joined() + (changes.isEmpty ? "" : "\n") + "\(whatIf.before.domain.words):\n\n"
        return head + orders + "\nand then, one after the other:\n\n" + kills + doubts(whatIf.after.doubts)
    }

    private var orders: String {
        var table = TerminalTable([
            ("RANK", .right), ("BEFORE", .left), ("ADJ", .right), ("BADNESS", .right), ("AFTER", .left), ("ADJ", .right),
            ("BADNESS", .right),
        ])
        let (before, after) = (whatIf.before.victims, whatIf.after.victims)
        for rank in 0..<max(before.count, after.count) {
            table.add(
                [String(rank + 1)] + cells(rank < before.count ? before[rank] : nil)
                    + cells(rank < after.count ? after[rank] : nil))
        }
        return table.text
    }

    private func cells(_ victim: VictimForecast.Victim?) -> [String] {
        guard let victim else { return ["-", "-", "-"] }
        return [name(victim), victim.reading.adjustment.description, Bytes(victim.terms.badness.pages, of: pageSize).human]
    }

    private var kills: String {
        guard !whatIf.kills.isEmpty else { return "nobody\n" }
        var table = TerminalTable([
            ("KILL", .right), ("WHO", .left), ("DIES WITH IT", .left), ("RETURNS", .right), ("TO", .right), ("SWAP", .right),
        ])
        for (index, kill) in whatIf.kills.enumerated() {
            table.add([
                String(index + 1), name(kill.victim), kill.victim.othersInScope, kill.returns.least.human,
                kill.returns.most.human, kill.returns.swap.human,
            ])
        }
        return table.text
    }

    private func name(_ victim: VictimForecast.Victim) -> String {
        "\(victim.reading.status.commandName.text.printable) (\(victim.process))"
    }
}
