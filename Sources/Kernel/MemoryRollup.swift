/// What of a process's memory is its alone. Reading it makes the kernel walk all its pages.
///
/// Kernel: fs/proc/task_mmu.c, `show_smaps_rollup()`; since 4.14. It may be read by whoever may trace the process.
public struct MemoryRollup: Hashable, Sendable {
    public let resident: Bytes
    /// Pages that no other process has mapped, of files too.
    public let ownPages: Bytes
    public let anonymous: Bytes
    /// Each anonymous page divided by the number of those that have it; since 5.10.
    public let anonymousShare: Bytes?
    public let swapped: Bytes

    public init(resident: Bytes, ownPages: Bytes, anonymous: Bytes, anonymousShare: Bytes?, swapped: Bytes) {
        self.resident = resident
        self.ownPages = ownPages
        self.anonymous = anonymous
        self.anonymousShare = anonymousShare
        self.swapped = swapped
    }
}

extension MemoryRollup {
    /// The text of /proc/<pid>/smaps_rollup; nil where a line is missing that the sums need.
    ///
    ///     Private_Dirty:      177604 kB
    public init?(parsing bytes: [UInt8]) {
        var amounts: [String: Bytes] = [:]
        var cursor = LineCursor(bytes)
        while cursor.nextLine() {
            let name = cursor.word()
            guard name.count > 1, bytes[name.upperBound - 1] == UInt8(ascii: ":"), let count = cursor.number() else { continue }
            amounts[cursor.text(name.dropLast())] = Bytes(kibibytes: count)
        }
        guard let resident = amounts["Rss"], let anonymous = amounts["Anonymous"] else { return nil }
        self.resident = resident
        self.anonymous = anonymous
        ownPages = (amounts["Private_Clean"] ?? .zero) + (amounts["Private_Dirty"] ?? .zero)
        anonymousShare = amounts["Pss_Anon"]
        swapped = amounts["Swap"] ?? .zero
    }
}
