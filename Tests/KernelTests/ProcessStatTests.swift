import Kernel
import Support
import Testing

@Suite struct ProcessStatTests {
    private static func stat(named name: [UInt8]) -> [UInt8] {
        Array("95 (".utf8) + name + Array(") R 1 0 0 0 -1 4194560 702 0 0 0 1 3 0 0 0 -20 1 0 277 3538944 842 1844674407\n".utf8)
    }

    @Test func readsStateFlagsAndStartOfAProcess() throws {
        let stat = try ProcessStat(parsing: Fixture("6.1-amd64-comms").bytes("proc/95/stat"))
        #expect(stat.process == ProcessID(95))
        #expect(stat.commandName == "rec")
        #expect(stat.state == ProcessState(letter: UInt8(ascii: "R")))
        #expect(!stat.flags.contains(.kernelThread))
        #expect(stat.threads == 1)
        #expect(stat.startTime == ClockTicks(277))
    }

    @Test func knowsAKernelThreadByItsFlags() throws {
        let stat = try ProcessStat(parsing: Fixture("6.1-amd64-global-order0").bytes("proc/10/stat"))
        #expect(stat.commandName == "mm_percpu_wq")
        #expect(stat.flags.contains(.kernelThread))
        #expect(stat.startTime == ClockTicks(75))
    }

    /// The names of the kernel log of 6.1-amd64-comms.
    @Test(arguments: [
        Array("evil) (1 ".utf8), Array("new\nline".utf8), Array(")".utf8), Array("(".utf8), Array(",pid=1,uid=0".utf8),
        Array(") Z 1 1 (".utf8), [0xff, 0xfe, 0x80, 0xc3, 0x28], [], Array("[kworker/0:1]".utf8), Array("\n".utf8),
    ])
    func theNameEndsAtTheLastBracket(name: [UInt8]) throws {
        let stat = try ProcessStat(parsing: Self.stat(named: name))
        #expect(stat.commandName.bytes == name)
        #expect(stat.state == ProcessState(letter: UInt8(ascii: "R")))
        #expect(stat.startTime == ClockTicks(277))
    }

    @Test(arguments: [
        ("", "stat: expected a name in brackets, found the end of the text"),
        ("x (a) R", #"stat:1: expected a pid and a name in brackets, found "x""#),
        ("1 (a)", "stat: expected a state after the name, found the end of the text"),
        ("1 (a) R 0 0 0 0 -1 f", #"stat:1: expected a number for flags, found "f""#),
    ])
    func namesWhatIsWrong(text: String, message: String) {
        do {
            _ = try ProcessStat(parsing: Array(text.utf8))
            Issue.record("no error for \(text)")
        } catch {
            #expect(error.description == message)
        }
    }

    @Test func everyCapturedTaskIsRead() throws {
        let fixture = Fixture("6.1-amd64-protected-biggest")
        var kernelThreads = 0
        for id in 1...124 where fixture.has("proc/\(id)/stat") {
            let stat = try ProcessStat(parsing: fixture.bytes("proc/\(id)/stat"))
            #expect(stat.process == ProcessID(Int32(id)))
            #expect(stat.flags.contains(.kernelThread) == !fixture.has("proc/\(id)/status"))
            kernelThreads += stat.flags.contains(.kernelThread) ? 1 : 0
        }
        #expect(kernelThreads > 30)
    }

    @Test func survivesEveryPrefixAndDamage() throws {
        let text = try Fixture("6.1-amd64-comms").bytes("proc/95/stat")
        #expect(damaged(text).count { (try? ProcessStat(parsing: $0)) != nil } > 0)
    }
}
