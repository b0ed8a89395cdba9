/// A part of zoneinfo whose lines are names with numbers, kept as bytes until somebody asks for them.
///
///       nr_free_pages 3840
///     vm stats threshold: 24
struct CounterLines: Sendable {
    let text: [UInt8]
    let range: Range<Int>

    /// The lines that are neither a field of `Zone` nor part of a CPU's list.
    var counters: [Counter] { all.filter { !Self.fields.contains($0.name) && !Self.pageSetNames.contains($0.name) } }

    var pageSets: [PageSet] {
        var result: [PageSet] = []
        for line in all {
            if line.name == "cpu" {
                result.append(PageSet(cpu: line.value, values: []))
            } else if let last = result.last, Self.pageSetNames.contains(line.name) {
                result[result.count - 1] = PageSet(cpu: last.cpu, values: last.values + [line])
            }
        }
        return result
    }

    private var all: [Counter] {
        var cursor = LineCursor(Array(text[range]))
        var result: [Counter] = []
        while cursor.nextLine() {
            let name = cursor.counterName()
            guard !name.isEmpty, let value = cursor.number() else { continue }
            result.append(Counter(name: cursor.text(name), value: value))
        }
        return result
    }

    private static let fields: Set = [
        "pages free", "boost", "min", "low", "promo", "spanned", "present", "managed", "cma", "protection: (",
        "reserved_highatomic", "free_highatomic",
    ]
    /// `high` is a watermark above and a CPU's limit here; the watermark has its field.
    private static let pageSetNames: Set = ["cpu", "count", "high", "batch", "high_min", "high_max", "vm stats threshold"]
}

extension LineCursor {
    /// The name in `      nr_free_pages 3840`, `  vm stats threshold: 2` and `    cpu: 0`, without its colon.
    fileprivate mutating func counterName() -> Range<Int> {
        skipBlanks()
        let start = at
        while let byte = peek, !byte.isDigit || isInsideWord(start) { at += 1 }
        var name = start..<at
        while let last = name.last, bytes[last] == UInt8(ascii: " ") || bytes[last] == UInt8(ascii: ":") {
            name = name.dropLast()
        }
        return name
    }

    /// A digit that follows a letter is part of a name (`allocstall_dma32`).
    private func isInsideWord(_ start: Int) -> Bool {
        at > start && bytes[at - 1] != UInt8(ascii: " ") && bytes[at - 1] != UInt8(ascii: ":")
            && bytes[at - 1] != UInt8(ascii: "(")
    }
}

extension UInt8 {
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
