import Testing

@testable import Kernel

/// What a mask means in its era. The numbers are the usual masks of include/linux/gfp.h at that time.
@Suite struct GFPMaskTests {
    func mask(_ number: String, _ names: String? = nil) -> GFPMask {
        GFPMask(at: 0, in: (names.map { "\(number)(\($0))" } ?? number).bytes)
    }

    typealias Meaning = (number: String, release: KernelVersion, flags: GFPFlags)

    static let highUser: GFPFlags = [.directReclaim, .io, .fs, .highMem]
    static let movable: GFPFlags = [.directReclaim, .io, .fs, .highMem, .movable]
    static let noFS: GFPFlags = [.directReclaim, .io]

    static let meanings: [Meaning] = [
        ("0x1d0", KernelVersion(2, 4, 22), .kernel), ("0x1d2", KernelVersion(2, 4, 22), highUser),
        ("0xd0", KernelVersion(2, 6, 32), .kernel), ("0x24000c0", KernelVersion(4, 4), .kernel),
        ("0x14000c0", KernelVersion(4, 14), .kernel), ("0x6000c0", KernelVersion(4, 18), .kernel),
        ("0xcc0", KernelVersion(6, 1), .kernel), ("0x50", KernelVersion(2, 6, 32), noFS),
        ("0x600040", KernelVersion(4, 18), noFS), ("0xc40", KernelVersion(6, 1), noFS),
        ("0x20", KernelVersion(2, 6, 32), .high), ("0x2080020", KernelVersion(4, 4), .high),
        ("0xa20", KernelVersion(5, 4), .high), ("0x280da", KernelVersion(3, 13), movable),
        ("0x1000d2", KernelVersion(2, 6, 24), movable), ("0x200d2", KernelVersion(2, 6, 18), highUser),
        ("0x24200ca", KernelVersion(4, 9), movable), ("0x14200ca", KernelVersion(4, 12), movable),
        ("0x6200ca", KernelVersion(4, 19), movable), ("0x100cca", KernelVersion(6, 10), movable),
        ("0x142d0", KernelVersion(4, 3), [.directReclaim, .io, .fs, .compound]),
    ]

    @Test(arguments: meanings)
    func aNumberMeansWhatItsEraSays(expected: Meaning) {
        #expect(mask(expected.number).meaning(release: expected.release) == expected.flags)
    }

    @Test(arguments: [
        ("GFP_KERNEL", AllocationRequest.kernel), ("GFP_USER|__GFP_WRITE", .kernel), ("GFP_NOFS|__GFP_ZERO", .kernel),
        ("GFP_HIGHUSER_MOVABLE|__GFP_ZERO", .user), ("GFP_HIGHUSER|__GFP_ACCOUNT", .user), ("GFP_TRANSHUGE", .user),
        ("GFP_KERNEL|GFP_DMA32", .dma32), ("GFP_ATOMIC|GFP_DMA|__GFP_NOWARN", .dma), ("__GFP_RECLAIM|__GFP_HIGHMEM", .user),
        ("GFP_NOIO|__GFP_THISNODE|0x2000000", .kernel),
    ])
    func namesWin(names: String, request: AllocationRequest) {
        #expect(mask("0x1", names).request(release: KernelVersion(2, 6, 32)) == request)
    }

    @Test func aHighUserMayNotUseMovable() {
        #expect(mask("0x500cc2", "GFP_HIGHUSER|__GFP_ACCOUNT").mayUseMovable(release: nil) == false)
        #expect(mask("0x100cca", "GFP_HIGHUSER_MOVABLE").mayUseMovable(release: nil) == true)
        #expect(mask("0xcc0", "GFP_KERNEL").mayUseMovable(release: nil) == false)
    }

    /// The bits that choose the zone are the same in all.
    @Test func withoutAnEraThereIsStillAKind() {
        #expect(mask("0x1d2").request(release: nil) == .user)
        #expect(mask("0xd0").request(release: nil) == .kernel)
        #expect(mask("0xd1").request(release: nil) == .dma)
        #expect(mask("0xd4").request(release: nil) == .dma32)
        #expect(mask("0xd0").meaning(release: nil) == nil)
        #expect(mask("0xd0").meaning(release: nil, era: .linux26) == .kernel)
        #expect(mask("0x140cca", "GFP_HIGHUS").request(release: nil) == .user)
    }

    @Test func aPageFaultHasNoRequest() {
        for mask in [mask("0x0", ""), mask("0x0")] {
            #expect(mask.isWithoutContext)
            #expect(mask.request(release: KernelVersion(5, 10)) == nil)
            #expect(mask.meaning(release: nil) == nil)
            #expect(mask.mayUseMovable(release: nil) == nil)
        }
    }

    @Test func atomicRequestsMayNotWait() {
        #expect(GFPFlags(name: "GFP_ATOMIC")?.isAtomic == true)
        #expect(GFPFlags(name: "GFP_NOWAIT")?.isAtomic == true)
        #expect(GFPFlags(name: "GFP_KERNEL")?.isAtomic == false)
    }

    @Test func garbageMeansNothing() {
        #expect(mask("0x").request(release: nil) == nil)
        #expect(mask("0xfffffffffffffffff").request(release: nil) == nil)
        #expect(mask("").meaning(release: KernelVersion(6, 1)) == nil)
    }

    @Test(arguments: [
        (KernelVersion(2, 4, 37), GFPEra.linux24), (KernelVersion(2, 6, 0), .linux26), (KernelVersion(4, 3, 9), .linux26),
        (KernelVersion(4, 4), .linux44), (KernelVersion(4, 9, 300), .linux44), (KernelVersion(4, 10), .linux410),
        (KernelVersion(4, 17, 9), .linux410), (KernelVersion(4, 18), .linux418), (KernelVersion(5, 0, 9), .linux418),
        (KernelVersion(5, 1), .linux51), (KernelVersion(7, 2), .linux51),
    ])
    func aReleaseHasAnEra(release: KernelVersion, era: GFPEra) {
        #expect(GFPEra(release) == era)
    }
}
