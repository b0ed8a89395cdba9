/// One event of a stream, or what else may stand in one (HTML Living Standard §9.2.6).
public enum ServerSentEvent {
    /// `id`, `event` and `data` of an event. Line ends in `data` are made lines of their own, as the format wants.
    public static func bytes(id: String, event: String, data: [UInt8]) -> [UInt8] {
        var bytes = Array("id: \(oneLine(id))\nevent: \(oneLine(event))\n".utf8)
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: { $0 == lineFeed || $0 == carriageReturn }) {
            bytes += Array("data: ".utf8) + line + [lineFeed]
        }
        return bytes + [lineFeed]
    }

    /// How long a client shall wait before it comes back.
    public static func retry(_ pause: Duration) -> [UInt8] { Array("retry: \(Int(pause / .milliseconds(1)))\n\n".utf8) }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private static func oneLine(_ text: String) -> String {
        String(decoding: text.utf8.filter { $0 != lineFeed && $0 != carriageReturn && $0 != 0 }, as: UTF8.self)
    }
}
