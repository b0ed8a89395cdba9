import Foundation
public import Kernel

/// Processes of given sizes and adjustments in a memory cgroup of the test's own, for the kernel to choose from.
public final class HogFamily {
    public let group: MemoryGroup
    /// In the order in which they were asked for.
    public let processes: [ProcessID]
    private let program = Process()
    private let input = Pipe()
    private let output = Pipe()

    public struct Member: Sendable {
        public let size: Bytes
        public let adjustment: Int

        public init(size: Bytes, adjustment: Int) {
            self.size = size
            self.adjustment = adjustment
        }
    }

    /// Returns when all of them have the memory that they want, with a limit that leaves `room`.
    public init(_ members: [Member], room: Bytes) throws {
        let group = try MemoryGroup(limit: Bytes(mebibytes: 4096))
        self.group = group
        program.executableURL = URL(fileURLWithPath: Oomwarden.path).deletingLastPathComponent().appendingPathComponent("hog")
        program.arguments = [group.processes]
        program.standardInput = input
        program.standardOutput = output
        try program.run()
        let lines = members.map { "\($0.size.kibibytes) \($0.adjustment)\n" }.joined()
        try input.fileHandleForWriting.write(contentsOf: Data((lines + "\n").utf8))
        let words = Self.line(output).split(separator: " ")
        processes = words.dropFirst().compactMap { Int32($0) }.map(ProcessID.init)
        guard words.first == "ready", processes.count == members.count else {
            throw CgroupKill.Failure("the family is not there: \(words.joined(separator: " "))")
        }
        try group.setLimit(try group.usage() + room)
    }

    /// One more process takes so much, until somebody dies.
    ///
    /// - Returns: who; several, in no order, where the kernel was faster than we.
    public func grow(by size: Bytes) throws -> [ProcessID] {
        try input.fileHandleForWriting.write(contentsOf: Data("grow \(size.kibibytes)\n".utf8))
        let words = Self.line(output).split(separator: " ")
        program.waitUntilExit()
        try group.remove()
        return words.dropFirst().compactMap { Int32($0) }.map(ProcessID.init)
    }

    private static func line(_ pipe: Pipe) -> String {
        var bytes = Data()
        while let byte = try? pipe.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
            bytes += byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    deinit {
        if program.isRunning {
            // The thread that started it may block other signals, and so does the child.
            kill(program.processIdentifier, SIGKILL)
            program.waitUntilExit()
        }
        do { try group.remove() } catch { print("\(error)") }
    }
}
