import APISupport
import MicroHTTP
import Support
import Testing

/// Whole answers over captures of real machines, byte for byte.
@Suite struct GoldenTests {
    @Test(arguments: [
        ("6.1-amd64-movable-dry", "/zones?pretty", "zones.json"),
        ("6.1-amd64-movable-dry", "/zones?detail=full&pretty", "zones-full.json"),
        ("6.1-amd64-movable-dry", "/fragmentation?pretty", "fragmentation.json"),
        ("6.1-amd64-movable-dry", "/fragmentation?by=migratetype&pretty", "fragmentation-migratetype.json"),
        ("6.1-amd64-movable-dry", "/oom-kills?pretty", "oom-kills.json"),
        ("6.1-amd64-movable-dry", "/diagnosis?pretty", "diagnosis.json"),
        ("6.1-amd64-movable-dry", "/-/ready?pretty", "ready.json"),
        ("6.1-amd64-movable-dry", "/capabilities?pretty", "capabilities.json"),
        ("6.1-amd64-movable-dry", "/victims?limit=3&pretty", "victims.json"),
        ("6.1-amd64-memcg-v2-group", "/victims?cgroup=/box&pretty", "victims.json"),
        ("6.1-amd64-memcg-v2-group", "/cgroups?pretty", "cgroups.json"),
        ("5.10-amd64-memcg-v1", "/cgroups?pretty", "cgroups.json"),
        ("6.1-686pae-lowmem-sockets", "/zones?pretty", "zones.json"),
        ("6.1-amd64-numa-mempolicy", "/zones?pretty", "zones.json"),
        ("6.1-amd64-numa-mempolicy", "/zones?node=1&pretty", "zones-node1.json"),
        ("6.1-amd64-memcg-v2-group", "/oom-kills?pretty", "oom-kills.json"),
        ("6.1-amd64-memcg-v2-group", "/oom-kills/\(Scene.bootID)-406?pretty", "oom-kill.json"),
        ("6.1-amd64-global-order0", "/processes?pretty", "processes.json"),
        ("6.1-amd64-comms", "/processes?sort=pid&pretty", "processes.json"),
    ])
    func json(fixture: String, target: String, name: String) throws {
        let answer = try Scene(fixture).ask(.get, target)
        #expect(answer.status == 200)
        let difference = try Golden("\(fixture)/\(name)").difference(from: answer.body)
        #expect(difference == nil)
    }

    @Test(arguments: [
        ("6.1-amd64-movable-dry", "/zones", "zones.txt"),
        ("6.1-amd64-movable-dry", "/fragmentation", "fragmentation.txt"),
        ("6.1-amd64-movable-dry", "/oom-kills", "oom-kills.txt"),
        ("6.1-amd64-movable-dry", "/diagnosis", "diagnosis.txt"),
        ("6.1-amd64-movable-dry", "/capabilities", "capabilities.txt"),
        ("6.1-amd64-memcg-v2-group", "/oom-kills/\(Scene.bootID)-406", "oom-kill.txt"),
        ("6.1-amd64-memcg-v2-group", "/victims?cgroup=/box", "victims.txt"),
        ("6.1-amd64-memcg-v2-group", "/cgroups", "cgroups.txt"),
        ("6.1-amd64-comms", "/processes", "processes.txt"),
    ])
    func tables(fixture: String, target: String, name: String) throws {
        let answer = try Scene(fixture).ask(.get, target, headers: ["Accept": "text/plain"])
        #expect(answer.headers["Content-Type"] == "text/plain; charset=utf-8")
        let difference = try Golden("\(fixture)/\(name)").difference(from: answer.body)
        #expect(difference == nil)
    }

    /// What a client is told of the log that it brings; the article's, and captures.
    @Test(arguments: [
        ("2.6.16-i386-seed-2013", "messages"), ("6.1-amd64-movable-dry", "dev/kmsg"), ("6.1-686pae-lowmem-sockets", "dev/kmsg"),
    ])
    func analyses(fixture: String, log: String) throws {
        let scene = try Scene("6.1-amd64-movable-dry")
        let body = try Fixture(fixture).bytes(log)
        let document = try scene.ask(.post, "/oom-kills/analyze?pretty", body: body)
        #expect(try Golden("\(fixture)/analysis.json").difference(from: document.body) == nil)
        let text = try scene.ask(.post, "/oom-kills/analyze", headers: ["Accept": "text/plain"], body: body)
        #expect(try Golden("\(fixture)/analysis.txt").difference(from: text.body) == nil)
    }

    @Test func whatIf() throws {
        let scene = try Scene("6.1-amd64-movable-dry")
        let body = Array(#"{"changes":[{"pid":103,"oom_score_adj":-500}],"kills":2}"#.utf8)
        let type: Headers = ["Content-Type": "application/json"]
        let document = try scene.ask(.post, "/victims/what-if?pretty", headers: type, body: body)
        #expect(try Golden("6.1-amd64-movable-dry/what-if.json").difference(from: document.body) == nil)
        let text = try scene.ask(
            .post, "/victims/what-if", headers: ["Content-Type": "application/json", "Accept": "text/plain"], body: body)
        #expect(try Golden("6.1-amd64-movable-dry/what-if.txt").difference(from: text.body) == nil)
    }

    @Test(arguments: ["6.1-amd64-movable-dry", "6.1-686pae-lowmem-sockets", "6.1-amd64-numa-mempolicy"])
    func metrics(fixture: String) throws {
        let answer = try Scene(fixture).ask(.get, "/metrics")
        #expect(answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        let difference = try Golden("\(fixture)/metrics.txt").difference(from: answer.body)
        #expect(difference == nil)
    }

    @Test func openMetrics() throws {
        let answer = try Scene("6.1-amd64-movable-dry")
            .ask(.get, "/metrics", headers: ["Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"])
        #expect(answer.headers["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        let difference = try Golden("6.1-amd64-movable-dry/metrics.openmetrics").difference(from: answer.body)
        #expect(difference == nil)
    }
}
