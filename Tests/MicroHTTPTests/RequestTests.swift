import MicroHTTP
import Testing

@Suite struct RequestTests {
    @Test func findsFieldsWithoutRegardToCase() {
        var headers: Headers = ["Accept": "a", "X": "b"]
        headers.append("ACCEPT", "c")
        #expect(headers["accept"] == "a")
        #expect(headers.values("aCCept") == ["a", "c"])
        #expect(headers["Y"] == nil)
        #expect(headers.pairs.map(\.name) == ["Accept", "X", "ACCEPT"])
    }

    @Test func keepsArgumentsInTheirOrder() throws {
        let query = try Request(.get, "/?b&a=1&b=2&=x&&c=%26").query
        #expect(query.names == ["b", "a", "b", "", "c"])
        #expect(query["b"]?.isEmpty == true)
        #expect(query.values("b") == ["", "2"])
        #expect(query["c"] == "&")
        #expect(query.contains("a") && !query.contains("d"))
    }

    @Test(arguments: [
        "/%", "/%1", "/%g0", "/%00", "/\u{0}", "/a b", "/#", "", "a", "/..", "/a/..", "/../a", "/%2e.", "/a%2f", "/%80",
        "/?a=%00",
        "/?%ff", "http://", "http:///a", "ftp://a/b", "*a",
    ])
    func refusesATarget(_ target: String) {
        let fault = #expect(throws: HTTPFault.self) { try Request(.get, target) }
        #expect(fault?.kind == .badTarget)
        #expect(fault?.closesConnection == true)
    }

    @Test(arguments: [
        ("/", "/"), ("/...", "/..."), ("/a..b", "/a..b"), ("/%41", "/A"), ("/%2525", "/%25"), ("/a+b", "/a+b"), ("*", "*"),
        ("https://h/a?b", "/a"), ("/é", "/é"), ("//a", "//a"),
    ])
    func decodesAPathOnce(_ target: String, _ path: String) throws {
        #expect(try Request(.get, target).path == path)
    }

    @Test func survivesAnyTarget() {
        var random = SeededGenerator(seed: 4)
        let alphabet = Array("/%?&=+.#*:abAF02 \u{0}\u{7F}é".utf8) + [0xFF, 0x80]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            _ = try? Request(.get, String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func survivesAnyFieldValue() {
        var random = SeededGenerator(seed: 5)
        let alphabet = Array("*/,;=q01.\"\\W gzip\t")
        for _ in 0..<20_000 {
            let value = String(
                (0..<Int.random(in: 0..<24, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) })
            _ = ContentNegotiation.best(of: [.json, .plainText], accept: [value])
            _ = ContentNegotiation.allowsGzip(acceptEncoding: [value])
            _ = try? IfMatch(parsing: [value])
            _ = try? ListenAddress(parsing: value)
        }
    }
}

/// The same numbers in each run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
