import Kernel
import MicroHTTP
public import Monitor

/// Who may do what: whose secret or user it is, which scopes that one has, and whether actions are on at all.
public struct Access: Sendable {
    private let actions: Actions
    private let adminUsers: Set<UInt32>
    private let rate: ActionRate
    private let holder: @Sendable ([UInt8]) -> Credentials.Holder?

    /// Why actions are off, if they are.
    public enum Actions: Hashable, Sendable {
        case on
        case off
        /// The daemon shows another machine's files.
        case otherRoot
        /// The numbers of processes that it sees are not those of the kernel's log.
        case otherPIDNamespace
    }

    /// - Parameters:
    ///   - adminUsers: who has every scope on a unix socket.
    ///   - holder: whose secret it is; nil for nobody's.
    public init(
        actions: Actions, adminUsers: Set<UInt32>, rate: ActionRate,
        holder: @escaping @Sendable ([UInt8]) -> Credentials.Holder?
    ) {
        self.actions = actions
        self.adminUsers = adminUsers
        self.rate = rate
        self.holder = holder
    }

    var areActionsOn: Bool { actions == .on }

    var isOtherRoot: Bool { actions == .otherRoot }

    /// Who asks, if that one may.
    ///
    /// Everything but `read` is an action. What needs `read` is open to who is on this machine: there hidepid and
    /// dmesg_restrict are the administrator's to set, but over the network nobody else would ask.
    ///
    /// - Parameter putsBack: true for what only gives back what was before: whoever turns actions off may still undo.
    /// - Throws: for an action 403 where actions are off, whatever the credential; then 401 where there is none or a wrong one,
    ///   403 where it lacks the scope, and for an action 429.
    func principal(of request: Request, needs scope: Principal.Scope, putsBack: Bool = false) throws -> Principal {
        if scope != .read, !(putsBack && actions == .off) { try checkActions() }
        let principal = try identify(request)
        if scope == .read, request.isFromThisMachine { return principal }
        guard principal.name != nil else { throw Refusal.unauthorized(Self.need(scope)) }
        guard principal.may(scope) else { throw Refusal.missingScope(scope, of: principal) }
        if scope != .read { try checkRate(principal) }
        return principal
    }

    /// Command lines can hold secrets: they need a token even here, or the daemon's own kind of user.
    func mayShowCommandLines(_ request: Request) throws -> Bool {
        let principal = try identify(request)
        return principal.may(request.headers.contains("Authorization") ? .read : .admin)
    }

    /// Whoever asks, without a word on what that one may.
    ///
    /// - Throws: 401 where a credential is there, but wrong.
    func identify(_ request: Request) throws -> Principal {
        let fields = request.headers.values("Authorization")
        guard let field = fields.first else { return peer(request.peer) }
        guard fields.count == 1, let secret = Self.bearer(field), let holder = holder(secret) else {
            throw Refusal.unauthorized("the Authorization field holds no token of this daemon")
        }
        return Principal(name: holder.name, scopes: holder.scopes, address: request.peer.address)
    }

    /// The kernel notes the user at `connect` (SO_PEERCRED): a unix socket needs no token.
    private func peer(_ peer: Peer) -> Principal {
        guard case .local(_, let user, _) = peer else { return Principal(name: nil, scopes: [], address: peer.address) }
        return Principal(
            name: "uid \(user)", scopes: adminUsers.contains(user) ? [.admin] : [.read], address: peer.address)
    }

    private func checkActions() throws {
        switch actions {
        case .on: break
        case .off:
            throw Refusal(
                .forbidden, "actions_disabled", "actions are off in this daemon", next: "start it with --web.enable-actions")
        case .otherRoot:
            throw Refusal(
                .forbidden, "actions_disabled", "actions are off with --root: the files shown are not this machine's",
                next: "ask a daemon that runs on the machine itself")
        case .otherPIDNamespace:
            throw Refusal(
                .forbidden, "other_pid_namespace",
                "the daemon runs in a pid namespace of its own: a pid of the kernel's log or of the host is another process here",
                next: "run it in the host's pid namespace (docker: --pid=host, Kubernetes: hostPID: true)")
        }
    }

    private func checkRate(_ principal: Principal) throws {
        guard let wait = rate.take(principal.name ?? "") else { return }
        throw Refusal(
            .tooManyRequests, "too_many_requests",
            "\(principal.name ?? "this client") has acted \(ActionRate.burst) times at once; "
                + "after that it is \(ActionRate.perSecond) times a second",
            next: "wait as long as Retry-After says, or act on fewer processes",
            headers: ["Retry-After": String(max(1, (wait.count + 999_999_999) / 1_000_000_000))])
    }

    /// `Bearer TOKEN`; the scheme in any case (RFC 9110 §11.1).
    private static func bearer(_ field: String) -> [UInt8]? {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return Array(parts[1].utf8)
    }

    private static func need(_ scope: Principal.Scope) -> String {
        scope == .read
            ? "from another machine this route needs a token with scope read"
            : "this route needs a token with scope \(scope.rawValue)"
    }
}

extension Access {
    /// A route that tells of processes or quotes the log: over the network it needs scope `read`, or an open read would undo
    /// hidepid and dmesg_restrict.
    func readers(
        _ handler: @escaping Route.Handler, of isMeant: @escaping @Sendable (Request) -> Bool = { _ in true }
    ) -> Route.Handler {
        { request, parameters in
            if isMeant(request) { _ = try principal(of: request, needs: .read) }
            return try handler(request, parameters)
        }
    }
}

extension Request {
    /// A proxy on this machine says for whom it asks. Who says so without need only loses by it.
    fileprivate var isFromThisMachine: Bool {
        peer.isLocal && !headers.contains("Forwarded") && !headers.contains("X-Forwarded-For")
    }
}

extension Peer {
    /// As the audit has it.
    var address: String? {
        switch self {
        case .local: "unix"
        case .unknown: nil
        default: description
        }
    }
}

extension Refusal {
    static func unauthorized(_ detail: String) -> Refusal {
        Refusal(
            .unauthorized, "unauthorized", detail,
            next: "send 'Authorization: Bearer TOKEN'; oomwarden token create makes one, "
                + "and the daemon printed the path of its first one at start",
            headers: ["WWW-Authenticate": "Bearer realm=\"oomwarden\""])
    }

    fileprivate static func missingScope(_ scope: Principal.Scope, of principal: Principal) -> Refusal {
        let scopes = principal.scopes.map(\.rawValue).sorted().joined(separator: ", ")
        return Refusal(
            .forbidden, "missing_scope",
            "\(principal.name ?? "this client") has \(scopes.isEmpty ? "no scope" : "scope " + scopes), "
                + "this needs \(scope.rawValue)",
            next: "use a token that has it: oomwarden token create NAME --scope \(scope.rawValue)"
                + "; on a unix socket, a user of --web.admin-uid")
    }
}
