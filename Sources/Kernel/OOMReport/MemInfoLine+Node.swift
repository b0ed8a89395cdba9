extension MemInfoLine {
    /// Nil if `text` is no node's line. `all_unreclaimable?` need not be the last: 6.17 has `Balloon:` behind it.
    ///
    ///     Node 0 active_anon:14kB inactive_anon:8240kB … shmem_thp: 0kB … pages_scanned:0 all_unreclaimable? no
    static func node(_ text: [UInt8], _ release: KernelVersion?) -> MemInfoLine? {
        var cursor = LineCursor(lineOf: text)
        guard let node = cursor.nodeNumber(), cursor.starts(with: "active_anon:") else { return nil }
        var hasPagesScanned = false
        var amounts = cursor.amounts { name, _ in hasPagesScanned = hasPagesScanned || name == "pages_scanned" }
        if hasPagesScanned, let huge = MisplacedHugePages(in: amounts, release) { huge.correct(&amounts) }
        return .node(node: node, amounts: amounts, isAllUnreclaimable: cursor.isAllUnreclaimable())
    }
}

/// 4.8 to 4.10 print four amounts in each other's places: under `shmem` the huge pages of shmem, under `shmem_thp` those of
/// them that are mapped, under `shmem_pmdmapped` the anonymous huge pages and under `anon_thp` shmem.
///
/// Stable kernels of 4.9 and 4.10 have the right order, under the same numbers, so the amounts must tell: huge pages of
/// shmem are a part of shmem and the mapped ones a part of those, and anonymous huge pages are whole ones.
private struct MisplacedHugePages {
    private let indices: [Int]

    /// Nil where they stand in their places. `pages_scanned`, in the same kernels and no later one, must be in the line.
    init?(in amounts: [Amount], _ release: KernelVersion?) {
        if let release, release < KernelVersion(4, 8) || release >= KernelVersion(4, 11) { return nil }
        let names = ["shmem", "shmem_thp", "shmem_pmdmapped", "anon_thp"]
        indices = names.compactMap { name in amounts.firstIndex { $0.name == name } }
        guard indices.count == names.count else { return nil }
        let printed = indices.map { amounts[$0].bytes }
        let fits = printed[1] <= printed[0] && printed[2] <= printed[1] && printed[3].isWholeMebibytes
        let isOfWrongOrder = release.map { $0 < KernelVersion(4, 9) } ?? false
        if fits, !isOfWrongOrder { return nil }
    }

    func correct(_ amounts: inout [Amount]) {
        let printed = indices.map { amounts[$0].bytes }
        for (index, bytes) in zip(indices, [printed[3], printed[0], printed[1], printed[2]]) {
            amounts[index] = Amount(name: amounts[index].name, bytes: bytes)
        }
    }
}

extension Bytes {
    /// The smallest huge page of any architecture with transparent ones (s390) is one.
    fileprivate var isWholeMebibytes: Bool { count & ((1 << 20) - 1) == 0 }
}
