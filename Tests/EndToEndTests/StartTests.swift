import Foundation
import Support
import Testing

/// What a start says that cannot succeed, and where the daemon can listen.
@Suite struct StartTests {
    /// Each with what the message must say: the flag, and the form that it wants.
    private static let wrong: [(arguments: [String], message: [String])] = [
        (["--root", "/nowhere"], ["'--root <dir>'", "expected a directory that holds 'proc'", "found \"/nowhere\""]),
        (["--root", "/etc"], ["'--root <dir>'", "expected a directory that holds 'proc'", "found \"/etc\""]),
        (["--web.listen-address", "nowhere"], ["--web.listen-address", "HOST:PORT", "unix:PATH"]),
        (["--web.listen-address", "127.0.0.1:65536"], ["--web.listen-address", "HOST:PORT"]),
        (["--web.listen-address", "unix:"], ["--web.listen-address", "unix:PATH"]),
        (["--web.listen-adress", "127.0.0.1:0"], ["--web.listen-adress"]),
        (["--sample.max-age", "10"], ["--sample.max-age", "100ms", "10s"]),
        (["--sample.max-age", "soon"], ["--sample.max-age", "100ms", "10s"]),
        (["--sample.max-age", "0x"], ["--sample.max-age", "100ms", "10s"]),
        (["--sample.max-age", "99999999999999999999s"], ["--sample.max-age", "100ms", "10s"]),
        (["--log.level", "loud"], ["--log.level", "debug", "warning"]),
        (["--log.format", "xml"], ["--log.format", "json", "journald"]),
        (["--state-dir"], ["--state-dir"]),
        (["extra"], ["extra"]),
    ]

    @Test(arguments: 0..<wrong.count)
    func aWrongArgumentIsNamedWithWhatWasExpected(_ number: Int) throws {
        let (arguments, message) = Self.wrong[number]
        let start = try Oomwarden.run(["serve"] + arguments)
        #expect(start.code == 64, "\(arguments): \(start.errors)")
        for part in message { #expect(start.errors.contains(part), "\(arguments): \(start.errors)") }
    }

    @Test(arguments: ["zones", "fragmentation", "kills", "processes"])
    func commandsRefuseAWrongRoot(_ command: String) throws {
        let finished = try Oomwarden.run([command, "--root", "/nowhere"])
        #expect(finished.code == 64)
        #expect(finished.errors.contains("invalid for '--root <dir>': expected a directory that holds 'proc'"))
        #expect(finished.output.isEmpty)
    }

    @Test func aSecondDaemonOnThePortSaysSo() throws {
        let first = try DaemonProcess()
        guard case .tcp(let port) = first.address else {
            Issue.record("it serves on \(first.address)")
            return
        }
        let state = try TemporaryDirectory()
        let second = try Oomwarden.run(["serve", "--state-dir", state.path, "--web.listen-address", "127.0.0.1:\(port)"])
        #expect(second.code == 1)
        #expect(
            second.errors.contains(
                "127.0.0.1:\(port) is already in use; stop what listens there or choose another address"))
        #expect(try first.get("/-/healthy").status == 200)
    }

    @Test func aUnixSocketAnswers() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/socket"
        let daemon = try DaemonProcess(listen: "unix:\(path)")
        #expect(daemon.address == .unix(path: path))
        #expect(try daemon.get("/zones").status == 200)
        daemon.program.signal(SIGTERM)
        #expect(try daemon.program.end(within: 5) == .exit(0))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func severalAddressesAtOnce() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/socket"
        let daemon = try DaemonProcess(["--web.listen-address", "127.0.0.1:0", "--web.listen-address", "unix:\(path)"])
        #expect(eventually(within: 5) { daemon.log.contains { $0.contains("serving on unix:") } })
        let ports = daemon.log.compactMap { $0.firstMatch(of: /serving on http:\/\/127\.0\.0\.1:(\d+)/)?.1 }.compactMap {
            UInt16($0)
        }
        #expect(Set(ports).count == 2)
        for address in ports.map({ RawClient.Address.tcp(port: $0) }) + [.unix(path: path)] {
            let client = try RawClient(address)
            client.send("GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.response().status == 200)
        }
    }

    @Test func anAddressOpenToTheNetworkIsWarnedOf() throws {
        let daemon = try DaemonProcess(["--web.listen-address", "0.0.0.0:0"])
        #expect(eventually(within: 5) { daemon.log.contains { $0.contains("warning: ") && $0.contains("open to the network") } })
    }
}
