import API
import ArgumentParser
import Host
import Kernel
import MicroHTTP
import Representation

/// `oomwarden watch`: a client of the daemon's stream, one line for each event as it happens.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", _superCommandName: "oomwarden",
        abstract: "Print each kill and each stall as it happens; needs the daemon.",
        discussion: """
            Runs until it is interrupted. Where the daemon is restarted it waits, comes back and goes on after the last event.
            """)

    @Option(
        name: .customLong("address"),
        help: ArgumentHelp("Where the daemon listens (default: 127.0.0.1:10137).", valueName: "HOST:PORT|unix:PATH"),
        transform: ListenAddress.init(parsing:))
    var address: ListenAddress?

    @Option(
        name: .customLong("token-file"),
        help: ArgumentHelp("A file with a token of scope read: a daemon on another machine wants one.", valueName: "file"))
    var tokenFile: String?

    @Option(name: .customLong("kind"), help: ArgumentHelp("Only these kinds, such as kill,stall.", valueName: "kinds"))
    var kind: String?

    @Option(name: .customLong("cgroup"), help: ArgumentHelp("Only this control group and those below it.", valueName: "path"))
    var cgroup: String?

    @Flag(name: .customLong("json"), help: "Print each event's document on a line of its own.")
    var json = false

    func run() throws {
        var client = EventStreamClient(
            address ?? .tcp(host: "127.0.0.1", port: 10137), target, bearer: try tokenFile.map(Self.token))
        var hasConnected = false
        while true {
            do {
                try client.read { event in
                    hasConnected = true
                    show(event)
                }
            } catch {
                if case .ended = error { hasConnected = true }
                guard hasConnected, !error.isFinal else { throw Failure("\(error); is oomwarden serve running?") }
                _ = StandardStream.error.write(Array("\(error), trying again\n".utf8))
                _ = try WakeUp().wait(for: Nanoseconds(client.retryMilliseconds * 1_000_000))
            }
        }
    }

    private static func token(in path: String) throws -> String {
        let bytes: [UInt8]?
        do { bytes = try StateFile.read(path, atMost: 512) } catch { throw Failure("\(error)") }
        guard let bytes else { throw Failure("\(path): there is no such file") }
        let token = bytes.prefix { $0 > 0x20 && $0 < 0x7f }
        guard !token.isEmpty, bytes.dropFirst(token.count).allSatisfy({ $0 == UInt8(ascii: "\n") }) else {
            throw Failure("\(path): expected a token on one line, as oomwarden token create prints it")
        }
        return String(decoding: token, as: UTF8.self)
    }

    private var target: String {
        let query = [("kind", kind), ("cgroup", cgroup)].compactMap { name, value in value.map { "\(name)=\($0.percentEncoded)" }
        }
        return "/oom-kills/stream" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    private func show(_ event: EventStreamClient.Event) {
        let line = json ? event.data : Array(EventLine(event.data, kind: event.kind).text.utf8)
        _ = StandardStream.output.write(line + [UInt8(ascii: "\n")])
    }
}

extension String {
    private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/,".utf8)

    fileprivate var percentEncoded: String {
        utf8.map { byte in
            let isPlain = Self.plain.contains(byte)
            return isPlain
                ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
