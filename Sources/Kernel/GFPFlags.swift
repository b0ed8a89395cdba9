/// What a gfp mask allows the allocator to do, whatever kernel's bits or names said it.
///
/// Kernel: include/linux/gfp_types.h. Flags that decide neither the zones nor what may be done to find memory are left out.
public struct GFPFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let dma = GFPFlags(rawValue: 1 << 0)
    public static let highMem = GFPFlags(rawValue: 1 << 1)
    public static let dma32 = GFPFlags(rawValue: 1 << 2)
    public static let movable = GFPFlags(rawValue: 1 << 3)
    /// `__GFP_HIGH`: may use half of what is below min.
    public static let high = GFPFlags(rawValue: 1 << 4)
    public static let io = GFPFlags(rawValue: 1 << 5)
    /// Without it the OOM killer is not called. GFP_NOFS and GFP_NOIO are without it.
    public static let fs = GFPFlags(rawValue: 1 << 6)
    /// May wait for memory to be freed; up to 4.3 `__GFP_WAIT`. GFP_ATOMIC and GFP_NOWAIT are without it.
    public static let directReclaim = GFPFlags(rawValue: 1 << 7)
    public static let noFail = GFPFlags(rawValue: 1 << 8)
    public static let noRetry = GFPFlags(rawValue: 1 << 9)
    /// `__GFP_RETRY_MAYFAIL`; up to 4.12 `__GFP_REPEAT`, which did not forbid the killer.
    public static let retryMayFail = GFPFlags(rawValue: 1 << 10)
    /// A huge page or another block whose pages belong together.
    public static let compound = GFPFlags(rawValue: 1 << 11)
    /// This node and no other.
    public static let thisNode = GFPFlags(rawValue: 1 << 12)
    /// `__GFP_MEMALLOC`: may use all that is left.
    public static let memAlloc = GFPFlags(rawValue: 1 << 13)
    /// Counted for the memory cgroup though it is the kernel's.
    public static let account = GFPFlags(rawValue: 1 << 14)

    static let kernel: GFPFlags = [.directReclaim, .io, .fs]
}

extension GFPFlags {
    /// The kind that it is of the four. `GFP_HIGHUSER` is `.user`, though it may not use Movable: `mayUseMovable` tells.
    public var request: AllocationRequest {
        if contains(.dma) { return .dma }
        if contains(.dma32) { return .dma32 }
        return contains(.highMem) ? .user : .kernel
    }

    /// Kernel: `gfp_zone()`; movable memory without HIGHMEM stays in Normal.
    public var mayUseMovable: Bool { isSuperset(of: [.highMem, .movable]) && isDisjoint(with: [.dma, .dma32]) }

    /// Of whatever zone. Kernel: `gfp_to_alloc_flags_cma()`.
    public var mayUseCMA: Bool { contains(.movable) }

    /// May not wait, so that no memory is freed for it: GFP_ATOMIC, GFP_NOWAIT.
    public var isAtomic: Bool { !contains(.directReclaim) }
}

extension GFPFlags {
    /// - Returns: nil for a name that decides nothing here or is not known.
    init?(name: String) {
        guard let flags = Self.names[name] else { return nil }
        self = flags
    }

    private static let highUser: GFPFlags = [.kernel, .highMem]

    private static let names: [String: GFPFlags] = [
        "GFP_TRANSHUGE": [.highUser, .movable, .compound], "GFP_TRANSHUGE_LIGHT": [.io, .fs, .highMem, .movable, .compound],
        "GFP_HIGHUSER_MOVABLE": [.highUser, .movable], "GFP_HIGHUSER": .highUser, "GFP_USER": .kernel,
        "GFP_TEMPORARY": .kernel, "GFP_KERNEL_ACCOUNT": [.kernel, .account], "GFP_KERNEL": .kernel,
        "GFP_NOFS": [.directReclaim, .io], "GFP_NOIO": .directReclaim, "GFP_ATOMIC": .high, "GFP_NOWAIT": [],
        "GFP_DMA": .dma, "GFP_DMA32": .dma32,
        "__GFP_DMA": .dma, "__GFP_HIGHMEM": .highMem, "__GFP_DMA32": .dma32, "__GFP_MOVABLE": .movable,
        "__GFP_HIGH": .high, "__GFP_IO": .io, "__GFP_FS": .fs, "__GFP_RECLAIM": .directReclaim,
        "__GFP_DIRECT_RECLAIM": .directReclaim, "__GFP_WAIT": .directReclaim, "__GFP_NOFAIL": .noFail,
        "__GFP_NORETRY": .noRetry, "__GFP_RETRY_MAYFAIL": .retryMayFail, "__GFP_REPEAT": .retryMayFail,
        "__GFP_COMP": .compound, "__GFP_THISNODE": .thisNode, "__GFP_MEMALLOC": .memAlloc, "__GFP_ACCOUNT": .account,
    ]
}

extension GFPFlags {
    /// The bits of `mask` as its era has them.
    init(bits mask: UInt64, of era: GFPEra) {
        self = GFPFlags(zoneBits: mask)
        for (bit, flag) in Self.bits(of: era) where mask & bit != 0 { insert(flag) }
    }

    /// What is the same in every era. `__GFP_MOVABLE` was bit 20 in 2.6.24 to 2.6.31, where no later kernel up to 4.4 has one.
    init(zoneBits mask: UInt64) { self = GFPFlags(rawValue: UInt32(truncatingIfNeeded: mask & 0xf)) }

    private static func bits(of era: GFPEra) -> [(UInt64, GFPFlags)] {
        switch era {
        case .linux24: [(0x10, .directReclaim), (0x20, .high), (0x40, .io), (0x100, .fs)]
        case .linux26: old + [(0x10, .directReclaim), (0x10_0000, .movable), (0x2000, .memAlloc)]
        case .linux44: old + [(0x40_0000, .directReclaim), (0x10_0000, .account), (0x2000, .memAlloc)]
        case .linux410: old + [(0x40_0000, .directReclaim), (0x10_0000, .account), (0x2000, .memAlloc)]
        case .linux418: old + [(0x20_0000, .directReclaim), (0x10_0000, .account), (0x2000, .memAlloc)]
        case .linux51:
            [
                (0x20, .high), (0x40, .io), (0x80, .fs), (0x400, .directReclaim), (0x4000, .retryMayFail), (0x8000, .noFail),
                (0x1_0000, .noRetry), (0x2_0000, .memAlloc), (0x4_0000, .compound), (0x20_0000, .thisNode),
                (0x40_0000, .account),
            ]
        }
    }

    private static let old: [(UInt64, GFPFlags)] = [
        (0x20, .high), (0x40, .io), (0x80, .fs), (0x400, .retryMayFail), (0x800, .noFail), (0x1000, .noRetry),
        (0x4000, .compound), (0x4_0000, .thisNode),
    ]
}
