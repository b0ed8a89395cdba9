import Kernel
import Support
import Testing

/// What the kernels of the captures said, against what their guests saw die (waitid) and against the log read by hand.
@Suite struct OOMReportCaptureTests {
    @Test(arguments: Expected.all)
    fileprivate func tellsWhoDiedAndWhy(_ expected: Expected) throws {
        let events = try OOMEvent.all(in: Fixture(expected.fixture))
        #expect(events.map(Expected.Event.init) == expected.events)
    }

    @Test func tellsEveryNumberOfAKillLine() throws {
        let event = try #require(try OOMEvent.all(in: Fixture("6.1-amd64-memcg-v2")).first)
        // 3,406,8615303,-;… total-vm:67110248kB, anon-rss:44548kB, file-rss:4kB, shmem-rss:796kB, UID:0 pgtables:128kB …
        #expect(
            event.victims == [
                Victim(
                    processID: ProcessID(118), comm: "eater", userID: 0, scoreAdjustment: 0,
                    memory: .init(
                        total: Bytes(kibibytes: 67_110_248), anonymous: Bytes(kibibytes: 44548), file: Bytes(kibibytes: 4),
                        shared: Bytes(kibibytes: 796), pageTables: Bytes(kibibytes: 128)))
            ])
        #expect(event.id == "boot-406")
        #expect(event.time == TimeSinceBoot(microseconds: 8_615_303))
        #expect((event.firstSequence, event.lastSequence) == (370, 406))
    }

    @Test func tellsWhoAskedForWhat() throws {
        let event = try #require(try OOMEvent.all(in: Fixture("6.1-amd64-global-order0")).first)
        #expect(event.invoker?.comm == "big")
        #expect(event.invoker?.processID == ProcessID(111))
        #expect(event.invoker?.scoreAdjustment == 0)
        #expect(event.request?.order == 0)
        #expect(event.request?.mask?.hexadecimal == "0x140dca")
        #expect(event.request?.mask?.flags == ["GFP_HIGHUSER_MOVABLE", "__GFP_COMP", "__GFP_ZERO"])
    }

    @Test func findsTheAskerBehindAUserID() throws {
        let event = try #require(try OOMEvent.all(in: Fixture("7.2-amd64-global-order0")).first)
        #expect(event.invoker?.processID == ProcessID(121))
    }

    @Test func theAskerNeedNotBeTheVictim() throws {
        let events = try OOMEvent.all(in: Fixture("5.10-686pae-lowmem-sockets"))
        #expect(events.map { $0.invoker?.comm } == ["leaker", "rec", "rec"])
        #expect(events.map { $0.invoker?.processID } == [ProcessID(140), ProcessID(82), ProcessID(82)])
        #expect(events.map { $0.invoker?.scoreAdjustment } == [0, -1000, -1000])
        #expect(events.first?.request?.mask?.flags == ["GFP_KERNEL_ACCOUNT"])
    }

    @Test func killsOfAStormHaveNoReportAndNoInventedNumbers() throws {
        let events = try OOMEvent.all(in: Fixture("6.1-amd64-storm"))
        #expect(events.count == 26)
        #expect(events.map(\.completeness) == Array(repeating: .full, count: 10) + Array(repeating: .none, count: 15) + [.full])
        let bare = events.filter { $0.kind == .killWithoutReport }
        #expect(bare.map { $0.victims.first?.comm } == Expected.stormWithoutReport.map { CommandName($0.utf8) })
        #expect(bare.allSatisfy { $0.scope == .memcg && $0.constraint == nil && $0.invoker == nil && $0.request == nil })
        #expect(bare.allSatisfy { $0.victimCgroup == nil && $0.limitCgroup == nil })
    }

    @Test func aWholeGroupIsOneEventThatGrows() throws {
        var assembler = OOMReportAssembler()
        let changes = try Fixture("6.1-amd64-memcg-v2-group").kernelLog().flatMap { assembler.add($0) }
        #expect(Set(changes.map(\.anchor)) == [406])
        #expect(
            changes.map { $0.victims.map(\.processID) } == [[ProcessID(124)], [ProcessID(124), ProcessID(104)]] + [
                [ProcessID(124), ProcessID(104)]
            ])
        #expect(changes.last?.lines == 369...409)
    }

    @Test func namesOfAnyBytesComeOutAsTheyWere() throws {
        let events = try OOMEvent.all(in: Fixture("6.1-amd64-comms"))
        #expect(events.map { $0.victims.first?.comm?.bytes } == Expected.hostileNames.map { Array($0) })
        #expect(events.map { $0.invoker?.comm.bytes } == Expected.hostileNames.map { Array($0) })
        #expect(events.map { $0.invoker?.processID } == events.map { $0.victims.first?.processID })
        #expect(events.allSatisfy { $0.completeness == .full && $0.scope == .memcg })
        let groups = (1...16).map { $0 < 10 ? "/n0\($0)" : "/n\($0)" } + ["/c,task=init,pid=1,uid=0"]
        #expect(events.map { $0.limitCgroup?.text } == groups)
        #expect(events.map { $0.victimCgroup?.text } == groups)
    }

    @Test func aForgedLineIsEvidenceOfNothing() throws {
        let log = try Fixture("6.1-amd64-control").kernelLog()
        #expect(
            log.contains { $0.facility == 1 && String(decoding: $0.text, as: UTF8.self).contains("Killed process 1 (forged)") })
        #expect(try OOMEvent.all(in: Fixture("6.1-amd64-control")) == [])
    }

    @Test(arguments: Fixture.all.filter { $0.has("dev/kmsg") })
    func everyPrefixOfALogIsUnderstood(_ fixture: Fixture) throws {
        let log = try fixture.kernelLog()
        let anchors = try OOMEvent.all(in: fixture).map(\.report.anchor)
        var assembler = OOMReportAssembler()
        var seen: Set<Int> = []
        for record in log {
            seen.formUnion(assembler.add(record).map(\.anchor))
            // A kill is told at once, by its own record, and not guessed before.
            #expect(seen == Set(anchors.filter { $0 <= Int(record.sequence) }))
            var cut = assembler
            #expect(cut.finish().allSatisfy { $0.isPartial && $0.victims.count <= 1 })
        }
    }
}

extension OOMEvent {
    /// What is left when the log has been read: the last state of each event, in order.
    static func all(in fixture: Fixture) throws -> [OOMEvent] {
        var assembler = OOMReportAssembler()
        let reports = try fixture.kernelLog().flatMap { assembler.add($0) }.latest + assembler.finish()
        return reports.map { OOMEvent($0, origin: "boot") }
    }
}

extension [OOMReport] {
    /// Each report once, as it was last said to be, in the order of the log.
    var latest: [OOMReport] {
        Dictionary(map { ($0.anchor, $0) }, uniquingKeysWith: { $1 }).values.sorted { $0.anchor < $1.anchor }
    }
}

private struct Expected: Sendable, CustomTestStringConvertible {
    let fixture: String
    let events: [Event]

    var testDescription: String { fixture }

    struct Event: Hashable, Sendable {
        let victims: [String]
        let scope: OOMScope
        let constraint: String?
        let limit: String?
        let cgroup: String?
        let report: OOMEvent.Completeness

        init(
            _ victims: String..., scope: OOMScope, constraint: String, limit: String? = nil, cgroup: String = "/"
        ) {
            self.victims = victims
            self.scope = scope
            self.constraint = constraint
            self.limit = limit
            self.cgroup = cgroup
            report = .full
        }

        init(_ event: OOMEvent) {
            victims = event.victims.map { "\($0.processID?.description ?? "?") \($0.comm?.text ?? "?")" }
            scope = event.scope
            constraint = event.constraint
            limit = event.limitCgroup?.text
            cgroup = event.victimCgroup?.text
            report = event.completeness
        }
    }

    static func machine(_ fixture: String, _ victims: String...) -> Expected {
        Expected(fixture: fixture, events: victims.map { Event($0, scope: .global, constraint: "none") })
    }

    static func box(_ fixture: String, _ event: Event) -> Expected { Expected(fixture: fixture, events: [event]) }

    static let all: [Expected] = [
        machine("5.10-686pae-lowmem-sockets", "89 mysqld", "88 apache", "140 leaker"),
        machine("5.10-amd64-global-order0", "99 big"),
        box("5.10-amd64-memcg-v1", Event("111 eater", scope: .memcg, constraint: "memcg", limit: "/box", cgroup: "/box")),
        machine("6.1-686pae-lowmem-sockets", "101 mysqld", "102 apache", "155 leaker"),
        machine("6.1-amd64-frag-order3", "100 bystander", "168 asker"),
        machine("6.1-amd64-global-order0", "111 big"),
        Expected(fixture: "6.1-amd64-kubepods", events: kubepods),
        box("6.1-amd64-memcg-v2", Event("118 eater", scope: .memcg, constraint: "memcg", limit: "/box", cgroup: "/box")),
        box(
            "6.1-amd64-memcg-v2-group",
            Event("124 eater", "104 neighbour", scope: .memcg, constraint: "memcg", limit: "/box", cgroup: "/box")),
        machine("6.1-amd64-movable-dry", "103 mysqld", "102 apache", "130 leaker"),
        machine("6.1-amd64-noise", "105 big"),
        box("6.1-amd64-numa-mempolicy", Event("124 bound", scope: .mempolicy, constraint: "mempolicy")),
        machine("6.1-amd64-protected-biggest", "101 second"),
        machine("6.1-amd64-shared-mm", "107 sharer"),
        box("6.1-amd64-sysrq-f", Event("101 big", scope: .manual, constraint: "none")),
        machine("7.2-amd64-global-order0", "121 big"),
        box("7.2-amd64-numa-mempolicy", Event("137 bound", scope: .mempolicy, constraint: "mempolicy")),
    ]

    static let kubepods: [Event] = {
        let pods = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod3f6c1c1e_8a52_4e0f_9d0b_0c7d1f0c9a11.slice"
        let container = pods + "/cri-containerd-5d2f0d5b1c7a4a0d8f6e9b3c2a1f0e4d7c8b9a6f5e4d3c2b1a0f9e8d7c6b5a49.scope"
        let docker = "/system.slice/docker-aa11bb22cc33dd44ee55ff6677889900aa11bb22cc33dd44ee55ff6677889900.scope"
        let pod = "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod0a1b2c3d_1111_2222_3333_444455556666.slice"
        return [
            Event("104 container", scope: .memcg, constraint: "memcg", limit: container, cgroup: container),
            Event("110 dockerd-like", scope: .memcg, constraint: "memcg", limit: docker, cgroup: docker),
            Event("122 podwide", scope: .memcg, constraint: "memcg", limit: pod, cgroup: pod + "/cri-containerd-one.scope"),
        ]
    }()

    static let stormWithoutReport = [
        "box23", "box18", "box17", "box14", "box15", "box13", "box9", "box22", "box24", "box21", "box7", "box19", "box25",
        "box20", "box16",
    ]

    static let hostileNames: [[UInt8]] = [
        Array("a b c ".utf8), Array("evil) (1 ".utf8), Array("[kworker/0:1]".utf8), Array("new\nline".utf8),
        [0xff, 0xfe, 0x80, 0xc3, 0x28], Array(")".utf8), Array("(".utf8), Array(",pid=1,uid=0".utf8),
        Array("Killed proce".utf8), Array("\\x0a\\x".utf8), Array("\t\t".utf8), Array("éä€".utf8), Array("😀".utf8),
        Array("\u{1b}[31m".utf8), Array(")oom-kill:".utf8), [], Array("plain".utf8),
    ]
}
