import Glibc
public import Kernel

/// A child process of the test, killed with the value.
public final class Child {
    public let id: ProcessID
    private var isEnded = false

    public init(_ arguments: [String]) throws {
        var pid: pid_t = 0
        var copies = arguments.map { strdup($0) } + [nil]
        defer { copies.forEach { free($0) } }
        guard let program = copies[0], posix_spawnp(&pid, program, nil, nil, &copies, environ) == 0 else { throw NotInTime() }
        id = ProcessID(pid)
    }

    /// Waits until the child has become `sleep`, and no longer is the copy of this process that it began as.
    public static func sleeping(_ prefix: [String] = []) throws -> Child {
        let child = try Child(prefix + ["sleep", "600"])
        try waitUntil { Array(readFile("/proc/\(child.id)/comm")) == Array("sleep\n".utf8) }
        return child
    }

    /// Kills it and leaves it a zombie.
    public func kill() throws {
        Glibc.kill(id.rawValue, SIGKILL)
        try waitUntil { String(decoding: readFile("/proc/\(id)/status"), as: UTF8.self).contains("State:\tZ") }
    }

    /// Kills it and takes it out of the tables.
    public func end() {
        guard !isEnded else { return }
        isEnded = true
        Glibc.kill(id.rawValue, SIGKILL)
        var status: Int32 = 0
        waitpid(id.rawValue, &status, 0)
    }

    deinit { end() }
}

public struct NotInTime: Error {}

/// Looks every 5 ms, for 10 s at most.
public func waitUntil(_ condition: () throws -> Bool) throws {
    for _ in 0..<2000 {
        if try condition() { return }
        usleep(5000)
    }
    throw NotInTime()
}

/// The bytes of a file that may be gone; none then.
private func readFile(_ path: String) -> [UInt8] {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(file, &bytes, bytes.count)
    return Array(bytes.prefix(max(count, 0)))
}
