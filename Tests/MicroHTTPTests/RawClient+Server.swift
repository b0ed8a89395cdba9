import MicroHTTP
import Support

extension RawClient {
    convenience init(_ address: ListenAddress, of server: HTTPServer? = nil) throws {
        switch address {
        case .tcp(_, let port): try self.init(RawClient.Address.tcp(port: port), of: server)
        case .unix(let path): try self.init(RawClient.Address.unix(path: path), of: server)
        }
    }
}

extension Headers {
    init(_ raw: RawHeaders) {
        self.init()
        for (name, value) in raw.fields { append(name, value) }
    }
}
