import API
import APISupport
import Diagnosis
import Glibc
import Kernel
import MicroHTTP
import Support
import Testing

/// `/processes` and one of them.
@Suite struct ProcessTests {
    static let bearer: Headers = ["Authorization": "Bearer \(Scene.token)"]

    @Test(arguments: Scene.Way.allCases)
    func theETagIsTheProcess(way: Scene.Way) throws {
        let (scene, _) = try Self.scene(way: way)
        let answer = try scene.ask(.get, "/processes/102")
        #expect(answer.status == 200)
        #expect(answer.headers["ETag"] == "\"\(Scene.bootID)-102-345\"")
        let again = try scene.ask(.get, "/processes/102", headers: ["If-None-Match": "\"\(Scene.bootID)-102-345\""])
        #expect(again.status == 200, "it names the process, not its state: a 304 would be a lie")
        #expect(try scene.ask(.get, "/processes").headers["ETag"] == nil)
    }

    @Test func oneThatIsNotUnderstoodIsCountedAndTheOthersAreListed() throws {
        let (scene, root) = try Self.scene()
        try root.add(103)
        try root.directory.write(Array("Name:\tx\nPid:\tseven\n".utf8), to: "proc/103/status")
        let answer = try scene.ask(.get, "/processes")
        #expect(answer.status == 200)
        #expect(answer.text.contains(#""pid":102,"#))
        #expect(answer.text.contains(#""total":1,"unreadable":1"#))
        #expect(try scene.ask(.get, "/metrics").text.contains("oomwarden_source_up{source=\"processes\"} 1\n"))
    }

    @Test(arguments: Scene.Way.allCases)
    func aProcThatCannotBeListedIs503AndIsDown(way: Scene.Way) throws {
        let (scene, root) = try Self.scene(way: way)
        #expect(rename(root.path + "/proc", root.path + "/away") == 0)
        #expect(try scene.ask(.get, "/-/ready").text.contains(#"{"source":"processes","up":false,"#), "before any listing")
        let answer = try scene.ask(.get, "/processes")
        #expect(answer.status == 503)
        #expect(answer.text.contains("\"processes could not be read: "))
        #expect(try scene.ask(.get, "/metrics").text.contains("oomwarden_source_up{source=\"processes\"} 0\n"))
        #expect(rename(root.path + "/away", root.path + "/proc") == 0)
        #expect(try scene.ask(.get, "/processes").status == 200)
        #expect(try scene.ask(.get, "/-/ready").text.contains(#"{"source":"processes","up":true,"#))
    }

    @Test(arguments: Scene.Way.allCases)
    func aThreadNamesItsProcess(way: Scene.Way) throws {
        let (scene, root) = try Self.scene(way: way)
        try root.add(103, ProcessRoot.Traits(threadGroup: 102))
        let answer = try scene.ask(.get, "/processes/103")
        #expect(answer.status == 404)
        #expect(answer.problem == "is_thread")
        #expect(answer.text.contains("103 is a thread of process 102"))
        #expect(answer.text.contains("use /processes/102"))
    }

    @Test(arguments: ["999", "0", "-1", "99999999999999999999", "4294967398", "abc", "102x", "+102", "0102", "1e2", "%31%30%32x"])
    func aNumberThatIsNoProcessIs404(pid: String) throws {
        let (scene, _) = try Self.scene()
        let answer = try scene.ask(.get, "/processes/\(pid)")
        #expect(answer.status == 404)
        #expect(answer.problem == "no_such_process")
    }

    @Test(arguments: Scene.Way.allCases, ["/processes", "/processes/102"])
    func commandLinesAreForThoseWithTheToken(way: Scene.Way, target: String) throws {
        let (scene, _) = try Self.scene(way: way)
        let without = try scene.ask(.get, target)
        #expect(without.status == 200)
        #expect(!without.text.contains("command_line"))
        #expect(!without.text.contains("hunter2"))
        let with = try scene.ask(.get, target, headers: Self.bearer)
        #expect(with.text.contains(#""command_line":["hog","--secret=hunter2"]"#))
        #expect(try scene.ask(.get, target, headers: ["authorization": "bearer \(Scene.token)"]).text.contains("hunter2"))
    }

    @Test(arguments: [
        "Bearer x", "Bearer", "", "Basic \(Scene.token)", "Bearer \(Scene.token)0", "Bearer \(Scene.token.dropLast())",
        "Bearer  \(Scene.token)", Scene.token,
    ])
    func aWrongTokenIs401(field: String) throws {
        let (scene, _) = try Self.scene()
        for target in ["/processes", "/processes/102"] {
            let answer = try scene.ask(.get, target, headers: ["Authorization": field])
            #expect(answer.status == 401, "\(target)")
            #expect(answer.problem == "unauthorized")
            #expect(answer.headers["WWW-Authenticate"] == "Bearer realm=\"oomwarden\"")
            #expect(!answer.text.contains(Scene.token))
        }
    }

    @Test func twoCredentialsAreNone() throws {
        let (scene, _) = try Self.scene()
        var headers = Self.bearer
        headers.append("Authorization", "Bearer \(Scene.token)")
        #expect(try scene.ask(.get, "/processes", headers: headers).status == 401)
    }

    /// The largest is `big`: VmRSS 217740 kB, VmPTE 464 kB, so (217740 + 464) / 4 = 54551 pages.
    @Test func theListIsWorstFirstAndItsLimitHolds() throws {
        let scene = try Scene("6.1-amd64-global-order0")
        let two = try scene.ask(.get, "/processes?limit=2").text
        #expect(two.count(of: #""parent_pid""#) == 2)
        #expect(two.contains(#"{"pid":111,"comm":"big","#))
        #expect(two.contains(#""badness_pages":54551,"badness_bytes":223440896,"rss_bytes":222965760,"#))
        #expect(two.hasSuffix(#""total":9,"unreadable":0}"# + "\n"))
        #expect(try scene.ask(.get, "/processes?sort=pid&limit=1").text.contains(#""processes":[{"pid":1,"comm":"init""#))
    }

    static func scene(
        way: Scene.Way = .router, actions: Access.Actions = .off, maximumShare: Int? = nil
    ) throws -> (Scene, ProcessRoot) {
        let root = try ProcessRoot()
        try root.add(102)
        var machine = try Scene.Machine(Fixture("6.1-amd64-global-order0"))
        machine.processRoot = root.path
        machine.owner = root
        machine.actions = actions
        machine.maximumShare = maximumShare.flatMap(ProtectionBudget.Percent.init)
        return (try Scene(machine, way: way), root)
    }
}
