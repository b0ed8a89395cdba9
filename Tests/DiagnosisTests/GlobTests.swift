import Diagnosis
import Testing

@Suite struct GlobTests {
    @Test(arguments: [
        ("postgres", "postgres", true), ("postgres", "postgresx", false), ("postgres", "postgre", false),
        ("postgresql*.service", "postgresql@15-main.service", true), ("postgresql*.service", "postgresql.socket", false),
        ("*", "", true), ("*", "a/b", true), ("**", "a/b", true), ("?", "/", true), ("?", "", false), ("a*b*c", "aXbYbZc", true),
        ("a*b*c", "aXbYbZ", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[^a-c]x", "dx", true), ("[]]", "]", true),
        ("[a-]", "-", true), ("\\*", "*", true), ("\\*", "x", false), ("*[0-9]", "worker7", true), ("a**b", "ab", true),
    ])
    func namesAreMatchedWhole(pattern: String, name: String, isMatch: Bool) throws {
        let glob = try #require(Glob(pattern, of: .name))
        #expect(glob.matches(Array(name.utf8)) == isMatch, "\(pattern) \(name)")
    }

    @Test(arguments: [
        ("/usr/*/postgres", "/usr/bin/postgres", true), ("/usr/*/postgres", "/usr/lib/bin/postgres", false),
        ("/usr/**/postgres", "/usr/lib/postgresql/15/bin/postgres", true), ("/usr/**/postgres", "/usr/postgres", false),
        ("/usr/lib/postgresql/*/bin/postgres", "/usr/lib/postgresql/15/bin/postgres", true),
        ("/a?b", "/a/b", false), ("/a[!x]b", "/a/b", false), ("/**", "/", true), ("/*", "/", true), ("/*", "/a/b", false),
        ("/**/x*", "/a/x/y", false), ("/**/x*", "/a/x/xy", true), ("/**b/*c", "/ab/b/xc", true), ("/a/**", "/a", false),
    ])
    func inAPathOnlyTwoStarsCrossASlash(pattern: String, path: String, isMatch: Bool) throws {
        let glob = try #require(Glob(pattern, of: .path))
        #expect(glob.matches(Array(path.utf8)) == isMatch, "\(pattern) \(path)")
    }

    @Test(arguments: ["", "[", "[a", "[]", "[b-a]", "a\\", String(repeating: "a", count: 256)])
    func whatCannotBeMeantIsNoPattern(_ text: String) { #expect(Glob(text, of: .name) == nil) }

    @Test func bytesThatAreNoTextAreMatchedByOneMark() throws {
        let glob = try #require(Glob("a?b", of: .name))
        #expect(glob.matches([0x61, 0xff, 0x62]))
    }

    /// A name of the attacker's making, and the longest path that there is.
    @Test func aLongPathIsSoonDecided() throws {
        let glob = try #require(Glob("/**a*a*a*/**b*b*c", of: .path))
        let path = Array(String(repeating: "/aaaaaaaabbbbbbbb", count: 240).utf8)
        let clock = ContinuousClock()
        let start = clock.now
        #expect(!glob.matches(path))
        #expect(clock.now - start < .seconds(2))
    }
}
