import Host
import Kernel

/// What the processes that we have touched had before; forgotten when they end.
struct OriginalAdjustments {
    struct Key: Hashable {
        let process: ProcessID
        let startTime: ClockTicks
    }

    private var values: [Key: OOMScoreAdjustment] = [:]
    /// With so many it is time to look which processes are still there, so that never more than twice those are kept.
    private var fullAt = Self.least

    private static let least = 64

    subscript(key: Key) -> OOMScoreAdjustment? { values[key] }

    var count: Int { values.count }

    /// Does nothing for a process that we have touched before.
    mutating func remember(_ adjustment: OOMScoreAdjustment, of key: Key, in table: ProcessTable) {
        guard values[key] == nil else { return }
        values[key] = adjustment
        guard values.count >= fullAt else { return }
        values = values.filter { isAlive($0.key, in: table) }
        fullAt = max(Self.least, 2 * values.count)
    }

    mutating func forget(_ key: Key) { values[key] = nil }

    /// One that cannot be looked at is kept.
    private func isAlive(_ key: Key, in table: ProcessTable) -> Bool {
        do throws(ProcessError) {
            return try ProcessHandle(opening: key.process, in: table).startTime == key.startTime
        } catch {
            switch error {
            case .noSuchProcess, .gone, .isThread: return false
            default: return true
            }
        }
    }
}
