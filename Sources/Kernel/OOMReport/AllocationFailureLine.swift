/// A request failed and nobody was killed for it: the first line of a report that looks like an OOM's.
///
/// Kernel: mm/page_alloc.c, `warn_alloc()`; up to 4.9 `warn_alloc_failed()`. mm/slub.c, `slab_out_of_memory()`.
struct AllocationFailureLine: Hashable, Sendable {
    let kind: Kind
    /// Nil in 2.4 and of a slab, which do not tell; also where it is a record of its own (4.9).
    let comm: CommandName?
    let order: Int?
    let mask: GFPMask?
    /// The nodes that a memory policy left, as printed; since 4.11. nil for all.
    let nodeMask: String?
    /// Since 5.0.
    let cpuset: [UInt8]?
    let memsAllowed: String?
    /// That of the mask, where it has no names; nil where only the release can tell.
    let era: GFPEra?

    enum Kind: Hashable, Sendable {
        case page
        /// `vmalloc: allocation failure: 4096 bytes`, `vmalloc error: size 4096, …`
        case vmalloc
        /// `SLUB: Unable to allocate memory on node -1`, with its own lines behind it.
        case slab
    }
}

extension AllocationFailureLine {
    /// Nil if `text` is no such line.
    ///
    ///     swapper/3: page allocation failure: order:0, mode:0x40a20(GFP_ATOMIC|__GFP_COMP), nodemask=(null),cpuset=/,mems_allowed=0
    ///     mailoops: page allocation failure. order:1, mode:0x20
    ///     __alloc_pages: 0-order allocation failed (gfp=0x1d2/0)
    init?(_ text: [UInt8]) {
        if text.starts(with: "__alloc_pages: ") {
            self.init(old: text)
        } else if text.starts(with: "SLUB: Unable to allocate memory on ") {
            self.init(.slab, comm: nil, in: text, from: 35, mask: "gfp=0x")
        } else if let (kind, end, start) = Self.words(in: text) {
            self.init(kind, comm: end.map { CommandName(text[..<$0]) }, in: text, from: start, mask: "mode:0x")
        } else {
            return nil
        }
    }

    /// What failed, where the name ends, and where the fields begin. A name has at most 15 bytes.
    private static func words(in text: [UInt8]) -> (Kind, Int?, Int)? {
        if text.starts(with: "page allocation failure") { return (.page, nil, 23) }
        for end in 0...15 where text.has(": ", at: end) {
            if text.has("page allocation failure", at: end + 2) { return (.page, end, end + 25) }
            if text.has("vmalloc: allocation failure", at: end + 2) { return (.vmalloc, end, end + 29) }
            if text.has("vmalloc error: ", at: end + 2) { return (.vmalloc, end, end + 17) }
        }
        return nil
    }

    private init(_ kind: Kind, comm: CommandName?, in text: [UInt8], from start: Int, mask key: StaticString) {
        self.kind = kind
        self.comm = comm
        order = text.decimal(after: kind == .vmalloc ? "page order " : "order:", from: start)
        mask = text.first(key, from: start).map { GFPMask(at: $0 + key.utf8CodeUnitCount - 2, in: text) }
        nodeMask = text.nodeList(after: "nodemask=", from: start)
        let mems = text.last(",mems_allowed=")
        memsAllowed = mems.flatMap { text.nodeList(after: ",mems_allowed=", from: $0) }
        if let mems, let name = text.first(",cpuset=", from: start), name + 8 <= mems {
            cpuset = Array(text[(name + 8)..<mems])
        } else {
            cpuset = nil
        }
        era = mask.flatMap(GFPEra.init(ofBare:))
    }

    /// 2.4: the number behind the slash is not of the mask.
    private init?(old text: [UInt8]) {
        let end = text.endOfDigits(from: 15)
        guard let order = text.decimal(at: 15), text.has("-order allocation failed", at: end) else { return nil }
        kind = .page
        comm = nil
        self.order = order
        mask = text.first("(gfp=0x", from: end).map { GFPMask(at: $0 + 5, in: text) }
        nodeMask = nil
        cpuset = nil
        memsAllowed = nil
        era = .linux24
    }
}
