import Glibc
import Host
import Kernel
import Monitor
import Store

/// What tests do from a process of its own: `protect STORE PID…` until it is killed, `reuse TRIES`, `capability`, `deaf`, or
/// `leader`, whose first thread ends at SIGUSR1 while another lives on.
@main struct Protector {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "protect": try protect(arguments[1], arguments[2...].compactMap { Int32($0) }.map { ProcessID($0) })
        case "reuse": try PIDReuse(tries: Int(arguments[1]) ?? 0).run()
        case "deaf": try Deafness().run()
        case "capability":
            let before = holdsSysResource
            let inside = try Capabilities.withoutSysResource(of: ProcessID(getpid())) { () throws(ProcessError) in
                holdsSysResource
            }
            print(before, inside, holdsSysResource)
        case "leader": leaveToAnotherThread()
        default: exit(64)
        }
    }

    private static func leaveToAnotherThread() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGUSR1)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var thread = pthread_t()
        let failure = pthread_create(&thread, nil, { _ in while true { pause() } }, nil)
        guard failure == 0 else { exit(70) }
        print("ready")
        fflush(nil)
        var number: Int32 = 0
        sigwait(&signals, &number)
        pthread_exit(nil)
    }

    private static var holdsSysResource: Bool {
        do { return try Capabilities.readOwn().effective.contains(.sysResource) } catch { exit(70) }
    }

    /// Raises, renews and takes back, of two owners, and says so after the first.
    private static func protect(_ path: String, _ processes: [ProcessID]) throws {
        var settings = ProtectionKeeper.Settings()
        settings.trail = AuditTrail(store: ProtectionStore(path: path))
        let keeper = ProtectionKeeper(
            table: ProcessTable(), cgroups: MemoryCgroups(), kernel: try RunningKernel.read(), settings: settings)
        try keeper.recover()
        let owners = ["a", "b"].map { Principal(name: $0, scopes: [.protect], address: nil) }
        while true {
            for process in processes {
                let owner = owners[Int.random(in: 0...1)]
                let request = ProtectionKeeper.Request(process: process)
                if Int.random(in: 0..<3) > 0 {
                    _ = try keeper.protect(request, .init(OOMScoreAdjustment(Int.random(in: 500...999)) ?? .neutral), by: owner)
                } else {
                    try unprotect(request, keeper, owner)
                }
            }
            _ = write(1, ".", 1)
        }
    }
}

/// One that has no lease now is no failure.
private func unprotect(_ request: ProtectionKeeper.Request, _ keeper: ProtectionKeeper, _ owner: Principal) throws {
    do { _ = try keeper.unprotect(request, by: owner) } catch {
        switch error {
        case .nothingToRestore, .notTheOwner: return
        default: throw error
        }
    }
}

/// In a pid namespace of its own: a process dies, and its number is given to another between the look and the write.
struct PIDReuse {
    let tries: Int
    private let table = ProcessTable()

    func run() throws {
        var (taken, touched) = (0, 0)
        let keeper = ProtectionKeeper(table: table, cgroups: MemoryCgroups(), kernel: try RunningKernel.read())
        for _ in 0..<tries {
            guard let isTouched = try round(keeper) else { continue }
            taken += 1
            touched += isTouched ? 1 : 0
        }
        print("taken \(taken) touched \(touched)")
    }

    /// - Returns: nil where the number was not given again.
    private func round(_ keeper: ProtectionKeeper) throws -> Bool? {
        let first = try Self.sleeper()
        let handle = try ProcessHandle(opening: first, in: table)
        let lease = try keeper.protect(.init(process: first), .init(Self.raised), by: .daemon).lease
        Self.end(first)
        try setNext(first)
        let second = try Self.sleeper()
        defer { Self.end(second) }
        guard second == first else { return nil }
        let before = try adjustment(of: second)
        let isWritten = isWritable(handle)
        do { _ = try keeper.unprotect(.init(process: second), by: .daemon) } catch {
            guard error == .nothingToRestore(second) else { throw error }
        }
        // Started within the same hundredth of a second it has the same identity: then the lease is over, and nothing written.
        do { _ = try keeper.endLease(lease.id, by: .daemon) } catch {
            guard error == .noSuchLease(lease.id) else { throw error }
        }
        return try isWritten || adjustment(of: second) != before
    }

    private static let raised = OOMScoreAdjustment(700) ?? .neutral

    private func isWritable(_ handle: borrowing ProcessHandle) -> Bool {
        do {
            try handle.write(Self.raised)
            return true
        } catch { return false }
    }

    private func adjustment(of process: ProcessID) throws -> OOMScoreAdjustment {
        try ProcessHandle(opening: process, in: table).readAdjustment()
    }

    static func sleeper() throws -> ProcessID {
        var pid: pid_t = 0
        let command = ["sleep", "600"]
        var words = command.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        guard posix_spawnp(&pid, "sleep", nil, nil, &words, environ) == 0 else { exit(70) }
        return ProcessID(pid)
    }

    static func end(_ process: ProcessID) {
        kill(process.rawValue, SIGKILL)
        waitpid(process.rawValue, nil, 0)
    }

    /// The kernel gives the number after that one next. Kernel: kernel/pid_namespace.c, `pid_ns_ctl_handler()`.
    private func setNext(_ process: ProcessID) throws {
        let file = open("/proc/sys/kernel/ns_last_pid", O_WRONLY)
        let text = Array("\(process.rawValue - 1)".utf8)
        guard file >= 0, write(file, text, text.count) == text.count else { exit(77) }
        close(file)
    }
}
