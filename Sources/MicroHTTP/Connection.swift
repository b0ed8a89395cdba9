import CMicroHTTPD

/// An `MHD_Connection`, typed: to C, daemon, connection and response are the same opaque pointer.
/// It is valid inside the callback that brought it, on that thread, and nowhere else.
struct Connection {
    let raw: OpaquePointer

    /// What was stored for this socket when it was accepted.
    var client: Client? {
        mhd_socket_context(raw).map { Unmanaged<Client>.fromOpaque($0).takeUnretainedValue() }
    }
}
