import Kernel
import Support
import Testing

@Suite struct CgroupMembershipTests {
    private static func parse(_ text: String) throws -> CgroupMembership { try CgroupMembership(parsing: Array(text.utf8)) }

    @Test func findsTheMemoryGroupOfVersionOne() throws {
        let groups = try CgroupMembership(parsing: Fixture("5.10-amd64-memcg-v1").bytes("proc/111/cgroup"))
        #expect(groups.hierarchies.map(\.number) == [3, 2, 1])
        #expect(groups.memory?.number == 1)
        #expect(groups.memory?.path.text == "/box")
    }

    @Test func findsTheMemoryGroupOfVersionTwo() throws {
        let groups = try CgroupMembership(parsing: Fixture("6.1-amd64-global-order0").bytes("proc/111/cgroup"))
        #expect(groups.memory?.number == 0)
        #expect(groups.memory?.path == CgroupPath("/".utf8))
    }

    @Test func memoryMayBeWithVersionOneWhereBothAreMounted() throws {
        let groups = try Self.parse("11:name=systemd:/a\n5:cpu,cpuacct:/b\n4:memory:/c\n0::/d\n")
        #expect(groups.memory?.path.text == "/c")
        #expect(groups.hierarchies[1].controllers == ["cpu", "cpuacct"])
    }

    @Test func noHierarchyIsNoGroup() throws { #expect(try Self.parse("").memory == nil) }

    @Test func pathsHoldColonsCommasAndBytesThatAreNoText() throws {
        let path = Array("/c,task=init,pid=1,uid=0:x/".utf8) + [0xff]
        let groups = try CgroupMembership(parsing: Array("0::".utf8) + path + [0x0a])
        #expect(groups.memory?.path.bytes == path)
    }

    @Test func aRemovedGroupIsMarked() throws {
        #expect(try Self.parse("0::/a (deleted)\n").memory?.path.isMarkedDeleted == true)
        #expect(try Self.parse("0::/a\n").memory?.path.isMarkedDeleted == false)
    }

    @Test func belowIsAWholeName() {
        let box = CgroupPath("/box".utf8)
        #expect(CgroupPath("/box".utf8).isSameOrBelow(box))
        #expect(CgroupPath("/box/a".utf8).isSameOrBelow(box))
        #expect(!CgroupPath("/boxer".utf8).isSameOrBelow(box))
        #expect(!CgroupPath("/".utf8).isSameOrBelow(box))
        #expect(box.isSameOrBelow(CgroupPath("/".utf8)))
    }

    @Test func parentsEndAtTheRoot() {
        #expect(CgroupPath("/a/b".utf8).parent?.text == "/a")
        #expect(CgroupPath("/a".utf8).parent?.text == "/")
        #expect(CgroupPath("/".utf8).parent == nil)
    }

    @Test func aGroupOutsideTheNamespaceIsKnown() {
        #expect(CgroupPath("/../x".utf8).isOutsideNamespace)
        #expect(CgroupPath("/..".utf8).isOutsideNamespace)
        #expect(!CgroupPath("/..x".utf8).isOutsideNamespace)
        #expect(!CgroupPath("/".utf8).isOutsideNamespace)
    }

    @Test(arguments: [
        ("x:memory:/\n", #"cgroup:1: expected a hierarchy's number and ':', found "x:memory:/""#),
        ("0::/\n1:memory\n", "cgroup:2: expected ':' and a path after the controllers, found the end of the text"),
        ("0::box\n", #"cgroup:1: expected ':' and a path after the controllers, found "box""#),
    ])
    func namesWhatIsWrong(text: String, message: String) {
        do {
            _ = try Self.parse(text)
            Issue.record("no error for \(text)")
        } catch {
            #expect("\(error)" == message)
        }
    }

    @Test func survivesEveryPrefixAndDamage() {
        #expect(
            damaged(Array("11:name=systemd:/a\n5:cpu,cpuacct:/b\n0::/d\n".utf8)).count {
                (try? CgroupMembership(parsing: $0)) != nil
            } > 0)
    }
}
