import Foundation
import Kernel
import Support
import Testing

/// Policies from a file and over the API, with the real program.
@Suite struct PolicyTests {
    @Test func aBrokenFileIsNoStartAndSaysItsLine() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array("policies:\n  - name: db\n    match: {comm: x}\n    oom_score_adj: -5\n".utf8), to: "p.yaml")
        let check = try Oomwarden.run(["policies", "check", directory.path + "/p.yaml"])
        #expect(check.code == 1)
        #expect(check.errors.contains("p.yaml:4: expected 0 or more: lowering needs a match that nobody can forge"))
        let serve = try Oomwarden.run([
            "serve", "--web.listen-address", "127.0.0.1:0", "--state-dir", directory.path, "--policy.file",
            directory.path + "/p.yaml",
        ])
        #expect(serve.code == 1)
        #expect(serve.errors.contains("p.yaml:4: expected 0 or more"))
    }

    @Test func aRightFileIsSaidToBe() throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            Array("policies: [{name: a, match: {uid: no-such-user-here}, oom_score_adj: 5}]\n".utf8), to: "p.yaml")
        let check = try Oomwarden.run(["policies", "check", directory.path + "/p.yaml"])
        #expect(check.code == 0)
        #expect(
            check.output == """
                \(directory.path)/p.yaml: 1 policy
                no such user here, so that nobody matches: no-such-user-here

                """)
        let list = try Oomwarden.run(["policies", "--state-dir", directory.path, "--policy.file", directory.path + "/p.yaml"])
        #expect(list.code == 0)
        #expect(list.output.contains("a     file"))
    }

    /// A child with a name of its own, which a daemon raises from its file, and lets go when the file has it no more.
    @Test func aHangUpHasTheFileReadAgain() throws {
        let scene = try Scene()
        let daemon = try DaemonProcess(["--policy.file", scene.file])
        #expect(eventually(within: 5) { scene.adjustment == 300 })
        #expect(eventually(within: 5) { daemon.program.errors.text.contains("off, yet in force: 1 policy, 0 leases") })
        try scene.write("policies: [broken\n")
        daemon.program.signal(SIGHUP)
        #expect(eventually(within: 5) { daemon.log.contains { $0.contains("SIGHUP: p.yaml:") && $0.contains("stay in force") } })
        #expect(try daemon.get("/-/ready").text.contains(#""source":"policy_file""#))
        #expect(scene.adjustment == 300)
        try scene.write("policies: []\n")
        daemon.program.signal(SIGHUP)
        #expect(eventually(within: 5) { scene.adjustment == 0 })
        #expect(daemon.program.ending == nil)
    }

    @Test func aPolicyPutOverTheAPICatchesARestartedProcess() throws {
        let scene = try Scene()
        let daemon = try DaemonProcess(["--web.enable-actions"])
        let body = #"{"match": {"comm": "\#(scene.name)"}, "oom_score_adj": 250}"#
        let put = try daemon.send("PUT", "/policies/hogs", body: body)
        #expect(put.status == 201)
        #expect(eventually(within: 5) { scene.adjustment == 250 })
        try scene.restart()
        #expect(eventually(within: 2) { scene.adjustment == 250 })
        let metrics = try daemon.get("/metrics").text
        #expect(metrics.contains("oomwarden_policies{source=\"api\"} 1\n"))
        #expect(metrics.contains("oomwarden_source_up{source=\"process_events\"} "))
        #expect(try daemon.send("POST", "/-/reload").status == 200)
        #expect(try daemon.send("DELETE", "/policies/hogs").status == 200)
        #expect(eventually(within: 5) { scene.adjustment == 0 })
    }
}

/// A process with a name that nobody else has, and a policy file that raises it to 300.
private final class Scene {
    let name = "pol-\(UInt32.random(in: 0..<0xff_ffff))"
    private let directory: TemporaryDirectory
    private var child: Child?

    init() throws {
        directory = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: directory.path + "/" + name)
        try restart()
        try write("policies:\n  - name: hogs\n    match: {comm: \(name)}\n    oom_score_adj: 300\n")
    }

    var file: String { directory.path + "/p.yaml" }

    func write(_ text: String) throws { try directory.write(Array(text.utf8), to: "p.yaml") }

    func restart() throws {
        child?.end()
        let started = try Child([directory.path + "/" + name, "600"])
        child = started
        try waitUntil { (try? String(contentsOfFile: "/proc/\(started.id)/comm", encoding: .utf8)) == name + "\n" }
    }

    var adjustment: Int? {
        child.flatMap { try? String(contentsOfFile: "/proc/\($0.id)/oom_score_adj", encoding: .utf8) }.flatMap {
            Int($0.dropLast())
        }
    }
}

extension DaemonProcess {
    fileprivate func send(_ method: String, _ target: String, body: String = "") throws -> RawResponse {
        let client = try client()
        let length = body.isEmpty ? "" : "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
        client.send(
            "\(method) \(target) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(try token())\r\n\(length)\r\n\(body)")
        return try client.response()
    }
}
