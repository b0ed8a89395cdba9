import MicroHTTP

/// Who may do what: the bearer token, and whether actions are on at all.
public struct Access: Sendable {
    private let token: [UInt8]
    private let actions: Actions

    /// Why actions are off, if they are.
    public enum Actions: Hashable, Sendable {
        case on
        case off
        /// The daemon shows another machine's files.
        case otherRoot
    }

    public init(token: [UInt8], actions: Actions) {
        self.token = token
        self.actions = actions
    }

    /// - Throws: 403 where actions are off, whatever the credential; then 401 where the token is missing or wrong.
    func checkAction(_ request: Request) throws {
        switch actions {
        case .on: break
        case .off:
            throw Refusal(
                .forbidden, "actions_disabled", "actions are off in this daemon", next: "start it with --web.enable-actions")
        case .otherRoot:
            throw Refusal(
                .forbidden, "actions_disabled", "actions are off with --root: the files shown are not this machine's",
                next: "ask a daemon that runs on the machine itself")
        }
        guard try hasToken(request) else { throw Self.unauthorized("this route needs a bearer token") }
    }

    /// Whether the client may see what can hold secrets. Without a credential it may not, and that is no error.
    ///
    /// - Throws: 401 where a credential is there, but wrong.
    func hasToken(_ request: Request) throws -> Bool {
        let fields = request.headers.values("Authorization")
        guard let field = fields.first else { return false }
        guard fields.count == 1, let given = Self.bearer(field), isEqualInConstantTime(given) else {
            throw Self.unauthorized("the Authorization field holds another token than the daemon's")
        }
        return true
    }

    /// `Bearer TOKEN`; the scheme in any case (RFC 9110 §11.1).
    private static func bearer(_ field: String) -> [UInt8]? {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return Array(parts[1].utf8)
    }

    /// Every byte is looked at, whatever the first difference: the time tells nothing but the length.
    private func isEqualInConstantTime(_ given: [UInt8]) -> Bool {
        guard given.count == token.count else { return false }
        var difference: UInt8 = 0
        for (ours, theirs) in zip(token, given) { difference |= ours ^ theirs }
        return difference == 0
    }

    private static func unauthorized(_ detail: String) -> Refusal {
        Refusal(
            .unauthorized, "unauthorized", detail,
            next: "send 'Authorization: Bearer TOKEN'; the daemon printed the path of its token file at start",
            headers: ["WWW-Authenticate": "Bearer realm=\"oomwarden\""])
    }
}
