import Support

/// A page of /metrics: each series with its labels as it is written.
struct Metrics {
    private let values: [String: Double]

    init(of daemon: DaemonProcess) throws {
        var values: [String: Double] = [:]
        for line in try daemon.get("/metrics").text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            values[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        self.values = values
    }

    subscript(series: String) -> Double? { values["oomwarden_" + series] }
}
