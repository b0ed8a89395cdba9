import CMicroHTTPD

/// An `MHD_Daemon`: the threads that serve one listening socket. It may be stopped from any thread, once.
struct Daemon: @unchecked Sendable {
    let socket: ListeningSocket
    private let raw: OpaquePointer

    init(_ socket: ListeningSocket, _ service: Service) throws(ServerError) {
        var settings = mhd_settings()
        settings.listen_fd = socket.descriptor
        settings.threads = UInt32(service.limits.threads)
        settings.connections = UInt32(service.limits.connections)
        settings.connections_per_address = UInt32(service.limits.perAddress)
        settings.idle_seconds = UInt32(max(1, service.limits.idle.components.seconds))
        settings.connection_memory = service.limits.connectionMemory
        settings.cls = Unmanaged.passUnretained(service).toOpaque()
        settings.on_request = onRequest
        settings.on_completed = onCompleted
        settings.on_connection = onConnection
        settings.on_target = onTarget
        settings.on_log = onLog
        guard let raw = mhd_start(&settings) else {
            socket.close()
            throw .cannotStart(socket.address, "libmicrohttpd did not start; its reason is in the log")
        }
        self.socket = socket
        self.raw = raw
    }

    /// Takes no further clients.
    func quiesce() {
        _ = MHD_quiesce_daemon(raw)
        socket.refuseClients()
    }

    /// Waits for handlers that are running, and drops every connection.
    func stop() {
        MHD_stop_daemon(raw)
        socket.close()
    }
}
