import ArgumentParser
import Diagnosis
import Host
import Kernel
import Representation
import Store

/// What the history can be narrowed down by, as the routes have it.
struct EventFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("From this time on: 2026-11-23T18:56:05Z, or a span back from now.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Before this time.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("Only these kinds, with commas between (default: those with a victim).", valueName: "kind"))
    var kind: String?

    @Option(help: ArgumentHelp("Only this cause, such as zone_exhausted.", valueName: "cause"))
    var cause: String?

    @Option(help: ArgumentHelp("Only this scope, such as memcg.", valueName: "scope"))
    var scope: String?

    @Option(help: ArgumentHelp("Only what was in this control group or below it.", valueName: "path"))
    var cgroup: String?

    @Option(help: ArgumentHelp("Only this systemd unit.", valueName: "unit"))
    var unit: String?

    @Option(help: ArgumentHelp("Only this container, by its id or the beginning of it.", valueName: "id"))
    var container: String?

    @Option(help: ArgumentHelp("Only this pod.", valueName: "uid"))
    var pod: String?

    @Option(help: ArgumentHelp("Only victims of this name.", valueName: "name"))
    var comm: String?

    func validate() throws { _ = try query() }

    func query() throws -> EventQuery {
        var query = EventQuery()
        query.since = try since.map { try Self.time($0, "--since") }
        query.until = try until.map { try Self.time($0, "--until") }
        if let kind { query.kinds = Set(try kind.split(separator: ",").map { try Self.word(String($0), "--kind") }) }
        query.cause = try cause.map { try Self.word($0, "--cause") }
        query.scope = try scope.map { try Self.word($0, "--scope") }
        query.cgroup = cgroup.map { CgroupPath($0.utf8) }
        query.unit = unit
        query.container = container
        query.pod = pod
        query.comm = comm.map { CommandName($0.utf8) }
        return query
    }

    /// Whether any was given.
    var areGiven: Bool {
        [since, until, kind, cause, scope, cgroup, unit, container, pod, comm].contains { $0 != nil }
    }

    static func time(_ text: String, _ flag: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text) ?? Timestamp(ago: text, before: .now) else {
            throw ValidationError(
                "\(flag): expected a time such as 2026-11-23T18:56:05Z, or a span such as 7d, found \(text.debugDescription)")
        }
        return time
    }

    private static func word<Word: RawRepresentable & CaseIterable>(_ text: String, _ flag: String) throws -> Word
    where Word.RawValue == String {
        guard let value = Word(rawValue: text) else {
            throw ValidationError(
                "\(flag): expected one of " + Word.allCases.map(\.rawValue).joined(separator: ", ")
                    + ", found \(text.debugDescription)")
        }
        return value
    }
}
