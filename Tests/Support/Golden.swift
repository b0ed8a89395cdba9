import Foundation

/// An answer as it was once found right, byte for byte: `Golden/<name>`. `UPDATE_GOLDEN=1` writes it anew.
public struct Golden: Sendable {
    public let name: String

    public init(_ name: String) { self.name = name }

    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

    /// The names of all that are there.
    public static func all() throws -> [String] {
        guard let found = FileManager.default.enumerator(atPath: directory.path) else { return [] }
        return found.compactMap { $0 as? String }.filter { $0.contains(".") }.sorted()
    }

    public func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: file)) }

    /// The first line that differs; nil where all are the same.
    public func difference(from found: [UInt8]) throws -> String? {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(found).write(to: file)
        }
        guard FileManager.default.fileExists(atPath: file.path) else { return "\(name) is missing; UPDATE_GOLDEN=1 writes it" }
        let expected = try bytes()
        guard expected != found else { return nil }
        let (ours, theirs) = (lines(of: found), lines(of: expected))
        let line = zip(ours, theirs).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(ours.count, theirs.count)
        return "\(name):\(line + 1): expected \(text(theirs, line)), found \(text(ours, line))"
    }

    private var file: URL { Self.directory.appendingPathComponent(name) }

    private func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    private func text(_ lines: [ArraySlice<UInt8>], _ index: Int) -> String {
        index < lines.count ? String(decoding: lines[index], as: UTF8.self).debugDescription : "the end"
    }
}
