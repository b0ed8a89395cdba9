import Host
import Kernel

/// The adjustments of the processes that share a memory with one, or may do so, before that one's is changed.
///
/// Where the kernel does not tell who shares it, it shows: what has changed to the same value in that instant. Somebody else's
/// writing the very same value at the very same time would be taken for it.
struct SharedAdjustments {
    private let table: ProcessTable
    private let sharing: Set<ProcessID>
    private let before: [ProcessID: OOMScoreAdjustment]

    init(with process: ProcessStatus, in table: ProcessTable, kernel: KernelVersion) throws(ProcessError) {
        self.table = table
        guard kernel >= KernelVersion(4, 8) else {
            sharing = []
            before = [:]
            return
        }
        do {
            let others = MemorySharing.read(of: process, among: try table.readProcessIDs())
            sharing = Set(others.sharing)
            before = try table.readAdjustments(of: others.sharing + others.unknown)
        } catch {
            throw .failed(error)
        }
    }

    /// Those that have it now and had another before.
    func readChanged(to adjustment: OOMScoreAdjustment) throws(ProcessError) -> [ProcessID] {
        let others = before.filter { $0.value != adjustment }.keys
        do { return try table.readAdjustments(of: others).filter { $0.value == adjustment }.keys.sorted() } catch {
            throw .failed(error)
        }
    }

    /// Those that certainly share the memory and have another value.
    func known(without adjustment: OOMScoreAdjustment) -> [ProcessID] {
        before.filter { sharing.contains($0.key) && $0.value != adjustment }.keys.sorted()
    }
}
