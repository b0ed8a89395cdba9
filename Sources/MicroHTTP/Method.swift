/// The method of a request, as the client wrote it. Methods are case-sensitive (RFC 9110 §9.1): `get` is not `GET`.
public struct Method: Hashable, Sendable, CustomStringConvertible {
    public let token: String

    public init(_ token: String) { self.token = token }

    public static let get = Method("GET")
    public static let head = Method("HEAD")
    public static let post = Method("POST")
    public static let put = Method("PUT")
    public static let patch = Method("PATCH")
    public static let delete = Method("DELETE")
    public static let options = Method("OPTIONS")

    public var description: String { token }
}
