import Host
import Kernel
import Support
import Testing

@Suite struct MemoryCgroupsTests {
    private let root: TemporaryRoot
    private let cgroups: MemoryCgroups

    init() throws {
        root = try TemporaryRoot()
        cgroups = MemoryCgroups(root: root.path)
    }

    private func limit(_ text: String) throws -> CgroupPath? {
        try cgroups.readLimitingGroup(of: CgroupMembership(parsing: Array(text.utf8)))
    }

    @Test func theInnermostLimitIsTheOne() throws {
        try root.write("max\n", to: "sys/fs/cgroup/a/b/c/memory.max")
        try root.write("8388608\n", to: "sys/fs/cgroup/a/b/memory.max")
        try root.write("16777216\n", to: "sys/fs/cgroup/a/memory.max")
        #expect(try limit("0::/a/b/c\n") == CgroupPath("/a/b".utf8))
        #expect(try limit("0::/a\n") == CgroupPath("/a".utf8))
        #expect(try limit("0::/\n") == nil)
    }

    @Test func aHugeNumberIsNoLimitInVersionOne() throws {
        try root.write("9223372036854771712\n", to: "sys/fs/cgroup/memory/box/memory.limit_in_bytes")
        #expect(try limit("4:memory:/box\n0::/\n") == nil)
        // 64 KiB pages
        try root.write("9223372036854710272\n", to: "sys/fs/cgroup/memory/box/memory.limit_in_bytes")
        #expect(try limit("4:memory:/box\n0::/\n") == nil)
        try root.write("67108864\n", to: "sys/fs/cgroup/memory/box/memory.limit_in_bytes")
        #expect(try limit("4:memory:/box\n0::/\n") == CgroupPath("/box".utf8))
    }

    /// LONG_MAX pages of 4 KiB: 2,147,483,647 × 4,096.
    @Test func theGreatestCountOf32BitsIsNoLimit() throws {
        try root.write("8796093018112\n", to: "sys/fs/cgroup/memory/box/memory.limit_in_bytes")
        #expect(try limit("4:memory:/box\n0::/\n") == nil)
        try root.write("8796093014016\n", to: "sys/fs/cgroup/memory/box/memory.limit_in_bytes")
        #expect(try limit("4:memory:/box\n0::/\n") == CgroupPath("/box".utf8))
    }

    @Test func aFlatGroupDoesNotLimitThoseBelowIt() throws {
        try root.write("9223372036854771712\n", to: "sys/fs/cgroup/memory/a/b/memory.limit_in_bytes")
        try root.write("67108864\n", to: "sys/fs/cgroup/memory/a/memory.limit_in_bytes")
        try root.write("0\n", to: "sys/fs/cgroup/memory/a/memory.use_hierarchy")
        #expect(try limit("4:memory:/a/b\n") == nil)
        try root.write("1\n", to: "sys/fs/cgroup/memory/a/memory.use_hierarchy")
        #expect(try limit("4:memory:/a/b\n") == CgroupPath("/a".utf8))
    }

    @Test func versionTwoIsFoundBesideVersionOne() throws {
        try root.write("4096\n", to: "sys/fs/cgroup/unified/a/memory.max")
        #expect(try limit("0::/a\n") == CgroupPath("/a".utf8))
    }

    @Test func pathsThatAreNoTextAreFollowed() throws {
        try root.write("4096\n", to: "sys/fs/cgroup/c,task=init,pid=1,uid=0/memory.max")
        #expect(try limit("0::/c,task=init,pid=1,uid=0\n") != nil)
    }

    @Test func whatTheNamespaceHidesHasNoLimitToBeSeen() throws {
        try root.write("4096\n", to: "sys/fs/memory.max")
        #expect(try limit("0::/..\n") == nil)
    }

    @Test func nonsenseIsAnError() throws {
        try root.write("much\n", to: "sys/fs/cgroup/a/memory.max")
        let error = ParseError(source: "memory.max", line: 1, expected: "a number of bytes or 'max'", found: "much")
        #expect(throws: SourceError.malformed(path: root.path + "/sys/fs/cgroup/a/memory.max", error)) { try limit("0::/a\n") }
    }
}
