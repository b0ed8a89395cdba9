import Glibc
import Host
import Kernel
import Support
import Testing

/// Whole groups, of captures and of the test's own making.
@Suite struct CgroupTreeTests {
    private static func cgroups(_ fixture: String) -> MemoryCgroups { MemoryCgroups(root: Fixture(fixture).root) }

    private static let box = CgroupPath("/box".utf8)

    /// memory.max 67,108,864 and memory.oom.group 1 in the capture.
    @Test func versionTwoIsReadWhole() throws {
        let chain = try Self.cgroups("6.1-amd64-memcg-v2-group").readChain(of: Self.box)
        #expect(chain.map(\.path.text) == ["/box", "/"])
        #expect(chain[0].version == .two)
        #expect(chain[0].maximum == Bytes(mebibytes: 64))
        #expect(chain[0].high == nil)
        #expect(chain[0].killsTogether == true)
        #expect(chain[0].events.oomKill == 0)
        #expect(chain[0].pressure != nil)
        #expect(chain[0].waitsInstead == nil)
        #expect(chain[1].maximum == nil)
    }

    /// memory.limit_in_bytes 67,108,864; no limit for memory and swap together.
    @Test func versionOneIsReadWhole() throws {
        let chain = try Self.cgroups("5.10-amd64-memcg-v1").readChain(of: Self.box)
        #expect(chain[0].version == .one)
        #expect(chain[0].maximum == Bytes(mebibytes: 64))
        #expect(chain[0].swap.totalUsage != nil)
        #expect(chain[0].swap.totalMaximum == nil)
        #expect(chain[0].waitsInstead == false)
        #expect(chain[0].isOutOfMemory == false)
        #expect(chain[0].killsTogether == nil)
    }

    @Test func allGroupsAreFound() throws {
        #expect(try Self.cgroups("5.10-amd64-memcg-v1").readAll().map(\.path.text).sorted() == ["/", "/box"])
        #expect(try Self.cgroups("6.1-amd64-memcg-v2-group").readAll().map(\.path.text) == ["/box"])
    }

    @Test func aChainEndsWhereMemoryDoesNotCountAbove() throws {
        let root = try TemporaryRoot()
        for (group, flat) in [("", 0), ("/a", 0), ("/a/b", 1), ("/a/b/c", 1)] {
            try root.write("4096\n", to: "sys/fs/cgroup/memory\(group)/memory.usage_in_bytes")
            try root.write("\(flat)\n", to: "sys/fs/cgroup/memory\(group)/memory.use_hierarchy")
        }
        let chain = try MemoryCgroups(root: root.path).readChain(of: CgroupPath("/a/b/c".utf8))
        #expect(chain.map(\.path.text) == ["/a/b/c", "/a/b"])
    }

    /// A container ends between the finding of its group and the reading of it: the kernel says ENODEV, not ENOENT.
    @Test(.enabled(if: CgroupKill.obstacle == nil, Comment(rawValue: CgroupKill.obstacle ?? "")))
    func aGroupThatIsRemovedMeanwhileIsGone() throws {
        let group = try MemoryGroup(limit: Bytes(mebibytes: 16))
        let file = open(group.processes, O_RDONLY | O_CLOEXEC)
        try #require(file >= 0)
        defer { close(file) }
        try group.remove()
        let root = try TemporaryRoot()
        try root.write("", to: "sys/fs/cgroup/gone/cgroup.controllers")
        try #require(symlink("/proc/self/fd/\(file)", root.path + "/sys/fs/cgroup/gone/memory.max") == 0)
        try #require(open(root.path + "/sys/fs/cgroup/gone/memory.max", O_RDONLY) < 0 && errno == ENODEV)
        #expect(try MemoryCgroups(root: root.path).readAll().isEmpty)
        #expect(
            try MemoryCgroups(root: root.path).readLimitingGroup(of: CgroupMembership(parsing: Array("0::/gone\n".utf8))) == nil)
    }

    @Test func aMachineWithoutTheControllerHasNone() throws {
        let root = try TemporaryRoot()
        #expect(throws: SourceError.absent(path: root.path + "/sys/fs/cgroup")) {
            try MemoryCgroups(root: root.path).readAll()
        }
        let fixture = Self.cgroups("6.1-amd64-memcg-v2-group")
        #expect(throws: SourceError.absent(path: fixture.root + "/sys/fs/cgroup/none")) {
            try fixture.readChain(of: CgroupPath("/none".utf8))
        }
    }
}
