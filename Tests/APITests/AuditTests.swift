import API
import APISupport
import MicroHTTP
import Support
import Testing

/// `GET /audit`, and the refused attempts that it has.
@Suite struct AuditTests {
    @Test(arguments: Scene.Way.allCases)
    func eachRefusedAttemptIsThere(way: Scene.Way) throws {
        let (scene, _) = try ProcessTests.scene(way: way, actions: .on)
        _ = try scene.ask(.post, "/processes/102/protect")
        _ = try scene.ask(.post, "/processes/102/protect", headers: ["Authorization": "Bearer \(Scene.readToken)"])
        _ = try scene.ask(.post, "/processes/999/unprotect", headers: ProcessTests.bearer)
        let text = try scene.ask(.get, "/audit").text
        let details = text.matches(of: /"detail":"([a-z_]+):/).map { String($0.1) }
        #expect(details == ["unauthorized", "missing_scope", "no_such_process"])
        #expect(
            text.matches(of: /"who":(null|"[a-z]+"),"address":"127.0.0.1:\d+"/).map { String($0.1) } == [
                "null", #""reader""#, #""admin""#,
            ])
        #expect(text.contains(#""process":{"pid":102,"boot_id":"\#(Scene.bootID)","start_time_ticks":345,"comm":"medium"}"#))
        #expect(text.contains(#""process":{"pid":999,"boot_id":"\#(Scene.bootID)","start_time_ticks":null,"comm":null}"#))
        #expect(text.contains(#""refusals_not_kept":0"#))
    }

    @Test func whatWasAskedIsTold() throws {
        let (scene, _) = try ProcessTests.scene(actions: .on)
        let json: Headers = ["Content-Type": "application/json"]
        _ = try scene.ask(
            .post, "/processes/102/protect", headers: json, body: Array(#"{"oom_score_adj":-900,"reason":"mine"}"#.utf8))
        _ = try scene.ask(.delete, "/leases/l-00000000")
        _ = try scene.ask(
            .put, "/policies/web", headers: json, body: Array(#"{"match":{"cgroup":"/web"},"oom_score_adj":-700}"#.utf8))
        let entries = try scene.ask(.get, "/audit").text.split(separator: #"{"id":"#).dropFirst()
        #expect(try #require(entries.first).contains(#""before":0,"after":-900,"#))
        #expect(try #require(entries.first).contains(#""reason":"mine""#))
        #expect(try #require(entries.dropFirst().first).contains(#""lease":"l-00000000""#))
        #expect(try #require(entries.last).contains(#""after":-700,"#))
        #expect(try #require(entries.last).contains(#""policy":"web""#))
    }

    @Test func itIsNarrowedDownAndPaged() throws {
        let (scene, _) = try ProcessTests.scene(actions: .on)
        for pid in [997, 998, 999] {
            _ = try scene.ask(.post, "/processes/\(pid)/protect", headers: ProcessTests.bearer)
        }
        func pids(_ query: String) throws -> [String] {
            try scene.ask(.get, "/audit?\(query)").text.matches(of: /"pid":(\d+)/).map { String($0.1) }
        }
        #expect(try pids("pid=998") == ["998"])
        #expect(try pids("limit=2") == ["998", "999"], "the last ones")
        #expect(try pids("after=0&limit=2") == ["997", "998"], "from the first on")
        #expect(try pids("after=2") == ["999"])
        #expect(try pids("who=nobody").isEmpty)
        #expect(try pids("who=admin&verb=protect&result=refused").count == 3)
        #expect(try pids("since=2000-01-01T00:00:00Z").count == 3)
        #expect(try pids("until=2000-01-01T00:00:00Z").isEmpty)
        #expect(try scene.ask(.get, "/audit?result=x").problem == "bad_parameter")
        #expect(try scene.ask(.get, "/audit", from: .remote).status == 401)
    }

    /// Attempts of whoever knocks must not fill the disk.
    @Test func manyAttemptsOfOneClientAreCounted() throws {
        let (scene, _) = try ProcessTests.scene(actions: .on)
        for port in 1...30 {
            let peer = Peer.ipv4(address: UInt32(0xc000_0207).bigEndian, port: UInt16(port))
            #expect(try scene.ask(.post, "/processes/102/protect", from: peer).status == 401)
        }
        let text = try scene.ask(.get, "/audit").text
        #expect(text.matches(of: /"id":/).count == 20)
        #expect(text.contains(#""refusals_not_kept":10"#))
    }

    @Test func anotherMachinesFilesHaveNone() throws {
        let fixture = try Scene(Scene.Machine(Fixture("6.1-amd64-global-order0"), keepsAudit: false))
        #expect(try fixture.ask(.get, "/audit").problem == "no_audit")
    }
}
