/// The header fields of a message, in their order; names compare without case (RFC 9110 §5.1).
///
/// A received field stays bytes until somebody asks for it: a scrape has half a dozen that nobody reads.
public struct Headers: Sendable, ExpressibleByDictionaryLiteral {
    /// Names and values, each with a NUL behind it.
    private var bytes: [UInt8] = []
    private var fields: [Field] = []

    private struct Field: Sendable {
        let name: Range<Int>
        let value: Range<Int>
    }

    public init() {}

    public init(dictionaryLiteral fields: (String, String)...) {
        for (name, value) in fields { append(name, value) }
    }

    public var count: Int { fields.count }
    public var isEmpty: Bool { fields.isEmpty }

    /// The value of the first field of that name.
    public subscript(_ name: String) -> String? { fields.first { matches($0, name) }.map { text($0.value) } }

    public func contains(_ name: String) -> Bool { fields.contains { matches($0, name) } }

    /// The values of all fields of that name, in their order.
    public func values(_ name: String) -> [String] {
        var values: [String] = []
        for field in fields where matches(field, name) { values.append(text(field.value)) }
        return values
    }

    /// All fields as they came; bytes that are not UTF-8 are repaired.
    public var pairs: [(name: String, value: String)] { fields.map { (text($0.name), text($0.value)) } }

    /// Each field as the two C strings that libmicrohttpd takes, without their NUL; nothing is copied.
    func forEachTerminated(
        _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) throws(HTTPFault) -> Void
    ) throws(HTTPFault) {
        try bytes.withUnsafeBufferPointer { bytes throws(HTTPFault) in
            for field in fields {
                try body(
                    UnsafeBufferPointer(rebasing: bytes[field.name]), UnsafeBufferPointer(rebasing: bytes[field.value]))
            }
        }
    }

    public mutating func append(_ name: String, _ value: String) {
        append(name: name.utf8, value: value.utf8)
    }

    /// Every field of `other`, behind ours.
    public mutating func append(contentsOf other: Headers) {
        for field in other.fields { append(name: other.bytes[field.name], value: other.bytes[field.value]) }
    }

    @inline(__always)
    mutating func append(name: some Collection<UInt8>, value: some Collection<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: name)
        let nameEnd = bytes.count
        bytes.append(0)
        let valueStart = bytes.count
        bytes.append(contentsOf: value)
        fields.append(Field(name: start..<nameEnd, value: valueStart..<bytes.count))
        bytes.append(0)
    }

    mutating func reserve(fields count: Int, bytes size: Int) {
        fields.reserveCapacity(count)
        bytes.reserveCapacity(size)
    }

    private func matches(_ field: Field, _ name: String) -> Bool {
        field.name.count == name.utf8.count && ASCII.equalIgnoringCase(bytes[field.name], name.utf8)
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
