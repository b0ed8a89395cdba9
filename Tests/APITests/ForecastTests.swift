import API
import APISupport
import Kernel
import MicroHTTP
import Monitor
import Support
import Testing

/// `/victims`, `/victims/what-if` and `/cgroups`.
@Suite struct ForecastTests {
    private static let json: Headers = ["Content-Type": "application/json"]

    /// eater: 44,292 kB resident and 124 kB of page tables are 11,104 pages; the neighbour has 5,337.
    @Test(arguments: Scene.Way.allCases)
    func aCgroupsVictimStandsFirst(way: Scene.Way) throws {
        let answer = try Scene("6.1-amd64-memcg-v2", way: way).ask(.get, "/victims?cgroup=/box/&limit=1")
        #expect(answer.status == 200)
        #expect(answer.text.contains(#""victims":[{"pid":118,"comm":"eater","badness_pages":11104,"margin_pages":5767,"#))
        #expect(answer.text.contains(#""kind":"memcg","total_pages":16384,"#))
        #expect(answer.text.contains(#""certain":true"#))
    }

    @Test(arguments: [
        ("/victims?limit=0", 400, "bad_parameter"), ("/victims?limit=101", 400, "bad_parameter"),
        ("/victims?cgroup=box", 400, "bad_parameter"),
        ("/victims?cgroup=/../x", 400, "bad_parameter"), ("/victims?numa_nodes=x", 400, "bad_parameter"),
        ("/victims?cgroup=/box&numa_nodes=0", 400, "bad_parameter"), ("/victims?nodes=0", 400, "unknown_parameter"),
        ("/victims?cgroup=/nowhere", 404, "no_such_cgroup"), ("/victims?numa_nodes=7", 404, "no_such_node"),
        ("/cgroups?sort=size", 400, "bad_parameter"), ("/cgroups?limit=0", 400, "bad_parameter"),
    ])
    func whatIsWrongIsSaid(target: String, status: Int, problem: String) throws {
        let answer = try Scene("6.1-amd64-memcg-v2").ask(.get, target)
        #expect(answer.status == status)
        #expect(answer.problem == problem)
    }

    @Test(arguments: [
        ("{", 400, "malformed_json"), ("[]", 422, "unprocessable_body"), (#"{"kills":21}"#, 422, "unprocessable_body"),
        (#"{"changes":[{"pid":118}]}"#, 422, "unprocessable_body"), (#"{"change":[]}"#, 422, "unprocessable_body"),
        (#"{"changes":[{"pid":118,"oom_score_adj":-1001}]}"#, 422, "unprocessable_body"),
        (#"{"changes":[{"pid":118,"oom_score_adj":1},{"pid":118,"oom_score_adj":2}]}"#, 422, "unprocessable_body"),
        (#"{"cgroup":7}"#, 422, "unprocessable_body"), (#"{"cgroup":"/nowhere"}"#, 404, "no_such_cgroup"),
        (#"{"changes":[{"pid":4242,"oom_score_adj":0}]}"#, 404, "no_such_process"),
    ])
    func aWrongBodyIsSaid(body: String, status: Int, problem: String) throws {
        let answer = try Scene("6.1-amd64-memcg-v2").ask(.post, "/victims/what-if", headers: Self.json, body: Array(body.utf8))
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.problem == problem)
    }

    /// Nothing is written, so nobody has to say who he is; a body of another type is refused all the same.
    @Test func aTrialNeedsNoToken() throws {
        let scene = try Scene("6.1-amd64-memcg-v2")
        let body = Array(#"{"changes":[{"pid":118,"oom_score_adj":-1000}],"cgroup":"/box","numa_nodes":null,"kills":2}"#.utf8)
        let answer = try scene.ask(.post, "/victims/what-if", headers: Self.json, body: body)
        #expect(answer.status == 200)
        #expect(answer.text.contains(#""before":0,"after":-1000,"also_changed":[]"#))
        #expect(answer.text.contains(#""after":[{"pid":103,"comm":"neighbour","#))
        #expect(answer.text.contains(#""rank_before":2"#))
        #expect(try scene.ask(.post, "/victims/what-if").status == 200, "without a body nothing is changed")
        #expect(try scene.ask(.post, "/victims/what-if", body: body).problem == "unsupported_media_type")
    }

    @Test func anOldFormulaIsA503() throws {
        var machine = try Scene.Machine(Fixture("6.1-amd64-memcg-v2"))
        machine.kernel = KernelVersion(2, 6, 32)
        let answer = try Scene(machine).ask(.get, "/victims")
        #expect(answer.status == 503)
        #expect(answer.problem == "formula_unknown")
    }

    @Test func aMachineWithoutMemoryCgroupsIsA503() throws {
        let answer = try Scene("6.1-amd64-noise").ask(.get, "/cgroups")
        #expect(answer.status == 503)
        #expect(answer.problem == "source_absent")
    }

    /// 54,551 of 84,845 pages. No scrape looks at processes: without a look there is no such family.
    @Test func metricsTellWhatTheLastLookHasSeen() throws {
        var machine = try Scene.Machine(Fixture("6.1-amd64-global-order0"))
        machine.victims = VictimWatch()
        machine.maximumAge = Nanoseconds(0)
        let scene = try Scene(machine)
        #expect(!(try scene.ask(.get, "/metrics").text.contains("oomwarden_victim")))
        #expect(try scene.ask(.get, "/victims").status == 200)
        let metrics = try scene.ask(.get, "/metrics").text
        #expect(metrics.contains("oomwarden_victim_badness_ratio{rank=\"1\"} 0.642948\n"))
        #expect(metrics.contains("oomwarden_victim_badness_ratio{rank=\"2\"} "))
        #expect(metrics.contains("oomwarden_no_victim_left 0\n"))
    }

    @Test func thereIsATableOfEach() throws {
        let scene = try Scene("6.1-amd64-memcg-v2-group")
        let text: Headers = ["Accept": "text/plain"]
        #expect(
            try scene.ask(.get, "/victims?cgroup=/box", headers: text).text.hasPrefix(
                "whom the kernel would kill when cgroup /box"))
        #expect(try scene.ask(.post, "/victims/what-if", headers: text).text.contains("one after the other:"))
        #expect(try scene.ask(.get, "/cgroups", headers: text).text.contains("/box"))
    }
}
