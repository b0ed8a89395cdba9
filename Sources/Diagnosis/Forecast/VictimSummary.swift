public import Kernel

/// The head of the order in numbers, by the scan alone.
public struct VictimSummary: Hashable, Sendable {
    /// Badness of the first five, in millionths of all memory; since 5.9 it may be less than 0.
    public let millionths: [Int]
    /// Nobody may be killed: the kernel would panic. Nil where nobody is seen, but not all processes are.
    public let isNobodyLeft: Bool?

    private static let ranks = 5

    /// - Parameter seesAll: false in a pid namespace of its own, which shows only the processes within it.
    public init(of processes: [ProcessReading], formula: BadnessFormula, seesAll: Bool = true) {
        var first: [Int] = []
        for reading in processes {
            guard let badness = formula.badness(of: reading.status, adjustment: reading.adjustment)?.pages.count else { continue }
            guard first.count < Self.ranks || badness > first[first.count - 1] else { continue }
            first.insert(badness, at: first.firstIndex { $0 < badness } ?? first.count)
            if first.count > Self.ranks { first.removeLast() }
        }
        let total = max(formula.totalPages.count, 1)
        // An adjustment moves it by the total at most, and nobody is larger than that.
        millionths = first.map { Int(min(max(Double($0) / Double(total), -2), 4) * 1_000_000) }
        isNobodyLeft = first.isEmpty && !seesAll ? nil : first.isEmpty && !processes.isEmpty
    }
}
