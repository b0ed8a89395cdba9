public import Foundation
import Synchronization

/// A program that a test has started. It ends with the value at the latest, by its own pid.
public final class RunningProgram: Sendable {
    public let pid: pid_t
    public let output: PipeText
    public let errors: PipeText
    private let status = Mutex<Ending?>(nil)

    /// How it ended.
    public enum Ending: Equatable, Sendable {
        case exit(Int32)
        case signal(Int32)
    }

    /// Of the test's own environment what would make a program believe that systemd started it is left out.
    private static let hidden: Set = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "JOURNAL_STREAM", "STATE_DIRECTORY", "XDG_STATE_HOME"]

    /// - Parameters:
    ///   - arguments: the program first, looked for in PATH.
    ///   - isRead: whether somebody takes what it says; else its pipes fill up.
    public init(_ arguments: [String], environment: [String: String] = [:], isRead: Bool = true) throws {
        output = try PipeText(isRead: isRead)
        errors = try PipeText(isRead: isRead)
        let inherited = ProcessInfo.processInfo.environment.filter { !Self.hidden.contains($0.key) }
        let variables = inherited.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
        pid = try spawn(arguments, variables, output: output.writeEnd, errors: errors.writeEnd)
        output.closeWriteEnd()
        errors.closeWriteEnd()
    }

    /// nil while it runs. Once asked, a program that has ended is no longer a zombie.
    public var ending: Ending? {
        status.withLock { known in
            var status: Int32 = 0
            if known == nil, waitpid(pid, &status, WNOHANG) == pid {
                known = status & 0x7f == 0 ? .exit((status >> 8) & 0xff) : .signal(status & 0x7f)
            }
            return known
        }
    }

    /// Whether it has ended, and nobody has asked how.
    public var isZombie: Bool {
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        return stat.contains(") Z ")
    }

    public func signal(_ number: Int32) { if ending == nil { kill(pid, number) } }

    /// - Throws: if it still runs after that time.
    public func end(within seconds: Double) throws -> Ending {
        guard eventually(within: seconds, { ending != nil }), let ending else {
            throw Failure("\(pid) still runs after \(seconds) s; it said: \(errors.text)")
        }
        return ending
    }

    deinit {
        signal(SIGKILL)
        _ = eventually(within: 5) { ending != nil }
    }

    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        public init(_ description: String) { self.description = description }
    }
}

/// Descriptors from 3 on are not handed over: a lock on one of them would last as long as the child. Nor is the signal mask
/// of the thread, in which the workers of a pool block nearly all.
private func spawn(_ arguments: [String], _ variables: [String], output: Int32, errors: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    // One that is not open is passed over.
    for descriptor in 3..<Int32(512) { posix_spawn_file_actions_addclose(&actions, descriptor) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words = arguments.map { strdup($0) } + [nil]
    var settings = variables.map { strdup($0) } + [nil]
    defer { (words + settings).forEach { free($0) } }
    var pid: pid_t = 0
    let failure = posix_spawnp(&pid, arguments[0], &actions, &attributes, &words, &settings)
    guard failure == 0 else {
        throw RunningProgram.Failure("\(arguments[0]) cannot be started: \(String(cString: strerror(failure)))")
    }
    return pid
}
