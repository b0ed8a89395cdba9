import Kernel
import Support
import Testing

@Suite struct KernelLogRecordTests {
    @Test func tellsTheFieldsOfARecord() throws {
        let record = try KernelLogRecord(parsing: Array("3,406,8615303,-;Memory cgroup out of memory: Killed\n".utf8))
        #expect((record.facility, record.level, record.sequence) == (0, 3, 406))
        #expect(record.time == TimeSinceBoot(microseconds: 8_615_303))
        #expect(!record.isContinuation)
        #expect(record.caller == nil)
        #expect(record.text == Array("Memory cgroup out of memory: Killed".utf8))
    }

    /// 14 = facility 1 (user) and level 6; 187 = facility 23 (local7) and level 3.
    @Test(arguments: [("14,1,2,-;x", 1, 6), ("187,1,2,-;x", 23, 3), ("7,1,2,-;x", 0, 7)])
    func onlyFacilityZeroIsTheKernel(line: String, facility: Int, level: Int) throws {
        let record = try KernelLogRecord(parsing: Array(line.utf8))
        #expect((record.facility, record.level) == (facility, level))
        #expect(record.isFromKernel == (facility == 0))
    }

    @Test func whatTheKernelEscapedIsDecoded() throws {
        let record = try KernelLogRecord(parsing: Array("4,1,2,-;a\\x0ab\\x5c\\xff\\xC3;\\xz1\\x4".utf8))
        #expect(record.text == Array("a\nb\\".utf8) + [0xff, 0xc3] + Array(";\\xz1\\x4".utf8))
    }

    @Test func theLinesOfADeviceAreNoText() throws {
        let record = try KernelLogRecord(parsing: Array("6,1,2,-;up\n SUBSYSTEM=pci\n DEVICE=+pci:0000:00:01.1\n".utf8))
        #expect(record.text == Array("up".utf8))
    }

    @Test(
        arguments: [
            ("4,1,2,c;x", true, nil), ("4,1,2,-,caller=T1534;x", false, "T1534"), ("4,1,2,c,new=1,caller=C0,more;x", true, "C0"),
            ("4,1,2,+;x", false, nil), ("4,1,2,;x", false, nil),
        ] as [(String, Bool, String?)])
    func unknownFlagsAreIgnored(line: String, isContinuation: Bool, caller: String?) throws {
        let record = try KernelLogRecord(parsing: Array(line.utf8))
        #expect(record.isContinuation == isContinuation)
        #expect(record.caller == caller)
        #expect(record.text == Array("x".utf8))
    }

    @Test(arguments: [
        ("", "kmsg: expected a priority, found the end of the text"),
        (" SUBSYSTEM=pci", "kmsg:1: expected a priority, found \"SUBSYSTEM=pci\""),
        ("6;x", "kmsg:1: expected a comma after a priority, found \";x\""),
        ("6,x,2,-;y", "kmsg:1: expected a sequence number, found \"x,2,-;y\""),
        ("6,1,-2,-;y", "kmsg:1: expected a time in microseconds, found \"-2,-;y\""),
        ("6,1,2,-", "kmsg:1: expected ';' before the text, found the end of the text"),
    ])
    func aMalformedRecordIsAnErrorThatSaysWhere(line: String, message: String) throws {
        let error = #expect(throws: ParseError.self) { try KernelLogRecord(parsing: Array(line.utf8)) }
        #expect(error?.description == message)
    }

    @Test func numbersBeyondTheRangeAreHeld() throws {
        let record = try KernelLogRecord(
            parsing: Array("99999999999999999999,18446744073709551615,18446744073709551615,-;x".utf8))
        #expect(record.sequence == UInt64(Int.max))
        #expect(!record.isFromKernel)
    }

    @Test(arguments: [UInt64(11), 12, 13])
    func anyBytesAreARecordOrAnError(seed: UInt64) throws {
        let line = Array("4,477,8614746,c,caller=T12;new\\x0aline invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL)\n A=b\n".utf8)
        for damaged in Hostile.prefixes(of: line) + Hostile.mutations(of: line, count: 3000, seed: seed) {
            do { _ = try KernelLogRecord(parsing: damaged).text } catch { #expect(error.source == "kmsg") }
        }
    }
}
