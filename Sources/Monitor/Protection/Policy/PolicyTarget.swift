import Diagnosis
import Host
import Kernel
import Store

/// A process that some policy matches, and how it stands with the one that counts.
struct PolicyTarget: Sendable {
    let startTime: ClockTicks
    var parent: ProcessID
    var commandName: CommandName
    var matches: [PolicySet.Match]
    /// Its place among the policies: the one that counts, or that would but for what it stands on. Nil where none does.
    var policy: Int?
    /// What it had before the first claim.
    var before: OOMScoreAdjustment
    var claim: PolicyClaim?
    var standing = Standing.new

    /// Whose claim outlived a restart, or was not taken back when it should have been.
    init(_ held: HeldClaim) {
        self.init(
            startTime: held.startTime, parent: ProcessID(0), commandName: CommandName([]), matches: [], before: held.baseline)
        claim = held.claim
    }

    init(
        startTime: ClockTicks, parent: ProcessID, commandName: CommandName, matches: [PolicySet.Match],
        before: OOMScoreAdjustment
    ) {
        self.startTime = startTime
        self.parent = parent
        self.commandName = commandName
        self.matches = matches
        self.before = before
    }

    /// Not to be asked for again yet.
    var isPaused: Bool { if case .refused(_, let until) = standing { Nanoseconds.monotonic.count < until.count } else { false } }

    enum Standing: Hashable {
        case new
        case applied
        case leased
        case contested(found: OOMScoreAdjustment)
        /// Not tried again before that time.
        case refused(why: String, until: Nanoseconds)

        var isContested: Bool { if case .contested = self { true } else { false } }
    }

    func add(to report: inout PolicyReport, as process: ProcessID) {
        report.matched += 1
        switch standing {
        case .new: break
        case .applied: report.applied += 1
        case .leased: report.leased += 1
        case .contested(let found):
            report.contested.append(.init(process: process, commandName: commandName, adjustment: found))
        case .refused(let why, _): report.refused.append(.init(process: process, commandName: commandName, why: why))
        }
    }
}
