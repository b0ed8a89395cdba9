/// Line breaks that are written out: a log within a web page, or within a string of a program.
///
///     [   17.041319] Mem-Info:<br>[   17.041320] active_anon:61 …
///     "[   17.041319] Mem-Info:\\n[   17.041320] active_anon:61 …"
enum LostBreaks {
    static func split(_ text: [UInt8]) -> [[UInt8]] {
        if text.contains(UInt8(ascii: "<")) || text.contains(UInt8(ascii: "&")), text.first("br") != nil {
            let rows = parts(of: text, at: tag)
            if rows != [text] { return rows.isEmpty ? [[]] : rows }
        }
        // A name of fifteen bytes holds seven of them.
        guard text.count > 200, text.contains(UInt8(ascii: "\\")) else { return [text] }
        let rows = parts(of: text) { text, at in text.has("\\r\\n", at: at) ? 4 : text.has("\\n", at: at) ? 2 : nil }
        return rows.count > 8 ? rows : [text]
    }

    /// How long the break is that begins at the index.
    private static func tag(_ text: [UInt8], _ at: Int) -> Int? {
        let tags: [StaticString] = ["<br>", "<br/>", "<br />", "<BR>", "&lt;br&gt;"]
        return tags.first { text.has($0, at: at) }?.utf8CodeUnitCount
    }

    private static func parts(of text: [UInt8], at length: ([UInt8], Int) -> Int?) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var start = 0
        var at = 0
        while at < text.count {
            if let length = length(text, at) {
                parts.append(Array(text[start..<at]))
                at += length
                start = at
            } else {
                at += 1
            }
        }
        if start < text.count { parts.append(Array(text[start...])) }
        return parts
    }
}
