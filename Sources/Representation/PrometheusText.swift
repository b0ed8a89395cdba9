import Kernel

/// Writes metric families in the exposition format 0.0.4, or in OpenMetrics 1.0.0.
///
/// The two differ in the name of a counter's family and in the end mark; that is all we need of either.
public struct PrometheusText: ~Copyable {
    public enum Format: Sendable {
        case text
        case openMetrics

        public var mediaType: String {
            switch self {
            case .text: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    private var buffer: TextBuffer
    private let format: Format
    private var name: StaticString = ""
    /// What all samples of a row begin with: `oomwarden_buddy_free_blocks{numa_node="0",memory_zone="DMA",order="`.
    private var row = TextBuffer()

    public init(format: Format, capacity: Int = 32768) {
        self.format = format
        buffer = TextBuffer(capacity: capacity)
    }

    public consuming func finished() -> [UInt8] {
        if format == .openMetrics { buffer.append("# EOF\n") }
        return buffer.bytes
    }

    /// The samples that follow belong to this family.
    mutating func family(_ family: MetricFamily) {
        name = family.name
        buffer.append(format == .openMetrics ? family.openMetricsHead : family.textHead)
    }

    mutating func sample(_ value: Int) {
        buffer.append(name)
        buffer.append(" ")
        buffer.append(value)
        buffer.append("\n")
    }

    /// `labels` are rendered: `numa_node="0",memory_zone="DMA"`.
    mutating func sample(_ labels: [UInt8], _ value: Int) {
        open(labels)
        buffer.append("} ")
        buffer.append(value)
        buffer.append("\n")
    }

    /// The samples that follow share these labels, and differ in the one named `key`.
    mutating func row(_ labels: [UInt8], _ key: StaticString) {
        row.removeAll()
        row.append(name)
        row.append("{")
        row.append(labels)
        if !labels.isEmpty { row.append(",") }
        row.append(key)
        row.append("=\"")
    }

    /// `label` needs no escape.
    mutating func sample(_ label: StaticString, _ value: Int) {
        buffer.append(row)
        buffer.append(label)
        close(value)
    }

    /// For a label that is no literal, as `TextBuffer.append(_:)`.
    @_disfavoredOverload
    mutating func sample(_ label: String, _ value: Int) {
        buffer.append(row)
        buffer.append(label)
        close(value)
    }

    mutating func sample(_ label: Int, _ value: Int) {
        buffer.append(row)
        buffer.append(label)
        close(value)
    }

    mutating func sample(_ label: Int, thousandths value: Int) {
        buffer.append(row)
        buffer.append(label)
        buffer.append("\"} ")
        buffer.append(thousandths: value)
        buffer.append(byte: UInt8(ascii: "\n"))
    }

    mutating func sample(_ label: Int, millionths value: Int) {
        buffer.append(row)
        buffer.append(label)
        buffer.append("\"} ")
        buffer.append(value, scale: 1_000_000, digits: 6)
        buffer.append(byte: UInt8(ascii: "\n"))
    }

    mutating func sample(_ label: String, nanoseconds value: Int) {
        buffer.append(row)
        buffer.append(label)
        buffer.append("\"} ")
        buffer.append(value, scale: 1_000_000_000, digits: 9)
        buffer.append(byte: UInt8(ascii: "\n"))
    }

    private mutating func close(_ value: Int) {
        buffer.append("\"} ")
        buffer.append(value)
        buffer.append(byte: UInt8(ascii: "\n"))
    }

    mutating func sample(microseconds value: Int) {
        buffer.append(name)
        buffer.append(" ")
        buffer.append(value, scale: 1_000_000, digits: 6)
        buffer.append("\n")
    }

    /// A label's value as the format wants it: backslash, quote and newline escaped.
    static func label(_ key: StaticString, _ value: String) -> [UInt8] {
        var buffer = TextBuffer()
        append(key, value, to: &buffer)
        return buffer.bytes
    }

    static func labels(of zone: ZoneID) -> [UInt8] {
        var buffer = TextBuffer()
        buffer.append("numa_node=\"")
        buffer.append(zone.node)
        buffer.append("\",")
        append("memory_zone", zone.name, to: &buffer)
        return buffer.bytes
    }

    private static func append(_ key: StaticString, _ value: String, to buffer: inout TextBuffer) {
        buffer.append(key)
        buffer.append("=\"")
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): buffer.append("\\\\")
            case UInt8(ascii: "\""): buffer.append("\\\"")
            case UInt8(ascii: "\n"): buffer.append("\\n")
            default: buffer.append(byte: byte)
            }
        }
        buffer.append("\"")
    }

    private mutating func open(_ labels: [UInt8]) {
        buffer.append(name)
        buffer.append("{")
        buffer.append(labels)
    }
}

/// One metric: its name, its kind and its help line.
struct MetricFamily: Sendable {
    enum Kind: Sendable {
        case gauge, counter
    }

    let name: StaticString
    let kind: Kind
    /// The two lines before the samples. They never change: each scrape copies them.
    let textHead: [UInt8]
    /// OpenMetrics names a counter's family without the `_total` of its samples.
    let openMetricsHead: [UInt8]

    init(name: StaticString, kind: Kind, help: StaticString) {
        self.name = name
        self.kind = kind
        textHead = Self.head(name, cut: 0, kind, help)
        openMetricsHead = Self.head(name, cut: kind == .counter ? "_total".utf8.count : 0, kind, help)
    }

    private static func head(_ name: StaticString, cut: Int, _ kind: Kind, _ help: StaticString) -> [UInt8] {
        var buffer = TextBuffer()
        let length = name.utf8CodeUnitCount - cut
        buffer.append("# HELP ")
        buffer.append(name, length: length)
        buffer.append(" ")
        buffer.append(help)
        buffer.append("\n# TYPE ")
        buffer.append(name, length: length)
        buffer.append(kind == .counter ? " counter\n" : " gauge\n")
        return buffer.bytes
    }
}
