import Diagnosis
import Kernel
import MicroHTTP
import Monitor
import Representation

/// Who is how likely to be killed.
struct ProcessRoutes: Sendable {
    let context: APIContext

    @Sendable func processes(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: ["sort", "limit"])
        let order = try request.word("sort", default: ProcessOrder.badness)
        let limit = try request.number("limit", in: 1...10000) ?? 50
        let mayShow = try context.access.mayShowCommandLines(request)
        let snapshot = context.sampler.current().snapshot
        let page: ProcessPage
        do {
            page = try context.processes.readPage(
                by: order, limit: limit, formula: context.formula(snapshot), withCommandLines: mayShow)
        } catch {
            throw Refusal(unreadable: error, source: "processes")
        }
        let document = ProcessesDocument(takenAt: snapshot.takenAt, page: page, order: order, pageSize: snapshot.pageSize)
        return try Answer(json: document.json, table: { document.table }).response(to: request)
    }

    @Sendable func process(_ request: Request, _ parameters: PathParameters) throws -> Response {
        try request.accept(only: [])
        let id = try ProcessID(path: parameters["pid"])
        let mayShow = try context.access.mayShowCommandLines(request)
        let snapshot = context.sampler.current().snapshot
        let report: ProcessReport
        do {
            report = try context.processes.read(id, formula: context.formula(snapshot), withCommandLine: mayShow)
        } catch {
            throw Refusal(of: error)
        }
        let page = ProcessPage(processes: [report], total: 1, gone: 0, denied: 0)
        let document = ProcessesDocument(takenAt: snapshot.takenAt, page: page, order: .pid, pageSize: snapshot.pageSize)
        var response = try Answer(
            json: { ProcessesDocument.json(report, pageSize: snapshot.pageSize, pretty: $0) }, table: { document.table }
        ).response(to: request)
        if let start = report.details.startTime {
            let identity = ProcessIdentity(bootID: context.machine.bootID, process: id, startTime: start)
            response.headers.append("ETag", EntityTag(identity.description).description)
        }
        return response
    }
}

extension APIContext {
    /// nil where meminfo could not be read, or this kernel's formula is not known.
    func formula(_ snapshot: Snapshot) -> BadnessFormula? {
        BadnessFormula(of: snapshot, kernel: machine.kernel)
    }
}

extension ProcessID {
    /// A part of a path. One that is a number, but larger than any pid, is a process that does not exist.
    ///
    /// - Throws: 404 for both.
    init(path text: String) throws {
        guard !text.hasPrefix("0"), !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int32(text)
        else {
            throw Refusal(
                .notFound, "no_such_process", "there is no process \(text.debugDescription)",
                next: "GET /processes lists the processes of this machine")
        }
        self.init(number)
    }
}
