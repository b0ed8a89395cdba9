public import Kernel

/// Whether the kernel's log is being followed.
public struct KernelLogStatus: Hashable, Sendable {
    public internal(set) var isUp = false
    /// Why not; nil before the first attempt.
    public internal(set) var reason: SourceError?
    /// The ring has been read to its end once, or it cannot be read: nothing is waited for.
    public internal(set) var isReady = false
}
