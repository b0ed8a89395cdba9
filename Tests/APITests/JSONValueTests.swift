import Kernel
import Support
import Testing

@testable import API

/// Bodies that somebody else wrote.
@Suite struct JSONValueTests {
    @Test func readsEveryKindOfValue() throws {
        let value = try JSONValue(
            parsing: Array(#" { "a" : [ 1 , -2.5e+3 , "x\"\\\/\b\f\n\r\té" ] , "b":{},"c":[],"d":true,"e":false,"f":null}"#.utf8))
        #expect(
            value
                == .object([
                    "a": .array([.number("1"), .number("-2.5e+3"), .string("x\"\\/\u{8}\u{c}\n\r\té")]), "b": .object([:]),
                    "c": .array([]), "d": .bool(true), "e": .bool(false), "f": .null,
                ]))
    }

    @Test(arguments: [
        (#""é""#, "é"), (#""\u00e9""#, "é"), (#""\uD83D\uDE00""#, "😀"), (#""\u0000""#, "\0"), (#""😀""#, "😀"), (#""""#, ""),
    ])
    func readsTextInEveryForm(text: String, value: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == .string(value))
    }

    @Test(arguments: ["0", "-0", "1e3", "1.0", "1E-2", "123456789012345678901234567890", "-1.5e+10"])
    func numbersStayAsTheyStand(text: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == .number(text))
    }

    @Test(arguments: [
        ("", "body, byte 1: expected a value, found the end of the text"),
        ("{\"a\":1,\"a\":2}", "body, byte 11: expected each member once, not \"a\" again, found \":2}\""),
        (#"{"a":1,"\u0061":2}"#, "body, byte 16: expected each member once, not \"a\" again, found \":2}\""),
        ("{} x", "body, byte 4: expected nothing after the value, found \"x\""),
        ("{\"a\":1,}", "body, byte 8: expected a string, found \"}\""),
        ("[1,]", "body, byte 4: expected a value, found \"]\""),
        ("01", "body, byte 2: expected nothing after the value, found \"1\""),
        ("+1", "body, byte 1: expected a value, found \"+1\""),
        ("1.", "body, byte 3: expected a value, found the end of the text"),
        (".5", "body, byte 1: expected a value, found \".5\""),
        ("1e", "body, byte 3: expected a value, found the end of the text"),
        ("truth", "body, byte 1: expected a value, found \"truth\""),
        ("{'a':1}", "body, byte 2: expected a string, found \"'a':1}\""),
        ("\"\\ud83d\"", "body, byte 8: expected a pair of surrogates, found \"\\\"\""),
        ("\"\\ude00\"", "body, byte 8: expected a pair of surrogates, found \"\\\"\""),
        ("\"\\ud83d\\u0041\"", "body, byte 14: expected a pair of surrogates, found \"\\\"\""),
        ("\"\\u12\"", "body, byte 4: expected four hexadecimal digits, found \"12\\\"\""),
        ("\"\\u+123\"", "body, byte 4: expected four hexadecimal digits, found \"+123\\\"\""),
        ("\"\\x\"", "body, byte 3: expected an escape, found \"x\\\"\""),
        ("\"a\nb\"", "body, byte 3: expected no control character in a string, found \"\\nb\\\"\""),
        ("\"a", "body, byte 3: expected '\"' at the end of the string, found the end of the text"),
        ("NaN", "body, byte 1: expected a value, found \"NaN\""),
    ])
    func saysWhatIsWrongWhere(text: String, message: String) {
        expect(Array(text.utf8), message)
    }

    @Test func textThatIsNoUTF8IsRefused() {
        for bad in [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]] as [[UInt8]] {
            #expect(throws: ParseError.self) { try JSONValue(parsing: [0x22] + bad + [0x22]) }
        }
        #expect(throws: ParseError.self) { try JSONValue(parsing: [0xef, 0xbb, 0xbf] + Array("{}".utf8)) }
    }

    @Test func depthIsBounded() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSONValue(parsing: nested(32))
        #expect(throws: ParseError.self) { try JSONValue(parsing: nested(33)) }
        #expect(throws: ParseError.self) { try JSONValue(parsing: Array(repeating: UInt8(ascii: "["), count: 65_536)) }
        #expect(throws: ParseError.self) { try JSONValue(parsing: Array(String(repeating: "{\"a\":", count: 13_000).utf8)) }
    }

    @Test func noDamageTraps() {
        let whole = Array(#"{"oom_score_adj":-1000,"force":true,"x":["\ud83d\ude00",1.5e-3,null,{"y":"\\\"é"}]}"#.utf8)
        for text in Hostile.prefixes(of: whole) + Hostile.mutations(of: whole, count: 20_000, seed: 7) {
            do { _ = try JSONValue(parsing: text) } catch { #expect(!error.description.isEmpty) }
        }
        for prefix in Hostile.prefixes(of: whole) { #expect(throws: ParseError.self) { try JSONValue(parsing: prefix) } }
    }

    private func expect(_ bytes: [UInt8], _ message: String) {
        do throws(ParseError) {
            Issue.record("\(try JSONValue(parsing: bytes)) is no JSON")
        } catch {
            #expect(error.description == message)
        }
    }
}
