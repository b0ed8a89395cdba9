import Diagnosis
import Kernel
import Testing

@Suite struct PolicyReaderTests {
    @Test func aPolicyHasWhatItSays() throws {
        let policy = try read([
            PolicyNode.Member(
                name: "match",
                node: object([
                    ("unit", "postgresql*.service"), ("uid", "postgres"), ("exe", "/usr/**/postgres"), ("role", "main"),
                ])),
            Self.number("oom_score_adj", "-800"), Self.text("children", "inherit"), Self.number("priority", "10"),
        ])
        #expect(policy.name == "db")
        #expect(policy.match.unit?.text == "postgresql*.service")
        #expect(policy.match.user == .name("postgres"))
        #expect(policy.match.role == .main)
        #expect(policy.adjustment.rawValue == -800)
        #expect(policy.children == .inherit)
        #expect(policy.priority == 10)
    }

    @Test func whatIsLeftOutHasAMeaning() throws {
        let policy = try read([
            PolicyNode.Member(name: "match", node: object([("comm", "x")])), Self.number("oom_score_adj", "300"),
        ])
        #expect(policy.children == .reset)
        #expect(policy.priority == 0)
        #expect(policy.match.role == .any)
    }

    /// By a name alone, an exe alone or a user alone anybody, or that user, could protect himself.
    @Test(arguments: [
        ([("comm", "x")], false), ([("exe", "/bin/x")], false), ([("uid", "root")], false),
        ([("comm", "x"), ("uid", "root")], false), ([("comm", "x"), ("exe", "/bin/x")], false), ([("unit", "x.service")], true),
        ([("cgroup", "/x")], true), ([("uid", "root"), ("exe", "/bin/x")], true), ([("comm", "x"), ("unit", "x.service")], true),
    ])
    func loweringNeedsAMatchThatNobodyCanForge(match: [(String, String)], mayLower: Bool) throws {
        let members = [PolicyNode.Member(name: "match", node: object(match))]
        #expect(try read(members + [Self.number("oom_score_adj", "0")]).adjustment == .neutral)
        guard !mayLower else {
            #expect(try read(members + [Self.number("oom_score_adj", "-1")]).adjustment.rawValue == -1)
            return
        }
        #expect(
            throws: ParseError(
                source: "body, member oom_score_adj", line: 0,
                expected: "0 or more: lowering needs a match that nobody can forge, unit or cgroup, or uid with exe", found: "-1")
        ) { try read(members + [Self.number("oom_score_adj", "-1")]) }
    }

    @Test(arguments: [
        ([("colour", "red")], "body, member match.colour: expected only unit, cgroup, uid, exe, comm, role, found \"colour\""),
        ([], "body, member match: expected at least one of unit, cgroup, uid, exe, comm, found \"no member\""),
        ([("role", "main")], "body, member match: expected at least one of unit, cgroup, uid, exe, comm, found \"only role\""),
        ([("unit", "a/b")], "body, member match.unit: expected a unit's name such as postgresql*.service, found \"a/b\""),
        ([("cgroup", "a")], "body, member match.cgroup: expected a path from the root such as /system.slice/**, found \"a\""),
        ([("exe", "sh")], "body, member match.exe: expected an absolute path such as /usr/sbin/*, found \"sh\""),
        (
            [("comm", "a-name-too-long!")],
            "body, member match.comm: expected a name of at most 15 bytes, as the kernel keeps it, found \"a-name-too-long!\""
        ),
        ([("comm", "[a")], "body, member match.comm: expected a pattern of 1 to 255 bytes with every [ closed, found \"[a\""),
        ([("comm", "a"), ("role", "boss")], "body, member match.role: expected one of main, any, found \"boss\""),
        (
            [("comm", "a"), ("uid", "")],
            "body, member match.uid: expected a user's name of at most 256 bytes, or a number, found \"\""
        ),
        (
            [("uid", "root\0x")],
            "body, member match.uid: expected a user's name of at most 256 bytes, or a number, found \"root\\x00x\""
        ),
        (
            [("uid", String(repeating: "u", count: 257))],
            "body, member match.uid: expected a user's name of at most 256 bytes, or a number, found \""
                + String(repeating: "u", count: 40) + "\""
        ),
    ])
    func aMatchThatNobodyCanMeanIsRefused(match: [(String, String)], message: String) {
        let error = #expect(throws: ParseError.self) {
            try read([PolicyNode.Member(name: "match", node: object(match)), Self.number("oom_score_adj", "1")])
        }
        #expect(error?.description == message)
    }

    @Test(arguments: [
        (
            Self.number("oom_score_adj", "-1001"),
            "body, member oom_score_adj: expected an integer from -1000 to 1000, found \"-1001\""
        ),
        (Self.text("oom_score_adj", "5"), "body, member oom_score_adj: expected an integer from -1000 to 1000, found \"5\""),
        (Self.number("priority", "1001"), "body, member priority: expected an integer from -1000 to 1000, found \"1001\""),
        (Self.text("children", "kill"), "body, member children: expected one of reset, inherit, found \"kill\""),
        (Self.text("name", "x"), "body, member name: expected only match, oom_score_adj, children, priority, found \"name\""),
    ])
    func aValueThatNobodyCanMeanIsRefused(member: PolicyNode.Member, message: String) {
        var members = [PolicyNode.Member(name: "match", node: object([("comm", "a")])), member]
        if member.name != "oom_score_adj" { members.append(Self.number("oom_score_adj", "1")) }
        let error = #expect(throws: ParseError.self) { try read(members) }
        #expect(error?.description == message)
    }

    @Test(arguments: [("db", true), ("a.b_c-d@e", true), (".hidden", false), ("a/b", false), ("", false), ("ä", false)])
    func aNameCanStandInAPath(name: String, isName: Bool) { #expect(PolicyReader.isName(name) == isName) }

    private func read(_ members: [PolicyNode.Member]) throws -> ProtectionPolicy {
        try PolicyReader(source: "body").policy(in: PolicyNode(.object(members)), name: "db")
    }

    private func object(_ members: [(String, String)]) -> PolicyNode {
        PolicyNode(.object(members.map { PolicyNode.Member(name: $0.0, node: PolicyNode(.string($0.1))) }))
    }

    static func number(_ name: String, _ value: String) -> PolicyNode.Member {
        PolicyNode.Member(name: name, node: PolicyNode(.number(value)))
    }

    static func text(_ name: String, _ value: String) -> PolicyNode.Member {
        PolicyNode.Member(name: name, node: PolicyNode(.string(value)))
    }
}
