public import Kernel

/// How much of the machine's memory may be kept from the OOM killer.
///
/// If everybody protects what is his, the kernel finds nobody to kill and panics. Kernel: mm/oom_kill.c, `out_of_memory()`.
public struct ProtectionBudget: Hashable, Sendable {
    /// Of all memory.
    public let share: Percent
    /// `MemTotal`.
    public let total: Bytes

    /// Whole parts of a hundred.
    public struct Percent: Hashable, Sendable {
        public let rawValue: Int

        /// nil outside 1 to 100.
        public init?(_ value: Int) {
            guard (1...100).contains(value) else { return nil }
            rawValue = value
        }

        private init(unchecked value: Int) { rawValue = value }

        public static let standard = Percent(unchecked: 60)
    }

    public init(share: Percent, total: Bytes) {
        self.share = share
        self.total = total
    }

    /// At this adjustment and below it half of all memory is taken off a process's badness: it hardly dies first.
    public static let strong = OOMScoreAdjustment(-500) ?? .exempt

    public var limit: Bytes { Bytes(total.count / 100 * share.rawValue) }

    public func allows(_ held: ProtectedMemory) -> Bool { held.sum <= limit }
}

/// The memory of all that is strongly protected or cannot be killed, and who holds it.
public struct ProtectedMemory: Hashable, Sendable {
    /// The largest first.
    public let holders: [Holder]

    /// A process, or several that have one memory.
    public struct Holder: Hashable, Sendable {
        public let process: ProcessID
        public let command: CommandName
        public let adjustment: OOMScoreAdjustment
        /// Anonymous, swapped and page tables: what only its death would give back.
        public let memory: Bytes

        public init(process: ProcessID, command: CommandName, adjustment: OOMScoreAdjustment, memory: Bytes) {
            self.process = process
            self.command = command
            self.adjustment = adjustment
            self.memory = memory
        }
    }

    public init(_ holders: [Holder]) {
        self.holders = holders.sorted { $0.memory > $1.memory || ($0.memory == $1.memory && $0.process < $1.process) }
    }

    public var sum: Bytes { holders.reduce(.zero) { $0 + $1.memory } }

    /// The largest three, for a sentence.
    public var words: String {
        let named = holders.prefix(3).map { "\($0.command.text.debugDescription) (\($0.process)) \($0.memory.words)" }
        let rest = holders.count - named.count
        return named.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
