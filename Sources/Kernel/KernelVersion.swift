/// The version a format or a formula depends on; what a distribution adds behind it does not count.
///
/// A distribution may print 5.10.0 for any 5.10.x, and may have changed what its number promises.
public struct KernelVersion: Hashable, Sendable {
    public let major: Int
    public let minor: Int
    public let patch: Int

    public init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }
}

extension KernelVersion {
    /// The text of /proc/sys/kernel/osrelease or of `uname -r`.
    ///
    ///     6.1.0-56-amd64
    ///
    /// - Throws: where it does not begin with two numbers and a dot between them.
    public init(parsing bytes: [UInt8]) throws(ParseError) {
        var cursor = LineCursor(bytes)
        guard cursor.nextLine(), let major = cursor.number(), cursor.skip(byte: UInt8(ascii: ".")), let minor = cursor.number()
        else {
            cursor.at = 0
            throw cursor.error(in: "osrelease", expected: "a version such as 6.1")
        }
        let patch = cursor.skip(byte: UInt8(ascii: ".")) ? cursor.number() : nil
        self.init(major, minor, patch ?? 0)
    }
}

extension KernelVersion: Comparable, CustomStringConvertible {
    public static func < (a: KernelVersion, b: KernelVersion) -> Bool {
        (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch)
    }

    public var description: String { "\(major).\(minor).\(patch)" }
}
