import Glibc
import Kernel

/// An open directory, from which files are opened by relative names; closed when the value ends.
struct Directory: ~Copyable, Sendable {
    let descriptor: Int32

    /// - Parameter start: the directory that a relative path begins in.
    init(opening path: String, at start: Int32 = AT_FDCWD) throws(ReadFailure) {
        descriptor = openat(start, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .errno(errno) }
    }

    deinit { close(descriptor) }

    /// The numbers among the names in it, in the directory's order: pids of /proc, threads of a `task`.
    func readNumbers() throws(ReadFailure) -> [ProcessID] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw .errno(errno) }
        guard let stream = fdopendir(copy) else {
            let failure = errno
            close(copy)
            throw .errno(failure)
        }
        defer { closedir(stream) }
        var numbers: [ProcessID] = []
        errno = 0
        while let entry = readdir(stream) {
            if let number = numberedName(of: entry) { numbers.append(number) }
            errno = 0
        }
        guard errno == 0 else { throw .errno(errno) }
        return numbers
    }
}

/// The name is read where it lies: as a Swift value it would be a tuple of 256 bytes.
private func numberedName(of entry: UnsafeMutablePointer<dirent>) -> ProcessID? {
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return nil }
    let name = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: UInt8.self)
    var number: Int32 = 0
    var index = 0
    while name[index] != 0 {
        let digit = name[index] &- UInt8(ascii: "0")
        let (product, tooLarge) = number.multipliedReportingOverflow(by: 10)
        let (sum, larger) = product.addingReportingOverflow(Int32(digit))
        guard digit < 10, !tooLarge, !larger else { return nil }
        number = sum
        index += 1
    }
    return index > 0 ? ProcessID(number) : nil
}
