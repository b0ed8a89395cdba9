import Foundation
import Kernel
import Support
import Testing

/// What a protect is refused for, and in which order. Where a refusal failed to come, the value sent would change nothing.
@Suite struct RefusalTests {
    static let harmless = #"{"oom_score_adj":1000}"#

    @Test func processesThatAreNotThere() throws {
        let guardian = try Guardian()
        let ended = try Sleeper()
        ended.end()
        for pid in ["99999999999999999999", "4194305", "2147483647", "2147483648", "0", "007", "\(ended.pid)"] {
            let answer = try guardian.protect(pid, Self.harmless)
            #expect(answer.status == 404, "\(pid)")
            #expect(try answer.problem == "no_such_process")
            #expect(try guardian.daemon.get("/processes/\(pid)").status == 404)
        }
    }

    @Test func aThreadNamesItsProcess() throws {
        let guardian = try Guardian()
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").compactMap { pid_t($0) }
        let thread = try #require(threads.first { $0 != getpid() }, "this process has other threads")
        let answer = try guardian.protect(thread, Self.harmless, query: "?dry_run")
        #expect(answer.status == 404)
        #expect(try answer.problem == "is_thread")
        #expect(answer.detail == "\(thread) is a thread of process \(getpid())")
    }

    @Test func theFirstProcess() throws {
        let current = try String(contentsOfFile: "/proc/1/oom_score_adj", encoding: .utf8).trimmingCharacters(in: .newlines)
        let answer = try Guardian().protect(1, "{\"oom_score_adj\":\(current)}")
        #expect(answer.status == 409)
        #expect(try answer.problem == "init_process")
    }

    /// PF_KTHREAD, field 9 of stat.
    private static let kernelThread: pid_t? = {
        let stat = (try? String(contentsOfFile: "/proc/2/stat", encoding: .utf8)) ?? ""
        return stat.hasPrefix("2 (kthreadd) ") ? 2 : nil
    }()

    @Test(.enabled(if: kernelThread != nil, "no kernel threads in this pid namespace"))
    func aKernelThread() throws {
        let answer = try Guardian().protect(2, Self.harmless, query: "?dry_run")
        #expect(answer.status == 409)
        #expect(try answer.problem == "kernel_thread")
    }

    @Test func aZombie() throws {
        let program = try RunningProgram(["true"])
        try #require(eventually(within: 5) { program.isZombie })
        let answer = try Guardian().protect(program.pid, Self.harmless)
        #expect(answer.status == 409)
        #expect(try answer.problem == "zombie")
    }

    @Test func actionsAreOffWhateverTheCredential() throws {
        let daemon = try DaemonProcess()
        let (token, child) = (try daemon.token(), try Sleeper())
        let original = try child.adjustment()
        for fields in [[], ["Authorization: Bearer wrong"], ["Authorization: Bearer \(token)"]] {
            for path in ["/processes/\(child.pid)/protect", "/processes/none/protect"] {
                let answer = try daemon.post(path, fields + ["Content-Type: text/html"], body: "{")
                #expect(answer.status == 403)
                #expect(try answer.problem == "actions_disabled")
                #expect(try answer.json["next_step"].string?.contains("--web.enable-actions") == true)
            }
        }
        #expect(try child.adjustment() == original)
        let wrongMethod = try daemon.get("/processes/\(child.pid)/protect")
        #expect(wrongMethod.status == 405)
        #expect(wrongMethod.headers["Allow"]?.contains("POST") == true)
        #expect(try daemon.post("/processes/\(child.pid)/kill").status == 404)
    }

    /// Each request is wrong in all that comes after, and right in all that comes before.
    @Test func theOrderOfTheChecks() throws {
        let guardian = try Guardian()
        let bearer = "Authorization: Bearer \(guardian.token)"
        let (text, json) = ("Content-Type: text/plain", "Content-Type: application/json")
        let path = "/processes/4194305/protect"
        func status(_ fields: [String], _ body: String) throws -> Int {
            try guardian.daemon.post(path, fields, body: body).status
        }
        #expect(try status([text], "{") == 401)
        #expect(try status(["Authorization: Bearer \(guardian.token)0", text], "{") == 401)
        #expect(try status([bearer, text], "{") == 415)
        #expect(try status([bearer], "{}") == 415)
        #expect(try status([bearer, json], #"{"oom_score_adj":"#) == 400)
        for body in [
            #"{"oom_score_adj":1001}"#, #"{"oom_score_adj":-1001}"#, #"{"oom_score_adj":"1"}"#, #"{"oom_score_adj":1.5}"#,
            #"{"oom_adj":16}"#, #"{"oom_adj":-18}"#, #"{"oom_score_adj":1,"oom_adj":1}"#, #"{"score":1}"#, #"{"force":1}"#, "[]",
        ] {
            #expect(try status([bearer, json], body) == 422, "\(body)")
        }
        #expect(try status([bearer, json, "If-Match: \"another\""], Self.harmless) == 404)
    }

    /// Found out after the deed it would be no refusal.
    @Test(arguments: [
        ("?pretty=perhaps", [], 400), ("?dry_run=perhaps", [], 400), ("?dryrun", [], 400), ("", ["Accept: image/png"], 406),
    ])
    func anAnswerThatCannotBeGivenChangesNothing(_ query: String, _ fields: [String], _ status: Int) throws {
        let (guardian, child) = (try Guardian(), try Sleeper())
        let original = try child.adjustment()
        #expect(try guardian.protect(child.pid, #"{"oom_score_adj":300}"#, fields, query: query).status == status)
        #expect(try child.adjustment() == original)
        #expect(try guardian.unprotect(child.pid).problem == "nothing_to_restore")
    }

    @Test func aWrongTokenIsChallenged() throws {
        let guardian = try Guardian()
        let digit: Character = guardian.token.last == "0" ? "1" : "0"
        let wrong = [
            "Bearer \(guardian.token.dropLast())\(digit)", "Bearer \(guardian.token.dropLast())", "Bearer", "Bearer ",
            "Basic \(guardian.token)", guardian.token,
        ]
        for credential in wrong {
            let answer = try guardian.daemon.post("/processes/1/protect", ["Authorization: \(credential)"])
            #expect(answer.status == 401, "\(credential)")
            #expect(try answer.problem == "unauthorized")
            #expect(answer.headers["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
        }
        // Where a credential only adds to the answer, a wrong one is an error all the same.
        #expect(try guardian.daemon.get("/processes/\(getpid())", ["Authorization: \(wrong[0])"]).status == 401)
    }

    /// Arguments hold secrets.
    @Test func commandLinesNeedTheToken() throws {
        let (guardian, child) = (try Guardian(), try Sleeper())
        let bearer = ["Authorization: Bearer \(guardian.token)"]
        #expect(try guardian.daemon.get("/processes/\(child.pid)").json["command_line"] == .missing)
        let shown = try guardian.daemon.get("/processes/\(child.pid)", bearer).json["command_line"]
        #expect(shown == .array(["sleep", "600"]))
    }
}
