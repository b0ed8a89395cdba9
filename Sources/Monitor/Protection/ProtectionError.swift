public import Diagnosis
public import Kernel
public import Store

/// Why a process was not protected, or its protection not taken back. Nothing was changed then.
public enum ProtectionError: Error, Hashable, Sendable {
    case process(ProcessError)
    /// It is the only process that may die when this limited group is full: without it the kernel would look for ever, or panic.
    case noOtherVictim(ProcessID, group: CgroupPath)
    /// We have not changed it, or have forgotten that with the process that had the number before.
    case nothingToRestore(ProcessID)
    /// All that is strongly protected would hold more than its share of memory.
    case overBudget(ProtectionBudget, ProtectedMemory)
    /// Nobody on the machine but this daemon could be killed any more.
    case noVictimLeft(ProcessID)
    /// There is no such lease, or none any more.
    case noSuchLease(String)
    /// Only its owner or an admin may end it.
    case notTheOwner(lease: String, owner: String?)
    /// It could not be written down, and so was not done.
    case auditUnwritable(StoreError)
}

extension ProtectionError {
    /// For the audit: one sentence.
    public var sentence: String {
        switch self {
        case .process(let error): error.sentence
        case .noOtherVictim(_, let group): "it is the only possible victim in \(group.text)"
        case .nothingToRestore: "it has no value of ours"
        case .overBudget(let budget, let held):
            "\(held.sum.kibibytes) kB would be protected, \(budget.limit.kibibytes) kB may be"
        case .noVictimLeft: "nobody else on the machine may be killed"
        case .noSuchLease(let id): "there is no lease \(id)"
        case .notTheOwner(let lease, let owner): "lease \(lease) is \(owner ?? "nobody")'s"
        case .auditUnwritable(let error): error.sentence
        }
    }
}

extension ProcessError {
    /// For the audit: one sentence.
    var sentence: String {
        switch self {
        case .noSuchProcess(let process): "there is no process \(process)"
        case .gone(let process): "process \(process) has ended"
        case .isThread(let thread, let process): "\(thread) is a thread of process \(process)"
        case .initProcess: "process 1 is never killed"
        case .kernelThread: "it is a kernel thread"
        case .zombie: "it has exited and waits for its parent"
        case .otherProcess(let identity): "the number \(identity.process) belongs to another process now"
        case .refused(let refusal): "the kernel refused: \(SourceError.meaning(ofErrno: refusal.errno))"
        case .failed(let error): error.description
        }
    }

    /// The process is not there any more, or cannot be killed any more.
    var isEnd: Bool {
        switch self {
        case .noSuchProcess, .gone, .isThread, .zombie, .otherProcess: true
        case .initProcess, .kernelThread, .refused, .failed: false
        }
    }
}
