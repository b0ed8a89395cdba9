import Diagnosis
import MicroHTTP
import Monitor
import Representation
import Store
import Synchronization

/// Events as the stream has them. The last one is kept: what happens is told to all clients one after the other.
final class StreamDocuments: Sendable {
    private let last = Mutex<(seq: Int, bytes: [UInt8])?>(nil)

    func bytes(of entry: StreamHub<LiveEvent>.Entry) -> [UInt8] {
        if let last = last.withLock({ $0 }), last.seq == entry.seq { return last.bytes }
        var data = entry.event.json
        if data.last == UInt8(ascii: "\n") { data.removeLast() }
        let bytes = ServerSentEvent.bytes(id: String(entry.seq), event: entry.event.kind.rawValue, data: data)
        last.withLock { $0 = (entry.seq, bytes) }
        return bytes
    }
}

extension LiveEvent {
    fileprivate var json: [UInt8] {
        switch self {
        case .event(let shown):
            Stall(of: shown.event).map { StallDocument($0).json(pretty: false) }
                ?? OOMKillsDocument.json(OOMKillsEntry(shown), pretty: false)
        case .stall(_, let stall): StallDocument(stall).json(pretty: false)
        case .zones(let change): ZoneChangeDocument(change).json(pretty: false)
        }
    }
}

/// Where events go once there is a stream: the stream and who feeds it know each other.
final class StreamSink: Sendable {
    private let stream = Mutex<EventStream?>(nil)

    func set(_ stream: EventStream) { self.stream.withLock { $0 = stream } }

    func send(_ bytes: [UInt8]) { stream.withLock { $0 }?.send(bytes) }

    func end() { stream.withLock { $0 }?.end() }
}
