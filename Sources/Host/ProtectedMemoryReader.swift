public import Diagnosis
import Glibc
public import Kernel

/// Reads how much memory protected processes hold, with what several of them have counted once.
public struct ProtectedMemoryReader: Sendable {
    private let table: ProcessTable

    public init(table: ProcessTable) { self.table = table }

    /// What those processes hold.
    ///
    /// - Parameters:
    ///   - isExact: pages that forked processes still have in common count in parts, which makes the kernel walk all their pages;
    ///     else they count in each of them, which is more.
    /// - Returns: without the processes that have ended. One whose kinds of memory may not be read counts as a whole.
    public func read(_ processes: [ProcessReading], isExact: Bool) throws(SourceError) -> ProtectedMemory {
        let start = try table.open()
        var reader = ProcessReader()
        var holders: [ProtectedMemory.Holder] = []
        // Who has the very same memory shows the same sums.
        var alike: [ProcessStatus.Memory: [ProcessID]] = [:]
        for process in processes {
            guard let memory = process.status.memory, !isShared(process.status, with: alike[memory] ?? []) else { continue }
            alike[memory, default: []].append(process.status.process)
            let anonymous = reader.anonymous(of: process.status.process, from: start, isExact: isExact) ?? memory.resident
            holders.append(
                ProtectedMemory.Holder(
                    process: process.status.process, command: process.status.commandName, adjustment: process.adjustment,
                    memory: anonymous + (memory.swapped ?? .zero) + (memory.pageTables ?? .zero)))
        }
        return ProtectedMemory(holders)
    }

    private func isShared(_ process: ProcessStatus, with alike: [ProcessID]) -> Bool {
        !alike.isEmpty && !MemorySharing.read(of: process, among: alike).sharing.isEmpty
    }
}

extension ProcessReader {
    /// nil where it may not be read, or is not told (before 4.5).
    fileprivate mutating func anonymous(of process: ProcessID, from start: borrowing Directory, isExact: Bool) -> Bytes? {
        if isExact, let text = text("smaps_rollup", of: process, from: start), let rollup = MemoryRollup(parsing: text) {
            return rollup.anonymousShare ?? rollup.anonymous
        }
        return text("status", of: process, from: start).flatMap { StatusDetails(parsing: $0).kinds?.anonymous }
    }

    private mutating func text(_ file: StaticString, of process: ProcessID, from start: borrowing Directory) -> [UInt8]? {
        do { return try readText(file, of: process, from: start.descriptor) } catch { return nil }
    }
}
