import ArgumentParser
import Host

/// The argument of `--root`.
enum RootDirectory {
    /// Without a slash at its end, so that `DIR` + `/proc` is a path.
    static func checked(_ path: String) throws -> String {
        var trimmed = path
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        guard FileSystem.isDirectory(trimmed + "/proc") else {
            throw ValidationError(
                "expected a directory that holds 'proc', such as an unpacked snapshot of a machine, found \(path.debugDescription)"
            )
        }
        return trimmed == "/" ? "" : trimmed
    }
}
