/// `POST /-/reload`: what is in force after it.
public struct ReloadDocument: Sendable {
    let policies: Int
    let path: String?

    public init(policies: Int, path: String?) {
        self.policies = policies
        self.path = path
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("policies", policies)
            json.write("path", path)
        }
    }

    public var table: String {
        path.map { "\(policies) policies in force, \($0) was read again\n" } ?? "there is no policy file\n"
    }
}
