import Glibc
import Host
import Support
import Testing

/// Where commands look that are typed beside a service.
@Suite struct ServiceDirectoryTests {
    private static let isOverridden = getenv("STATE_DIRECTORY") != nil || getenv("XDG_STATE_HOME") != nil

    @Test func rootFindsWhatTheServiceKeeps() throws {
        guard !Self.isOverridden else { return print("skipped: the environment names another state directory") }
        let directory = try TemporaryDirectory()
        try FileSystem.makeDirectory(directory.path + "/oomwarden")
        #expect(
            FileSystem.serviceDirectory(named: "oomwarden", in: directory.path, for: 0) == directory.path + "/oomwarden")
    }

    @Test func whereNoServiceIsNothingIsFound() throws {
        let directory = try TemporaryDirectory()
        #expect(FileSystem.serviceDirectory(named: "oomwarden", in: directory.path, for: 0) == nil)
    }

    @Test func anotherUserHasItsOwn() throws {
        let directory = try TemporaryDirectory()
        try FileSystem.makeDirectory(directory.path + "/oomwarden")
        #expect(FileSystem.serviceDirectory(named: "oomwarden", in: directory.path, for: 1000) == nil)
    }
}
