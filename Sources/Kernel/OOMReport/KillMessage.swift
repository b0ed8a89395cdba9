/// The words before a kill line: all that tells the kind of OOM where there is no report.
///
/// Kernel: mm/oom_kill.c, the `message` of `oom_kill_process()`.
enum KillMessage: Hashable, Sendable {
    case memcg
    case global
    /// vm.oom_kill_allocating_task: nobody was compared with anybody. Since 2.6.36 with words of its own.
    case allocatingTask
    /// A memory policy's nodes; 2.6.16 to 2.6.32 say so, later kernels only in the report.
    case mempolicy
    /// A cpuset's nodes; 2.6.16 to 2.6.32.
    case cpuset
    /// `VM: killing process`: the task whose page fault could not be served; up to 2.6.28.
    case pageFault

    /// The message at `start`, and where the words behind its `: ` begin.
    static func at(_ start: Int = 0, in text: [UInt8]) -> (KillMessage, Int)? {
        guard start < text.count else { return nil }
        switch text[start] {
        case UInt8(ascii: "M"), UInt8(ascii: "N"), UInt8(ascii: "O"):
            guard let (words, message) = all.first(where: { text.has($0.0, at: start) }) else { return nil }
            return (message, start + words.utf8CodeUnitCount)
        default: return nil
        }
    }

    static func at(startOf text: [UInt8]) -> (KillMessage, Int)? { at(0, in: text) }

    /// What is left of them when their beginning is lost.
    static func words(of message: KillMessage, endWith text: ArraySlice<UInt8>) -> Bool {
        all.contains {
            $0.1 == message && $0.0.withUTF8Buffer { $0.count >= text.count && $0.suffix(text.count).elementsEqual(text) }
        }
    }

    private static let all: [(StaticString, KillMessage)] = [
        ("Memory cgroup out of memory: ", .memcg),
        ("Out of memory: ", .global),
        ("Out of Memory: ", .global),
        ("Out of memory (oom_kill_allocating_task): ", .allocatingTask),
        ("No available memory (MPOL_BIND): ", .mempolicy),
        ("No available memory in cpuset: ", .cpuset),
    ]

    /// The kernel has the same words for an OOM of the machine, of a cpuset, of a memory policy and for SysRq f; without
    /// the report nothing tells which. It is counted as the machine's, by far the commonest; its `constraint` stays nil.
    var scope: OOMScope {
        switch self {
        case .memcg: .memcg
        case .mempolicy: .mempolicy
        case .cpuset: .cpuset
        case .global, .allocatingTask, .pageFault: .global
        }
    }
}

extension KillMessage {
    /// The process that stands behind the message and `literal`: `Out of memory: OOM victim 4711 (a)`.
    static func process(in text: [UInt8], after literal: StaticString) -> (KillMessage, ProcessID)? {
        guard let (message, start) = at(startOf: text), text.has(literal, at: start),
            let processID = text.processID(at: start + literal.utf8CodeUnitCount)
        else { return nil }
        return (message, processID)
    }
}
