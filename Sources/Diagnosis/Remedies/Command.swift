import Kernel

/// Writes the commands of remedies.
enum Command {
    static func sysctl(_ name: String, _ value: Int) -> String { "sysctl -w vm.\(name)=\(value)" }
    static func sysctl(_ name: String, _ values: [Int]) -> String {
        "sysctl -w vm.\(name)=\"\(values.map(String.init).joined(separator: " "))\""
    }

    static func write(_ value: String, to path: String) -> String { "echo \(value) > \(quoted(path))" }

    /// A path may hold anything; in single quotes nothing of it is the shell's.
    static func quoted(_ path: String) -> String {
        let plain = path.utf8.allSatisfy { byte in
            byte.isAlphanumeric || "/._-:@".utf8.contains(byte)
        }
        return plain ? path : "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

extension UInt8 {
    fileprivate var isAlphanumeric: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}

extension Bytes {
    /// Rounded up to a whole number of MiB, for a setting.
    var mebibytesUp: Int {
        let mebi = Bytes(kibibytes: Bytes(kibibytes: 1).count).count
        return count > 0 ? (count - 1) / mebi + 1 : 0
    }
}
