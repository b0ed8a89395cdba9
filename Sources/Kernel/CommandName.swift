/// The name a process goes by: up to 15 bytes of its own choice, any but NUL; kernel threads may have longer ones.
///
/// Kernel: include/linux/sched.h, `comm[TASK_COMM_LEN]`.
public struct CommandName: Hashable, Sendable {
    /// As the kernel keeps them; they need not be UTF-8 and may hold newlines, escapes and brackets.
    public let bytes: [UInt8]

    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// For people: what is no UTF-8 is repaired, so that two names may have one text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension CommandName: CustomStringConvertible {
    public var description: String { text }
}

extension CommandName: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self.init(text.utf8) }
}
