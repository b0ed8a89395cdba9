import Glibc
public import Kernel

/// The users that somebody names, and their numbers on this machine.
public struct UserNames: Sendable {
    /// One that is missing is nobody.
    public private(set) var numbers: [String: UInt32] = [:]
    /// Why one of them could not be looked up; it has the number of before, if any.
    public private(set) var failure: SourceError?

    /// Gives the number; nil where there is no such user.
    public typealias LookUp = (String) throws(SourceError) -> UInt32?

    /// Where users are looked up over a network it takes as long as that takes.
    ///
    /// - Parameter known: numbers of before. That nobody answers now does not mean that there is no such user.
    public static func read(
        _ names: Set<String>, known: [String: UInt32] = [:], lookUp: LookUp = lookUp
    ) -> UserNames {
        var users = UserNames()
        for name in names.sorted() {
            do throws(SourceError) { users.numbers[name] = try lookUp(name) } catch {
                users.numbers[name] = known[name]
                users.failure = users.failure ?? error
            }
        }
        return users
    }

    /// getpwnam(3): 0 and no entry is the one answer that says that there is none.
    public static func lookUp(_ name: String) throws(SourceError) -> UInt32? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var room = [CChar](repeating: 0, count: 1 << 16)
        let failure = getpwnam_r(name, &entry, &room, room.count, &found)
        guard failure == 0 else { throw .unreadable(path: "user \(name)", errno: failure) }
        return found == nil ? nil : entry.pw_uid
    }
}
