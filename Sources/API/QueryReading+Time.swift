import Kernel
import MicroHTTP
import Representation

extension Request {
    /// `2026-09-21T14:13:20Z`, or a span before now: `-5m`, `-90s`, `-2h`, `-1d`; `now`.
    func time(_ name: String, now: Timestamp) throws -> Timestamp? {
        guard let text = query[name] else { return nil }
        if text == "now" { return now }
        if text.hasPrefix("-"), let span = Nanoseconds(text.dropFirst()) {
            return Timestamp(unixNanoseconds: now.unixNanoseconds - span.count)
        }
        guard let time = Timestamp(rfc3339: text) else {
            throw malformed(name, "a time such as 2026-09-21T14:13:20Z or a span before now such as -5m", text)
        }
        return time
    }

    /// A slash at the end, as the shell completes it, means nothing.
    func cgroup(_ name: String, _ text: String) throws -> CgroupPath {
        guard text.hasPrefix("/") else { throw malformed(name, "a path such as /system.slice", text) }
        var path = Array(text.utf8)
        while path.count > 1, path.last == UInt8(ascii: "/") { path.removeLast() }
        return CgroupPath(path)
    }

    /// `15s`, `10m`.
    func span(_ name: String) throws -> Nanoseconds? {
        guard let text = query[name] else { return nil }
        guard let span = Nanoseconds(text[...]), span.count > 0 else { throw malformed(name, "a span such as 15s or 10m", text) }
        return span
    }
}

extension Nanoseconds {
    /// A number of at most nine digits with s, m, h or d.
    fileprivate init?(_ text: Substring) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), text.utf8.count <= 10,
            text.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(text.dropLast()), count < 1 << 30
        else { return nil }
        self.init(count * unit * 1_000_000_000)
    }
}
