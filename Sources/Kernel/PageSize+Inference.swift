extension PageSize {
    /// The page size of the machine that two captured texts come from, for a capture is not always read on its own kind of
    /// machine: vmstat has `nr_mapped` in pages, meminfo has the same as `Mapped` in kB.
    ///
    /// - Returns: nil where one of them is missing or the two do not fit together.
    public init?(of vmStat: VMStat, _ memInfo: MemInfo) {
        guard let pages = vmStat.mapped, let bytes = memInfo.mapped else { return nil }
        let fits = (12...18).map { PageSize(bytes: 1 << $0) }.first { size in
            let told = Bytes(pages, of: size).count
            return told > 0 && told / 4 * 3 <= bytes.count && bytes.count / 4 * 3 <= told
        }
        guard let fits else { return nil }
        self = fits
    }
}
