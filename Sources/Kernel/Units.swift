/// The only place that knows how pages, blocks and bytes relate.
/// Counts are signed: a margin below zero is a fact that must be told, not an overflow.

/// A number of pages, the unit of nearly everything that mm/ prints.
public struct Pages: Hashable, Sendable {
    public let count: Int

    public init(_ count: Int) { self.count = count }

    public static let zero = Pages(0)
}

/// A number of bytes.
public struct Bytes: Hashable, Sendable {
    public let count: Int

    public init(_ count: Int) { self.count = count }

    /// What the kernel calls `kB` in its reports and in /proc/meminfo: 1024 bytes.
    public init(kibibytes: Int) { self.init(saturatingProduct(kibibytes, 1024)) }

    /// 1024 kibibytes each.
    public init(mebibytes: Int) { self.init(saturatingProduct(mebibytes, 1 << 20)) }

    public init(_ pages: Pages, of size: PageSize) { self.init(saturatingProduct(pages.count, size.bytes)) }

    public static let zero = Bytes(0)
}

/// The size of a page of the machine that the numbers come from: 4096 on most, 65536 on some arm64 and ppc64.
public struct PageSize: Hashable, Sendable {
    public let bytes: Int

    public init(bytes: Int) {
        precondition(bytes > 0 && bytes & (bytes - 1) == 0, "a page size is a power of two")
        self.bytes = bytes
    }

    public static let fourKiB = PageSize(bytes: 4096)
    public static let sixtyFourKiB = PageSize(bytes: 65536)
}

/// A block of `1 << order` contiguous pages, as the buddy allocator keeps them.
public struct Order: Hashable, Sendable {
    public let rawValue: Int

    /// - Precondition: 0 ≤ order < 32; more than the largest MAX_ORDER of any architecture.
    public init(_ rawValue: Int) {
        precondition((0..<32).contains(rawValue), "an order is at least 0 and less than 32")
        self.rawValue = rawValue
    }

    public var pages: Pages { Pages(1 << rawValue) }

    /// Above it the kernel rather fails a request than kills for it. Kernel: include/linux/mmzone.h, `PAGE_ALLOC_COSTLY_ORDER`.
    public static let costly = Order(3)
}

extension Pages: Comparable, AdditiveArithmetic {
    public static func < (a: Pages, b: Pages) -> Bool { a.count < b.count }
    public static func + (a: Pages, b: Pages) -> Pages { Pages(saturatingSum(a.count, b.count)) }
    public static func - (a: Pages, b: Pages) -> Pages { Pages(saturatingDifference(a.count, b.count)) }

    /// Rounds down. `bytes` that are no whole number of pages have no page of their own.
    public init(_ bytes: Bytes, of size: PageSize) { self.init(bytes.count / size.bytes) }
}

extension Bytes: Comparable, AdditiveArithmetic {
    public static func < (a: Bytes, b: Bytes) -> Bool { a.count < b.count }
    public static func + (a: Bytes, b: Bytes) -> Bytes { Bytes(saturatingSum(a.count, b.count)) }
    public static func - (a: Bytes, b: Bytes) -> Bytes { Bytes(saturatingDifference(a.count, b.count)) }

    public var kibibytes: Int { count / 1024 }
}

extension Order: Comparable {
    public static func < (a: Order, b: Order) -> Bool { a.rawValue < b.rawValue }
}

// A hostile or torn file may hold numbers near 2^64: they saturate, they do not trap.

private func saturatingSum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? (a < 0 ? Int.min : Int.max) : sum
}

private func saturatingDifference(_ a: Int, _ b: Int) -> Int {
    let (difference, overflow) = a.subtractingReportingOverflow(b)
    return overflow ? (a < 0 ? Int.min : Int.max) : difference
}

private func saturatingProduct(_ a: Int, _ b: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? ((a < 0) == (b < 0) ? Int.max : Int.min) : product
}
