public import Kernel

/// The memory that comes back when a process and those that die with it are gone.
///
/// Pages that others have mapped as well come back only with their last user, so this is a range. Page cache of its files stays.
public struct KillReturn: Hashable, Sendable {
    public let least: Bytes
    public let most: Bytes
    /// Of that, what is in swap comes back there.
    public let swap: Bytes
    public let basis: Basis

    public enum Basis: String, CaseIterable, Hashable, Sendable {
        /// The kernel was asked which pages are its own.
        case rollup = "smaps_rollup"
        /// Only its sums are known, and how large its relatives are, with whom it may share.
        case status
    }

    public init(least: Bytes, most: Bytes, swap: Bytes, basis: Basis) {
        self.least = min(least, most)
        self.most = most
        self.swap = swap
        self.basis = basis
    }

    public static let nothing = KillReturn(least: .zero, most: .zero, swap: .zero, basis: .rollup)

    /// - Parameters:
    ///   - kinds: nil before 4.5; all of it may then be its own.
    ///   - relatives: the memory of its parent, children and siblings together: a fork shares pages until they are written to.
    public init(
        of memory: ProcessStatus.Memory, kinds: StatusDetails.MemoryKinds?, rollup: MemoryRollup?, relatives: Bytes
    ) {
        let tables = memory.pageTables ?? .zero
        let anonymous = rollup?.anonymous ?? kinds?.anonymous ?? memory.resident
        // Shared memory that nobody else has, and whose file is gone, goes with it.
        let shared = kinds?.shared ?? .zero
        let least = rollup?.leastAnonymous ?? max(anonymous - relatives, .zero)
        self.init(
            least: least + tables, most: anonymous + shared + tables, swap: memory.swapped ?? .zero,
            basis: rollup == nil ? .status : .rollup)
    }

    public static func + (a: KillReturn, b: KillReturn) -> KillReturn {
        let basis: Basis = a.basis == .status || b.basis == .status ? .status : .rollup
        return KillReturn(least: a.least + b.least, most: a.most + b.most, swap: a.swap + b.swap, basis: basis)
    }
}

extension MemoryRollup {
    /// No fewer anonymous pages than these are its alone. A page of two counts half in each one's share, so that as much as the
    /// shares lack is shared twice at most; and what is not of files, of the pages that are its alone, is anonymous.
    fileprivate var leastAnonymous: Bytes {
        let byOwn = ownPages - (resident - anonymous)
        let byShare = anonymousShare.map { $0 + $0 - anonymous } ?? .zero
        return min(max(byOwn, byShare, .zero), anonymous)
    }
}
