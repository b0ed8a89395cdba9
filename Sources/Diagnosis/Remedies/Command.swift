import Kernel

/// Writes the commands of remedies.
enum Command {
    static func sysctl(_ name: String, _ value: Int) -> String { "sysctl -w vm.\(name)=\(value)" }
    static func sysctl(_ name: String, _ values: [Int]) -> String {
        "sysctl -w vm.\(name)=\"\(values.map(String.init).joined(separator: " "))\""
    }

    /// A new file each time: one of a fixed name may be there already, and in use.
    static func swapFile(mebibytes: Int) -> String {
        "f=$(mktemp /swapfile.XXXXXX) && fallocate -l \(mebibytes)M $f && mkswap $f && swapon $f"
    }

    /// Does `body` for every process, `$p`, of the name, of which there may be several. `pgrep` takes a pattern: what is special
    /// in it is escaped, and `.+` stands for what is no plain character.
    static func forEach(named name: String, _ body: String) -> String {
        var pattern = ""
        for scalar in name.unicodeScalars {
            let isPlain = (0x20..<0x7F).contains(scalar.value)
            if isPlain, special.contains(Character(scalar)) { pattern += "\\" }
            pattern += isPlain ? String(Character(scalar)) : ".+"
        }
        return "for p in $(pgrep -x -- \(quoted(pattern))); do \(body); done"
    }

    private static let special = Set(#".[]{}()*+?^$|\"#)

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
