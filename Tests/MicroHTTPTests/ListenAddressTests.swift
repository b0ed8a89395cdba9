import MicroHTTP
import Testing

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:10137", ListenAddress.tcp(host: "127.0.0.1", port: 10137)),
        ("localhost:80", .tcp(host: "127.0.0.1", port: 80)),
        ("[::1]:10137", .tcp(host: "::1", port: 10137)),
        (":10137", .tcp(host: "", port: 10137)),
        ("0.0.0.0:0", .tcp(host: "0.0.0.0", port: 0)),
        ("unix:/run/oomwarden/api.sock", .unix(path: "/run/oomwarden/api.sock")),
    ])
    func readsAnAddress(_ text: String, _ expected: ListenAddress) throws {
        let address = try ListenAddress(parsing: text)
        #expect(address == expected)
        #expect(try ListenAddress(parsing: address.description) == expected)
    }

    @Test(arguments: [
        "", "10137", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+1", "127.0.0.1:-1", "127.0.0.1:http", "::1:10137",
        "[::1]", "[127.0.0.1]:1", "[]:1", "example.org:80", "1.2.3:80", "256.0.0.1:80", "unix:", "127.0.0.1:1 ",
    ])
    func saysWhatItExpected(_ text: String) {
        let error = #expect(throws: ListenAddressError.self) { try ListenAddress(parsing: text) }
        #expect(
            error?.description
                == "expected HOST:PORT with a numeric host (127.0.0.1:10137, [::1]:10137, :10137 for all addresses) or "
                + "unix:PATH, found \"\(text)\"")
    }

    @Test func knowsWhatNeedsNoNetwork() {
        #expect(ListenAddress.tcp(host: "127.1.2.3", port: 1).isLocal)
        #expect(ListenAddress.unix(path: "/a").isLocal)
        #expect(!ListenAddress.tcp(host: "", port: 1).isLocal)
    }
}
