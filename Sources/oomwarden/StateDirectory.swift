import Host
import Store

/// Where the token and the history are.
enum StateDirectory {
    private static let name = "oomwarden"

    /// For commands: what root asks is asked of the service, where it is installed.
    ///
    /// - Throws: where neither the user nor the environment names one.
    static func path(_ given: String?) throws -> String {
        try ofDaemon(given ?? FileSystem.serviceDirectory(named: name))
    }

    /// For a daemon that is being started.
    ///
    /// - Throws: as `path` does.
    static func ofDaemon(_ given: String?) throws -> String {
        if let directory = given ?? FileSystem.stateDirectory(named: name) { return directory }
        throw Failure("no state directory: neither STATE_DIRECTORY, XDG_STATE_HOME nor HOME is set; use --state-dir DIR")
    }

    /// So that no other daemon has these leases, and nobody puts values back under one that runs. The file holds nothing, and stays.
    ///
    /// - Returns: nil where somebody has it.
    static func lock(_ directory: String) throws -> FileLock? {
        do { return try FileLock(of: directory + "/lock") } catch { throw Failure("\(error)") }
    }

    /// The history that is there, for commands that only read it; the daemon may be running.
    static func store(_ given: String?) throws -> EventStore {
        let directory = try path(given)
        let store = EventStore(path: StoreFile.present(in: directory))
        do throws(StoreError) {
            _ = try store.counters()
            return store
        } catch {
            let next = error.reason == .cannotOpen ? "; start oomwarden serve, or use --state-dir DIR" : ""
            throw Failure("the history cannot be read: \(error)\(next)")
        }
    }
}
