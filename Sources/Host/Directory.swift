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

    /// - Parameter path: absolute; its bytes need not be UTF-8.
    init(opening path: [UInt8]) throws(ReadFailure) {
        descriptor = open(path.map { CChar(truncatingIfNeeded: $0) } + [0], O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .errno(errno) }
    }

    deinit { close(descriptor) }

    /// The numbers among the names in it, in the directory's order: pids of /proc, threads of a `task`.
    func readNumbers() throws(ReadFailure) -> [ProcessID] {
        var numbers: [ProcessID] = []
        try readEntries { entry in if let number = numberedName(of: entry) { numbers.append(number) } }
        return numbers
    }

    /// The names of the directories in it. Where the file system does not tell kinds, there are none.
    func readDirectories() throws(ReadFailure) -> [[UInt8]] {
        var names: [[UInt8]] = []
        try readEntries { entry in
            guard entry.pointee.d_type == UInt8(DT_DIR) else { return }
            let name = bytes(ofNameOf: entry)
            if name != [UInt8](".".utf8), name != [UInt8]("..".utf8) { names.append(name) }
        }
        return names
    }

    private func readEntries(_ take: (UnsafeMutablePointer<dirent>) -> Void) throws(ReadFailure) {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw .errno(errno) }
        guard let stream = fdopendir(copy) else {
            let failure = errno
            close(copy)
            throw .errno(failure)
        }
        defer { closedir(stream) }
        errno = 0
        while let entry = readdir(stream) {
            take(entry)
            errno = 0
        }
        guard errno == 0 else { throw .errno(errno) }
    }
}

private func bytes(ofNameOf entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
    let name = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: UInt8.self)
    return Array(UnsafeBufferPointer(start: name, count: strlen(UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))))
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
