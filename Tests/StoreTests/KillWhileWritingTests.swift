import Foundation
import Kernel
import Support
import Testing

@testable import Store

/// A writer is killed at random instants, and another goes on after it.
@Suite struct KillWhileWritingTests {
    private static let writer = URL(fileURLWithPath: Oomwarden.path).deletingLastPathComponent().path + "/StoreWriter"

    @Test func aHundredDeathsLoseNothingThatHadBeenShown() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/" + StoreFile.name
        var shown: Set<String> = []
        for round in 0..<100 {
            let writer = try RunningProgram([Self.writer, path, String(round * 10_000)])
            // Half of them have written something, however slow the machine is; of the others some die before their first write.
            if round.isMultiple(of: 2) { #expect(eventually(within: 20) { !writer.output.text.isEmpty }) }
            usleep(UInt32.random(in: 1_000...30_000))
            writer.signal(SIGKILL)
            #expect(try writer.end(within: 5) == .signal(SIGKILL))
            let lines = writer.output.wholeText()
            shown.formUnion(lines.split(separator: "\n").map(String.init).filter { !$0.isEmpty })
        }
        let store = EventStore(path: path)
        let verdict = try store.withWriter { (database) throws(StoreError) in
            try database.rows("PRAGMA integrity_check") { row throws(StoreError) in try row.text(0) }
        }
        #expect(verdict == ["ok"])
        var query = EventQuery()
        query.limit = 1_000_000
        let kept = Set(try store.events(query).events.map(\.id))
        #expect(shown.count > 20)
        #expect(shown.subtracting(kept).isEmpty)
        #expect(try store.counters().victimsByScope == [.unknown: kept.count])
    }
}
