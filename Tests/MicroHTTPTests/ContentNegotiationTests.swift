import MicroHTTP
import Testing

@Suite struct ContentNegotiationTests {
    static let openMetrics = MediaType("application", "openmetrics-text", [.init("version", "1.0.0")])
    static let prometheus = MediaType("text", "plain", [.init("version", "0.0.4")])

    @Test(arguments: [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/plain", "text/plain"),
        ("TEXT/Plain", "text/plain"),
        ("text/*", "text/plain"),
        ("text/plain;q=0.5, application/json;q=0.4", "text/plain"),
        ("text/plain;q=0.5, */*;q=0.5", "application/json"),
        ("text/plain;q=0.3, */*;q=0.2", "text/plain"),
        ("text/html, text/plain;q=0.1", "text/plain"),
        ("application/json;q=0, */*", "text/plain"),
        ("text/*;q=0.9, text/plain;q=0.1, application/json;q=0.2", "application/json"),
        ("text/plain;q=1.000, application/json;q=0.999", "text/plain"),
        ("text/plain;q=oops, application/json;q=0.001", "application/json"),
        (" , ,text/plain ;q=0.5,", "text/plain"),
        (#"text/html;a=",application/json", text/plain"#, "text/plain"),
        ("nonsense, text/plain", "text/plain"),
    ])
    func picksTheBestOffer(_ accept: String, _ expected: String) {
        #expect(ContentNegotiation.best(of: [.json, .plainText], accept: [accept])?.description == expected)
    }

    @Test(arguments: ["text/html", "application/json;q=0, text/*;q=0.000", "nonsense", "*/*;q=0", "text/plain;q=1.001"])
    func findsNothingAcceptable(_ accept: String) {
        #expect(ContentNegotiation.best(of: [.json, .plainText], accept: [accept]) == nil)
    }

    @Test func takesSeveralFieldsAsOneList() {
        #expect(
            ContentNegotiation.best(of: [.json, .plainText], accept: ["application/json;q=0.1", "text/plain"]) == .plainText)
        #expect(ContentNegotiation.best(of: [.json, .plainText], accept: []) == .json)
    }

    /// The fields of Prometheus 2.45 and 3.1, and of a browser.
    @Test(arguments: [
        (
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", openMetrics
        ),
        (
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                + "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
                + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1", openMetrics
        ),
        ("application/openmetrics-text;version=0.0.1", nil),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", prometheus),
    ])
    func understandsScrapers(_ accept: String, _ expected: MediaType?) {
        #expect(ContentNegotiation.best(of: [Self.prometheus, Self.openMetrics], accept: [accept]) == expected)
    }

    @Test(arguments: [
        ("gzip", true), ("GZip, deflate, br", true), ("x-gzip", true), ("*", true), ("deflate, gzip;q=0.5", true),
        ("gzip;q=0", false), ("gzip;q=0.000, *", false), ("*;q=0", false), ("identity", false), ("", false),
        ("deflate, br", false), ("*;q=0, gzip", true),
    ])
    func allowsGzip(_ field: String, _ expected: Bool) {
        #expect(ContentNegotiation.allowsGzip(acceptEncoding: [field]) == expected)
    }

    @Test func compressesForNobodyWhoDidNotAsk() { #expect(!ContentNegotiation.allowsGzip(acceptEncoding: [])) }

    @Test func readsTheTypeOfABody() throws {
        let request = try Request(.post, "/", headers: ["Content-Type": #"Application/JSON ; charset="utf-8""#])
        let type = try #require(request.contentType)
        #expect(type.isSameType(as: .json))
        #expect(type.parameters == [.init("charset", "utf-8")])
        #expect(MediaType(parsing: "json") == nil)
        #expect(MediaType(parsing: "a/b/c") == nil)
    }
}
