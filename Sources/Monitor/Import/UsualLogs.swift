import Glibc

/// Where a machine keeps what its kernel said before we came.
public enum UsualLogs {
    public static let patterns = [
        "/var/log/messages*", "/var/log/kern.log*", "/var/log/syslog*", "/sys/fs/pstore/dmesg-*",
        "/var/lib/systemd/pstore/*/dmesg*",
    ]

    /// The oldest first, so that rotated ones come before what they were rotated from.
    public static func paths(matching patterns: [String]) -> [String] {
        let found = patterns.flatMap(Self.matches)
        return found.map { (path: $0, time: writtenAt($0)) }.sorted { ($0.time, $0.path) < ($1.time, $1.path) }.map(\.path)
    }

    private static func matches(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
    }

    private static func writtenAt(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
    }
}
