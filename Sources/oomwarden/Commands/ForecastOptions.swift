import ArgumentParser
import Diagnosis
import Host
import Kernel
import Monitor

/// Where memory runs out, for the commands that tell who would die of it.
struct ForecastOptions: ParsableArguments {
    @Option(
        name: .customLong("cgroup"),
        help: ArgumentHelp(
            "When this memory cgroup is full, or the nearest around it that has a limit.", valueName: "path"),
        transform: Self.cgroup)
    var cgroup: CgroupPath?

    @Option(
        name: .customLong("numa-nodes"),
        help: ArgumentHelp("When these nodes are full, for a process bound to them: 0 or 0-1.", valueName: "nodes"),
        transform: Self.nodes)
    var nodes: NodeSet?

    func validate() throws {
        guard cgroup == nil || nodes == nil else { throw ValidationError("expected --cgroup or --numa-nodes, found both") }
    }

    var place: Forecaster.Place { cgroup.map { .cgroup($0) } ?? nodes.map { .nodes($0) } ?? .machine }

    private static func cgroup(_ text: String) throws -> CgroupPath {
        guard text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
            throw ValidationError("expected a path such as /system.slice, found \(text.debugDescription)")
        }
        var path = Array(text.utf8)
        while path.count > 1, path.last == UInt8(ascii: "/") { path.removeLast() }
        return CgroupPath(path)
    }

    private static func nodes(_ text: String) throws -> NodeSet {
        guard let nodes = NodeSet(parsing: text.utf8) else {
            throw ValidationError("expected nodes such as 0 or 0-1,3, found \(text.debugDescription)")
        }
        return nodes
    }
}

extension Forecaster {
    /// A machine that does not tell its version is forecast with a doubt.
    init(root: String) {
        var kernel: KernelVersion?
        do { kernel = try RunningKernel.readVersion(root: root) } catch { say("\(error); the newest formula is taken") }
        self.init(table: ProcessTable(root: root), cgroups: MemoryCgroups(root: root), kernel: kernel)
    }
}

/// - Throws: a sentence with the next step.
func foreseen<Value>(_ body: () throws(ForecastError) -> Value) throws -> Value {
    do { return try body() } catch {
        switch error {
        case .source(let error): throw Failure("\(error)")
        case .noSuchGroup(let path): throw Failure("there is no memory cgroup \(path); oomwarden cgroups lists them")
        case .noSuchNode(let nodes, let known): throw Failure("expected some of the nodes \(known), found \(nodes)")
        case .noSuchProcess(let process): throw Failure("there is no process \(process)")
        case .neverChosen(let process, let reason):
            throw Failure("process \(process) is never chosen, whatever its adjustment: \(reason.rawValue)")
        case .formulaUnknown(let version):
            throw Failure(
                "Linux \(version) compares run times and children, which cannot be had from here; "
                    + "oomwarden processes --sort rss orders processes by size")
        }
    }
}
