public import Kernel

/// Writes one JSON document (RFC 8259): keys in the order they are written, compact or indented by two.
///
/// nil becomes `null`: what is not known is never 0.
public struct JSONWriter: ~Copyable {
    private var buffer: TextBuffer
    private let pretty: Bool
    private var depth = 0
    private var isFirst = true

    public init(pretty: Bool = false, capacity: Int = 8000) {
        self.pretty = pretty
        buffer = TextBuffer(capacity: capacity)
    }

    /// One whole document, with a newline at its end so that a terminal's prompt starts on a line of its own.
    public static func document(pretty: Bool, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.object(body)
        writer.buffer.append("\n")
        return writer.buffer.bytes
    }

    /// One object that will stand inside a document, so many levels deep.
    static func fragment(pretty: Bool, depth: Int, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.depth = depth
        writer.object(body)
        return writer.buffer.bytes
    }

    public mutating func object(_ body: (inout JSONWriter) -> Void) { nest("{", "}", body) }

    public mutating func object(_ key: StaticString, _ body: (inout JSONWriter) -> Void) {
        write(key: key)
        nest("{", "}", body)
    }

    /// A nested object, or `null` where there is no value.
    public mutating func object<Value>(_ key: StaticString, of value: Value?, _ body: (inout JSONWriter, Value) -> Void) {
        write(key: key)
        if let value { nest("{", "}") { body(&$0, value) } } else { buffer.append("null") }
    }

    public mutating func array<Elements: Sequence>(
        _ key: StaticString, _ elements: Elements, _ body: (inout JSONWriter, Elements.Element) -> Void
    ) {
        write(key: key)
        nest("[", "]") { writer in
            for element in elements {
                writer.separate()
                body(&writer, element)
            }
        }
    }

    /// An array of objects.
    public mutating func objects<Elements: Sequence>(
        _ key: StaticString, _ elements: Elements, _ body: (inout JSONWriter, Elements.Element) -> Void
    ) {
        array(key, elements) { writer, element in writer.object { body(&$0, element) } }
    }

    public mutating func write(_ key: StaticString, _ value: Int?) {
        write(key: key)
        writeValue(value)
    }

    public mutating func write(_ key: StaticString, _ value: String?) {
        write(key: key)
        if let value { writeValue(value) } else { buffer.append("null") }
    }

    public mutating func write(_ key: StaticString, _ values: [String]?) {
        guard let values else { return write(key, nil as String?) }
        array(key, values) { json, value in json.writeValue(value) }
    }

    public mutating func write(_ key: StaticString, _ value: Bool?) {
        write(key: key)
        switch value {
        case true?: buffer.append("true")
        case false?: buffer.append("false")
        case nil: buffer.append("null")
        }
    }

    public mutating func write(_ key: StaticString, _ value: Timestamp?) {
        write(key: key)
        guard let value else {
            buffer.append("null")
            return
        }
        buffer.append("\"")
        buffer.append(value)
        buffer.append("\"")
    }

    /// A number with exactly three decimals, as debugfs prints it.
    public mutating func write(_ key: StaticString, thousandths value: Int?) {
        write(key: key)
        if let value { buffer.append(thousandths: value) } else { buffer.append("null") }
    }

    /// For keys that are data: a zone's or a counter's name.
    public mutating func write(name: String, _ value: Int) {
        separate()
        writeValue(name)
        buffer.append(pretty ? ": " : ":")
        buffer.append(value)
    }

    public mutating func writeValue(_ value: Int?) {
        if let value { buffer.append(value) } else { buffer.append("null") }
    }

    public mutating func writeValue(_ value: String) {
        buffer.append("\"")
        for byte in value.utf8 { append(escaped: byte) }
        buffer.append("\"")
    }

    private mutating func write(key: StaticString) {
        separate()
        buffer.append("\"")
        buffer.append(key)
        buffer.append(pretty ? "\": " : "\":")
    }

    private mutating func nest(_ open: StaticString, _ close: StaticString, _ body: (inout JSONWriter) -> Void) {
        buffer.append(open)
        depth += 1
        isFirst = true
        body(&self)
        depth -= 1
        if !isFirst { breakLine() }
        isFirst = false
        buffer.append(close)
    }

    private mutating func separate() {
        if !isFirst { buffer.append(",") }
        isFirst = false
        breakLine()
    }

    private mutating func breakLine() {
        guard pretty else { return }
        buffer.append("\n")
        for _ in 0..<depth { buffer.append("  ") }
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.append("\\\"")
        case UInt8(ascii: "\\"): buffer.append("\\\\")
        case UInt8(ascii: "\n"): buffer.append("\\n")
        case UInt8(ascii: "\t"): buffer.append("\\t")
        case 0..<0x20, 0x7f:
            buffer.append("\\u00")
            buffer.append(byte: Self.hexDigit(byte >> 4))
            buffer.append(byte: Self.hexDigit(byte & 15))
        default: buffer.append(byte: byte)
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

extension JSONWriter {
    public mutating func write(_ key: StaticString, _ value: Bytes?) { write(key, value?.count) }

    public mutating func write(_ key: StaticString, _ value: Pages?, of size: PageSize) {
        write(key, value.map { Bytes($0, of: size) })
    }
}
