import Glibc
public import Kernel

/// Directories.
public enum FileSystem {
    public static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes a directory that only its owner may enter, and those above it that are missing. One that is there is left as it is.
    public static func makeDirectory(_ path: String) throws(SourceError) {
        guard !isDirectory(path) else { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try makeDirectory(String(path[..<slash])) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .unreadable(path: path, errno: errno) }
    }

    /// Where a service keeps what must outlive it: systemd's STATE_DIRECTORY, else the XDG directory, else one in the home.
    ///
    /// - Returns: nil where the environment has none of them.
    public static func stateDirectory(named name: String) -> String? {
        if let given = environment("STATE_DIRECTORY") { return given.split(separator: ":").first.map(String.init) }
        if let state = environment("XDG_STATE_HOME") { return state + "/" + name }
        return environment("HOME").map { $0 + "/.local/state/" + name }
    }

    /// Where root's commands find what the service keeps: systemd's directory of that name, where there is one and the environment
    /// names no other. An ordinary user's daemon keeps it in the home.
    public static func serviceDirectory(
        named name: String, in parent: String = "/var/lib", for user: UInt32? = nil
    ) -> String? {
        guard user ?? geteuid() == 0, environment("STATE_DIRECTORY") == nil, environment("XDG_STATE_HOME") == nil else {
            return nil
        }
        return isDirectory(parent + "/" + name) ? parent + "/" + name : nil
    }
}

/// nil where the variable is not set, or empty.
func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
}
