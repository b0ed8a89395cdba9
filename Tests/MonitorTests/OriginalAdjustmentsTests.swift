import Host
import Kernel
import Support
import Testing

@testable import Monitor

@Suite struct OriginalAdjustmentsTests {
    @Test func theFirstValueIsKept() throws {
        var originals = OriginalAdjustments()
        let key = OriginalAdjustments.Key(process: ProcessID(7), startTime: ClockTicks(1))
        originals.remember(.neutral, of: key, in: ProcessTable())
        originals.remember(.exempt, of: key, in: ProcessTable())
        #expect(originals[key] == .neutral)
        originals.forget(key)
        #expect(originals[key] == nil)
    }

    @Test func processesThatEndedAreForgotten() throws {
        let root = try TemporaryRoot()
        try root.addProcess(7)
        let table = ProcessTable(root: root.path)
        let living = OriginalAdjustments.Key(process: ProcessID(7), startTime: ClockTicks(1007))
        let reused = OriginalAdjustments.Key(process: ProcessID(7), startTime: ClockTicks(1))
        var originals = OriginalAdjustments()
        originals.remember(.neutral, of: living, in: table)
        originals.remember(.neutral, of: reused, in: table)
        for pid in 100..<1100 {
            originals.remember(
                .neutral, of: OriginalAdjustments.Key(process: ProcessID(Int32(pid)), startTime: ClockTicks(1)), in: table)
        }
        #expect(originals.count < 64)
        #expect(originals[living] == .neutral)
        #expect(originals[reused] == nil)
    }
}
