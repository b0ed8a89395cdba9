import Diagnosis
import Glibc
import Host
import Kernel
import Support
import Testing

/// A shortage of ours says nothing of the process that was to be looked at.
@Suite struct ProcessFactsTests {
    private static let own = ProcessID(getpid())

    @Test func whatCannotBeReadForWantOfDescriptorsIsNoMismatch() throws {
        let failures = try withoutDescriptors(preparing: {
            let facts = try ProcessFacts(of: ProcessTable())
            #expect(try facts.step(to: Self.own) == .there)
            return facts
        }) { facts in
            var failures: [SourceError] = []
            func note(_ read: () throws -> Void) {
                do {
                    try read()
                    Issue.record("it was read")
                } catch let error as SourceError { failures.append(error) } catch { Issue.record(error) }
            }
            note { _ = try facts.readPlace() }
            note { _ = try facts.readUser() }
            note { _ = try facts.readAdjustment(of: Self.own) }
            note { _ = try facts.isSameStill() }
            note { _ = try facts.step(to: Self.own) }
            note {
                var match = PolicyMatch()
                match.user = .number(0)
                let set = PolicySet([ProtectionPolicy(name: "a", match: match, adjustment: .neutral)])
                var subject = facts
                _ = try set.matches(of: &subject)
            }
            return failures
        }
        #expect(failures.count == 6)
        #expect(Set(failures) == [.unreadable(path: "/proc", errno: EMFILE)])
    }

    @Test func aLeaderWhoseThreadsLiveOnIsHiddenAndAZombieIsNone() throws {
        let root = try TemporaryRoot()
        let fields = "1 7 7 0 -1 4194560 702 0 0 0 1 3 0 0 20 0"
        try root.write("7 (a) Z \(fields) 2 0 277 0 0\n", to: "proc/7/stat")
        try root.write("8 (b) Z \(fields) 1 0 277 0 0\n", to: "proc/8/stat")
        try root.write("9 (c) S \(fields) 1 0 277 0 0\n", to: "proc/9/stat")
        try root.write("not a stat\n", to: "proc/10/stat")
        let facts = try ProcessFacts(of: ProcessTable(root: root.path))
        #expect(try facts.step(to: ProcessID(7)) == .hidden)
        #expect(try facts.step(to: ProcessID(8)) == .none)
        #expect(try facts.step(to: ProcessID(9)) == .there)
        #expect(try facts.step(to: ProcessID(10)) == .hidden)
        #expect(try facts.step(to: ProcessID(11)) == .none)
    }
}

/// Who cannot be looked up is not nobody.
@Suite struct UserNamesTests {
    @Test func aNameThatCannotBeLookedUpKeepsItsNumber() {
        let users = UserNames.read(["db", "gone", "new"], known: ["db": 26, "gone": 27]) { name throws(SourceError) in
            if name == "gone" { return nil }
            throw .unreadable(path: "user \(name)", errno: EIO)
        }
        #expect(users.numbers == ["db": 26])
        #expect(users.failure == .unreadable(path: "user db", errno: EIO))
    }

    @Test func rootIsThereAndAnInventedUserIsNot() {
        let users = UserNames.read(["root", "no-such-user-here"])
        #expect(users.numbers == ["root": 0])
        #expect(users.failure == nil)
    }
}
