import Diagnosis
import Kernel
import Testing

/// What a process may do, by what the kernel says of it.
@Suite struct AbilityTests {
    private static let noEvents = SourceError.absent(path: "process events")

    private static let all: CapabilitySet = [.sysResource, .dacOverride, .dacReadSearch, .sysPtrace, .netAdmin, .syslog]

    @Test func aUserWithoutCapabilitiesIsToldEachThatIsMissing() {
        let abilities = Self.abilities(of: [], log: .unreadable(path: "/dev/kmsg", errno: 1))
        #expect(abilities.map(\.what) == Ability.What.allCases)
        #expect(
            abilities.map(\.missing) == [
                ["CAP_SYS_RESOURCE"], ["CAP_DAC_OVERRIDE"], ["CAP_SYSLOG"], ["CAP_NET_ADMIN"], ["CAP_SYS_PTRACE"],
                ["CAP_DAC_READ_SEARCH"], ["uid 0"], [],
            ])
        #expect(abilities.dropLast().allSatisfy { !$0.isPossible && $0.nextStep != nil })
    }

    @Test func rootMayDoAll() {
        var rights = Self.rights(Self.all)
        (rights.user, rights.mayReadPageTypes, rights.mayWriteVM) = (0, true, true)
        let abilities = Ability.all(of: rights, log: nil, noEvents: nil)
        #expect(abilities.allSatisfy { $0.isPossible && $0.missing.isEmpty && $0.nextStep == nil })
    }

    /// `capable()` asks for the first user namespace: root of a container has all in name.
    @Test func inAUserNamespaceOfItsOwnCapabilitiesCountForNothing() throws {
        var rights = Self.rights(Self.all)
        rights.isInitialForUsers = false
        let lower = try #require(Ability.all(of: rights, log: nil, noEvents: Self.noEvents).first)
        #expect(!lower.isPossible)
        #expect(lower.missing == ["CAP_SYS_RESOURCE"])
        #expect(lower.nextStep?.contains("user namespace") == true)
    }

    @Test func inAPIDNamespaceOfItsOwnNumbersAreOthers() throws {
        var rights = Self.rights(Self.all)
        rights.isInitialForPIDs = false
        let names = try #require(Ability.all(of: rights, log: nil, noEvents: Self.noEvents).last)
        #expect(!names.isPossible)
        #expect(names.nextStep?.contains("hostPID") == true)
        rights.isInitialForPIDs = nil
        #expect(
            Ability.all(of: rights, log: nil, noEvents: Self.noEvents).last?.isPossible == true, "a kernel without namespaces")
    }

    /// The connector listens in the first network namespace alone: elsewhere it is ECONNREFUSED, whatever one may.
    @Test func inANetworkNamespaceOfItsOwnThatOneIsNamed() throws {
        let refused = SourceError.unreadable(path: "process events", errno: 111)
        let abilities = Ability.all(of: Self.rights(Self.all), log: nil, noEvents: refused)
        let events = try #require(abilities.first { $0.what == .followProcessEvents })
        #expect(events.missing.isEmpty)
        #expect(events.nextStep?.contains("network namespace") == true)
    }

    @Test func namesOfTheMask() {
        #expect(
            CapabilitySet(rawValue: 1 | 1 << 24 | 1 << 40 | 1 << 41).names == [
                "CAP_CHOWN", "CAP_SYS_RESOURCE", "CAP_CHECKPOINT_RESTORE", "CAP_41",
            ])
    }

    private static func abilities(of capabilities: CapabilitySet, log: SourceError?) -> [Ability] {
        Ability.all(of: rights(capabilities), log: log, noEvents: Self.noEvents)
    }

    private static func rights(_ capabilities: CapabilitySet) -> OwnRights {
        OwnRights(
            effective: capabilities, user: 1000, namespaces: (pids: true, users: true), mayReadPageTypes: false,
            mayWriteVM: false)
    }
}
