import Diagnosis
import Host
import Kernel
import Support
import Testing

@Suite struct PolicyFileTests {
    private static let whole = """
        # The database stays, its backends do not.
        policies:
          - name: db
            match:
              unit: postgresql*.service
              role: main
            oom_score_adj: -800
            priority: 10
          - {name: "browsers", match: {comm: 'chrom*'}, oom_score_adj: 300, children: inherit}

        """

    @Test func aFileIsAListOfPolicies() throws {
        let policies = try read(Self.whole)
        #expect(policies.map(\.name) == ["db", "browsers"])
        #expect(policies.map(\.adjustment.rawValue) == [-800, 300])
        #expect(policies.map(\.source) == [.file, .file])
        #expect(policies[0].match.role == .main)
        #expect(policies[1].children == .inherit)
    }

    @Test(arguments: ["", "# nothing\n", "policies:\n", "policies: []\n"])
    func anEmptyFileHasNone(_ text: String) throws { #expect(try read(text).isEmpty) }

    @Test func whatIsKeptIsReadAgain() throws {
        let policies = try read(Self.whole + "  - {name: u, match: {uid: 26, exe: '/a\"b'}, oom_score_adj: -1}\n")
        let again = try read(String(decoding: ProtectionPolicy.file(of: policies), as: UTF8.self))
        #expect(again == policies)
    }

    /// YAML has no C1 characters, no U+FEFF and no U+FFFE as they are, and takes U+0085 and U+2028 in quotes for blanks.
    @Test(arguments: [
        "\u{1}", "\u{7f}", "\u{80}", "\u{85}", "\u{9f}", "\u{2028}", "\u{feff}", "\u{fffe}", "ü", "😀", "\\\\\"\n\t",
    ])
    func anyCharacterIsKeptAndReadAgain(_ text: String) throws {
        var match = PolicyMatch()
        match.exe = Glob("/" + text, of: .path)
        match.comm = Glob(text + "*", of: .name)
        match.user = .name("a" + text)
        var policy = ProtectionPolicy(name: "a", match: match, adjustment: .neutral)
        policy.source = .file
        #expect(try read(String(decoding: ProtectionPolicy.file(of: [policy]), as: UTF8.self)) == [policy])
    }

    @Test func aFileHasAsManyAsMachinesAreComparedWith() throws {
        func text(_ count: Int) -> String {
            "policies:\n" + (0..<count).map { "- {name: p\($0), match: {comm: x}, oom_score_adj: 1}\n" }.joined()
        }
        #expect(try read(text(200)).count == 200)
        let error = #expect(throws: SourceError.self) { try read(text(201)) }
        #expect(error?.reason == "policy.yaml:2: expected at most 200 policies (policies), found \"201\"")
    }

    @Test(arguments: [
        (
            "policies:\n  - name: a\n    match: {comm: x}\n    oom_score_adj: -5\n",
            "policy.yaml:4: expected 0 or more: lowering needs a match that nobody can forge, unit or cgroup, or uid with exe "
                + "(oom_score_adj), found \"-5\""
        ),
        (
            "policies:\n  - name: a\n    match: {comm: x}\n    oom_score_adj: lots\n",
            "policy.yaml:4: expected an integer from -1000 to 1000 (oom_score_adj), found \"lots\""
        ),
        ("policies:\n  - name: a\n    match: [", "policy.yaml:4: expected YAML, found \"did not find expected node content\""),
        ("policy:\n", "policy.yaml:1: expected only policies (policy), found \"policy\""),
        ("policies: 5\n", "policy.yaml:1: expected a list of policies (policies), found \"5\""),
        (
            "policies:\n  - {name: a, match: {comm: x}, oom_score_adj: 1}\n  - {name: a, match: {comm: y}, oom_score_adj: 1}\n",
            "policy.yaml:3: expected each name once (name), found \"a\""
        ),
        (
            "policies:\n  - {name: a, match: {comm: x}}\n",
            "policy.yaml:2: expected a member oom_score_adj, found \"only match, name\""
        ),
        ("a: &x [1]\nb: *x\n", "policy.yaml:2: expected a value, found \"an alias\""),
        ("policies: []\n---\npolicies: []\n", "policy.yaml:2: expected one document, found \"another\""),
    ])
    func aBrokenFileIsRefusedWithItsLine(text: String, message: String) {
        let error = #expect(throws: SourceError.self) { try read(text) }
        #expect(error?.reason == message)
    }

    @Test func aFileThatIsNotThereIsAbsent() {
        #expect(throws: SourceError.absent(path: "/nowhere/policy.yaml")) { try PolicyFile.read("/nowhere/policy.yaml") }
    }

    @Test func anyBytesGiveAValueOrAnError() throws {
        let whole = Array(Self.whole.utf8)
        var random = SystemRandomNumberGenerator()
        for length in stride(from: 0, to: whole.count, by: 3) { _ = try? read(Array(whole[..<length])) }
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<4 { bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
            _ = try? read(bytes)
        }
    }

    private func read(_ text: String) throws -> [ProtectionPolicy] { try read(Array(text.utf8)) }

    private func read(_ bytes: [UInt8]) throws -> [ProtectionPolicy] {
        let directory = try TemporaryDirectory()
        try directory.write(bytes, to: "policy.yaml")
        return try PolicyFile.read(directory.path + "/policy.yaml")
    }
}
