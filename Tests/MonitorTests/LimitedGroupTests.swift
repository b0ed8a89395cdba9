import Diagnosis
import Foundation
import Host
import Kernel
import Monitor
import Support
import Testing

/// A limited memory cgroup of this machine, made for the test.
@Suite struct LimitedGroupTests {
    /// Nil, with the reason printed, where none can be made.
    private final class Group {
        let path: String

        init?() throws {
            let isVersion1 = FileManager.default.fileExists(atPath: "/sys/fs/cgroup/memory/memory.limit_in_bytes")
            path = (isVersion1 ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup") + "/oomwarden-" + UUID().uuidString
            guard mkdir(path, 0o755) == 0, access(path + "/memory.\(isVersion1 ? "limit_in_bytes" : "max")", W_OK) == 0 else {
                print("skipped: no memory cgroup can be made at \(path): \(String(cString: strerror(errno)))")
                rmdir(path)
                return nil
            }
            try write("67108864", to: "memory.\(isVersion1 ? "limit_in_bytes" : "max")")
        }

        func add(_ child: Child) throws { try write("\(child.id)", to: "cgroup.procs") }

        private func write(_ text: String, to file: String) throws {
            let handle = try #require(FileHandle(forWritingAtPath: "\(path)/\(file)"))
            try handle.write(contentsOf: Data(text.utf8))
        }

        deinit { rmdir(path) }
    }

    @Test func theLastVictimIsKeptAndASecondOneFreesIt() throws {
        guard let group = try Group() else { return }
        let first = try Child.sleeping()
        let second = try Child.sleeping()
        defer {
            first.end()
            second.end()
        }
        try group.add(first)
        let keeper = ProtectionKeeper(table: ProcessTable(), cgroups: MemoryCgroups(), kernel: try RunningKernel.read())
        var request = ProtectionKeeper.Request(process: first.id)
        request.isDryRun = true
        let name = try #require(group.path.split(separator: "/").last)
        #expect(throws: ProtectionError.noOtherVictim(first.id, group: CgroupPath("/\(name)".utf8))) {
            try keeper.protect(request)
        }
        try group.add(second)
        #expect(try keeper.protect(request).after.adjustment == .exempt)
    }
}
