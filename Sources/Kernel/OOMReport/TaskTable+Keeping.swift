extension TaskTable {
    /// Those with the most memory, the two largest of every adjustment, and `also`; in their order.
    ///
    /// Badness is a process's memory and a part that is the same for all with its adjustment. So the two that the kernel
    /// finds worst are always among the kept, and of more than two thousand adjustments most have no process.
    mutating func keepLargest(_ count: Int, also: Set<ProcessID> = []) {
        guard rows.count > count else { return }
        let sizes = rows.map(\.size)
        let threshold = sizes.sorted(by: >)[max(count, 0)]
        let largest = largestOfEachAdjustment(sizes)
        var room = count - sizes.count { $0 > threshold }
        var kept: [Task] = []
        for (index, row) in rows.enumerated() {
            let isEqual = sizes[index] == threshold && room > 0
            if isEqual { room -= 1 }
            if sizes[index] > threshold || isEqual || largest.contains(index) || also.contains(row.processID) { kept.append(row) }
        }
        omitted += rows.count - kept.count
        rows = kept
    }

    private func largestOfEachAdjustment(_ sizes: [Int]) -> Set<Int> {
        var largest: [Int?: (first: Int, second: Int?)] = [:]
        for (index, row) in rows.enumerated() {
            guard let known = largest[row.scoreAdjustment] else {
                largest[row.scoreAdjustment] = (index, nil)
                continue
            }
            if sizes[index] > sizes[known.first] {
                largest[row.scoreAdjustment] = (index, known.first)
            } else if known.second.map({ sizes[index] > sizes[$0] }) ?? true {
                largest[row.scoreAdjustment] = (known.first, index)
            }
        }
        return Set(largest.values.flatMap { [$0.first, $0.second].compactMap { $0 } })
    }
}

extension TaskTable.Task {
    /// In pages, what badness counts; the tables' pages may be larger than these, which matters little.
    fileprivate var size: Int {
        let tables = pageTablePages?.count ?? (pageTables?.count ?? 0) / PageSize.fourKiB.bytes
        return (resident?.count ?? 0) &+ (swapped?.count ?? 0) &+ tables
    }
}
