import Diagnosis
import Kernel
import MicroHTTP
import Monitor
import Store

extension Refusal {
    init(of error: ProtectionError) {
        switch error {
        case .process(let error): self.init(of: error)
        case .noOtherVictim(let process, let group):
            self.init(
                .conflict, "no_other_victim",
                "process \(process) is the only one that may be killed when \(group.text.debugDescription) is full: "
                    + "without it the kernel would look for ever, or panic",
                next: "use an oom_score_adj above -1000, raise the group's limit, or send \"force\": true")
        case .overBudget(let budget, let held): self.init(over: budget, held)
        case .noVictimLeft(let process):
            self.init(
                .conflict, "no_victim_left",
                "process \(process) is the last of this machine that may be killed: without it the kernel would panic",
                next: "use an oom_score_adj above -1000, take another protection away, or send \"force\": true")
        case .noSuchLease(let id):
            self.init(
                .notFound, "no_such_lease", "there is no lease \(id.debugDescription), or none any more",
                next: "GET /leases lists those in force, GET /leases?all those that ended within a day too")
        case .notTheOwner(let lease, let owner):
            self.init(
                .forbidden, "not_the_owner", "lease \(lease) belongs to \(owner?.debugDescription ?? "nobody that is known")",
                next: "ask with that token, or with one that has scope admin")
        case .auditUnwritable(let error):
            self.init(
                .serviceUnavailable, "audit_unwritable",
                "nothing is protected that cannot be written down: \(error.sentence); nothing was changed",
                next: "make room in the daemon's state directory, or let it be written; the log of the daemon has the path")
        case .nothingToRestore(let process):
            self.init(
                .conflict, "nothing_to_restore", "no lease of this daemon is on process \(process)",
                next: "use /processes/\(process)/protect with the oom_score_adj that it shall have")
        }
    }

    private init(over budget: ProtectionBudget, _ held: ProtectedMemory) {
        self.init(
            .conflict, "over_budget",
            "with it \(held.sum.words) would be at \(ProtectionBudget.strong) or below: \(held.words); "
                + "that may be \(budget.limit.words), \(budget.share.rawValue) % of \(budget.total.words)",
            next: "protect it less (above \(ProtectionBudget.strong)), end another protection (GET /leases), "
                + "or start the daemon with a larger --protect.max-share")
    }

    /// 404 for what is not there, 409 for what may not be adjusted, 412 for another process than was meant, 403 for the kernel's no.
    init(of error: ProcessError) {
        switch error {
        case .noSuchProcess(let process):
            self.init(.notFound, "no_such_process", "there is no process \(process)", next: Self.list)
        case .gone(let process):
            self.init(.notFound, "process_gone", "process \(process) has ended", next: Self.list)
        case .isThread(let thread, let process):
            self.init(
                .notFound, "is_thread", "\(thread) is a thread of process \(process)", next: "use /processes/\(process)")
        case .initProcess:
            self.init(
                .conflict, "init_process", "process 1 is never killed by the OOM killer, whatever its oom_score_adj",
                next: "protect the service itself, not init")
        case .kernelThread(let process):
            self.init(
                .conflict, "kernel_thread", "\(process) is a kernel thread: the OOM killer never chooses it", next: Self.list)
        case .zombie(let process):
            self.init(.conflict, "zombie", "process \(process) has exited and waits for its parent", next: Self.list)
        case .otherProcess(let identity):
            self.init(
                .preconditionFailed, "other_process",
                "If-Match names another process than the one that has the number \(identity.process) now",
                next: "GET /processes/\(identity.process) for its ETag")
        case .refused(let refusal): self.init(of: refusal)
        case .failed(let error): self.init(unreadable: error)
        }
    }

    private static let list = "GET /processes lists the processes of this machine"

    private init(of refusal: ProcessError.Refusal) {
        let reason = SourceError.meaning(ofErrno: refusal.errno)
        if refusal.step == .read {
            self.init(
                .forbidden, "missing_capability",
                "the kernel refused to let the daemon look at process \(refusal.process) (\(reason)): where /proc is mounted with "
                    + "hidepid that needs CAP_SYS_PTRACE; nothing was changed",
                next: "give the unit CAP_SYS_PTRACE, or its group to the gid= of the mount")
            return
        }
        switch refusal.missing {
        case .dacOverride?:
            self.init(
                .forbidden, "missing_capability",
                "the kernel refused to open oom_score_adj of process \(refusal.process), which is another user's (\(reason)): "
                    + "that needs CAP_DAC_OVERRIDE; nothing was changed",
                next: "run the daemon with CAP_DAC_OVERRIDE; \(Self.dropIn)")
        case .some:
            self.init(
                .forbidden, "missing_capability",
                "the kernel refused to lower oom_score_adj of process \(refusal.process) below the last value that a privileged "
                    + "writer set (\(reason)): that needs CAP_SYS_RESOURCE; nothing was changed",
                next: "run the daemon with CAP_SYS_RESOURCE; \(Self.dropIn)")
        case nil:
            self.init(
                .forbidden, "kernel_refused",
                "the kernel refused oom_score_adj of process \(refusal.process) (\(reason)); nothing was changed",
                next: "no capability would change that: look at how /proc is mounted")
        }
    }

    private static let dropIn = "the unit's drop-in Deploy/systemd/oomwarden.service.d/actions.conf gives it"
}
