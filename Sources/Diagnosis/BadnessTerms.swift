public import Kernel

/// What a process's badness is the sum of. Kernel: mm/oom_kill.c, `oom_badness()`.
public struct BadnessTerms: Hashable, Sendable {
    public let resident: Pages
    public let swapped: Pages
    public let pageTables: Pages
    /// What CAP_SYS_ADMIN took off, up to 4.16; 3.6 to 3.13 took it off the adjustment.
    public internal(set) var rootBonus = Pages.zero
    /// Thousandths of the total.
    public internal(set) var adjustment = Pages.zero
    private let isSigned: Bool

    init(resident: Pages, swapped: Pages, pageTables: Pages, isSigned: Bool) {
        self.resident = resident
        self.swapped = swapped
        self.pageTables = pageTables
        self.isSigned = isSigned
    }

    /// What the process has, whatever its adjustment.
    public var size: Pages { resident + swapped + pageTables }

    public var badness: Badness {
        let points = size + rootBonus + adjustment
        return Badness(isSigned ? points : max(points, Pages(1)))
    }
}
