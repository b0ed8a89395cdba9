public import Kernel

/// One zone as `__zone_watermark_ok()` sees it for one request.
public struct ZoneVerdict: Hashable, Sendable {
    public let node: Int?
    public let name: String
    public let free: Bytes
    public let min: Bytes?
    public let high: Bytes?
    public let managed: Bytes?
    /// What the request must leave here for others; nil where the log has no reserve, or the request is not known.
    public let protection: Bytes?
    /// Free, less CMA and highatomic where the request may not take them.
    public let usable: Bytes?
    /// The request's zones; nil where the request is not known.
    public let isAllowed: Bool?
    /// True where the log does not print the zone: its free memory is what the totals have more than the printed zones.
    public let isDerived: Bool
    /// Usable memory exceeds min and the protection (and a block of the order is free); nil where not known.
    public let canServe: Bool?

    public init(
        node: Int?, name: String, free: Bytes, min: Bytes? = nil, high: Bytes? = nil, managed: Bytes? = nil,
        protection: Bytes? = nil, usable: Bytes? = nil, isAllowed: Bool? = nil, isDerived: Bool = false, canServe: Bool? = nil
    ) {
        self.node = node
        self.name = name
        self.free = free
        self.min = min
        self.high = high
        self.managed = managed
        self.protection = protection
        self.usable = usable
        self.isAllowed = isAllowed
        self.isDerived = isDerived
        self.canServe = canServe
    }
}
