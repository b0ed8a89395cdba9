import API
import APISupport
import Kernel
import MicroHTTP
import Monitor
import Support
import Synchronization
import Testing

/// Who may do what: scopes, users on unix sockets, clients of other machines, and how often one may act.
@Suite struct AccessTests {
    private static let closed = [
        "/processes", "/processes/102", "/victims", "/cgroups", "/oom-kills", "/oom-kills/x", "/oom-kills/stats",
        "/oom-kills/x/timeline", "/oom-kills/stream?after=x", "/explain", "/history", "/diagnosis",
        "/fragmentation?by=migratetype",
    ]
    private static let open = [
        "/", "/zones", "/zones/0/DMA", "/zones/0/DMA/can-serve", "/fragmentation", "/metrics", "/-/healthy", "/-/ready",
        "/openapi.yaml",
    ]

    @Test(arguments: closed) func fromAnotherMachineItNeedsScopeRead(target: String) throws {
        let (scene, _) = try ProcessTests.scene()
        let refused = try scene.ask(.get, target, from: .remote)
        #expect(refused.status == 401)
        #expect(refused.problem == "unauthorized")
        #expect(refused.headers["WWW-Authenticate"] == #"Bearer realm="oomwarden""#)
        #expect(refused.text.contains("oomwarden token create"))
        let lacking = try scene.ask(.get, target, headers: Self.bearer(Scene.protectToken), from: .remote)
        #expect(lacking.status == 403)
        #expect(lacking.problem == "missing_scope")
        for token in [Scene.readToken, Scene.token] {
            let read = try scene.ask(.get, target, headers: Self.bearer(token), from: .remote)
            #expect(![401, 403].contains(read.status), "\(token)")
        }
        #expect(![401, 403].contains(try scene.ask(.get, target).status), "on this machine")
    }

    @Test func aWhatIfFromAnotherMachineNeedsScopeRead() throws {
        let (scene, _) = try ProcessTests.scene()
        let body = Array(#"{"changes":[]}"#.utf8)
        #expect(try scene.ask(.post, "/victims/what-if", body: body, from: .remote).status == 401)
    }

    @Test(arguments: open) func theRestIsOpenToEverybody(target: String) throws {
        #expect(try ProcessTests.scene().0.ask(.get, target, from: .remote).status == 200)
    }

    /// A peer that the kernel does not name is not taken for one of this machine; who asks through a proxy neither.
    @Test func whoIsOnThisMachine() throws {
        let (scene, _) = try ProcessTests.scene()
        let mapped = Peer.ipv6(SIMD4(0, 0, UInt32(0xffff).bigEndian, UInt32(0x7f00_0002).bigEndian), port: 1)
        let loopback6 = Peer.ipv6(SIMD4(0, 0, 0, UInt32(1).bigEndian), port: 1)
        let user = Peer.local(processID: 7, userID: 1000, groupID: 1000)
        for peer in [Peer.loopback, mapped, loopback6, user] {
            #expect(try scene.ask(.get, "/processes", from: peer).status == 200, "\(peer)")
        }
        let mappedRemote = Peer.ipv6(SIMD4(0, 0, UInt32(0xffff).bigEndian, UInt32(0xc000_0207).bigEndian), port: 1)
        let remote6 = Peer.ipv6(SIMD4(UInt32(0x2001_0db8).bigEndian, 0, 0, UInt32(1).bigEndian), port: 1)
        for peer in [Peer.remote, mappedRemote, remote6, .unknown] {
            #expect(try scene.ask(.get, "/processes", from: peer).status == 401, "\(peer)")
        }
        for field in ["Forwarded", "X-Forwarded-For"] {
            #expect(try scene.ask(.get, "/processes", headers: [field: "for=192.0.2.7"]).status == 401)
        }
    }

    @Test func anActionNamesTheScopeThatIsMissing() throws {
        let (scene, root) = try ProcessTests.scene(actions: .on)
        let refused = try scene.ask(.post, "/processes/102/protect", headers: Self.bearer(Scene.readToken))
        #expect(refused.status == 403)
        #expect(refused.problem == "missing_scope")
        #expect(refused.text.contains("reader has scope read, this needs protect"))
        #expect(try root.adjustment(of: 102) == "0")
        #expect(try scene.ask(.post, "/processes/102/protect", headers: Self.bearer(Scene.protectToken)).status == 200)
    }

    /// On a unix socket the kernel says who it is.
    @Test func aUserOfAUnixSocketNeedsNoToken() throws {
        let (scene, _) = try ProcessTests.scene(actions: .on)
        let root = Peer.local(processID: 7, userID: 0, groupID: 0)
        let user = Peer.local(processID: 7, userID: 1000, groupID: 1000)
        #expect(try scene.ask(.post, "/processes/102/protect", from: root).status == 200)
        let refused = try scene.ask(.post, "/processes/102/protect", from: user)
        #expect(refused.problem == "missing_scope")
        #expect(refused.text.contains("uid 1000 has scope read"))
        #expect(try scene.ask(.get, "/processes/102", from: root).text.contains("command_line"))
        #expect(try !scene.ask(.get, "/processes/102", from: user).text.contains("command_line"))
        let wrong = try scene.ask(.get, "/processes/102", headers: Self.bearer("other"), from: root)
        #expect(wrong.status == 401, "a credential that is wrong is never passed over")
    }

    @Test func commandLinesNeedATokenThatReads() throws {
        let (scene, _) = try ProcessTests.scene()
        for (token, isShown) in [(Scene.token, true), (Scene.readToken, true), (Scene.protectToken, false)] {
            let answer = try scene.ask(.get, "/processes/102", headers: Self.bearer(token))
            #expect(answer.status == 200)
            #expect(answer.text.contains("command_line") == isShown, "\(token)")
        }
    }

    @Test func actionsAreRefusedInAPIDNamespaceOfItsOwn() throws {
        let (scene, _) = try ProcessTests.scene(actions: .otherPIDNamespace)
        let refused = try scene.ask(.post, "/processes/102/protect", headers: ProcessTests.bearer)
        #expect(refused.status == 403)
        #expect(refused.problem == "other_pid_namespace")
    }

    @Test func aHundredAtOnceThenTenASecondEach() throws {
        let root = try ProcessRoot()
        try root.add(102)
        var machine = try Scene.Machine(Fixture("6.1-amd64-global-order0"))
        (machine.processRoot, machine.owner, machine.actions) = (root.path, root, .on)
        let clock = Clock()
        machine.clock = { Nanoseconds(clock.milliseconds * 1_000_000) }
        let scene = try Scene(machine)
        func act(_ token: String) throws -> SceneAnswer {
            try scene.ask(.post, "/processes/102/protect?dry_run", headers: Self.bearer(token))
        }
        for _ in 0..<100 { #expect(try act(Scene.token).status == 200) }
        let refused = try act(Scene.token)
        #expect(refused.status == 429)
        #expect(refused.problem == "too_many_requests")
        #expect(refused.headers["Retry-After"] == "1")
        #expect(try act(Scene.protectToken).status == 200, "another token's is another's")
        clock.advance(99)
        #expect(try act(Scene.token).status == 429)
        clock.advance(1)
        #expect(try act(Scene.token).status == 200)
        #expect(try act(Scene.token).status == 429)
        clock.advance(1000)
        for _ in 0..<10 { #expect(try act(Scene.token).status == 200) }
        #expect(try act(Scene.token).status == 429)
        #expect(try scene.ask(.get, "/processes", headers: ProcessTests.bearer).status == 200, "reading is never counted")
    }

    private static func bearer(_ token: String) -> Headers { ["Authorization": "Bearer \(token)"] }
}

private final class Clock: Sendable {
    private let now = Mutex(0)

    var milliseconds: Int { now.withLock { $0 } }

    func advance(_ milliseconds: Int) { now.withLock { $0 += milliseconds } }
}
