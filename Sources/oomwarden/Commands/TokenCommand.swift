import ArgumentParser
import Glibc
import Host
import Kernel
import Monitor
import Representation
import Store

/// `oomwarden token`: who may ask the daemon for what.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", _superCommandName: "oomwarden",
        abstract: "Make, list and revoke tokens; a running daemon knows of it at once.",
        discussion: """
            Scopes: read (from another machine: processes, cgroups, quotes of the log; anywhere: command lines), protect,
            tune, admin (all of them, and other owners' leases). Kept is the SHA-256 of each secret, in STATE/tokens.

              oomwarden token create grafana --scope read
              oomwarden token create backup --scope read --scope protect
              oomwarden token list
              oomwarden token revoke grafana
            """,
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self])
}

/// `oomwarden token create`: the secret is printed once.
struct TokenCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token and print its secret, which is not kept: this is the only time.")

    @Argument(help: "Letters, digits, '-', '_' and '.', up to 64.")
    var name: String

    @Option(
        name: .customLong("scope"), help: ArgumentHelp("read, protect, tune or admin; repeatable.", valueName: "scope"),
        transform: Self.scope)
    var scopes: [Principal.Scope]

    @OptionGroup var table: TokenTableOptions

    func validate() throws {
        guard TokenTable.isName(name) else {
            throw ValidationError(
                "\(name.debugDescription): expected 1 to 64 letters, digits, '-', '_' or '.' as a name")
        }
        guard !scopes.isEmpty else { throw ValidationError("expected --scope at least once: read, protect, tune or admin") }
    }

    func run() throws {
        guard name != Credentials.firstName else {
            throw Failure("\(name) is the token of the first start, in \(try table.directory())/token; use another name")
        }
        guard name != Principal.daemon.name else {
            throw Failure("\(name) is what the audit calls the daemon itself; use another name")
        }
        let secret = "oomw_" + String(decoding: TokenFile.randomToken(), as: UTF8.self)
        guard let digest = SHA256Digest(of: Array(secret.utf8)) else { throw Failure("GnuTLS does not compute a SHA-256") }
        let words = Principal.Scope.allCases.filter(scopes.contains).map(\.rawValue)
        let token = TokenTable.Token(name: name, scopes: words, digest: digest, createdAt: .now)
        guard try table.update({ $0.add(token) }) else {
            throw Failure("there is a token \(name) already; oomwarden token revoke \(name) ends it")
        }
        try table.note(.createToken, "\(name), scope \(words.joined(separator: ", "))")
        guard StandardStream.output.write(Array("\(secret)\n".utf8)) else {
            throw Failure("nobody has read the secret: revoke \(name) and make it anew")
        }
    }

    private static func scope(_ text: String) throws -> Principal.Scope {
        guard let scope = Principal.Scope(rawValue: text) else {
            let known = Principal.Scope.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("expected one of \(known), found \(text.debugDescription)")
        }
        return scope
    }
}

/// `oomwarden token list`.
struct TokenListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show names, scopes and when each was made; never a secret.")

    @OptionGroup var table: TokenTableOptions

    @Flag(name: .customLong("json"), help: "Print JSON instead of a table.") var json = false

    func run() throws {
        let document = TokensDocument(
            tokens: try table.read().tokens.map { TokensDocument.Token($0.name, scopes: $0.scopes, createdAt: $0.createdAt) })
        _ = StandardStream.output.write(json ? document.json(pretty: true) : Array(document.table.utf8))
    }
}

/// `oomwarden token revoke`.
struct TokenRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a token: its next request is refused.")

    @Argument(help: "Which one; oomwarden token list has them.")
    var name: String

    @OptionGroup var table: TokenTableOptions

    func run() throws {
        guard name != Credentials.firstName else {
            throw Failure("\(name) is the token of the first start: delete \(try table.directory())/token and restart the daemon")
        }
        guard try table.update({ $0.remove(name) }) else {
            throw Failure("there is no token \(name.debugDescription); oomwarden token list has the names")
        }
        try table.note(.revokeToken, name)
    }
}

/// Where the tokens are.
struct TokenTableOptions: ParsableArguments {
    @Option(name: .customLong("state-dir"), help: ArgumentHelp("Where the daemon keeps its state.", valueName: "dir"))
    var stateDirectory: String?

    func directory() throws -> String { try StateDirectory.path(stateDirectory) }

    func read() throws -> TokenTable {
        let file = TokenTableFile(in: try directory())
        do { return try file.read() } catch { throw Failure("\(error)") }
    }

    /// In the audit, beside what is done with the token. It has been done: where it cannot be written down, that is only said.
    func note(_ verb: AuditEntry.Verb, _ detail: String) throws {
        let who = AuditEntry.Who(name: "uid \(getuid())", address: nil)
        var entry = AuditEntry(at: .now, who: who, verb: verb, result: .done, action: AuditEntry.newAction())
        entry.detail = detail
        let (store, remark) = ProtectionFile.open(in: try directory(), now: .now)
        if let remark { say("\(remark)") }
        do throws(StoreError) { Wiring.tellJournal(try store.append(entry)) } catch {
            say("the audit was not told of it: \(error)")
        }
    }

    func update(_ change: (inout TokenTable) -> Bool) throws -> Bool {
        let path = try directory()
        do { try FileSystem.makeDirectory(path) } catch { throw Failure("\(error); use --state-dir DIR") }
        do { return try TokenTableFile(in: path).update(change) } catch { throw Failure("\(error)") }
    }
}
