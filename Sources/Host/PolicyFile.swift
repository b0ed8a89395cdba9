public import Diagnosis
import Glibc
public import Kernel

/// A file of policies, read whole: either all of it counts or nothing.
public enum PolicyFile {
    /// More than any administrator writes.
    private static let largest = Bytes(mebibytes: 1).count

    /// - Throws: `.malformed` with line, expectation and finding; `.absent` where there is no such file.
    public static func read(_ path: String) throws(SourceError) -> [ProtectionPolicy] {
        try policies(in: readBytes(path), of: path)
    }

    /// - Parameter path: where the text is, or will be.
    /// - Throws: `.malformed`, as `read` would.
    public static func policies(in bytes: [UInt8], of path: String) throws(SourceError) -> [ProtectionPolicy] {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        do throws(ParseError) {
            guard bytes.count <= largest else {
                throw ParseError(source: name, line: 0, expected: "at most 1 MiB", found: "more")
            }
            guard let root = try YAMLReader.read(bytes, source: name) else { return [] }
            return try PolicyReader(source: name).policies(in: root)
        } catch { throw .malformed(path: path, error) }
    }

    /// Not much more than may be there. Links are followed: Kubernetes keeps a map of configuration behind two of them.
    private static func readBytes(_ path: String) throws(SourceError) -> [UInt8] {
        let file = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= largest {
            let count = retryingInterrupts { Glibc.read(file.raw, &piece, piece.count) }
            guard count >= 0 else { throw SourceError(path: path, errno: errno) }
            if count == 0 { break }
            bytes += piece[..<count]
        }
        return bytes
    }
}
