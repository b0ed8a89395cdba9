/// `GET /-/healthy` and `/-/ready`: is the program there, has it caught up with the kernel's log, what does it not see.
public struct HealthDocument: Sendable {
    public let status: String
    public let sources: [SourceState]

    public init(status: String, sources: [SourceState]) {
        self.status = status
        self.sources = sources
    }

    public func json(pretty: Bool) -> [UInt8] {
        JSONWriter.document(pretty: pretty) { json in
            json.write("status", status)
            json.write(sources: sources)
        }
    }

    public var table: String {
        status + "\n" + sources.map { "\($0.source): \($0.reason ?? "up")\n" }.joined()
    }
}
