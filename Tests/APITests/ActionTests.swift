import API
import APISupport
import Kernel
import MicroHTTP
import Support
import Testing

/// The two POST routes: what they answer, and which check comes first. The processes are files, so nothing real is touched.
@Suite struct ActionTests {
    @Test(arguments: Scene.Way.allCases)
    func protectSetsMinus1000AndUnprotectRestores(way: Scene.Way) throws {
        let (scene, root) = try ProcessTests.scene(way: way, actions: .on)
        let protected = try scene.ask(.post, "/processes/102/protect", headers: ProcessTests.bearer)
        #expect(protected.status == 200)
        let beginning =
            #"{"pid":102,"comm":"medium","before":{"oom_score_adj":0,"oom_score":788},"#
            + #""after":{"oom_score_adj":-1000,"oom_score":788},"changed":true,"dry_run":false,"also_changed":[],"#
            + #""certain":true,"lease":{"id":"l-"#
        #expect(protected.text.hasPrefix(beginning))
        #expect(
            protected.text.contains(
                #""owner":"admin","pid":102,"comm":"medium","oom_score_adj":-1000,"children":"reset","reason":null,"created_at":""#
            ))
        #expect(protected.text.hasSuffix(#""renewed":false,"outranked_by":null,"descendants":0}"# + "\n"))
        #expect(try root.adjustment(of: 102) == "-1000")
        let restored = try scene.ask(.post, "/processes/102/unprotect", headers: ProcessTests.bearer)
        #expect(restored.text.contains(#""before":{"oom_score_adj":-1000,"oom_score":788},"after":{"oom_score_adj":0,"#))
        #expect(try root.adjustment(of: 102) == "0")
        let again = try scene.ask(.post, "/processes/102/unprotect", headers: ProcessTests.bearer)
        #expect(again.status == 409)
        #expect(again.problem == "nothing_to_restore")
    }

    @Test(arguments: [
        (#"{"oom_score_adj": 300}"#, "300"), (#"{"oom_score_adj":-1000,"force":true}"#, "-1000"), (#"{"oom_adj": 7}"#, "411"),
        (#"{"oom_adj": -17}"#, "-1000"), (#"{"oom_adj":15}"#, "1000"), (#" {"oom_score_adj" : -0 } "#, "0"),
    ])
    func theBodySaysWhatToSet(body: String, adjustment: String) throws {
        let (scene, root) = try ProcessTests.scene(actions: .on)
        let answer = try scene.ask(.post, "/processes/102/protect", headers: Self.json, body: Array(body.utf8))
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try root.adjustment(of: 102) == adjustment)
    }

    @Test func aDryRunChangesNothing() throws {
        let (scene, root) = try ProcessTests.scene(actions: .on)
        let answer = try scene.ask(
            .post, "/processes/102/protect?dry_run", headers: Self.json, body: Array(#"{"oom_score_adj":500}"#.utf8))
        #expect(answer.text.contains(#""after":{"oom_score_adj":500,"#))
        #expect(answer.text.contains(#""changed":true,"dry_run":true"#))
        #expect(try root.adjustment(of: 102) == "0")
    }

    /// Each request has all the faults of those below it: the answer is the first check's.
    @Test(arguments: Scene.Way.allCases)
    func checksComeInTheirOrder(way: Scene.Way) throws {
        let wrong: Headers = ["Authorization": "Bearer wrong", "Content-Type": "text/xml", "If-Match": "\"other\""]
        let right = Self.headers("text/xml", ifMatch: "\"other\"")
        let (off, _) = try ProcessTests.scene(way: way, actions: .off)
        let (on, root) = try ProcessTests.scene(way: way, actions: .on)
        try root.add(1)
        let broken = Array("{broken".utf8)
        try expect(off, 404, "not_found", "/processes/1/protected", wrong, broken)
        #expect(try off.ask(.get, "/processes/1/protect", headers: wrong).status == 405)
        try expect(off, 403, "actions_disabled", "/processes/999/protect", wrong, broken)
        try expect(off, 403, "actions_disabled", "/processes/999/protect", ProcessTests.bearer, [])
        try expect(on, 401, "unauthorized", "/processes/999/protect", wrong, broken)
        try expect(on, 401, "unauthorized", "/processes/999/protect", [:], broken)
        try expect(on, 415, "unsupported_media_type", "/processes/999/protect", right, broken)
        let json = Self.headers("application/json", ifMatch: "\"other\"")
        try expect(on, 400, "malformed_json", "/processes/999/protect", json, broken)
        try expect(on, 422, "unprocessable_body", "/processes/999/protect", json, Array(#"{"oom":1}"#.utf8))
        try expect(on, 404, "no_such_process", "/processes/999/protect", json, Self.harmless)
        try expect(on, 409, "init_process", "/processes/1/protect", json, Self.harmless)
        try expect(on, 412, "other_process", "/processes/102/protect", json, Self.harmless)
        #expect(try root.adjustment(of: 102) == "0")
    }

    @Test(arguments: ["999", "99999999999999999999", "0", "-1", "abc"])
    func whoIsNotThereIs404(pid: String) throws {
        let (scene, _) = try ProcessTests.scene(actions: .on)
        for action in ["protect", "unprotect"] {
            try expect(scene, 404, "no_such_process", "/processes/\(pid)/\(action)", ProcessTests.bearer, [])
        }
    }

    @Test func whoCannotBeKilledIs409() throws {
        let (scene, root) = try ProcessTests.scene(actions: .on)
        try root.add(1)
        try root.add(2, ProcessRoot.Traits(isKernelThread: true))
        try root.add(3, ProcessRoot.Traits(state: "Z"))
        try root.add(4, ProcessRoot.Traits(threadGroup: 102))
        for action in ["protect", "unprotect", "protect?dry_run"] {
            try expect(scene, 409, "init_process", "/processes/1/\(action)", ProcessTests.bearer, [])
            try expect(scene, 409, "kernel_thread", "/processes/2/\(action)", ProcessTests.bearer, [])
            try expect(scene, 409, "zombie", "/processes/3/\(action)", ProcessTests.bearer, [])
            try expect(scene, 404, "is_thread", "/processes/4/\(action)", ProcessTests.bearer, [])
        }
    }

    @Test func theLastVictimOfALimitedGroupIsKeptUnlessForced() throws {
        let (scene, root) = try ProcessTests.scene(actions: .on)
        try root.add(102, ProcessRoot.Traits(cgroup: "/box"))
        try root.directory.write(Array("16777216\n".utf8), to: "sys/fs/cgroup/box/memory.max")
        try expect(scene, 409, "no_other_victim", "/processes/102/protect", ProcessTests.bearer, [])
        #expect(try root.adjustment(of: 102) == "0")
        let forced = try scene.ask(
            .post, "/processes/102/protect", headers: Self.json, body: Array(#"{"oom_score_adj":-1000,"force":true}"#.utf8))
        #expect(forced.status == 200)
        #expect(try root.adjustment(of: 102) == "-1000")
    }

    /// One percent of the capture's memory is less than the 62188 kB of the process.
    @Test(arguments: Scene.Way.allCases)
    func moreThanItsShareOfMemoryIs409(way: Scene.Way) throws {
        let (scene, root) = try ProcessTests.scene(way: way, actions: .on, maximumShare: 1)
        try root.add(103)
        let strong = Array(#"{"oom_score_adj":-500}"#.utf8)
        try expect(scene, 409, "over_budget", "/processes/102/protect?dry_run", Self.json, strong)
        try expect(scene, 409, "over_budget", "/processes/102/protect", Self.json, strong)
        let weak = Array(#"{"oom_score_adj":-499}"#.utf8)
        #expect(try scene.ask(.post, "/processes/102/protect?dry_run", headers: Self.json, body: weak).status == 200)
        #expect(try root.adjustment(of: 102) == "0")
    }

    @Test(arguments: Scene.Way.allCases)
    func theLastVictimOfTheMachineIsKeptUnlessForced(way: Scene.Way) throws {
        let (scene, root) = try ProcessTests.scene(way: way, actions: .on, maximumShare: 100)
        try expect(scene, 409, "no_victim_left", "/processes/102/protect", ProcessTests.bearer, [])
        let forced = Array(#"{"oom_score_adj":-1000,"force":true}"#.utf8)
        #expect(try scene.ask(.post, "/processes/102/protect?dry_run", headers: Self.json, body: forced).status == 200)
        #expect(try root.adjustment(of: 102) == "0")
    }

    @Test func ifMatchIsForThatProcessAlone() throws {
        let (scene, root) = try ProcessTests.scene(actions: .on)
        let tag = try #require(try scene.ask(.get, "/processes/102").headers["ETag"])
        for (field, status) in [
            (tag, 200), ("*", 200), ("\"x\", \(tag)", 200), ("\"x\"", 412), ("W/\(tag)", 412),
            ("\"\(Scene.bootID)-102-346\"", 412),
            ("", 400), ("x", 400), (tag + " x", 400),
        ] {
            let answer = try scene.ask(
                .post, "/processes/102/protect?dry_run=1", headers: Self.headers("application/json", ifMatch: field))
            #expect(answer.status == status, "\(field)")
            if status == 412 { #expect(answer.problem == "other_process") }
            if status == 400 { #expect(answer.problem == "bad_condition") }
        }
        #expect(try root.adjustment(of: 102) == "0")
    }

    @Test(arguments: [
        #"{"oom_score_adj":1001}"#, #"{"oom_score_adj":-1001}"#, #"{"oom_score_adj":1.5}"#, #"{"oom_score_adj":1e3}"#,
        #"{"oom_score_adj":1.0}"#, #"{"oom_score_adj":"300"}"#, #"{"oom_score_adj":null}"#, #"{"oom_score_adj":true}"#,
        #"{"oom_score_adj":[]}"#, #"{"oom_score_adj":99999999999999999999999}"#, #"{"oom_adj":16}"#, #"{"oom_adj":-18}"#,
        #"{"oom_score_adj":1,"oom_adj":1}"#, #"{"force":1}"#, #"{"force":"true"}"#, #"{"Force":true}"#, "[]", "300", "null",
        #""oom_score_adj""#, "{}", #"{"ttl_seconds":60}"#, #"{"force":true}"#,
    ])
    func whatIsNoOrderIs422(body: String) throws {
        let (scene, root) = try ProcessTests.scene(actions: .on)
        try expect(scene, 422, "unprocessable_body", "/processes/102/protect", Self.json, Array(body.utf8))
        #expect(try root.adjustment(of: 102) == "0")
    }

    @Test func unprotectTakesNoValue() throws {
        let (scene, _) = try ProcessTests.scene(actions: .on)
        try expect(scene, 422, "unprocessable_body", "/processes/102/unprotect", Self.json, Array(#"{"oom_score_adj":1}"#.utf8))
        try expect(scene, 422, "unprocessable_body", "/processes/102/unprotect", Self.json, Array(#"{"force":1}"#.utf8))
        try expect(scene, 409, "nothing_to_restore", "/processes/102/unprotect", Self.json, Array(#"{"force":true}"#.utf8))
        try expect(scene, 409, "nothing_to_restore", "/processes/102/unprotect", Self.json, Array("{}".utf8))
    }

    @Test(arguments: [nil, "", "text/plain", "application/jsonx", "application/x-www-form-urlencoded", "json"])
    func anotherTypeIs415AndSaysWhatIsTaken(type: String?) throws {
        let (scene, _) = try ProcessTests.scene(actions: .on)
        let answer = try scene.ask(
            .post, "/processes/102/protect", headers: type.map { Self.headers($0) } ?? ProcessTests.bearer, body: Self.harmless)
        #expect(answer.status == 415)
        #expect(answer.headers["Accept"] == "application/json")
        let withParameter = Self.headers("Application/JSON; charset=utf-8")
        #expect(
            try scene.ask(.post, "/processes/102/protect?dry_run", headers: withParameter, body: Self.harmless).status == 200)
    }

    @Test(arguments: ["dry_run=yes", "dryrun", "force=true"])
    func aWrongParameterIs400(query: String) throws {
        let (scene, root) = try ProcessTests.scene(actions: .on)
        #expect(try scene.ask(.post, "/processes/102/protect?\(query)", headers: ProcessTests.bearer).status == 400)
        #expect(try root.adjustment(of: 102) == "0")
    }

    /// Found out before the deed: a refusal has changed nothing.
    @Test func anAnswerThatCannotBeGivenIsRefusedBeforehand() throws {
        let (scene, root) = try ProcessTests.scene(actions: .on)
        var headers = ProcessTests.bearer
        headers.append("Accept", "text/html")
        try expect(scene, 406, "not_acceptable", "/processes/102/protect", headers, [])
        try expect(scene, 400, "bad_parameter", "/processes/102/protect?pretty=x", ProcessTests.bearer, [])
        #expect(try root.adjustment(of: 102) == "0")
    }

    @Test func anotherRootIsNeverTouched() throws {
        let (scene, _) = try ProcessTests.scene(actions: .otherRoot)
        try expect(scene, 403, "actions_disabled", "/processes/102/protect", ProcessTests.bearer, [])
    }

    /// `unprotect` and the end of a lease only put back: whoever turns actions off must still be able to undo.
    @Test func puttingBackIsAllowedWhereActionsAreOff() throws {
        let (scene, _) = try ProcessTests.scene(actions: .off)
        try expect(scene, 409, "nothing_to_restore", "/processes/102/unprotect", ProcessTests.bearer, [])
        try expect(scene, 401, "unauthorized", "/processes/102/unprotect", [:], [])
        let answer = try scene.ask(.delete, "/leases/l-00000000", headers: ProcessTests.bearer)
        #expect(answer.status == 404)
        #expect(answer.problem == "no_such_lease")
        let (other, _) = try ProcessTests.scene(actions: .otherRoot)
        try expect(other, 403, "actions_disabled", "/processes/102/unprotect", ProcessTests.bearer, [])
    }

    private static let harmless = Array(#"{"oom_score_adj":300}"#.utf8)

    private static let json = headers("application/json")

    private static func headers(_ type: String, ifMatch: String? = nil) -> Headers {
        var headers = ProcessTests.bearer
        headers.append("Content-Type", type)
        if let ifMatch { headers.append("If-Match", ifMatch) }
        return headers
    }

    private func expect(
        _ scene: Scene, _ status: Int, _ problem: String, _ target: String, _ headers: Headers, _ body: [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let answer = try scene.ask(.post, target, headers: headers, body: body)
        #expect(answer.status == status, "\(answer.text)", sourceLocation: sourceLocation)
        #expect(answer.problem == problem, sourceLocation: sourceLocation)
    }
}
