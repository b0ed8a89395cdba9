import MicroHTTP
import Representation

/// A document in the form that the client asked for: JSON, indented with `?pretty`, or a table for `Accept: text/plain`.
struct Answer {
    let json: (Bool) -> [UInt8]
    let table: () -> String

    /// - Parameter cache: the sample that the document is of; its renderings are shared.
    /// - Throws: 406 where the client takes neither form.
    func response(to request: Request, cache: (sample: Sample, route: String)? = nil) throws -> Response {
        let form = try AnswerForm(of: request, route: cache?.route ?? "")
        guard let cache else { return Response(try render(form)) }
        return Response(try cache.sample.answer(form) { try render(form) })
    }

    private func render(_ form: AnswerForm) throws -> SharedBody {
        let bytes = form.isJSON ? json(form.isPretty) : Array(table().utf8)
        return try SharedBody.encoded(bytes, AnswerForm.head(isJSON: form.isJSON), isCompressed: form.isCompressed)
    }
}

extension AnswerForm {
    var isJSON: Bool { mediaType == MediaType.json.description }

    static func head(isJSON: Bool) -> Headers { isJSON ? jsonHead : tableHead }

    private static let jsonHead = SharedBody.head(type: MediaType.json.description)
    private static let tableHead = SharedBody.head(type: "text/plain; charset=utf-8")

    /// What an action must know before it changes anything: a refusal has changed nothing.
    ///
    /// - Throws: 406 where the client takes neither form, 400 where `pretty` is neither yes nor no.
    init(of request: Request, route: String = "") throws {
        guard let type = request.preferred(of: [.json, .plainText]) else {
            throw Refusal(
                .notAcceptable, "not_acceptable", "the Accept field takes neither application/json nor text/plain",
                next: "ask for application/json, or for text/plain to get a table", headers: ["Vary": "Accept"])
        }
        self.init(
            route: route, mediaType: type.description, isPretty: try request.flag("pretty"), isCompressed: request.allowsGzip)
    }
}

extension SharedBody {
    /// What an answer of this type carries, whatever its body.
    static func head(type: String, cache: String = "no-store") -> Headers {
        ["Content-Type": type, "Vary": "Accept, Accept-Encoding", "Cache-Control": cache]
    }

    /// Small bodies are not worth a gzip head.
    static func encoded(_ bytes: [UInt8], _ head: Headers, isCompressed: Bool) throws -> SharedBody {
        guard isCompressed, bytes.count > 256 else { return try SharedBody(bytes, headers: head) }
        var head = head
        head.append("Content-Encoding", "gzip")
        return try SharedBody(try Gzip.compress(bytes), headers: head)
    }
}
