/// What a task is doing, in the one letter that `status` and `stat` print. Kernel: fs/proc/array.c, `task_state_array`.
public struct ProcessState: Hashable, Sendable {
    public let letter: UInt8

    public init(letter: UInt8) { self.letter = letter }

    /// It has exited and its parent has not asked yet. A leader is one too while its threads live on, and they have its memory.
    public static let zombie = ProcessState(letter: UInt8(ascii: "Z"))

    /// It is on its way out of the tables: `X`, and `x` in 2.6.33 to 3.13.
    public var isDead: Bool { letter | 0x20 == UInt8(ascii: "x") }
}

extension ProcessState: CustomStringConvertible {
    public var description: String { String(UnicodeScalar(letter)) }
}
