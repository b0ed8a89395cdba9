import Foundation
import MicroHTTP
import Support
import Synchronization
import Testing

/// How a server comes up and goes down.
@Suite struct StartAndStopTests {
    private static func path(_ name: String) -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("microhttp-\(getpid())-\(name)").path
    }

    @Test func saysThatThePortIsTaken() throws {
        let first = try Toy.server()
        let error = #expect(throws: ServerError.self) { try Toy.server(listen: first.addresses[0]) }
        #expect(error == .addressInUse(first.addresses[0]))
        #expect(
            error?.description
                == "\(first.addresses[0]) is already in use; stop what listens there or choose another address")
        #expect(try first.get("/").status == 200)
    }

    @Test func startsAgainOnThePortItLeft() throws {
        let first = try Toy.server()
        let address = first.addresses[0]
        #expect(try first.get("/").status == 200)
        first.stop()
        let second = try Toy.server(listen: address)
        #expect(second.addresses == [address])
        #expect(try second.get("/").status == 200)
    }

    @Test func keepsNoAddressWhenOneCannotBeHad() throws {
        let taken = try Toy.server().addresses[0]
        let holder = try Toy.server(listen: taken)
        let path = Self.path("partial")
        #expect(throws: ServerError.addressInUse(taken)) {
            try HTTPServer(
                listen: [.unix(path: path), taken], responder: { _ in Response() }, faults: { fault, _ in Response(fault.status) }
            )
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        holder.stop()
    }

    @Test func saysThatAnAddressIsNotOurs() throws {
        let foreign = ListenAddress.tcp(host: "192.0.2.1", port: 0)
        #expect(throws: ServerError.addressNotAvailable(foreign)) { try Toy.server(listen: foreign) }
    }

    @Test func servesEveryAddressOfTheMachine() throws {
        let server = try Toy.server(listen: .tcp(host: "", port: 0))
        #expect(try server.get("/").status == 200)
    }

    @Test func servesAUnixSocketAndNamesTheProcessBehindIt() throws {
        let path = Self.path("socket")
        let server = try Toy.server(listen: .unix(path: path))
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o660)
        #expect(try server.get("/peer").text == "unix socket, pid \(getpid()), uid \(getuid())")
        #expect(throws: ServerError.addressInUse(.unix(path: path))) { try Toy.server(listen: .unix(path: path)) }
        #expect(try server.get("/").status == 200)
        server.stop()
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func replacesTheSocketOfADeadServer() throws {
        let path = Self.path("stale")
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        close(descriptor)
        #expect(try Toy.server(listen: .unix(path: path)).get("/").status == 200)
    }

    @Test func leavesAFileAloneThatIsNoSocket() throws {
        let path = Self.path("file")
        try "mine".write(toFile: path, atomically: true, encoding: .utf8)
        defer { unlink(path) }
        #expect(throws: ServerError.notASocket(path: path)) { try Toy.server(listen: .unix(path: path)) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }

    @Test func refusesAPathThatDoesNotFit() {
        let path = "/tmp/" + String(repeating: "a", count: 103)
        #expect(throws: ServerError.pathTooLong(path: path)) { try Toy.server(listen: .unix(path: path)) }
    }

    /// A handler that waits until it is let go.
    private final class Gate: Sendable {
        private let state = Mutex((entered: false, open: false))
        var isEntered: Bool { state.withLock { $0.entered } }
        func open() { state.withLock { $0.open = true } }
        func pass() {
            state.withLock { $0.entered = true }
            _ = eventually(within: 10) { state.withLock { $0.open } }
        }

        var route: Route {
            Route(.get, "/slow") { _, _ in
                self.pass()
                return Toy.text("done")
            }
        }
    }

    @Test func drainsWhatIsInFlight() throws {
        let gate = Gate()
        let server = try Toy.server(extra: [gate.route])
        let client = try server.client()
        let idle = try server.client()
        idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.response().status == 200)
        client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(eventually { gate.isEntered })
        let stopped = Mutex(false)
        let thread = Thread {
            server.stop(drainingFor: .seconds(5))
            stopped.withLock { $0 = true }
        }
        thread.start()
        #expect(eventually { (try? server.client()) == nil })
        #expect(!stopped.withLock { $0 })
        gate.open()
        let response = try client.response()
        #expect(response.text == "done")
        #expect(response.headers["Connection"] == "close")
        #expect(eventually { stopped.withLock { $0 } })
        #expect(idle.isClosed())
    }

    @Test func waitsNoLongerThanItWasGiven() throws {
        let server = try Toy.server()
        let client = try server.client()
        client.send("POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc")
        #expect(try server.get("/").status == 200)
        let start = Date()
        server.stop(drainingFor: .milliseconds(300))
        let seconds = Date().timeIntervalSince(start)
        #expect(seconds > 0.25 && seconds < 2)
        #expect(client.isClosed())
    }

    @Test func stopsAtOnceWhenNothingIsInFlight() throws {
        let server = try Toy.server()
        #expect(try server.get("/").status == 200)
        let start = Date()
        server.stop(drainingFor: .seconds(5))
        server.stop()
        #expect(Date().timeIntervalSince(start) < 2)
    }
}
