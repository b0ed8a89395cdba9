import Foundation
import Kernel
import Support
import Testing

/// Protection of live children by the real daemon.
@Suite struct ProtectTests {
    @Test func raisesAndRestores() throws {
        let (guardian, child) = (try Guardian(), try Sleeper())
        let original = try child.adjustment()
        let protected = try guardian.protect(child.pid, #"{"oom_score_adj":300}"#)
        #expect(protected.status == 200)
        let document = try protected.json
        #expect(document["pid"].number == Double(child.pid))
        #expect(document["comm"] == "sleep")
        #expect(document["before"]["oom_score_adj"].number == Double(original))
        #expect(document["after"]["oom_score_adj"] == 300)
        #expect(document["after"]["oom_score"].number == (try child.number("oom_score")))
        #expect(document["changed"] == true)
        #expect(document["dry_run"] == false)
        #expect(document["also_changed"] == .array([]))
        #expect(try child.adjustment() == 300)
        let restored = try guardian.unprotect(child.pid)
        #expect(restored.status == 200)
        #expect(try restored.json["after"]["oom_score_adj"].number == Double(original))
        #expect(try child.adjustment() == original)
        let again = try guardian.unprotect(child.pid)
        #expect(again.status == 409)
        #expect(try again.problem == "nothing_to_restore")
    }

    @Test func theOldScaleIsConvertedAsTheKernelDoes() throws {
        let (guardian, child) = (try Guardian(), try Sleeper())
        let protected = try guardian.protect(child.pid, #"{"oom_adj":7}"#)
        #expect(protected.status == 200)
        // 7 * 1000 / 17, cut.
        #expect(try child.adjustment() == 411)
    }

    @Test func aDryRunChangesNothing() throws {
        let (guardian, child) = (try Guardian(), try Sleeper())
        let original = try child.adjustment()
        let answer = try guardian.protect(child.pid, #"{"oom_score_adj":700}"#, query: "?dry_run")
        #expect(answer.status == 200)
        #expect(try answer.json["dry_run"] == true)
        #expect(try answer.json["changed"] == true)
        #expect(try answer.json["after"]["oom_score_adj"] == 700)
        #expect(try child.adjustment() == original)
        #expect(try guardian.unprotect(child.pid).problem == "nothing_to_restore")
    }

    /// No body is the full exemption, which only CAP_SYS_RESOURCE allows; without it the kernel's refusal is told as it is.
    @Test func noBodyAsksForFullExemption() throws {
        let (guardian, child) = (try Guardian(), try Sleeper())
        let original = try child.adjustment()
        let answer = try guardian.protect(child.pid, nil)
        if holds(.sysResource) {
            #expect(answer.status == 200)
            #expect(try child.adjustment() == -1000)
            #expect(try guardian.unprotect(child.pid).status == 200)
        } else {
            #expect(answer.status == 403)
            #expect(try answer.problem == "missing_capability")
            #expect(answer.detail.contains("CAP_SYS_RESOURCE"))
            #expect(try guardian.unprotect(child.pid).problem == "nothing_to_restore")
        }
        #expect(try child.adjustment() == original)
    }

    /// A value that went up may come back down to where it was without any capability.
    @Test func whatWasRaisedMayBeLoweredToTheFloor() throws {
        let (guardian, child) = (try Guardian(), try Sleeper())
        let floor = try child.adjustment()
        #expect(try guardian.protect(child.pid, #"{"oom_score_adj":500}"#).status == 200)
        #expect(try guardian.protect(child.pid, "{\"oom_score_adj\":\(floor)}").status == 200)
        #expect(try child.adjustment() == floor)
    }

    @Test func ifMatchHoldsForTheProcessThatWasSeen() throws {
        let (guardian, child, other) = (try Guardian(), try Sleeper(), try Sleeper())
        let tag = try #require(try guardian.daemon.get("/processes/\(child.pid)").headers["ETag"])
        let stale = try #require(tag.firstMatch(of: /^"(.*-)(\d+)"$/)).output
        let original = try child.adjustment()
        let foreign = try #require(try guardian.daemon.get("/processes/\(other.pid)").headers["ETag"])
        for wrong in ["\"\(stale.1)\((Int(stale.2) ?? 0) - 1)\"", foreign, "\"nonsense\"", "W/\(tag)"] {
            let answer = try guardian.protect(child.pid, #"{"oom_score_adj":300}"#, ["If-Match: \(wrong)"])
            #expect(answer.status == 412, "If-Match: \(wrong)")
            #expect(try answer.problem == "other_process")
        }
        #expect(try child.adjustment() == original)
        for right in [tag, "*", "\"nonsense\", \(tag)"] {
            #expect(try guardian.protect(child.pid, #"{"oom_score_adj":300}"#, ["If-Match: \(right)"]).status == 200)
        }
        #expect(try guardian.unprotect(child.pid, ["If-Match: \(tag)"]).status == 200)
        #expect(try child.adjustment() == original)
    }

    /// An entity tag of a process is for If-Match alone.
    @Test func aReadIsNeverNotModified() throws {
        let (guardian, child) = (try Guardian(), try Sleeper())
        let tag = try #require(try guardian.daemon.get("/processes/\(child.pid)").headers["ETag"])
        #expect(!tag.hasPrefix("W/"))
        #expect(try guardian.daemon.get("/processes/\(child.pid)", ["If-None-Match: \(tag)"]).status == 200)
    }

    @Test(.enabled(if: CgroupKill.obstacle == nil, Comment(rawValue: CgroupKill.obstacle ?? "")))
    func theOnlyVictimOfALimitedGroupIsNotExempted() throws {
        let group = try MemoryGroup(limit: CgroupKill.defaultLimit)
        defer { #expect(throws: Never.self) { try group.remove() } }
        let guardian = try Guardian()
        let child = try Sleeper(in: group)
        let original = try child.adjustment()
        for body in [nil, #"{"oom_score_adj":-1000}"#, #"{"oom_adj":-17}"#] {
            let answer = try guardian.protect(child.pid, body)
            #expect(answer.status == 409)
            #expect(try answer.problem == "no_other_victim")
            #expect(answer.detail.contains(group.path.text))
        }
        #expect(try guardian.protect(child.pid, nil, query: "?dry_run").problem == "no_other_victim")
        let forced = try guardian.protect(child.pid, #"{"oom_score_adj":-1000,"force":true}"#)
        #expect(forced.status == (holds(.sysResource) ? 200 : 403))
        if !holds(.sysResource) { #expect(try child.adjustment() == original) }
        #expect(try guardian.protect(child.pid, #"{"oom_score_adj":300}"#).status == 200)
        child.end()
    }

    @Test(.enabled(if: CgroupKill.obstacle == nil, Comment(rawValue: CgroupKill.obstacle ?? "")))
    func aGroupWithASecondProcessHasAnotherVictim() throws {
        let group = try MemoryGroup(limit: CgroupKill.defaultLimit)
        defer { #expect(throws: Never.self) { try group.remove() } }
        let guardian = try Guardian()
        let (child, other) = (try Sleeper(in: group), try Sleeper(in: group))
        let answer = try guardian.protect(child.pid, nil)
        #expect(answer.status == (holds(.sysResource) ? 200 : 403))
        other.end()
        child.end()
    }
}
