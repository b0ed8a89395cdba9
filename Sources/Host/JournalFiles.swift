import Glibc
import Kernel

/// The files of a journal that hold what services wrote: `system.journal` of a machine, on disk or in memory.
///
/// systemd-journald.service(8): `/var/log/journal/<machine-id>/`, else `/run/log/journal/<machine-id>/`.
struct JournalFiles {
    /// Those that exist; a directory in their place that may not be looked into.
    let paths: [String]

    /// Of this machine only its own: a container may show those of its host.
    init(root: String) {
        paths = ["/var/log/journal", "/run/log/journal"].flatMap { directory in
            let machines = root.isEmpty ? Self.machine.map { [$0] } ?? [] : Self.names(in: root + directory)
            return machines.map { "\(root)\(directory)/\($0)/system.journal" }.filter { Self.mayExist($0) }
        }
    }

    /// Why none can be read; nil if one can.
    var refusal: SourceError? {
        var first: SourceError?
        for path in paths {
            if access(path, R_OK) == 0 { return nil }
            first = first ?? SourceError(path: path, errno: errno)
        }
        return first
    }

    private static var machine: String? {
        var file = SourceFile(path: "/etc/machine-id", staysOpen: false)
        do {
            let id = String(decoding: try file.readBytes().prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
            return id.isEmpty ? nil : id
        } catch {
            // Without it libsystemd has no journal of this machine either.
            return nil
        }
    }

    private static func mayExist(_ path: String) -> Bool { access(path, F_OK) == 0 || errno == EACCES }

    private static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { break }
            let name = String(cString: (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
