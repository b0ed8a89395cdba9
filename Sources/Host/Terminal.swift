import Glibc

/// What the terminal of a stream is like, if it is one.
public struct Terminal: Sendable {
    /// Characters in a line.
    public let width: Int

    /// nil where the stream is no terminal.
    public init?(_ stream: StandardStream) {
        guard isatty(stream.rawValue) == 1 else { return nil }
        var size = winsize()
        let told = ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
        width = told > 0 ? told : environment("COLUMNS").flatMap { Int($0) } ?? 80
    }

    /// True where somebody types.
    public static var isInput: Bool { isatty(STDIN_FILENO) == 1 }

    /// https://no-color.org: set and not empty. A dumb terminal has none either.
    public static var allowsColor: Bool { environment("NO_COLOR") == nil && environment("TERM") != "dumb" }

    /// Whether the locale's characters are UTF-8, in the order in which setlocale(3) asks.
    public static var isUTF8: Bool {
        let locale = environment("LC_ALL") ?? environment("LC_CTYPE") ?? environment("LANG") ?? ""
        let name = locale.lowercased()
        return name.contains("utf-8") || name.contains("utf8")
    }
}
