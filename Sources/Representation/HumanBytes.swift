public import Kernel

extension Bytes {
    /// For people: `391.4 MiB`, `-12 KiB`, `0 B`. At most one decimal, binary units.
    public var human: String {
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var unit = UInt(1 << 10)
        guard count.magnitude >= unit else { return "\(count) B" }
        var index = 0
        while index < units.count - 1, count.magnitude / unit >= 1 << 10 {
            unit <<= 10
            index += 1
        }
        let whole = count.magnitude / unit
        let tenth = count.magnitude % unit * 10 / unit
        return "\(count < 0 ? "-" : "")\(whole)\(tenth > 0 ? ".\(tenth)" : "") \(units[index])"
    }
}
