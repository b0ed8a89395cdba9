/// A kind of memory request, by the zones that it may use. Four kinds stand for all.
///
/// Kernel: include/linux/gfp.h, `gfp_zone()`.
public enum AllocationRequest: String, CaseIterable, Sendable {
    /// GFP_HIGHUSER_MOVABLE, the pages of processes and of the page cache: every zone up to Movable, CMA too.
    case user
    /// GFP_KERNEL, the kernel's own memory: up to Normal.
    case kernel
    /// GFP_DMA32, devices that address 4 GiB.
    case dma32
    /// GFP_DMA, devices that address 16 MiB (on some arm all of low memory).
    case dma

    public var highestZone: ZoneType {
        switch self {
        case .user: .movable
        case .kernel: .normal
        case .dma32: .dma32
        case .dma: .dma
        }
    }

    /// CMA areas must be emptied on demand, so only movable pages may go there. Kernel: `ALLOC_CMA`.
    public var mayUseCMA: Bool { self == .user }

    public func mayUse(_ type: ZoneType) -> Bool { type <= highestZone }
}
