/// What is done with the processes that a protected one starts: the kernel copies its adjustment to each of them.
/// Kernel: kernel/fork.c, `copy_signal()`.
public enum ChildrenRule: String, Hashable, Sendable, CaseIterable {
    /// They get the value from before the protection.
    case reset
    /// They keep it, for as long as the protection lasts.
    case inherit
}
