import Diagnosis
import Kernel
import Testing

/// What decides otherwise is said.
@Suite struct ForecastDoubtTests {
    private static func scene() throws -> ForecastScene {
        var scene = ForecastScene()
        try scene.add(10, pages: 9_000)
        try scene.add(11, pages: 5_000)
        return scene
    }

    private static func box(_ change: (inout MemoryCgroup) -> Void = { _ in }) -> OOMDomain {
        var group = MemoryCgroup(path: CgroupPath("/box".utf8), version: .one)
        group.maximum = Bytes(mebibytes: 64)
        change(&group)
        return OOMDomain(
            kind: .memcg(OOMDomain.LimitedGroup(asked: group.path, group: group, nearer: nil)), totalPages: Pages(16_384))
    }

    @Test func theAskerDiesWhereTheSettingSaysSo() throws {
        var scene = try Self.scene()
        scene.settings.killsAllocatingTask = 1
        #expect(scene.forecast.doubtIDs == [.allocatingTask])
        #expect(scene.forecast.isCertain, "the order is what it is")
        scene.domain = Self.box()
        #expect(scene.forecast.doubtIDs.isEmpty, "not for a cgroup")
    }

    /// 1 is for the whole machine only, 2 for all. Kernel: `check_panic_on_oom()`.
    @Test func aPanicComesBeforeTheOrder() throws {
        var scene = try Self.scene()
        scene.settings.panicOnOOM = 1
        #expect(scene.forecast.doubtIDs == [.panicOnOOM])
        scene.domain = Self.box()
        #expect(scene.forecast.doubtIDs.isEmpty)
        scene.settings.panicOnOOM = 2
        #expect(scene.forecast.doubtIDs == [.panicOnOOM])
    }

    @Test func settingsThatAreNotKnownAreSaid() throws {
        var scene = try Self.scene()
        scene.settings.panicOnOOM = nil
        scene.settings.killsAllocatingTask = nil
        #expect(scene.forecast.doubts.map(\.id) == [.settingsUnknown, .settingsUnknown])
    }

    @Test func aPIDNamespaceHidesWhoMayStandFirst() throws {
        var scene = try Self.scene()
        scene.settings.seesAll = false
        #expect(scene.forecast.doubtIDs == [.otherPIDNamespace])
        #expect(!scene.forecast.isCertain)
        var alone = ForecastScene()
        try alone.add(10, pages: 100, adjustment: -1000)
        alone.settings.seesAll = false
        #expect(alone.forecast.doubtIDs == [.otherPIDNamespace], "nobody seen is not nobody there")
    }

    @Test func anotherKillerIsNamed() throws {
        var scene = try Self.scene()
        try scene.add(12, "systemd-oomd", pages: 100, adjustment: -900)
        try scene.add(13, "earlyoomx", pages: 100)
        scene.settings.userspaceKillers = KillSettings.userspaceKillers(among: scene.processes)
        #expect(scene.forecast.doubts.map(\.id) == [.userspaceKiller])
        #expect(scene.forecast.doubts[0].claim.hasPrefix("systemd-oomd (12) is running"))
    }

    @Test func aGroupThatKillsNobodyIsSaid() throws {
        var scene = try Self.scene()
        scene.domain = Self.box { $0.waitsInstead = true }
        #expect(scene.forecast.doubtIDs == [.killDisabled])
    }

    @Test func aNodesForecastDependsOnPolicies() throws {
        var scene = try Self.scene()
        scene.domain = OOMDomain(kind: .nodes(NodeSet([1])), totalPages: Pages(50_000))
        #expect(scene.forecast.pids == [10, 11])
        #expect(scene.forecast.doubtIDs == [.policiesUnknown])
        #expect(!scene.forecast.isCertain)
        scene.change(10) { $0.policy = .bound(NodeSet([0])) }
        scene.change(11) { $0.policy = .free }
        #expect(scene.forecast.pids == [11])
        #expect(scene.forecast.reason(of: 10) == .otherNodes)
        #expect(scene.forecast.isCertain)
    }

    @Test func aCpusetOfOtherNodesIsPassedOver() throws {
        var scene = try Self.scene()
        scene.domain = OOMDomain(kind: .nodes(NodeSet([1])), totalPages: Pages(50_000))
        scene.change(10) { $0.status = StatusDetails(isKillPending: false, allowedNodes: NodeSet([0]), kinds: nil) }
        #expect(scene.forecast.reason(of: 10) == .otherNodes)
    }

    @Test func aVictimOfAFewNodesDependsOnWhoAsks() throws {
        var scene = try Self.scene()
        scene.settings.nodesWithMemory = NodeSet([0, 1])
        scene.change(10) { $0.status = StatusDetails(isKillPending: false, allowedNodes: NodeSet([0]), kinds: nil) }
        #expect(scene.forecast.doubtIDs == [.otherNodes])
    }

    @Test func whatCouldNotBeReadMayStandFirst() throws {
        var scene = try Self.scene()
        scene.settings.unreadable = 3
        #expect(scene.forecast.doubtIDs == [.unreadable])
        #expect(!scene.forecast.isCertain)
    }
}
