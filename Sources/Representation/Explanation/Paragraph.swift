/// Text cut into lines at its blanks.
enum Paragraph {
    /// - Parameters:
    ///   - indent: blanks before each line.
    ///   - first: stands before the first line in the place of its blanks, such as ` 1. `.
    static func lines(of text: String, width: Int, indent: Int = 0, first: String? = nil) -> [String] {
        let room = max(width - indent, 16)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ").flatMap({ pieces(of: $0, room) }) {
            if line.isEmpty {
                line = String(word)
            } else if line.count + 1 + word.count <= room {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line) }
        let blanks = String(repeating: " ", count: indent)
        return lines.enumerated().map { index, line in (index == 0 ? first ?? blanks : blanks) + line }
    }

    /// At most `count` lines; the last says by an ellipsis that there is more.
    static func lines(of text: String, atMost count: Int, style: TextStyle, indent: Int) -> [String] {
        let all = lines(of: text, width: style.width, indent: indent)
        guard all.count > count, let last = all.prefix(count).last else { return all }
        let mark = " " + style.glyphs.ellipsis
        return all.prefix(count - 1) + [String(last.prefix(style.width - mark.count)) + mark]
    }

    /// The first line's worth of `text`: whole clauses as far as they fit, else words and an ellipsis.
    static func clause(of text: String, style: TextStyle, indent: Int) -> String {
        let blanks = String(repeating: " ", count: indent)
        guard text.count > style.width - indent else {
            return text.isEmpty ? "" : blanks + (text.hasSuffix(".") ? text.dropLast() : text[...])
        }
        let room = text.prefix(style.width - indent + 1)
        let ends = room.indices.filter { at in
            ".:;".contains(room[at]) && room[room.index(after: at)...].first == " "
        }
        guard let end = ends.last else { return lines(of: text, atMost: 1, style: style, indent: indent).first ?? "" }
        return blanks + room[..<end]
    }

    /// A word that is wider than a line, such as the path of a container's cgroup, is cut where it must be.
    private static func pieces(of word: Substring, _ room: Int) -> [Substring] {
        var (pieces, rest) = ([Substring](), word)
        while rest.count > room {
            pieces.append(rest.prefix(room))
            rest = rest.dropFirst(room)
        }
        return pieces + (rest.isEmpty ? [] : [rest])
    }
}

extension String {
    /// With blanks behind it up to that many characters.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }

    /// With blanks before it.
    func aligned(to width: Int) -> String { String(repeating: " ", count: max(width - count, 0)) + self }
}
