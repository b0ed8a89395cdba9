import Glibc
import Host
import Kernel
import Monitor
import Synchronization

/// For a while the keeper's thread cannot wait: poll(2) takes no more descriptors than the process may have.
struct Deafness {
    private static let raised = OOMScoreAdjustment(700) ?? .neutral

    func run() throws {
        let sleeper = try PIDReuse.sleeper()
        defer { PIDReuse.end(sleeper) }
        let floor = try adjustment(of: sleeper)
        let failure = Failure()
        var settings = ProtectionKeeper.Settings()
        settings.onFailure = { if $0.sentence.hasPrefix("poll") { failure.isSeen.store(true, ordering: .relaxed) } }
        let keeper = ProtectionKeeper(
            table: ProcessTable(), cgroups: MemoryCgroups(), kernel: try RunningKernel.read(), settings: settings)
        try keeper.start()
        _ = try keeper.protect(.init(process: sleeper), .init(Self.raised), by: .daemon)
        let limit = setDescriptorLimit(1)
        let isDeaf = try comesTrue { failure.isSeen.load(ordering: .relaxed) }
        _ = setDescriptorLimit(limit)
        var order = ProtectionKeeper.Order(Self.raised)
        order.time = Nanoseconds(1_000_000_000)
        _ = try keeper.protect(.init(process: sleeper), order, by: .daemon)
        let hasEnded = try comesTrue { try adjustment(of: sleeper) == floor }
        print(isDeaf ? "deaf" : "not deaf", hasEnded ? "ended" : "for ever")
    }

    private final class Failure: Sendable {
        let isSeen = Atomic(false)
    }

    private func adjustment(of process: ProcessID) throws -> OOMScoreAdjustment {
        try ProcessHandle(opening: process, in: ProcessTable()).readAdjustment()
    }

    private func comesTrue(_ condition: () throws -> Bool) throws -> Bool {
        for _ in 0..<500 {
            if try condition() { return true }
            usleep(20_000)
        }
        return false
    }

    /// - Returns: the one before.
    private func setDescriptorLimit(_ value: rlim_t) -> rlim_t {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { exit(70) }
        let before = limit.rlim_cur
        limit.rlim_cur = value
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { exit(70) }
        return before
    }
}
