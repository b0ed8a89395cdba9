public import Foundation

/// A reading of a real machine, as bytes: `Fixtures/<kernel>-<arch>-<story>/`, laid out as a root directory
/// (`proc/…`, `sys/…`, `dev/kmsg`). Its PROVENANCE says where it comes from.
public struct Fixture: Sendable, CustomStringConvertible {
    public let name: String

    public init(_ name: String) { self.name = name }

    /// The directory, to be given to `--root`.
    public var root: String { Self.directory.appendingPathComponent(name).path }

    public func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: root).appendingPathComponent(path)))
    }

    public func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    public func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: URL(fileURLWithPath: root).appendingPathComponent(path).path)
    }

    public var description: String { name }

    public static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    /// Every fixture that is there.
    public static let all: [Fixture] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        precondition(!names.isEmpty, "no fixtures in \(directory.path)")
        return names.sorted().map(Fixture.init)
    }()
}
