import CMicroHTTPD
import Glibc

/// The head of a request as libmicrohttpd hands it over, in its own memory.
struct RawHead {
    let method: UnsafePointer<CChar>
    let version: UnsafePointer<CChar>
    /// From the method to the empty line, that included.
    let size: Int

    init(_ connection: Connection, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>) {
        self.method = method
        self.version = version
        size = mhd_head_size(connection.raw)
    }

    /// HTTP/1.0 knows neither chunks nor a mandatory Host.
    var isVersion10: Bool { strcmp(version, "HTTP/1.0") == 0 }

    var methodBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: method, count: strlen(method)) }
}
