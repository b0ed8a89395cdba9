import CYAML
import Diagnosis
import Kernel

/// Reads one YAML document into nodes with their lines. Aliases are refused: a short text could mean a very long one.
struct YAMLReader: ~Copyable {
    /// It points into itself, so it stays where it is.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let source: String
    private var nodes = 0

    private static let deepest = 32
    private static let most = 100_000

    /// - Returns: nil for a text without a document.
    static func read(_ bytes: [UInt8], source: String) throws(ParseError) -> PolicyNode? {
        var result: Result<PolicyNode?, ParseError> = .success(nil)
        bytes.withUnsafeBufferPointer { text in
            do throws(ParseError) {
                var reader = try YAMLReader(source: source)
                result = .success(try reader.document(of: text))
            } catch { result = .failure(error) }
        }
        return try result.get()
    }

    private init(source: String) throws(ParseError) {
        self.source = source
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else { throw error(0, "memory for a reader", "none") }
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    private mutating func document(of text: UnsafeBufferPointer<UInt8>) throws(ParseError) -> PolicyNode? {
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
        guard try next().type == YAML_STREAM_START_EVENT else { throw error(0, "a text in UTF-8", nil) }
        guard try next().type == YAML_DOCUMENT_START_EVENT else { return nil }
        let root = try node(try next(), depth: 0)
        _ = try next()
        let rest = try next()
        guard rest.type == YAML_STREAM_END_EVENT else { throw error(rest.line, "one document", "another") }
        return root
    }

    private mutating func node(_ event: Event, depth: Int) throws(ParseError) -> PolicyNode {
        nodes += 1
        guard depth < Self.deepest, nodes < Self.most else { throw error(event.line, "a simpler text", "more than is read") }
        switch event.type {
        case YAML_SCALAR_EVENT:
            guard let text = event.text else { throw error(event.line, "a text in UTF-8", nil) }
            guard event.isPlain else { return PolicyNode(.string(text), line: event.line) }
            return PolicyNode(["", "~", "null"].contains(text) ? .null : .plain(text), line: event.line)
        case YAML_SEQUENCE_START_EVENT: return try list(event, depth)
        case YAML_MAPPING_START_EVENT: return try object(event, depth)
        default: throw error(event.line, "a value", "an alias")
        }
    }

    private mutating func list(_ start: Event, _ depth: Int) throws(ParseError) -> PolicyNode {
        var elements: [PolicyNode] = []
        while true {
            let event = try next()
            if event.type == YAML_SEQUENCE_END_EVENT { return PolicyNode(.list(elements), line: start.line) }
            elements.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func object(_ start: Event, _ depth: Int) throws(ParseError) -> PolicyNode {
        var members: [PolicyNode.Member] = []
        while true {
            let event = try next()
            if event.type == YAML_MAPPING_END_EVENT { return PolicyNode(.object(members), line: start.line) }
            guard event.type == YAML_SCALAR_EVENT, let name = event.text else { throw error(event.line, "a member's name", nil) }
            members.append(PolicyNode.Member(name: name, node: try node(try next(), depth: depth + 1)))
        }
    }
}

// Events.
extension YAMLReader {
    /// What is kept of one; the library's own is given back at once.
    private struct Event {
        let type: yaml_event_type_t
        /// From 1.
        let line: Int
        var text: String?
        var isPlain = false
    }

    private mutating func next() throws(ParseError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        var kept = Event(type: event.type, line: Int(clamping: event.start_mark.line) + 1)
        guard event.type == YAML_SCALAR_EVENT, let start = oomwarden_yaml_text(&event) else { return kept }
        let bytes = UnsafeBufferPointer(start: start, count: oomwarden_yaml_length(&event))
        kept.text = String(validating: bytes, as: UTF8.self)
        kept.isPlain = oomwarden_yaml_is_plain(&event) == 1
        return kept
    }

    private var failure: ParseError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "something else"
        let isReader = parser.pointee.error == YAML_READER_ERROR
        return error(isReader ? 0 : Int(clamping: parser.pointee.problem_mark.line) + 1, "YAML", problem)
    }

    private func error(_ line: Int, _ expected: String, _ found: String?) -> ParseError {
        ParseError(source: source, line: line, expected: expected, found: found)
    }
}
