/// The cpuset that the asker is in, and the nodes that it leaves.
///
/// Kernel: kernel/cpuset.c, `cpuset_print_current_mems_allowed()`; 2.6.29 to 4.20 a line of its own.
struct CpusetLine: Hashable, Sendable {
    let comm: CommandName
    /// The last part of a path, the id of a container perhaps; not the memory cgroup.
    let cpuset: [UInt8]
    /// `0-1`; nil where it is cut off.
    let memsAllowed: String?
}

extension CpusetLine {
    /// Nil if `text` is no such line.
    ///
    ///     mysqld cpuset=/ mems_allowed=0
    init?(_ text: [UInt8]) {
        guard let name = text.endOfName(before: " cpuset=") else { return nil }
        guard let mems = text.last(" mems_allowed="), mems >= name + 8 else { return nil }
        comm = CommandName(text[..<name])
        cpuset = Array(text[(name + 8)..<mems])
        memsAllowed = text.nodeList(after: " mems_allowed=", from: mems)
    }
}
