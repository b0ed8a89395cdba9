/// Numbers over time as a row of bars: `▁▂▄█`; a blank where nothing is known.
struct Sparkline {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// - Parameters:
    ///   - values: in equal steps of time.
    ///   - width: the most columns; more values than that share one, which shows the largest of them.
    ///   - top: what a full bar stands for, the largest value where it is nil.
    static func text(_ values: [Int?], width: Int = 60, top: Int? = nil) -> String {
        guard !values.isEmpty, width > 0 else { return "" }
        let columns = min(width, values.count)
        let shown = (0..<columns).map { column -> Int? in
            let start = column * values.count / columns
            return values[start..<max((column + 1) * values.count / columns, start + 1)].compactMap { $0 }.max()
        }
        let highest = max(top ?? shown.compactMap { $0 }.max() ?? 0, 1)
        return String(shown.map { $0.map { bar($0, of: highest) } ?? " " })
    }

    private static func bar(_ value: Int, of highest: Int) -> Character {
        let part = max(value, 0).multipliedReportingOverflow(by: bars.count)
        let index = part.overflow ? bars.count - 1 : part.partialValue / highest
        return bars[min(index, bars.count - 1)]
    }
}
