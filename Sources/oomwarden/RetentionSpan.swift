import ArgumentParser
import Kernel
import Representation

/// How long history is kept, as people write it: `400d`, `36h`.
enum RetentionSpan {
    static func parsed(_ text: String) throws -> Nanoseconds {
        guard let span = Nanoseconds(span: text), span.count > 0 else {
            throw ValidationError("expected a span of time such as 36h or 400d, found \(text.debugDescription)")
        }
        return span
    }
}
