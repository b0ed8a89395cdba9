/// The kernel's word that a task has not moved for minutes; often it waits for a page that is being written out or read back.
///
/// Kernel: kernel/hung_task.c, `check_hung_task()`; since 2.6.30, where CONFIG_DETECT_HUNG_TASK is built in. The name may hold
/// anything, so that the words behind it are looked for from the end; since 6.11 or so more text follows them.
public struct HungTaskLine: Hashable, Sendable {
    public let comm: CommandName
    public let process: ProcessID
    public let seconds: Int

    /// The text of a record of the kernel's own.
    ///
    ///     INFO: task jbd2/sda1-8:231 blocked for more than 120 seconds.
    ///
    /// - Returns: nil for every other text.
    public init?(_ text: [UInt8]) {
        guard text.starts(with: "INFO: task "), let words = text.last(" blocked for more than ", before: text.count),
            let colon = text[..<words].lastIndex(of: UInt8(ascii: ":")), colon >= "INFO: task ".utf8.count,
            let number = Int32(String(decoding: text[(colon + 1)..<words], as: UTF8.self)), number > 0
        else { return nil }
        var cursor = LineCursor(Array(text[(words + " blocked for more than ".utf8.count)...]))
        guard cursor.nextLine(), let seconds = cursor.number(), cursor.skip(" seconds") else { return nil }
        comm = CommandName(text["INFO: task ".utf8.count..<colon])
        process = ProcessID(number)
        self.seconds = seconds
    }
}
