import Diagnosis
import Kernel
import MicroHTTP
import Monitor
import Representation

/// Who would die next, what a change would do to that, and which cgroup is near its limit. They only read.
struct ForecastRoutes: Sendable {
    let context: APIContext

    @Sendable func victims(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["limit", "cgroup", "numa_nodes"])
        // Each victim is compared with all that are as large, to know who has the same memory.
        let limit = try request.number("limit", in: 1...100) ?? 10
        let place = try place(cgroup: request.cgroup("cgroup"), nodes: request.nodes("numa_nodes"))
        let snapshot = context.sampler.current().snapshot
        do {
            let document = VictimsDocument(
                takenAt: snapshot.takenAt, forecast: try context.forecaster.readForecast(for: place, limit: limit, snapshot),
                pageSize: snapshot.pageSize)
            return try Answer(json: document.json, table: { document.table }).response(to: request)
        } catch let error as ForecastError { throw Refusal(of: error) }
    }

    @Sendable func whatIf(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: [])
        let order = try WhatIfOrder(of: request)
        let place = try place(cgroup: order.cgroup, nodes: order.nodes)
        let snapshot = context.sampler.current().snapshot
        do {
            let whatIf = try context.forecaster.readWhatIf(order.trial, in: place, limit: WhatIfOrder.shown, snapshot)
            let document = WhatIfDocument(takenAt: snapshot.takenAt, whatIf: whatIf, pageSize: snapshot.pageSize)
            return try Answer(json: document.json, table: { document.table }).response(to: request)
        } catch let error as ForecastError { throw Refusal(of: error) }
    }

    @Sendable func cgroups(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["sort", "limit"])
        let order = try request.word("sort", default: CgroupOrder.headroom)
        let limit = try request.number("limit", in: 1...10000) ?? 50
        let takenAt = context.sampler.current().snapshot.takenAt
        do {
            let page = try context.cgroups.readPage(by: order, limit: limit)
            let document = CgroupsDocument(takenAt: takenAt, order: order, groups: page.groups, total: page.total)
            return try Answer(json: document.json, table: { document.table }).response(to: request)
        } catch let error as SourceError { throw Refusal(unreadable: error, source: "cgroups") }
    }

    private func place(cgroup: CgroupPath?, nodes: NodeSet?) throws -> Forecaster.Place {
        switch (cgroup, nodes) {
        case (nil, nil): return .machine
        case (let cgroup?, nil): return .cgroup(cgroup)
        case (nil, let nodes?): return .nodes(nodes)
        case (.some, .some):
            throw Refusal(
                .badRequest, "bad_parameter", "expected cgroup or numa_nodes, found both",
                next: "ask for one of them: memory runs out in a cgroup, or on nodes")
        }
    }
}

extension Request {
    /// A path from the root of the hierarchy. A slash at the end, as the shell completes it, means nothing.
    func cgroup(_ name: String) throws -> CgroupPath? {
        guard let text = query[name] else { return nil }
        guard let path = CgroupPath(asked: text) else { throw malformed(name, "a path such as /system.slice", text) }
        return path
    }

    func nodes(_ name: String) throws -> NodeSet? {
        guard let text = query[name] else { return nil }
        guard let nodes = NodeSet(parsing: text.utf8) else { throw malformed(name, "nodes such as 0 or 0-1,3", text) }
        return nodes
    }
}

extension CgroupPath {
    /// Nil for what is no absolute path, or leads out of the hierarchy.
    init?(asked text: String) {
        guard text.hasPrefix("/"), !text.split(separator: "/").contains("..") else { return nil }
        var path = Array(text.utf8)
        while path.count > 1, path.last == UInt8(ascii: "/") { path.removeLast() }
        guard !path.contains(0) else { return nil }
        self.init(path)
    }
}

extension Refusal {
    init(of error: ForecastError) {
        switch error {
        case .source(let error): self.init(unreadable: error)
        case .noSuchGroup:
            self.init(
                .notFound, "no_such_cgroup", error.reason,
                next: "GET /cgroups lists the memory cgroups of this machine")
        case .noSuchNode:
            self.init(
                .notFound, "no_such_node", error.reason,
                next: "GET /zones lists every node of this machine")
        case .noSuchProcess(let process): self.init(of: ProcessError.noSuchProcess(process))
        case .neverChosen(let process, .kernelThread): self.init(of: ProcessError.kernelThread(process))
        case .neverChosen(let process, _): self.init(of: ProcessError.zombie(process))
        case .formulaUnknown:
            self.init(
                .serviceUnavailable, "formula_unknown", error.reason,
                next: "GET /processes?sort=rss orders processes by size")
        }
    }
}
