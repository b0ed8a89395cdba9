/// How text for people is laid out: for which terminal, or for none.
public struct TextStyle: Hashable, Sendable {
    public let width: Int
    public let isColored: Bool
    public let isUnicode: Bool
    public let isVerbose: Bool
    /// Of the kernel's ring, whose records have numbers, and not of a log's lines.
    public var isLive = false
    /// Where what was left out can be had.
    public var hint = "as JSON it says of each why and at which risk, and holds the whole report"

    /// Narrower than 60 columns no table fits, wider than 140 no paragraph is.
    public init(width: Int = 80, isColored: Bool = false, isUnicode: Bool = true, isVerbose: Bool = false) {
        self.width = min(max(width, 60), 140)
        self.isColored = isColored
        self.isUnicode = isUnicode
        self.isVerbose = isVerbose
    }

    /// What a run of characters is; colour is never the only thing that says it.
    enum Ink: String {
        case strong = "1"
        case faint = "2"
        case bad = "31"
        case good = "32"
        case warning = "33"
        case accent = "1;36"
        case heading = "1;4"
    }

    func paint(_ text: String, _ ink: Ink) -> String {
        isColored && !text.isEmpty ? "\u{1b}[\(ink.rawValue)m\(text)\u{1b}[0m" : text
    }

    func heading(_ text: String) -> String { paint(text, .heading) }

    /// Lines no wider than the style, painted after they were cut.
    func wrap(_ text: String, as ink: Ink? = nil, indent: Int = 0, first: String? = nil) -> [String] {
        Paragraph.lines(of: text, width: width, indent: indent, first: first).map { line in ink.map { paint(line, $0) } ?? line }
    }

    /// A line across the screen with words in it, between two reports.
    public func rule(_ words: String) -> String {
        let dash = isUnicode ? "─" : "-"
        let start = "\(dash)\(dash) \(words.printable) "
        return paint((start + String(repeating: dash, count: max(width - start.count, 0))), .accent)
    }

    var glyphs: Glyphs { isUnicode ? .blocks : .ascii }
}

/// The characters that pictures are made of.
struct Glyphs: Sendable {
    let belowMin: Character
    let protected: Character
    let usable: Character
    let mark: Character
    let yes: String
    let no: String
    let notAllowed: String
    let killed: String
    let dot: String
    let ellipsis: String
    let minus: String

    static let blocks = Glyphs(
        belowMin: "▓", protected: "░", usable: "█", mark: "│", yes: "✓", no: "✗", notAllowed: "–", killed: "▸", dot: " · ",
        ellipsis: "…", minus: "−")
    static let ascii = Glyphs(
        belowMin: "=", protected: "-", usable: "#", mark: "|", yes: "+", no: "x", notAllowed: "-", killed: ">", dot: ", ",
        ellipsis: "...", minus: "-")
}
