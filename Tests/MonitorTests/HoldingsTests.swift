import Foundation
import Kernel
import Store
import Testing

@testable import Monitor

@Suite struct HoldingsTests {
    private static func touched(_ process: Int32, of root: Holdings.Key? = nil) -> TouchedProcess {
        let key = Holdings.Key(bootID: "boot", process: ProcessID(process), startTime: ClockTicks(1))
        var touched = TouchedProcess(key: key, baseline: .neutral, applied: .exempt, since: ClockTicks(0))
        touched.heirOf = root
        return touched
    }

    /// A lease that ends lets go of them one by one. To look at all of them for each took minutes.
    @Test func manyHeirsAreForgottenInNoTime() {
        var held = Holdings()
        let root = Self.touched(1)
        held.put(root)
        for number in 2...20_000 {
            let heir = Self.touched(Int32(number), of: root.key)
            held.put(heir)
            held.addMember(heir.key.process, startedAt: heir.key.startTime, of: root.key)
        }
        let start = ProcessInfo.processInfo.systemUptime
        for heir in held.heirs(of: root.key) { held.forget(heir.key) }
        held.forget(root.key)
        #expect(ProcessInfo.processInfo.systemUptime - start < 5)
        #expect(held.touched.isEmpty && held.members.isEmpty)
    }
}
