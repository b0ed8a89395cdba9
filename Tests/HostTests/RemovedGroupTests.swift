import Foundation
import Kernel
import Support
import Testing

@testable import Host

/// What the kernel says of a file of a control group that is removed between open and read.
@Suite struct RemovedGroupTests {
    @Test(.enabled(if: MemoryGroup.isPossible, "no memory cgroup can be made here"))
    func theGroupIsGoneThenAndNothingHasFailed() throws {
        let group = try MemoryGroup(limit: Bytes(mebibytes: 8))
        let file = open(group.processes, O_RDONLY | O_CLOEXEC)
        try #require(file >= 0)
        defer { close(file) }
        try group.remove()
        var byte: UInt8 = 0
        #expect(read(file, &byte, 1) == -1)
        #expect(errno == ENODEV)
        #expect(ReadFailure.errno(ENODEV).isGone)
    }
}
