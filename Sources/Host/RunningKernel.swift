public import Kernel

/// Which kernel runs, and which of its runs this is.
public struct RunningKernel: Hashable, Sendable {
    public let version: KernelVersion
    /// A new one at each boot, so that a start time of another boot is not taken for one of this.
    public let bootID: String

    /// For another machine's root that does not tell: no formula is known for it.
    public static let unknown = RunningKernel(version: KernelVersion(0, 0), bootID: "unknown")

    public init(version: KernelVersion, bootID: String) {
        self.version = version
        self.bootID = bootID
    }

    public static func read(root: String = "") throws(SourceError) -> RunningKernel {
        let path = root + "/proc/sys/kernel"
        var reader = ProcessReader()
        do {
            let start = try Directory(opening: path)
            let version = try readVersion(from: start, &reader)
            let boot = try reader.readText("random/boot_id", of: nil, from: start.descriptor)
            return RunningKernel(version: version, bootID: firstLine(boot))
        } catch {
            throw error.sourceError(path)
        }
    }

    /// The version alone: a snapshot of another machine may have no more.
    public static func readVersion(root: String = "") throws(SourceError) -> KernelVersion {
        let path = root + "/proc/sys/kernel"
        var reader = ProcessReader()
        do { return try readVersion(from: Directory(opening: path), &reader) } catch {
            throw error.sourceError(path + "/osrelease")
        }
    }

    private static func readVersion(
        from start: borrowing Directory, _ reader: inout ProcessReader
    ) throws(ReadFailure) -> KernelVersion {
        try parsedVersion(try reader.readText("osrelease", of: nil, from: start.descriptor))
    }
}

private func parsedVersion(_ text: [UInt8]) throws(ReadFailure) -> KernelVersion {
    do { return try KernelVersion(parsing: text) } catch { throw .malformed(error) }
}

private func firstLine(_ text: [UInt8]) -> String { String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
