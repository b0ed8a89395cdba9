public import Kernel

/// A process as policies look at it: what costs a reading is asked for only where a policy still needs it.
public protocol PolicySubject {
    var commandName: CommandName { get }
    /// Nil where there is none, or it may not be read. The same for the others.
    ///
    /// - Throws: where it is we who cannot read now: that says nothing of the process.
    mutating func readPlace() throws(SourceError) -> PolicyPlace?
    mutating func readUser() throws(SourceError) -> UInt32?
    /// The path of its program, as it is or was.
    mutating func readExecutable() throws(SourceError) -> [UInt8]?
    /// Whether the file that we see at that path is the very one, by device and inode. It is not once it was replaced, nor in a
    /// mount namespace, where anybody can give any file any path.
    mutating func readIsSameFile() throws(SourceError) -> Bool
}

/// All policies in the order in which they are asked, with the numbers of the users that they name.
public struct PolicySet: Sendable {
    public let policies: [ProtectionPolicy]
    public let users: [String: UInt32]

    /// In one place where policies are written down. Every process is compared with every policy.
    public static let most = 200

    /// - Parameter users: those that are named; one that is missing is nobody.
    public init(_ policies: [ProtectionPolicy], users: [String: UInt32] = [:]) {
        self.policies = policies.sorted { $0.goesBefore($1) }
        self.users = users
    }

    /// One that matches a process, its role aside.
    public struct Match: Hashable, Sendable {
        /// Its place among `policies`.
        public let index: Int
        /// No ordinary user could have made a process that matches: it may lower.
        public let isStrong: Bool

        public init(index: Int, isStrong: Bool) {
            self.index = index
            self.isStrong = isStrong
        }
    }

    /// The users that policies name.
    public static func userNames(in policies: [ProtectionPolicy]) -> Set<String> {
        Set(policies.compactMap { if case .name(let name)? = $0.match.user { name } else { nil } })
    }

    /// All that match, roles aside, in their order. The name is compared first, since it costs nothing more.
    public func matches(of subject: inout some PolicySubject) throws(SourceError) -> [Match] {
        var matches: [Match] = []
        for index in policies.indices {
            if let isStrong = try strength(of: policies[index].match, on: &subject) {
                matches.append(Match(index: index, isStrong: isStrong))
            }
        }
        return matches
    }

    /// Nil where it does not match.
    private func strength(of match: PolicyMatch, on subject: inout some PolicySubject) throws(SourceError) -> Bool? {
        if let comm = match.comm, !comm.matches(subject.commandName.bytes) { return nil }
        var isStrong = false
        if match.unit != nil || match.cgroup != nil {
            guard let place = try subject.readPlace(), let isSystems = match.holds(in: place) else { return nil }
            isStrong = isSystems
        }
        if let selector = match.user {
            guard let user = try subject.readUser(), user == number(of: selector) else { return nil }
        }
        guard let exe = match.exe else { return isStrong }
        guard let path = try subject.readExecutable(), exe.matches(path) else { return nil }
        if isStrong || match.user == nil { return isStrong }
        return try subject.readIsSameFile()
    }

    private func number(of selector: UserSelector) -> UInt32? {
        switch selector {
        case .number(let number): number
        case .name(let name): users[name]
        }
    }

    /// The one that counts, of those that match a process and those that match its parent; with the first one that would but for
    /// what it stands on.
    public func choose(
        _ matches: [Match], parent: [Match], before: OOMScoreAdjustment
    ) -> (winner: Match?, refused: Match?) {
        var refused: Match?
        for match in matches {
            let policy = policies[match.index]
            if policy.match.role == .main, parent.contains(where: { $0.index == match.index }) { continue }
            if match.isStrong || policy.adjustment >= before { return (match, refused) }
            refused = refused ?? match
        }
        return (nil, refused)
    }
}

extension PolicyMatch {
    /// Nil where unit and cgroup do not match; whether no ordinary user has a say there.
    fileprivate func holds(in place: PolicyPlace) -> Bool? {
        var isSystems = !place.isOfUser
        if let unit {
            let isSystemUnit = place.unit.map { unit.matches($0) } ?? false
            guard isSystemUnit || place.innermost.map({ unit.matches($0) }) ?? false else { return nil }
            isSystems = isSystems && isSystemUnit
        }
        if let cgroup, !cgroup.matches(place.group.bytes) { return nil }
        return isSystems
    }
}
