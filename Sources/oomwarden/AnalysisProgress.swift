import Host
import Kernel
import Representation

/// How far a long reading is: one line on stderr, where that is a terminal, once it takes over a second.
struct AnalysisProgress {
    private let isShown = Terminal(.error) != nil
    private var size: Int?
    private var start = Nanoseconds(0)
    private var next = Nanoseconds(0)
    private var isDrawn = false

    private static let delay = 1_000_000_000
    private static let interval = 200_000_000

    /// - Parameter size: of the file; nil where nobody knows it.
    mutating func begin(size: Int?) {
        self.size = size
        start = Nanoseconds.monotonic
        next = Nanoseconds(start.count + Self.delay)
    }

    mutating func note(position: Int, reports: Int) {
        guard isShown else { return }
        let now = Nanoseconds.monotonic
        guard now.count >= next.count else { return }
        next = Nanoseconds(now.count + Self.interval)
        isDrawn = true
        let seconds = max(Double(now.count - start.count) / 1e9, 0.001)
        let speed = Bytes(Int(Double(position) / seconds)).human + "/s"
        let percent = size.map { $0 > 0 ? " of \(Bytes($0).human), \(Int(Double(position) / Double($0) * 100)) %" : "" } ?? ""
        let line = "\(Bytes(position).human)\(percent), \(reports == 1 ? "1 report" : "\(reports) reports"), \(speed)"
        StandardStream.error.write(Array("\r\u{1b}[K\(line)".utf8))
    }

    mutating func erase() {
        guard isDrawn else { return }
        isDrawn = false
        StandardStream.error.write(Array("\r\u{1b}[K".utf8))
    }
}
