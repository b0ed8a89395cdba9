import Glibc
import Kernel

/// An open file; closed when the value ends.
struct FileDescriptor: ~Copyable {
    let raw: Int32

    /// - Throws: `.absent` for ENOENT, `.unreadable` for every other refusal.
    ///
    /// - Parameter mode: of a file that `O_CREAT` makes.
    init(opening path: String, _ flags: Int32, mode: mode_t = 0) throws(SourceError) {
        let opened = retryingInterrupts { Int(open(path, flags | O_CLOEXEC, mode)) }
        guard opened >= 0 else { throw SourceError(path: path, errno: errno) }
        raw = Int32(opened)
    }

    /// Reads at the offset that is also the place in `buffer`. 0 at the end of file.
    func read(into buffer: inout [UInt8], from offset: Int, path: String) throws(SourceError) -> Int {
        let count = buffer.withUnsafeMutableBytes { bytes in
            let room = UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
            return retryingInterrupts { pread(raw, room.baseAddress, room.count, off_t(offset)) }
        }
        guard count >= 0 else { throw SourceError(path: path, errno: errno) }
        return count
    }

    deinit { close(raw) }
}

extension SourceError {
    init(path: String, errno: Int32) { self = errno == ENOENT ? .absent(path: path) : .unreadable(path: path, errno: errno) }
}

/// A system call that a signal interrupted is made again.
func retryingInterrupts(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}
