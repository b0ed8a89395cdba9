import Glibc

/// What read(2) says of /dev/kmsg. Kernel: kernel/printk/printk.c, `devkmsg_read()`.
enum RingRead: Hashable {
    case record
    /// Nothing new.
    case nothing
    case end
    /// Records were overwritten before they were read; the next read gives the oldest that is left.
    case overrun
    /// The record was longer than the buffer; the next read gives the one behind it.
    case oversized
    case failure(Int32)

    init(count: Int, errno: Int32) {
        switch (count, errno) {
        case (1..., _): self = .record
        case (0, _): self = .end
        case (_, EAGAIN): self = .nothing
        case (_, EPIPE): self = .overrun
        case (_, EINVAL): self = .oversized
        default: self = .failure(errno)
        }
    }
}
