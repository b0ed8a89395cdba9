import Foundation
import Support
import Testing

/// Tokens made and revoked by the command while the daemon runs, and who is known without one.
@Suite struct ScopeTests {
    @Test func aTokenIsMadeUsedAndRevoked() throws {
        let daemon = try DaemonProcess(["--web.enable-actions"])
        let made = try Oomwarden.run(["token", "create", "grafana", "--scope", "read", "--state-dir", daemon.stateDirectory])
        #expect(made.code == 0)
        let secret = made.output.trimmingCharacters(in: .newlines)
        #expect(secret.wholeMatch(of: /oomw_[0-9a-f]{64}/) != nil)
        let bearer = ["Authorization: Bearer \(secret)"]
        #expect(try daemon.get("/processes?limit=1", bearer).text.contains("command_line"))
        let sleeper = try Sleeper()
        let refused = try daemon.post("/processes/\(sleeper.pid)/protect", bearer)
        #expect(refused.status == 403)
        #expect(try refused.problem == "missing_scope")
        let listed = try Oomwarden.run(["token", "list", "--json", "--state-dir", daemon.stateDirectory])
        #expect(listed.output.contains(#""name": "grafana""#))
        #expect(!listed.output.contains(secret))
        let kept = try String(contentsOfFile: daemon.stateDirectory + "/tokens", encoding: .utf8)
        #expect(!kept.contains(secret.dropFirst(5)))
        let again = try Oomwarden.run(["token", "create", "grafana", "--scope", "read", "--state-dir", daemon.stateDirectory])
        #expect(again.code == 1)
        #expect(again.errors.contains("there is a token grafana already"))
        #expect(try Oomwarden.run(["token", "revoke", "grafana", "--state-dir", daemon.stateDirectory]).code == 0)
        #expect(try daemon.get("/processes?limit=1", bearer).status == 401)
        #expect(try Oomwarden.run(["token", "revoke", "grafana", "--state-dir", daemon.stateDirectory]).code == 1)
    }

    @Test(arguments: [
        (["create", "a b", "--scope", "read"], "expected 1 to 64 letters"), (["create", "a"], "--scope"),
        (["create", "a", "--scope", "write"], "expected one of read, protect, tune, admin"),
    ])
    func aWrongOrderIsRefused(arguments: [String], sentence: String) throws {
        let state = try TemporaryDirectory()
        let finished = try Oomwarden.run(["token"] + arguments + ["--state-dir", state.path])
        #expect(finished.code != 0)
        #expect(finished.errors.contains(sentence), "\(finished.errors)")
    }

    @Test func aTableThatOthersCanReadIsRefusedAtStart() throws {
        let state = try TemporaryDirectory()
        chmod(state.path, 0o700)
        try state.write([], to: "tokens")
        chmod(state.path + "/tokens", 0o644)
        let start = try Oomwarden.run(["serve", "--state-dir", state.path, "--web.listen-address", "127.0.0.1:0"])
        #expect(start.code == 1)
        #expect(start.errors.contains("\(state.path)/tokens: mode is 0644, expected 0600"))
    }

    /// The daemon's own user needs no token there, and it says at start who does not.
    @Test func theUserOfAUnixSocketIsKnown() throws {
        let directory = try TemporaryDirectory()
        let daemon = try DaemonProcess(
            ["--web.enable-actions", "--web.admin-uid", "4711"], listen: "unix:\(directory.path)/socket")
        #expect(
            eventually(within: 5) { daemon.log.contains { $0.contains("on unix sockets these users need no token: uid 0, ") } })
        #expect(daemon.log.contains { $0.contains("4711") })
        let sleeper = try Sleeper()
        let answer = try daemon.post("/processes/\(sleeper.pid)/protect?dry_run", [])
        #expect(answer.status == 200, "\(answer.text)")
    }

    @Test(.enabled(if: Self.outerAddress != nil, "no interface but loopback has an IPv4 address"))
    func anotherAddressThanLoopbackNeedsScopeRead() throws {
        let outer = try #require(Self.outerAddress)
        let state = try TemporaryDirectory()
        chmod(state.path, 0o700)
        let flags = ["serve", "--state-dir", state.path, "--web.listen-address", "\(outer):0"]
        let program = try RunningProgram([Oomwarden.path] + flags)
        var port: String?
        #expect(
            eventually(within: 20) {
                port = program.errors.text.firstMatch(of: /serving on http:\/\/[0-9.]+:(\d+)[^\d]/).map { String($0.1) }
                return port != nil
            })
        let base = "http://\(outer):\(try #require(port))"
        #expect(try Self.curl([base + "/processes"]) == "401")
        #expect(try Self.curl([base + "/oom-kills"]) == "401")
        #expect(try Self.curl([base + "/zones"]) == "200")
        let token = try String(contentsOfFile: state.path + "/token", encoding: .utf8).trimmingCharacters(in: .newlines)
        #expect(try Self.curl(["-H", "Authorization: Bearer \(token)", base + "/processes"]) == "200")
        program.signal(SIGTERM)
    }

    private static func curl(_ arguments: [String]) throws -> String {
        let program = try RunningProgram(["curl", "-s", "--noproxy", "*", "-o", "/dev/null", "-w", "%{http_code}"] + arguments)
        _ = try program.end(within: 20)
        return program.output.wholeText()
    }

    private static var outerAddress: String? {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return nil }
        defer { freeifaddrs(first) }
        for entry in sequence(first: first, next: { $0?.pointee.ifa_next }) {
            guard let address = entry?.pointee.ifa_addr, address.pointee.sa_family == sa_family_t(AF_INET) else { continue }
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let size = socklen_t(MemoryLayout<sockaddr_in>.size)
            guard getnameinfo(address, size, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else { continue }
            let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if !name.hasPrefix("127.") { return name }
        }
        return nil
    }
}
