/// One process for ever: a pid is given again, but not with the same start time, and those are of one boot.
public struct ProcessIdentity: Hashable, Sendable {
    /// /proc/sys/kernel/random/boot_id. Kernel: drivers/char/random.c, `proc_do_uuid()`; since 2.6.13 and before.
    public let bootID: String
    public let process: ProcessID
    public let startTime: ClockTicks

    public init(bootID: String, process: ProcessID, startTime: ClockTicks) {
        self.bootID = bootID
        self.process = process
        self.startTime = startTime
    }
}

extension ProcessIdentity: CustomStringConvertible {
    /// `cbddabf7-bd37-4ff2-bc9a-ae739c641194-4711-80909`: letters that may stand in an entity tag.
    public var description: String { "\(bootID)-\(process)-\(startTime.count)" }
}
