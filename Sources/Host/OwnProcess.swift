import CLinux
import Glibc
public import Kernel
import Synchronization

/// What this program uses itself, read on descriptors that stay open.
public final class OwnProcess: Sendable {
    private let startedAt: Timestamp
    private let pageSize: PageSize
    /// Set once, at our own start.
    private let maximumDescriptors = OwnProcess.descriptorLimit
    private let files: Mutex<Files>

    private struct Files: ~Copyable {
        var statm = SourceFile(path: "/proc/self/statm", staysOpen: true, printsAtOnce: true)
        var descriptors: FileDescriptor?
    }

    /// - Parameter startedAt: when the program began.
    public init(startedAt: Timestamp = .now) {
        self.startedAt = startedAt
        pageSize = PageSize(bytes: max(sysconf(Int32(_SC_PAGESIZE)), 1))
        files = Mutex(Files())
    }

    /// Gives back the code that only the start needed, such as the reading of the command line: some 5 MB.
    public static func releaseStartUpPages() { oomwarden_release_code_pages() }

    /// Names the calling thread, at most 15 bytes; one without its name works as well, so a failure is not told.
    public static func nameThread(_ name: StaticString) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name.utf8Start, name.utf8CodeUnitCount)
        close(file)
    }

    /// - Throws: where /proc/self is not to be read.
    public func readUsage() throws(SourceError) -> ProcessUsage {
        let (memory, open) = try files.withLock { files throws(SourceError) in
            (try files.statm.readBytes(), try Self.countDescriptors(&files.descriptors))
        }
        var cursor = LineCursor(memory)
        guard cursor.nextLine(), let size = cursor.number(), let resident = cursor.number() else {
            throw .malformed(path: "/proc/self/statm", cursor.error(in: "statm", expected: "a size and a resident size in pages"))
        }
        return ProcessUsage(
            cpuMicroseconds: Self.cpuMicroseconds, descriptors: (open, maximumDescriptors),
            virtual: Bytes(Pages(size), of: pageSize), resident: Bytes(Pages(resident), of: pageSize), startedAt: startedAt)
    }

    /// The size of /proc/self/fd is their number since 6.2 (fs/proc/fd.c, `proc_fd_getattr()`); before, it is 0.
    private static func countDescriptors(_ kept: inout FileDescriptor?) throws(SourceError) -> Int {
        let path = "/proc/self/fd"
        let directory: FileDescriptor
        if let open = kept.take() {
            directory = open
        } else {
            directory = try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY)
        }
        var status = stat()
        guard fstat(directory.raw, &status) == 0 else { throw SourceError(path: path, errno: errno) }
        kept = consume directory
        return status.st_size > 0 ? status.st_size : try listDescriptors(path)
    }

    private static func listDescriptors(_ path: String) throws(SourceError) -> Int {
        guard let listing = opendir(path) else { throw SourceError(path: path, errno: errno) }
        defer { closedir(listing) }
        var count = 0
        while let entry = readdir(listing) { if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 } }
        return count
    }

    private static var descriptorLimit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
    }

    private static var cpuMicroseconds: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
    }
}
