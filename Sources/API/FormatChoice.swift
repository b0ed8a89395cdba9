import MicroHTTP
import Representation
import Synchronization

/// Which form of the metrics a scraper wants. It asks with the same words each time: the last choice is kept.
final class FormatChoice: Sendable {
    private let last = Mutex<(accept: [String], format: PrometheusText.Format)?>(nil)

    private static let text = MediaType("text", "plain", [MediaType.Parameter("version", "0.0.4")])
    private static let openMetrics = MediaType("application", "openmetrics-text", [MediaType.Parameter("version", "1.0.0")])

    /// A scraper that accepts neither form gets the text: the format's own rule is to fall back, not to refuse.
    func format(for request: Request) -> PrometheusText.Format {
        let accept = request.headers.values("Accept")
        if let known = last.withLock({ $0 }), known.accept == accept { return known.format }
        let isOpenMetrics = request.preferred(of: [Self.text, Self.openMetrics]) == Self.openMetrics
        let format: PrometheusText.Format = isOpenMetrics ? .openMetrics : .text
        last.withLock { $0 = (accept, format) }
        return format
    }
}
