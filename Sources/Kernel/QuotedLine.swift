/// A line of a log that a statement stands on: where it is, and its words.
public struct QuotedLine: Hashable, Sendable {
    /// The line of the input, from 1; of the kernel's ring, the record's sequence number.
    public let number: Int
    /// The kernel's words without the transport's prefix; they need not be UTF-8.
    public let bytes: [UInt8]

    public init(number: Int, bytes: some Sequence<UInt8>) {
        self.number = number
        self.bytes = Array(bytes)
    }

    /// For people: what is no UTF-8 is repaired.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
