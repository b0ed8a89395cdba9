/// A problem document (RFC 9457): why a request was refused, and what to do next.
public struct Problem: Sendable {
    /// Last part of the type URI: `no_other_victim`. Stable, for programs.
    public let type: String
    public let title: String
    public let status: Int
    /// What happened here: place, expectation, finding.
    public let detail: String
    /// What the client can do about it.
    public let nextStep: String
    /// The path that was asked for.
    public var instance: String

    public init(type: String, title: String, status: Int, detail: String, nextStep: String, instance: String = "") {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.nextStep = nextStep
        self.instance = instance
    }

    public static let mediaType = "application/problem+json"

    public var json: [UInt8] {
        JSONWriter.document(pretty: false) { json in
            json.write("type", "urn:oomwarden:problem:" + type)
            json.write("title", title)
            json.write("status", status)
            json.write("detail", detail)
            json.write("instance", instance)
            json.write("next_step", nextStep)
        }
    }
}
