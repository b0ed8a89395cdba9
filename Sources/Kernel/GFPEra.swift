/// The kernels in which a bit of a gfp mask means the same. Kernel: include/linux/gfp.h.
///
/// The four bits that choose a zone have meant the same in all, but for `__GFP_MOVABLE` in 2.6.24 to 2.6.31.
public enum GFPEra: Hashable, Sendable {
    case linux24, linux26, linux44, linux410, linux418, linux51

    /// RHEL 8, a 4.18, keeps the bits of its number, and so do the other distributions.
    public init(_ release: KernelVersion) {
        switch release {
        case ..<KernelVersion(2, 5): self = .linux24
        case ..<KernelVersion(4, 4): self = .linux26
        case ..<KernelVersion(4, 10): self = .linux44
        case ..<KernelVersion(4, 18): self = .linux410
        case ..<KernelVersion(5, 1): self = .linux418
        default: self = .linux51
        }
    }

    /// Of a mask that was printed without names, so by 4.5 at the latest: the bits of 4.4 are known by
    /// `__GFP_KSWAPD_RECLAIM`, which is above all that came before it. Nil where it cannot be told: 4.4 without that bit.
    init?(ofBare mask: GFPMask) {
        guard mask.flags == nil, let number = mask.number else { return nil }
        if number & 0x200_0000 != 0 {
            self = .linux44
        } else if number & 0x10 != 0, number & 0x40_0000 == 0 {
            self = .linux26
        } else {
            return nil
        }
    }
}
