import APISupport
import Foundation
import Kernel
import MicroHTTP
import Support
import Testing

/// `/oom-kills`: pages, filters, single events, and a log that is not there.
@Suite struct KillTests {
    /// The storm has 26 kills, all of one group.
    @Test(arguments: Scene.Way.allCases)
    func pagesFollowEachOtherByCursor(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-storm", way: way)
        let whole = try ids(in: scene.ask(.get, "/oom-kills"))
        #expect(whole.count == 26)
        var paged: [String] = []
        var target = "/oom-kills?limit=10"
        var sizes: [Int] = []
        for _ in 0..<5 {
            let answer = try scene.ask(.get, target)
            let page = try ids(in: answer)
            paged += page
            sizes.append(page.count)
            guard let cursor = try object(answer)["next_cursor"] as? String else { break }
            target = "/oom-kills?limit=10&cursor=\(cursor)"
        }
        #expect(sizes == [10, 10, 6])
        #expect(paged == whole)
        let numbers = whole.compactMap { Int($0.split(separator: "-").last ?? "") }
        #expect(numbers == numbers.sorted(by: >))
    }

    @Test(arguments: [("/box", 1), ("/", 1), ("/bo", 0), ("/box/inner", 0), ("/box/", 1)])
    func aGroupMeansItselfAndThoseBelow(path: String, count: Int) throws {
        let answer = try Scene("6.1-amd64-memcg-v2-group").ask(.get, "/oom-kills?cgroup=\(path)")
        #expect(answer.status == 200)
        #expect(try ids(in: answer).count == count)
    }

    @Test func oneEventIsTheOneOfTheList() throws {
        let scene = try Scene("6.1-amd64-memcg-v2-group")
        let id = "\(Scene.bootID)-406"
        let list = try scene.ask(.get, "/oom-kills").text
        let event = try scene.ask(.get, "/oom-kills/\(id)")
        #expect(event.status == 200)
        // The list has the short of the diagnosis behind the members that both have.
        let head = try #require(event.text.firstRange(of: #","kernel":"#))
        #expect(list.hasPrefix(#"{"events":["# + event.text[..<head.lowerBound] + #","diagnosis":{"cause":"memcg_limit","#))
        #expect(event.text.contains(#""memcg":{"usage_bytes":67108864,"limit_bytes":67108864,"failcnt":25,"#))
        let missing = try scene.ask(.get, "/oom-kills/\(Scene.bootID)-405")
        #expect(missing.status == 404)
        #expect(missing.problem == "no_such_event")
    }

    /// `Killed process 124 (eater) total-vm:67110248kB, anon-rss:40324kB, file-rss:4kB, shmem-rss:796kB, UID:0 pgtables:120kB`,
    /// then `Killed process 104 (neighbour)`, and the first once more.
    @Test func theWholeGroupIsOneEventWithEachVictimOnce() throws {
        let text = try Scene("6.1-amd64-memcg-v2-group").ask(.get, "/oom-kills").text
        #expect(text.contains(#""victim":{"pid":124,"comm":"eater","uid":0,"oom_score_adj":0,"total_vm_bytes":68720893952,"#))
        #expect(text.count(of: #""pid":104,"comm":"neighbour""#) == 1)
        #expect(text.contains(#""scope":"memcg","constraint":"memcg""#))
        #expect(text.contains(#""victim_cgroup":"/box","limit_cgroup":"/box""#))
    }

    @Test(arguments: [
        ("kill", 1), ("no_kill", 0), ("kill,no_kill", 1), ("no_kill&kind=kill", 1), ("allocation_failure", 0),
    ])
    func kindsAreChosenByName(kinds: String, count: Int) throws {
        #expect(try ids(in: try Scene("6.1-amd64-memcg-v2-group").ask(.get, "/oom-kills?kind=\(kinds)")).count == count)
    }

    @Test(arguments: ["murder", "", "kill,", "KILL"])
    func aKindThatIsNoneIsSaid(kinds: String) throws {
        let answer = try Scene("6.1-amd64-memcg-v2-group").ask(.get, "/oom-kills?kind=\(kinds)")
        #expect(answer.status == 400)
        #expect(answer.problem == "bad_parameter")
    }

    @Test func aLogThatCannotBeReadIsNoEmptyList() throws {
        let root = try TemporaryDirectory()
        var machine = try Scene.Machine(Fixture("6.1-amd64-movable-dry"))
        machine.logRoot = root.path
        let scene = try Scene(machine)
        for target in ["/oom-kills", "/oom-kills?cgroup=/box", "/oom-kills/x-1"] {
            let answer = try scene.ask(.get, target)
            #expect(answer.status == 503, "\(target)")
            #expect(answer.problem == "source_absent", "\(target)")
            #expect(answer.text.contains("kmsg could not be read"), "\(target)")
            #expect(!answer.text.contains(root.path), "a client is not told paths")
        }
        #expect(try scene.ask(.get, "/metrics").text.contains("oomwarden_source_up{source=\"kmsg\"} 0\n"))
        let ready = try scene.ask(.get, "/-/ready")
        #expect(ready.status == 200)
        #expect(ready.text.contains(#"{"source":"kmsg","up":false,"reason":"this kernel does not have it"}"#))
        #expect(try scene.ask(.get, "/zones").status == 200)
    }

    @Test(arguments: Scene.Way.allCases)
    func readyMeansThatTheLogWasReadToItsEnd(way: Scene.Way) throws {
        var machine = try Scene.Machine(Fixture("6.1-amd64-movable-dry"))
        machine.followsLog = false
        let scene = try Scene(machine, way: way)
        let before = try scene.ask(.get, "/-/ready")
        #expect(before.status == 503)
        #expect(before.headers["Content-Type"] == "application/json")
        #expect(before.text.hasPrefix(#"{"status":"reading the kernel log","#))
        #expect(before.text.contains(#"{"source":"kmsg","up":false,"reason":"not read yet"}"#))
        #expect(try scene.ask(.get, "/-/healthy").status == 200)
        try scene.readLog()
        let after = try scene.ask(.get, "/-/ready")
        #expect(after.status == 200)
        #expect(after.text.hasPrefix(#"{"status":"ready","#))
    }

    private func ids(in answer: SceneAnswer) throws -> [String] {
        let events = try #require(try object(answer)["events"] as? [[String: Any]])
        return events.compactMap { $0["id"] as? String }
    }

    private func object(_ answer: SceneAnswer) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }
}
