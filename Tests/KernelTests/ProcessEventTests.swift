import Kernel
import Testing

/// The datagrams are from Linux 6.18 on x86-64, for a fork and an exec of /bin/true, its end, and a thread of the same process.
@Suite struct ProcessEventTests {

    private static let fork =
        "4c0000000300000001000000000000000100000001000000010000000000000028000000"
        + "0100000001000000ee7be05069230000c1450000c1450000c2450000c24500000000000000000000"
    private static let thread =
        "4c0000000300000004000000000000000100000001000000040000000000000028000000"
        + "0100000001000000c0a8705169230000b7450000b7450000c3450000c14500000000000000000000"
    private static let exec =
        "4c0000000300000002000000000000000100000001000000020000000000000028000000"
        + "02000000010000003b8a685169230000c2450000c245000000000000000000000000000000000000"
    private static let exit =
        "4c0000000300000003000000000000000100000001000000030000000000000028000000"
        + "000000800100000047bf6f5169230000c2450000c24500000000000011000000c1450000c1450000"
    private static let threadExit =
        "4c0000000300000001000000000000000100000001000000010000000000000028000000"
        + "00000080000000006a26725169230000c3450000c145000000000000ffffffff0000000000000000"
    private static let answer =
        "4c0000000300000000000000000000000100000001000000000000000100000028000000"
        + "0000000001000000da80df5069230000000000000000000000000000000000000000000000000000"

    @Test func aForkNamesParentAndChild() throws {
        #expect(try parsed(Self.fork) == .forked(parent: ProcessID(0x45c1), child: ProcessID(0x45c2)))
    }

    @Test func anExecNamesTheProcess() throws {
        #expect(try parsed(Self.exec) == .executed(ProcessID(0x45c2)))
    }

    @Test func anExitNamesTheProcess() throws {
        #expect(try parsed(Self.exit) == .exited(ProcessID(0x45c2)))
    }

    @Test(arguments: [thread, threadExit]) func aThreadIsNoProcess(_ text: String) throws {
        #expect(try parsed(text) == .other)
    }

    @Test func theKernelAnswersASubscription() throws {
        #expect(try parsed(Self.answer) == .answered(errno: 0))
        var refused = bytes(Self.answer)
        refused[52] = 1
        #expect(try ProcessEvent(parsing: refused[...]) == .answered(errno: 1))
    }

    @Test func aKindThatIsNotKnownIsOther() throws {
        var unknown = bytes(Self.exec)
        unknown[37] = 2
        #expect(try ProcessEvent(parsing: unknown[...]) == .other)
    }

    @Test func anotherConnectorIsRefused() {
        var other = bytes(Self.exec)
        other[16] = 7
        #expect(
            throws: ParseError(source: "process event", line: 0, expected: "connector 1.1", found: "7.1")
        ) { try ProcessEvent(parsing: other[...]) }
    }

    @Test(arguments: [fork, exec, exit, answer]) func everyPrefixIsRefusedOrUnderstood(_ text: String) {
        let whole = bytes(text)
        for length in 0..<40 {
            #expect(throws: ParseError.self) { try ProcessEvent(parsing: whole[..<length]) }
        }
        for length in 40...whole.count {
            do { _ = try ProcessEvent(parsing: whole[..<length]) } catch { #expect(error.source == "process event") }
        }
    }

    private func parsed(_ text: String) throws -> ProcessEvent { try ProcessEvent(parsing: bytes(text)[...]) }

    private func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }
}
