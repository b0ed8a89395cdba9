import CMicroHTTPD
import Glibc

// What libmicrohttpd calls, on its own threads. Named functions: a closure literal written in isolated code would carry a
// check of the executor that these threads fail. `service` is the `Service`, borrowed; the server outlives its daemons.

private func service(_ context: UnsafeMutableRawPointer?) -> Service? {
    context.map { Unmanaged<Service>.fromOpaque($0).takeUnretainedValue() }
}

func onConnection(
    _ context: UnsafeMutableRawPointer?, _ raw: OpaquePointer?,
    _ socketContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_ConnectionNotificationCode
) {
    guard let service = service(context), let raw, let socketContext else { return }
    if code == .CONNECTION_NOTIFY_STARTED {
        let client = Client(Connection(raw: raw), at: Monotonic.now())
        service.clients.insert(client)
        socketContext.pointee = Unmanaged.passRetained(client).toOpaque()
    } else if let stored = socketContext.pointee {
        socketContext.pointee = nil
        service.clients.remove(Unmanaged<Client>.fromOpaque(stored).takeRetainedValue())
    }
}

/// The only place where the target is whole and as it came: behind it the library decodes it in place.
func onTarget(
    _: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    let bytes = UnsafeRawBufferPointer(start: target, count: target.map(strlen) ?? 0)
    let exchange = Exchange(target: [UInt8](bytes))
    if let target { mhd_end_query(target) }
    return Unmanaged.passRetained(exchange).toOpaque()
}

func onRequest(
    _ context: UnsafeMutableRawPointer?, _ raw: OpaquePointer?, _: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?,
    _ version: UnsafePointer<CChar>?, _ data: UnsafePointer<CChar>?, _ size: UnsafeMutablePointer<Int>?,
    _ stored: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let service = service(context), let raw, let method, let version, let size, let pointer = stored?.pointee else {
        return .NO
    }
    let connection = Connection(raw: raw)
    let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
    if case .head = exchange.step {
        return service.receiveHead(exchange, RawHead(connection, method: method, version: version), on: connection)
    }
    guard size.pointee > 0 else { return service.answer(exchange, on: connection) }
    defer { size.pointee = 0 }
    return service.receiveBody(exchange, UnsafeRawBufferPointer(start: data, count: size.pointee), on: connection)
}

/// Comes once for each target that was read, whatever became of the request.
func onCompleted(
    _ context: UnsafeMutableRawPointer?, _ raw: OpaquePointer?,
    _ stored: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _: MHD_RequestTerminationCode
) {
    guard let service = service(context), let raw, let stored, let pointer = stored.pointee else { return }
    stored.pointee = nil
    service.complete(Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue(), on: Connection(raw: raw))
}

/// What a stream has for its client now; the stream suspends its connection where that is nothing.
func onStream(
    _ context: UnsafeMutableRawPointer?, _: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ room: Int
) -> Int {
    guard let context, let buffer else { return mhd_end_of_stream() }
    let stream = Unmanaged<EventStream>.fromOpaque(context).takeUnretainedValue()
    return stream.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: room)) ?? mhd_end_of_stream()
}

func onStreamEnd(_ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<EventStream>.fromOpaque(context).takeRetainedValue().finish()
}

func onLog(_ context: UnsafeMutableRawPointer?, _ format: UnsafePointer<CChar>?, _ arguments: CVaListPointer?) {
    guard let service = service(context), let format, let arguments else { return }
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
        guard let start = buffer.baseAddress, vsnprintf(start, buffer.count, format, arguments) >= 0 else { return "" }
        return String(cString: start)
    }
    service.events(.message(String(ASCII.trimmed(text.split(separator: "\n").joined(separator: " ")))))
}
