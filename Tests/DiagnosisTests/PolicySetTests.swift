import Diagnosis
import Kernel
import Testing

@Suite struct PolicySetTests {
    @Test func theUnitIsTheSystemsAndNotOneThatAContainerMadeInside() throws {
        let service = try place("0::/system.slice/system-pg.slice/postgresql@15-main.service\n")
        #expect(service.unit.map(Array.init) == Array("postgresql@15-main.service".utf8))
        #expect(!service.isOfUser)
        let inside = try place("0::/system.slice/docker-4d5e.scope/system.slice/postgresql.service\n")
        #expect(inside.unit.map(Array.init) == Array("docker-4d5e.scope".utf8))
        let users = try place("0::/user.slice/user-1000.slice/user@1000.service/app.slice/postgresql.service\n")
        #expect(users.unit.map(Array.init) == Array("user@1000.service".utf8))
        #expect(users.isOfUser)
        #expect(try place("0::/docker/4d5e\n").unit == nil)
    }

    @Test func ofVersionOneTheManagersTreeHasTheUnitAndMemorysTheGroup() throws {
        let place = try place("9:name=systemd:/system.slice/cron.service\n4:memory:/box\n0::/\n")
        #expect(place.unit.map(Array.init) == Array("cron.service".utf8))
        #expect(place.group.text == "/box")
    }

    @Test func aUnitOfAUsersManagerMayBeRaisedAndNotLowered() throws {
        let set = PolicySet([policy("a", -500) { $0.unit = Glob("postgresql.service", of: .name) }])
        var own = Subject(place: try place("0::/system.slice/postgresql.service\n"))
        #expect(try set.matches(of: &own) == [.init(index: 0, isStrong: true)])
        var users = Subject(
            place: try place("0::/user.slice/user-1000.slice/user@1000.service/app.slice/postgresql.service\n"))
        let matches = try set.matches(of: &users)
        #expect(matches == [.init(index: 0, isStrong: false)])
        let choice = set.choose(matches, parent: [], before: .neutral)
        #expect(choice.winner == nil)
        #expect(choice.refused == matches[0])
    }

    /// A file that was replaced, or is seen at that path only in a namespace of its own, has another inode.
    @Test func aUserWithAProgramMayLowerOnlyWhereTheFileIsTheVeryOne() throws {
        let set = PolicySet(
            [
                policy("a", -500) {
                    $0.user = .name("postgres")
                    $0.exe = Glob("/usr/**/postgres", of: .path)
                }
            ], users: ["postgres": 26])
        var same = Subject(user: 26, executable: "/usr/lib/bin/postgres", isSameFile: true)
        #expect(try set.matches(of: &same) == [.init(index: 0, isStrong: true)])
        var other = Subject(user: 26, executable: "/usr/lib/bin/postgres", isSameFile: false)
        #expect(try set.matches(of: &other) == [.init(index: 0, isStrong: false)])
        var somebody = Subject(user: 1000, executable: "/usr/lib/bin/postgres", isSameFile: true)
        #expect(try set.matches(of: &somebody) == [])
    }

    @Test func aUserThatIsNotThereIsNobody() throws {
        let set = PolicySet([policy("a", 300) { $0.user = .name("ghost") }])
        var subject = Subject(user: 0)
        #expect(try set.matches(of: &subject) == [])
    }

    @Test func thePriorityThenTheStrongerThenTheNameDecide() throws {
        let set = PolicySet([
            policy("c", 100) { $0.comm = Glob("x", of: .name) }, policy("b", 100) { $0.comm = Glob("*", of: .name) },
            policy("d", 50) { $0.comm = Glob("*", of: .name) }, policy("a", 900, priority: 1) { $0.comm = Glob("x", of: .name) },
        ])
        #expect(set.policies.map(\.name) == ["a", "d", "b", "c"])
        var subject = Subject(commandName: "x")
        let matches = try set.matches(of: &subject)
        #expect(matches.map(\.index) == [0, 1, 2, 3])
        #expect(set.choose(matches, parent: [], before: .neutral).winner?.index == 0)
    }

    /// 300 is less than 500: a name must not lower that.
    @Test func aNameAloneDoesNotLowerWhatAProcessHas() throws {
        let set = PolicySet([policy("a", 300) { $0.comm = Glob("x", of: .name) }])
        var subject = Subject(commandName: "x")
        let matches = try set.matches(of: &subject)
        #expect(set.choose(matches, parent: [], before: .neutral).winner?.index == 0)
        #expect(set.choose(matches, parent: [], before: try #require(OOMScoreAdjustment(500))).winner == nil)
    }

    @Test func theMainProcessIsTheOneWhoseParentDoesNotMatch() throws {
        let set = PolicySet([
            policy("main", 100, priority: 1) {
                $0.comm = Glob("x", of: .name)
                $0.role = .main
            }, policy("all", 200) { $0.comm = Glob("x", of: .name) },
        ])
        var subject = Subject(commandName: "x")
        let matches = try set.matches(of: &subject)
        #expect(set.choose(matches, parent: [], before: .neutral).winner?.index == 0)
        #expect(set.choose(matches, parent: matches, before: .neutral).winner?.index == 1)
    }

    @Test func nothingIsReadThatNoPolicyAsksFor() throws {
        let set = PolicySet([
            policy("a", 100) {
                $0.comm = Glob("y", of: .name)
                $0.exe = Glob("/**", of: .path)
            }
        ])
        var subject = Subject(commandName: "x", user: 0, executable: "/bin/x")
        #expect(try set.matches(of: &subject) == [])
        #expect(subject.readings == 0)
    }

    private func policy(
        _ name: String, _ adjustment: Int, priority: Int = 0, _ describe: (inout PolicyMatch) -> Void
    ) -> ProtectionPolicy {
        var match = PolicyMatch()
        describe(&match)
        return ProtectionPolicy(
            name: name, match: match, adjustment: OOMScoreAdjustment(adjustment) ?? .neutral, priority: priority)
    }

    private func place(_ text: String) throws -> PolicyPlace {
        try #require(PolicyPlace(of: try CgroupMembership(parsing: Array(text.utf8))))
    }
}

private struct Subject: PolicySubject {
    var commandName: CommandName = "x"
    var place: PolicyPlace?
    var user: UInt32?
    var executable: String?
    var isSameFile = false
    var readings = 0

    mutating func readPlace() -> PolicyPlace? {
        readings += 1
        return place
    }

    mutating func readUser() -> UInt32? {
        readings += 1
        return user
    }

    mutating func readExecutable() -> [UInt8]? {
        readings += 1
        return executable.map { Array($0.utf8) }
    }

    mutating func readIsSameFile() -> Bool { isSameFile }
}
