import Kernel

/// A log as a reader gives it out, every line of it.
func readAll(_ log: String) -> [LogLine] { readAll(Array(log.utf8)) }

func readAll(_ log: [UInt8], pieces: Int = .max) -> [LogLine] {
    var reader = LogReader()
    reader.isAttentive = true
    return read(&reader, log, pieces: pieces) { _ in true }
}

/// What a reader gives out that is never told to pay attention.
func readIdly(_ log: [UInt8], pieces: Int = .max) -> [LogLine] {
    var reader = LogReader()
    return read(&reader, log, pieces: pieces) { _ in false }
}

private func read(
    _ reader: inout LogReader, _ log: [UInt8], pieces: Int, isAttentive: (LogLine) -> Bool
) -> [LogLine] {
    var lines: [LogLine] = []
    func take(_ line: LogLine) -> Bool {
        lines.append(line)
        return isAttentive(line)
    }
    var rest = log[...]
    while !rest.isEmpty {
        reader.read(rest.prefix(pieces), take)
        rest = rest.dropFirst(pieces)
    }
    reader.finish(take)
    return lines
}

extension LogLine {
    var words: String { String(decoding: text, as: UTF8.self) }
}
