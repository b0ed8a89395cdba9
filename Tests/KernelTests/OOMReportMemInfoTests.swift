import Support
import Testing

@testable import Kernel

/// Lines of Mem-Info as each kernel prints them, but for the per-zone lines.
@Suite struct OOMReportMemInfoTests {
    func counters(_ line: String) -> [String: Int]? {
        guard case .counters(let counters) = MemInfoLine(line.bytes) else { return nil }
        return Dictionary(counters.counts.map { ($0.name, $0.pages.count) }) { first, _ in first }
    }

    @Test(arguments: ["Mem-Info:", "Mem-info:", "  Mem-Info:"])
    func beginsWithEitherSpelling(line: String) {
        #expect(MemInfoLine(line.bytes) == .start)
    }

    @Test func readsTheCountersOf2_4() {
        #expect(counters("( Active: 2231, inactive: 123, free: 456 )") == ["active": 2231, "inactive": 123, "free": 456])
    }

    @Test func readsTheCountersOf2_6_9() {
        #expect(
            counters("Active:12382 inactive:280459 dirty:214 writeback:0 unstable:0 free:2299 slab:220221 mapped:12 pagetables:3")
                == [
                    "active": 12382, "inactive": 280459, "dirty": 214, "writeback": 0, "unstable": 0, "free": 2299,
                    "slab": 220221, "mapped": 12, "pagetables": 3,
                ])
    }

    @Test func readsTheSecondLineOf2_6_21() {
        #expect(
            counters(" free:765 slab:2624 mapped:16 pagetables:475 bounce:0")
                == ["free": 765, "slab": 2624, "mapped": 16, "pagetables": 475, "bounce": 0])
    }

    @Test func namesOf2_6_28AreInSmallLetters() {
        #expect(
            counters("Active_anon:10 active_file:20 inactive_anon:30")
                == ["active_anon": 10, "active_file": 20, "inactive_anon": 30])
    }

    @Test(arguments: [
        ("active_anon:12 inactive_anon:34 isolated_anon:5", ["active_anon": 12, "inactive_anon": 34, "isolated_anon": 5]),
        (" free:7 free_pcp:8 free_cma:9", ["free": 7, "free_pcp": 8, "free_cma": 9]),
        (" free_cma:0", ["free_cma": 0]),
        (" kernel_misc_reclaimable:6", ["kernel_misc_reclaimable": 6]),
        (" sec_pagetables:1 bounce:0", ["sec_pagetables": 1, "bounce": 0]),
        (" mapped:1 shmem:2 pagetables:3", ["mapped": 1, "shmem": 2, "pagetables": 3]),
    ])
    func readsTheCountersSince2_6_32(line: String, expected: [String: Int]) {
        #expect(counters(line) == expected)
    }

    /// `free` of the counters is in pages; this is the same in kB.
    @Test(arguments: ["Free pages:        3060kB (1024kB HighMem)", "Free pages:      3060kB (0kB HighMem)"])
    func freePagesInKilobytesAreNoCounter(line: String) {
        #expect(MemInfoLine(line.bytes) == .other)
    }

    @Test func aLineGluedToTheNextEndsWithTheLastCounter() {
        #expect(counters("free:7 free_pcp:8 free_cma:9Node 0 active_anon:4kB") == ["free": 7, "free_pcp": 8, "free_cma": 9])
    }

    @Test(arguments: [
        "DMA per-cpu:", "HighMem per-cpu: empty", "Node 0 Normal per-cpu:", "CPU    0: hi:  186, btch:  31 usd:   0",
        "CPU    1: Hot: hi:  186, btch:  31 usd:  12   Cold: hi:   62, btch:  15 usd:  55",
        "cpu 0 hot: low 62, high 186, batch 31 used:12", "cpu 0 cold: low 0, high 62, batch 31",
        "Swap cache: add 2671, delete 2671, find 0/0, race 0+0", "Swap cache stats: add 1, delete 2, find 3/4",
        "34015 pages shared", "51 pages non-shared", "12 free pages", "0 pages in pagetable cache", "33 slab pages",
    ])
    func whatSaysNothingIsKnown(line: String) {
        #expect(MemInfoLine(line.bytes) == .other)
    }

    @Test(arguments: [
        "CPU: 0 PID: 121 Comm: big Not tainted 6.1.0 #1", "Pid: 1, comm: init Not tainted 2.6.32 #1", "", " ", "[    124] 0",
        "usb 1-1: new high-speed USB device", "Memory cgroup out of memory: Killed process 1 (a)", "free:4kB min:5kB",
    ])
    func otherLinesAreNone(line: String) {
        #expect(MemInfoLine(line.bytes) == nil)
    }

    @Test(arguments: [
        ("Free swap  = 3610572kB", MemInfoLine.swapFree(Bytes(kibibytes: 3_610_572))),
        ("Free swap:       3610572kB", .swapFree(Bytes(kibibytes: 3_610_572))),
        ("Free swap  = -4kB", .swapFree(Bytes(-4096))),
        ("Total swap = 3615236kB", .swapTotal(Bytes(kibibytes: 3_615_236))),
        ("Total swap = 0kB", .swapTotal(.zero)),
    ])
    func readsSwap(line: String, expected: MemInfoLine) {
        #expect(MemInfoLine(line.bytes) == expected)
    }

    @Test func aCutAmountOfSwapIsNone() {
        #expect(MemInfoLine("Total swap = 36".bytes) == nil)
    }

    @Test(arguments: [
        ("524158 pages RAM", MemInfoLine.Total.ram, 524158), ("524160 pages of RAM", .ram, 524160),
        ("294768 pages of HIGHMEM", .highMemory, 294768), ("294912 pages HighMem", .highMemory, 294912),
        ("0 pages HighMem/MovableOnly", .highMemory, 0), ("5496 reserved pages", .reserved, 5496),
        ("9046 pages reserved", .reserved, 9046), ("4096 pages cma reserved", .cmaReserved, 4096),
        ("0 pages hwpoisoned", .hardwarePoisoned, 0), ("1234 total pagecache pages", .pageCache, 1234),
        ("535 pages in swap cache", .swapCache, 535), ("535 pages swap cached", .swapCache, 535),
    ])
    func readsTheTotalsOfEveryEra(line: String, total: MemInfoLine.Total, pages: Int) {
        #expect(MemInfoLine(line.bytes) == .total(total, Pages(pages)))
        #expect(MemInfoLine("\(line) ".bytes) == .total(total, Pages(pages)))
    }

    @Test func readsAPoolOfHugePages() {
        #expect(
            MemInfoLine("Node 1 hugepages_total=900 hugepages_free=880 hugepages_surp=3 hugepages_size=2048kB".bytes)
                == .hugePages(node: 1, total: 900, free: 880, surplus: 3, size: Bytes(kibibytes: 2048)))
        #expect(MemInfoLine("Node 1 hugepages_total=900 hugepages_free=880 hugepages_s".bytes) == .other)
    }

    @Test(arguments: [
        ("lowmem_reserve[]: 0 880 22543 22543", [0, 880, 22543, 22543]), ("protections[]: 0 880 2031", [0, 880, 2031]),
        ("lowmem_reserve[]: 0 0 0 0 0", [0, 0, 0, 0, 0]), ("lowmem_reserve[]:", []),
    ])
    func readsTheReserve(line: String, pages: [Int]) {
        #expect(MemInfoLine(line.bytes) == .protection(pages.map(Pages.init)))
    }
}

/// The line of a node, since 4.8.
@Suite struct OOMReportNodeLineTests {
    func amounts(_ line: String, release: KernelVersion? = nil) -> [String: Int]? {
        guard case .node(_, let amounts, _) = MemInfoLine(line.bytes, release: release) else { return nil }
        return Dictionary(amounts.map { ($0.name, $0.bytes.kibibytes) }) { first, _ in first }
    }

    @Test func readsALineOf6_17() throws {
        let line = MemInfoLine(
            ("Node 3 active_anon:14kB isolated(anon):128kB shmem:8kB shmem_thp:0kB shmem_pmdmapped:0kB anon_thp:2048kB "
                + "sec_pagetables:4kB all_unreclaimable? yes Balloon:16kB").bytes)
        guard case .node(let node, let amounts, let isAllUnreclaimable) = line else {
            Issue.record("no node's line")
            return
        }
        #expect(node == 3)
        #expect(isAllUnreclaimable == true)
        #expect(amounts.map(\.name).contains("isolated(anon)"))
        #expect(amounts.last == Amount(name: "Balloon", bytes: Bytes(kibibytes: 16)))
    }

    /// 4.8: shmem_thp 0, shmem_pmdmapped 0, anon_thp 4096, shmem 300, printed one place on.
    let misplaced = "Node 0 active_anon:1kB shmem:0kB shmem_thp: 0kB shmem_pmdmapped: 4096kB anon_thp: 300kB pages_scanned:0"

    @Test func fourMisplacedAmountsArePutRight() {
        #expect(
            amounts(misplaced)
                == ["active_anon": 1, "shmem": 300, "shmem_thp": 0, "shmem_pmdmapped": 0, "anon_thp": 4096])
    }

    /// Stable 4.9 has the same fields in the right order.
    @Test func amountsInTheirPlacesStayThere() {
        let line =
            "Node 0 active_anon:1kB shmem:300kB shmem_thp: 0kB shmem_pmdmapped: 0kB anon_thp: 4096kB pages_scanned:0"
        let right = ["active_anon": 1, "shmem": 300, "shmem_thp": 0, "shmem_pmdmapped": 0, "anon_thp": 4096]
        #expect(amounts(line) == right)
        #expect(amounts(line, release: KernelVersion(4, 9, 88)) == right)
        #expect(amounts(line, release: KernelVersion(4, 8, 15))?["shmem"] == 4096)
    }

    @Test func laterKernelsHaveNoneMisplaced() {
        let line = misplaced.replacing(" pages_scanned:0", with: " all_unreclaimable? no")
        #expect(amounts(line)?["anon_thp"] == 300)
        #expect(amounts(misplaced, release: KernelVersion(4, 14))?["anon_thp"] == 300)
    }
}

extension String {
    var bytes: [UInt8] { Array(utf8) }

    func replacing(_ part: String, with other: String) -> String {
        guard let range = firstRange(of: part) else { return self }
        return String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }

    private func firstRange(of part: String) -> Range<Index>? {
        indices.lazy.compactMap { self[$0...].hasPrefix(part) ? $0..<self.index($0, offsetBy: part.count) : nil }.first
    }
}
