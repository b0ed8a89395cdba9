import Kernel
import Support
import Testing

@Suite struct ProcessStatusTests {
    /// The least that every kernel since 2.6.13 prints, in its order of that time.
    private static func text(name: String = "sh", after: String = "", threads: String = "1") -> [UInt8] {
        Array(
            """
            Name:\t\(name)
            State:\tS (sleeping)
            SleepAVG:\t78%
            Tgid:\t412
            Pid:\t412
            PPid:\t1
            Uid:\t1000\t1001\t1002\t1003
            \(after)Threads:\t\(threads)
            CapEff:\t00000000fffffeff

            """.utf8)
    }

    @Test func readsTheBiggestProcessOfACapture() throws {
        let status = try ProcessStatus(parsing: Fixture("6.1-amd64-global-order0").bytes("proc/111/status"))
        #expect(status.commandName == "big")
        #expect(status.process == ProcessID(111))
        #expect(status.threadGroup == ProcessID(111))
        #expect(status.threads == 1)
        #expect(status.userID == 0)
        #expect(
            status.memory
                == ProcessStatus.Memory(resident: Bytes(kibibytes: 217740), swapped: .zero, pageTables: Bytes(kibibytes: 464)))
        #expect(status.effectiveCapabilities.contains(.sysResource))
        #expect(status.isKernelThread == nil)
    }

    @Test func readsKernelsFromBeforeSwapWasCounted() throws {
        let status = try ProcessStatus(parsing: Self.text(after: "VmRSS:\t     912 kB\nVmPTE:\t      12 kB\n"))
        #expect(status.memory == ProcessStatus.Memory(resident: Bytes(933_888), swapped: nil, pageTables: Bytes(12288)))
        #expect(status.userID == 1000)
        #expect(!status.effectiveCapabilities.contains(.syslog))
    }

    @Test func addsTheMiddleLevelOfPageTablesWhereItStandsAlone() throws {
        let status = try ProcessStatus(parsing: Self.text(after: "VmRSS:\t4 kB\nVmPTE:\t12 kB\nVmPMD:\t8 kB\nVmSwap:\t4 kB\n"))
        #expect(status.memory?.pageTables == Bytes(kibibytes: 20))
    }

    @Test func aKernelThreadHasNoMemory() throws {
        let status = try ProcessStatus(parsing: Self.text(after: "Kthread:\t1\n"))
        #expect(status.memory == nil)
        #expect(status.isKernelThread == true)
    }

    @Test(arguments: [
        (#"new\nline"#, "new\nline"), (#"\\"#, #"\"#), (#"a\\nb"#, #"a\nb"#), ("foo) Z", "foo) Z"), ("", ""), (#"x\"#, #"x\"#),
        (#"\t"#, #"\t"#), ("Pid:\t1", "Pid:\t1"),
    ])
    func takesTheKernelsEscapesOffAName(escaped: String, name: String) throws {
        #expect(try ProcessStatus(parsing: Self.text(name: escaped)).commandName == CommandName(name.utf8))
    }

    @Test func keepsBytesOfANameThatAreNoText() throws {
        let bytes = Array("Name:\t".utf8) + [0xff, 0xfe, 0x80, 0xc3] + Self.text().drop { $0 != 0x0a }
        #expect(try ProcessStatus(parsing: bytes).commandName.bytes == [0xff, 0xfe, 0x80, 0xc3])
    }

    @Test func tellsAThreadFromItsProcess() throws {
        var text = String(decoding: Self.text(), as: UTF8.self)
        text.replace("\nPid:\t412", with: "\nPid:\t415")
        let status = try ProcessStatus(parsing: Array(text.utf8))
        #expect(status.process == ProcessID(415))
        #expect(status.threadGroup == ProcessID(412))
    }

    @Test func namesALineThatIsMissing() {
        #expect(throws: ParseError(source: "status", line: 0, expected: "a line 'Name:'", found: nil)) {
            try ProcessStatus(parsing: [])
        }
    }

    @Test(arguments: [
        ("VmRSS:\t x kB\n", #"status:8: expected a number after 'VmRSS:', found "x""#),
        ("VmPTE:\n", "status:8: expected a number after 'VmPTE:', found the end of the text"),
        ("Kthread:\tno\n", #"status:8: expected a number after 'Kthread:', found "no""#),
        ("PPid:\t99999999999\n", #"status:8: expected a pid after 'PPid:', found "99999999999""#),
    ])
    func namesALineThatIsWrong(line: String, message: String) {
        do {
            _ = try ProcessStatus(parsing: Self.text(after: line))
            Issue.record("no error for \(line)")
        } catch {
            #expect("\(error)" == message)
        }
    }

    @Test func survivesEveryPrefixAndDamage() throws {
        let text = try Fixture("6.1-amd64-protected-biggest").bytes("proc/101/status")
        #expect(damaged(text).count { (try? ProcessStatus(parsing: $0)) != nil } > 0)
    }
}
