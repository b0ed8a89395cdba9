/// Finds the route of a request, and answers what no route has to: 404, 405 with `Allow`, HEAD and OPTIONS.
public struct Router: Sendable {
    public let routes: [Route]
    /// The paths without parameters; they are found without taking the path apart.
    private let fixed: [String: Place]
    /// The others; those with a literal part first where another has a parameter.
    private let patterned: [Place]
    let faults: FaultRenderer
    private let errors: @Sendable (any Error, Request) -> Response

    /// - Parameters:
    ///   - faults: renders what HTTP itself forbids.
    ///   - errors: renders whatever else a handler throws.
    public init(
        _ routes: [Route], faults: @escaping FaultRenderer, errors: @escaping @Sendable (any Error, Request) -> Response
    ) {
        self.routes = routes
        self.faults = faults
        self.errors = errors
        let places = Place.grouping(routes)
        fixed = Dictionary(places.filter(\.isFixed).map { ($0.routes[0].pattern, $0) }) { first, _ in first }
        patterned = places.filter { !$0.isFixed }
    }

    public func respond(to request: Request) -> Response { respond(to: request) { try answer(request) } }

    /// What takes the body of this request as it comes; nil where it is to come whole.
    func intake(for request: Request) -> (BodyIntake, limit: Int)? {
        let path = Route.split(request.path)
        let place = fixed[request.path] ?? patterned.first { $0.matches(path) }
        guard let route = place?.route(for: request.method), let open = route.intake else { return nil }
        do {
            return (try open(request, route.parameters(in: path)), route.bodyLimit)
        } catch {
            // What is wrong with the head is said when the body has been heard out: an answer before it ends the connection.
            return (BodyIntake(receive: { _ in }, answer: { throw error }), route.bodyLimit)
        }
    }

    /// What `answer` gives, or the rendering of what it throws.
    func respond(to request: Request, with answer: () throws -> Response) -> Response {
        do {
            return try answer()
        } catch let fault as HTTPFault {
            return fault.response(by: faults, request)
        } catch {
            return errors(error, request)
        }
    }

    private func answer(_ request: Request) throws -> Response {
        if request.path == "*" { return try asterisk(request) }
        if let place = fixed[request.path] { return try answer(request, of: place, []) }
        let path = Route.split(request.path)
        guard let place = patterned.first(where: { $0.matches(path) }) else {
            throw HTTPFault(.notFound, "nothing is served at \(request.path.debugDescription); check its spelling and its parts")
        }
        return try answer(request, of: place, path)
    }

    private func answer(_ request: Request, of place: Place, _ path: [Substring]) throws -> Response {
        if let route = place.route(for: request.method) { return try route.handler(request, route.parameters(in: path)) }
        if request.method == .options { return .allowing(place.methods) }
        throw HTTPFault(
            .methodNotAllowed, "this path takes \(place.methods.map(\.token).joined(separator: ", "))", allowed: place.methods)
    }

    /// RFC 9110 §9.3.7: `OPTIONS *` asks of the server as a whole.
    private func asterisk(_ request: Request) throws -> Response {
        guard request.method == .options else { throw HTTPFault(.badTarget, "only OPTIONS may ask for *") }
        return .allowing(Place.methods(of: routes))
    }
}

/// Renders a fault of HTTP; there is no request where its head could not be understood.
public typealias FaultRenderer = @Sendable (HTTPFault, Request?) -> Response

extension Response {
    fileprivate static func allowing(_ methods: [Method]) -> Response {
        Response(.noContent, headers: ["Allow": methods.map(\.token).joined(separator: ", ")])
    }
}

/// The routes that share a path, whatever they call its parameters.
private struct Place: Sendable {
    let routes: [Route]
    let methods: [Method]

    private init(_ routes: [Route]) {
        self.routes = routes
        methods = Self.methods(of: routes)
    }

    var isFixed: Bool { routes[0].parts.allSatisfy(\.isLiteral) }

    func matches(_ path: [Substring]) -> Bool {
        let parts = routes[0].parts
        return parts.count == path.count && zip(parts, path).allSatisfy { $0.matches($1) }
    }

    func route(for method: Method) -> Route? {
        routes.first { $0.method == method } ?? (method == .head ? routes.first { $0.method == .get } : nil)
    }

    static func methods(of routes: [Route]) -> [Method] {
        var tokens = Set(routes.map(\.method.token)).union([Method.options.token])
        if tokens.contains(Method.get.token) { tokens.insert(Method.head.token) }
        return tokens.sorted().map { Method($0) }
    }

    static func grouping(_ routes: [Route]) -> [Place] {
        var groups: [String: [Route]] = [:]
        for route in routes {
            precondition(
                groups[route.shape, default: []].allSatisfy { $0.method != route.method },
                "two routes for \(route.method) \(route.pattern)")
            groups[route.shape, default: []].append(route)
        }
        // A brace sorts behind every letter: where both fit, the literal part is asked first.
        return groups.sorted { $0.key < $1.key }.map { Place($0.value) }
    }
}

extension Route {
    /// The pattern without the names of its parameters.
    fileprivate var shape: String {
        parts.map { if case .literal(let text) = $0 { text } else { "{}" } }.joined(separator: "/")
    }
}
