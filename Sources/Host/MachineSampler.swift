public import Kernel

/// Fills the samples of the flight recorder, from descriptors that stay open and into memory that it has already.
public struct MachineSampler: ~Copyable {
    public private(set) var row = SampleRow()
    private var memInfo: SourceFile
    private var vmStat: SourceFile
    private var buddyInfo: SourceFile
    private var memoryPressure: SourceFile
    private var ioPressure: SourceFile
    private var text: [UInt8] = []

    /// - Parameter root: a directory that holds another machine's `proc`; empty for this machine.
    public init(root: String = "") {
        let stays = root.isEmpty
        memInfo = SourceFile(path: root + "/proc/meminfo", staysOpen: stays, printsAtOnce: true)
        vmStat = SourceFile(path: root + "/proc/vmstat", staysOpen: stays)
        buddyInfo = SourceFile(path: root + "/proc/buddyinfo", staysOpen: stays)
        memoryPressure = SourceFile(path: root + "/proc/pressure/memory", staysOpen: stays, printsAtOnce: true)
        ioPressure = SourceFile(path: root + "/proc/pressure/io", staysOpen: stays, printsAtOnce: true)
        text.reserveCapacity(1 << 15)
    }

    /// Reads everything of one second into `row`. What cannot be read is absent there.
    ///
    /// - Returns: the first failure; PSI that is switched off or too new for the kernel is none.
    public mutating func readSample() -> SourceError? {
        row.clear()
        var failure: SourceError?
        if let error = memInfo.refill(&text) { failure = error } else { row.read(memInfo: text) }
        if let error = vmStat.refill(&text) { failure = failure ?? error } else { row.read(vmStat: text) }
        if memoryPressure.refill(&text) == nil { row.read(memoryPressure: text) }
        if ioPressure.refill(&text) == nil { row.read(ioPressure: text) }
        return failure ?? readFreeBlocks()
    }

    private mutating func readFreeBlocks() -> SourceError? {
        if let error = buddyInfo.refill(&text) { return error }
        if row.read(buddyInfo: text) { return nil }
        do throws(ParseError) {
            row = SampleRow(row, layout: SampleLayout(of: try BuddyInfo(parsing: text)))
        } catch {
            return .malformed(path: buddyInfo.path, error)
        }
        _ = row.read(buddyInfo: text)
        return nil
    }
}

extension SourceFile {
    fileprivate mutating func refill(_ text: inout [UInt8]) -> SourceError? {
        do { try read(into: &text) } catch { return error }
        return nil
    }
}
