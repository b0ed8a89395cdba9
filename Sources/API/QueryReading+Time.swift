import Kernel
import MicroHTTP
import Representation

extension Request {
    /// A time of day, or a span of time back from now: `2026-11-23T18:56:05Z`, `7d` or `-7d`; `now`.
    func time(_ name: String, now: Timestamp) throws -> Timestamp? {
        guard let text = query[name] else { return nil }
        if text == "now" { return now }
        let span = text.hasPrefix("-") ? String(text.dropFirst()) : text
        guard let time = Timestamp(rfc3339: text) ?? Timestamp(ago: span, before: now) else {
            throw malformed(name, "a time such as 2026-11-23T18:56:05Z, or a span back from now such as 7d", text)
        }
        return time
    }

    /// `15s`, `10m`; none is nothing.
    func span(_ name: String) throws -> Nanoseconds? {
        guard let text = query[name] else { return nil }
        guard let span = Nanoseconds(span: text), span.count > 0 else {
            throw malformed(name, "a span of time such as 90s, 15m, 24h or 7d", text)
        }
        return span
    }
}
