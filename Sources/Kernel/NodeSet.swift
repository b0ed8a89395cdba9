/// Some NUMA nodes, as the kernel lists them: `0`, `0-1`, `0,2-3`.
///
/// Kernel: lib/vsprintf.c, `%*pbl`. No machine has more than 1,024 of them (`MAX_NUMNODES`).
public struct NodeSet: Hashable, Sendable {
    public let nodes: Set<Int>

    public init(_ nodes: some Sequence<Int>) { self.nodes = Set(nodes) }

    public var isEmpty: Bool { nodes.isEmpty }

    public func contains(_ node: Int) -> Bool { nodes.contains(node) }

    public func intersects(_ other: NodeSet) -> Bool { !nodes.isDisjoint(with: other.nodes) }

    public func isSuperset(of other: NodeSet) -> Bool { nodes.isSuperset(of: other.nodes) }
}

extension NodeSet {
    private static let maximum = 1 << 10

    /// Nil for what is no list of nodes, an empty one among that.
    ///
    ///     0-1,3
    public init?(parsing text: some Sequence<UInt8>) {
        var nodes: Set<Int> = []
        for part in Array(text).split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let ends = part.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map(Self.number)
            guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first <= last else { return nil }
            nodes.formUnion(first...last)
        }
        guard !nodes.isEmpty else { return nil }
        self.init(nodes)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...4).contains(digits.count), digits.allSatisfy(\.isDigit) else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return value < maximum ? value : nil
    }
}

extension NodeSet: CustomStringConvertible {
    /// In the kernel's own form.
    public var description: String {
        var ranges: [ClosedRange<Int>] = []
        for node in nodes.sorted() {
            if let last = ranges.last, last.upperBound + 1 == node {
                ranges[ranges.count - 1] = last.lowerBound...node
            } else {
                ranges.append(node...node)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }
}
