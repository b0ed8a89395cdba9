/// Which zone of which NUMA node. The name is the kernel's own (`DMA`, `DMA32`, `Normal`, `HighMem`, `Movable`, `Device`).
public struct ZoneID: Hashable, Sendable, CustomStringConvertible {
    public let node: Int
    public let name: String
    /// nil for a name that no kernel so far has printed.
    public let type: ZoneType?

    public init(node: Int, name: String) {
        self.node = node
        self.name = name
        type = ZoneType(name: name)
    }

    /// As the kernel writes it: `Node 0, zone Normal`.
    public var description: String { "Node \(node), zone \(name)" }
}

/// The types of zone in the order of their addresses; a request may use its own type and those below.
///
/// Kernel: include/linux/mmzone.h, `enum zone_type`. A kernel is built with some of them; Normal and Movable always exist.
public enum ZoneType: Int, CaseIterable, Comparable, Sendable {
    case dma, dma32, normal, highMem, movable, device

    static let count = allCases.count

    /// - Returns: nil for a name that no kernel so far has printed.
    public init?(name: String) {
        switch name {
        case "DMA": self = .dma
        case "DMA32": self = .dma32
        case "Normal": self = .normal
        case "HighMem": self = .highMem
        case "Movable": self = .movable
        case "Device": self = .device
        default: return nil
        }
    }

    public var name: String {
        switch self {
        case .dma: "DMA"
        case .dma32: "DMA32"
        case .normal: "Normal"
        case .highMem: "HighMem"
        case .movable: "Movable"
        case .device: "Device"
        }
    }

    public static func < (a: ZoneType, b: ZoneType) -> Bool { a.rawValue < b.rawValue }
}

extension LineCursor {
    /// Steps over `Node 0, zone   Normal`, the head of a zone in zoneinfo, buddyinfo and pagetypeinfo.
    mutating func zoneID(in source: String) throws(ParseError) -> ZoneID {
        guard skip("Node "), let node = number(), skip(byte: UInt8(ascii: ",")) else {
            throw error(in: source, expected: "a zone's head such as 'Node 0, zone Normal'")
        }
        skipBlanks()
        guard skip("zone ") else { throw error(in: source, expected: "'zone' and its name after the node") }
        var name = word()
        if name.last.map({ bytes[$0] == UInt8(ascii: ",") }) ?? false { name = name.dropLast() }
        guard !name.isEmpty else { throw error(in: source, expected: "a zone's name") }
        return ZoneID(node: node, name: text(name))
    }
}
