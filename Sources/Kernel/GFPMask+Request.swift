extension GFPMask {
    /// The kind of request that it stands for.
    ///
    /// `era` is what the form of the line tells where the log has no release. The bits that choose the zone are older than
    /// both, so that without either there still is an answer.
    ///
    /// - Returns: nil for a mask of 0, the page fault that has no request at all (`pagefault_out_of_memory()`).
    public func request(release: KernelVersion?, era: GFPEra? = nil) -> AllocationRequest? {
        guard !isWithoutContext else { return nil }
        return (meaning(release: release, era: era) ?? number.map(GFPFlags.init(zoneBits:)))?.request
    }

    /// False where the request, though `.user`, ends at HighMem: GFP_HIGHUSER. Nil for no request.
    public func mayUseMovable(release: KernelVersion?, era: GFPEra? = nil) -> Bool? {
        guard !isWithoutContext else { return nil }
        return (meaning(release: release, era: era) ?? number.map(GFPFlags.init(zoneBits:)))?.mayUseMovable
    }

    /// By the names where the kernel printed them, else by the bits of the release's era, else of `era`.
    ///
    /// - Returns: nil where neither is known, and for a mask of 0.
    public func meaning(release: KernelVersion?, era: GFPEra? = nil) -> GFPFlags? {
        guard !isWithoutContext else { return nil }
        if let named { return named }
        guard let number, let era = release.map(GFPEra.init) ?? era else { return nil }
        return GFPFlags(bits: number, of: era)
    }

    /// `gfp_mask=0x0`: from 2.6.29 to 5.15 a page fault whose own request had failed before. Not GFP_NOWAIT.
    public var isWithoutContext: Bool { number == 0 }

    /// Nil where the hexadecimal digits are cut off, or more than any kernel prints.
    var number: UInt64? {
        UInt64(hexadecimal.hasPrefix("0x") ? hexadecimal.dropFirst(2) : hexadecimal[...], radix: 16)
    }

    /// Nil where the first name, which has the zone in it, is not known: it may be cut.
    private var named: GFPFlags? {
        guard let flags, let first = flags.first, GFPFlags(name: first) != nil || first.hasPrefix("__GFP_") else { return nil }
        return flags.reduce(into: GFPFlags()) { $0.formUnion(GFPFlags(name: $1) ?? []) }
    }
}
