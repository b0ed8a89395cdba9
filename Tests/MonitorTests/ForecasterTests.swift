import Diagnosis
import Host
import Kernel
import Monitor
import Support
import Testing

/// Captures of a moment before the kernel chose; whom it chose stands in their PROVENANCE.
@Suite struct ForecasterTests {
    private static func forecaster(_ fixture: String, watch: VictimWatch? = nil) throws -> Forecaster {
        let root = Fixture(fixture).root
        return Forecaster(
            table: ProcessTable(root: root), cgroups: MemoryCgroups(root: root),
            kernel: try KernelVersion(parsing: Array(fixture.utf8)), watch: watch)
    }

    private static func forecast(_ fixture: String, _ place: Forecaster.Place = .machine) throws -> VictimForecast {
        try forecaster(fixture).readForecast(for: place, limit: 10, try Fixture(fixture).snapshot())
    }

    private static let box = Forecaster.Place.cgroup(CgroupPath("/box".utf8))

    @Test(arguments: [
        ("6.1-amd64-global-order0", Forecaster.Place.machine, Int32(111)), ("6.1-amd64-protected-biggest", .machine, 101),
        ("6.1-amd64-movable-dry", .machine, 103), ("6.1-amd64-shared-mm", .machine, 107), ("6.1-amd64-memcg-v2", box, 118),
        ("6.1-amd64-memcg-v2-group", box, 124), ("5.10-amd64-memcg-v1", box, 111),
    ])
    func theKernelsChoiceIsForetold(fixture: String, place: Forecaster.Place, killed: Int32) throws {
        #expect(try Self.forecast(fixture, place).pids.first == killed)
    }

    /// The limit is 64 MiB: 16,384 pages. A bigger process outside of it is no candidate.
    @Test func aCgroupComparesItsOwn() throws {
        let forecast = try Self.forecast("6.1-amd64-memcg-v2", Self.box)
        #expect(forecast.domain.totalPages == Pages(16_384))
        #expect(forecast.pids == [118, 103])
        #expect(try Self.forecast("6.1-amd64-memcg-v2").pids.first == 102)
    }

    @Test func aGroupThatDiesTogetherIsInTheScope() throws {
        let forecast = try Self.forecast("6.1-amd64-memcg-v2-group", Self.box)
        // 105 is exempt.
        #expect(forecast.victims[0].killScope == [ProcessID(124), ProcessID(104)])
        #expect(forecast.victims[0].details.killedGroup == CgroupPath("/box".utf8))
    }

    /// `sharer` 106 and 107 have one memory: that cannot be asked of another machine, but their sums are the same.
    @Test func whoMayShareItsMemoryIsNamed() throws {
        let forecast = try Self.forecast("6.1-amd64-shared-mm")
        #expect(forecast.victims[0].details.mayShare == [ProcessID(106)])
        #expect(!forecast.isCertain)
    }

    /// No file of the capture has the policy that saved the bigger one.
    @Test func aPolicyThatCannotBeSeenIsSaid() throws {
        let forecast = try Self.forecast("6.1-amd64-numa-mempolicy", .nodes(NodeSet([1])))
        #expect(forecast.pids.prefix(2) == [104, 124])
        #expect(!forecast.isCertain)
        #expect(forecast.doubts.contains { $0.id == .policiesUnknown && $0.claim.contains("bystander (104)") })
    }

    @Test func aGroupWithoutALimitSharesTheMachinesFate() throws {
        let forecast = try Self.forecast("6.1-amd64-memcg-v2", .cgroup(CgroupPath("/".utf8)))
        #expect(forecast.domain.kind == .global)
        #expect(forecast.doubts.contains { $0.id == .unlimited })
    }

    @Test func whatIsNotThereIsAnError() throws {
        let snapshot = try Fixture("6.1-amd64-memcg-v2").snapshot()
        let forecaster = try Self.forecaster("6.1-amd64-memcg-v2")
        let nowhere = CgroupPath("/nowhere".utf8)
        #expect(throws: ForecastError.noSuchGroup(nowhere)) {
            try forecaster.readForecast(for: .cgroup(nowhere), limit: 1, snapshot)
        }
        #expect(throws: ForecastError.noSuchNode(NodeSet([7]), known: NodeSet([0]))) {
            try forecaster.readForecast(for: .nodes(NodeSet([7])), limit: 1, snapshot)
        }
        let trial = WhatIf.Trial(adjustments: [ProcessID(4242): .neutral], kills: 1)
        #expect(throws: ForecastError.noSuchProcess(ProcessID(4242))) {
            try forecaster.readWhatIf(trial, in: .machine, limit: 1, snapshot)
        }
    }

    @Test func beforeTheFormulaNothingIsForetold() throws {
        let root = Fixture("6.1-amd64-memcg-v2").root
        let old = Forecaster(table: ProcessTable(root: root), cgroups: MemoryCgroups(root: root), kernel: KernelVersion(2, 6, 32))
        #expect(throws: ForecastError.formulaUnknown(KernelVersion(2, 6, 32))) {
            try old.readForecast(for: .machine, limit: 1, try Fixture("6.1-amd64-memcg-v2").snapshot())
        }
    }

    /// `eater` (118) of the cgroup has 44,292 + 124 kB; exempt, the neighbour is next and then nobody.
    @Test func aChangeIsTriedAndNothingWritten() throws {
        let trial = WhatIf.Trial(adjustments: [ProcessID(118): .exempt], kills: 3)
        let whatIf = try Self.forecaster("6.1-amd64-memcg-v2")
            .readWhatIf(trial, in: Self.box, limit: 10, try Fixture("6.1-amd64-memcg-v2").snapshot())
        #expect(whatIf.before.pids == [118, 103])
        #expect(whatIf.after.pids == [103])
        #expect(whatIf.kills.map(\.victim.process.rawValue) == [103])
        // RssAnon 20,528, RssShmem 736, VmPTE 80 kB
        #expect(whatIf.kills[0].returns.most == Bytes(kibibytes: 21_344))
    }

    /// mysqld's memory is in Movable; DMA and DMA32, where the kernel's own must come from, hold next to no processes' pages.
    @Test func theOutlookSaysWhatTheKillIsWorth() throws {
        let snapshot = try Fixture("6.1-amd64-movable-dry").snapshot()
        let assessment = Assessment(of: snapshot, zoneInfo: try snapshot.zoneInfo.get())
        let machine = MachineDiagnosis(of: snapshot, assessment: assessment)
        let read = try #require(try Self.forecaster("6.1-amd64-movable-dry").readOutlook(machine, assessment, snapshot))
        let outlook = try read.get()
        #expect(outlook.claim.hasPrefix("if a kernel request fails now, mysqld (103) dies and returns "))
        #expect(outlook.claim.hasSuffix(", next to none of it in DMA, DMA32, where it is needed"))
        #expect(outlook.returns.most > Bytes(mebibytes: 200))
        #expect(try #require(outlook.mostWhereNeeded) < Bytes(mebibytes: 1))
    }

    @Test func anOutlookThatCannotBeToldSaysWhy() throws {
        let snapshot = try Fixture("6.1-amd64-movable-dry").snapshot()
        let assessment = Assessment(of: snapshot, zoneInfo: try snapshot.zoneInfo.get())
        let machine = MachineDiagnosis(of: snapshot, assessment: assessment)
        let nowhere = try TemporaryDirectory()
        let forecaster = Forecaster(
            table: ProcessTable(root: nowhere.path), cgroups: MemoryCgroups(root: nowhere.path), kernel: KernelVersion(6, 1))
        let read = try #require(forecaster.readOutlook(machine, assessment, snapshot))
        #expect(throws: ForecastError.source(.absent(path: nowhere.path + "/proc"))) { try read.get() }
    }

    @Test func aHealthyMachineHasNoOutlook() throws {
        let snapshot = try Fixture("6.1-amd64-cache-healthy").snapshot()
        let assessment = Assessment(of: snapshot, zoneInfo: try snapshot.zoneInfo.get())
        let machine = MachineDiagnosis(of: snapshot, assessment: assessment)
        #expect(try Self.forecaster("6.1-amd64-cache-healthy").readOutlook(machine, assessment, snapshot) == nil)
    }

    @Test func theWatchKnowsWhatWasForetoldForAWhile() throws {
        let watch = VictimWatch(interval: Nanoseconds(1_000_000_000))
        #expect(watch.summary() == nil)
        let fixture = "6.1-amd64-global-order0"
        _ = try Self.forecaster(fixture, watch: watch).readForecast(for: .machine, limit: 1, try Fixture(fixture).snapshot())
        // 54,551 of 84,845 pages
        #expect(watch.summary()?.millionths.first == 642_948)
        #expect(watch.summary(at: Nanoseconds(Nanoseconds.monotonic.count + 4_000_000_000)) == nil)
    }
}

extension VictimForecast {
    fileprivate var pids: [Int32] { victims.map(\.process.rawValue) }
}
