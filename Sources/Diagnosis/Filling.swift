public import Kernel

/// A part of what the memory was full of.
public struct Filling: Hashable, Sendable {
    /// `anonymous`, `page_cache`, `shmem`, `slab_unreclaimable`, `page_tables`, `kernel_stacks`, `huge_pages`, `unaccounted`.
    public let what: String
    public let bytes: Bytes
    /// Of the whole, 0 to 1000.
    public let thousandths: Int

    public init(what: String, bytes: Bytes, thousandths: Int) {
        self.what = what
        self.bytes = bytes
        self.thousandths = thousandths
    }
}
