public import Kernel

extension Fixture {
    /// The records of `dev/kmsg`: each begins with a digit, the ` KEY=value` belong to the one before.
    public func kernelLog() throws -> [KernelLogRecord] {
        var records: [[UInt8]] = []
        for line in try bytes("dev/kmsg").split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
            if line.first == UInt8(ascii: " "), var last = records.popLast() {
                last += [UInt8(ascii: "\n")] + line
                records.append(last)
            } else {
                records.append(Array(line))
            }
        }
        return try records.map { try KernelLogRecord(parsing: $0) }
    }
}
