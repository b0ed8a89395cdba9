public import Kernel

/// Where a zone's free memory stands against its own watermarks. About free memory only: a machine full of page cache
/// has zones near `low` and is well; what is going wrong stands in the margins.
public enum ZoneState: String, CaseIterable, Sendable {
    case ok
    case belowHigh = "below_high"
    case belowLow = "below_low"
    case belowMin = "below_min"

    /// The kernel's own comparison: less or equal fails. Kernel: mm/page_alloc.c, `__zone_watermark_ok()`.
    ///
    /// - Returns: nil for a zone without memory.
    public init?(of zone: Zone) {
        guard zone.isPopulated else { return nil }
        if zone.free <= zone.watermarks.min {
            self = .belowMin
        } else if zone.free <= zone.watermarks.low {
            self = .belowLow
        } else if zone.free <= zone.watermarks.high {
            self = .belowHigh
        } else {
            self = .ok
        }
    }
}
