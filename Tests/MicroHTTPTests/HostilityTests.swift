import Foundation
import MicroHTTP
import Support
import Synchronization
import Testing

/// Many bad clients from one address, and a good one among them.
///
/// `MICROHTTP_HOSTILE_SECONDS=12` runs it as long as the promise is made for; the default keeps the suite short.
@Suite struct HostilityTests {
    private static let seconds = ProcessInfo.processInfo.environment["MICROHTTP_HOSTILE_SECONDS"].flatMap(Double.init) ?? 3
    private static let slowClients = 500

    @Test func servesAHealthyClientAmongHostileOnes() throws {
        try allowDescriptors(2048)
        let server = try Toy.server()
        let end = Date() + Self.seconds
        let slow = try (0..<Self.slowClients).map { _ in try server.client() }
        let threads = [1, 2].map { seed in attack(server, SeededGenerator(seed: seed), until: end) }
        let dribbler = background {
            var sent = 0
            while Date() < end {
                slow[sent % slow.count].send(sent < slow.count ? "G" : "E")
                sent += 1
                usleep(500)
            }
        }
        let times = try measure(server, until: end)
        for thread in threads + [dribbler] { #expect(eventually(within: 10) { thread.isFinished }) }
        let p99 = times[times.count * 99 / 100]
        #expect(p99 < 0.1, "p99 \(p99) s of \(times.count) requests")
        #expect(times.count > 100)
        #expect(try server.get("/").status == 200)
    }

    /// One request after the other on a connection of its own; the seconds that each took, sorted.
    private func measure(_ server: HTTPServer, until end: Date) throws -> [Double] {
        var times: [Double] = []
        while Date() < end {
            let start = Date()
            #expect(try server.get("/shared").text == "shared body")
            times.append(Date().timeIntervalSince(start))
            usleep(2000)
        }
        return times.sorted()
    }

    private func attack(_ server: HTTPServer, _ seeded: SeededGenerator, until end: Date) -> Thread {
        background {
            var random = seeded
            while Date() < end {
                guard let client = try? server.client() else { continue }
                client.send(Self.noise(&random))
                _ = client.isClosed(within: 0.001)
            }
        }
    }

    /// Half of it random, half a request with some bytes changed.
    private static func noise(_ random: inout SeededGenerator) -> [UInt8] {
        if Bool.random(using: &random) {
            return (0..<Int.random(in: 1..<2000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        var bytes = Array(
            "POST /words/a%20b?c=d&e HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nCookie: a=b; c\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                .utf8)
        for _ in 0..<Int.random(in: 0..<6, using: &random) {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        return bytes
    }

    private func background(_ body: @escaping @Sendable () -> Void) -> Thread {
        let thread = Thread(block: body)
        thread.start()
        return thread
    }

    /// Both ends of all connections are in this process.
    private func allowDescriptors(_ count: rlim_t) throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = max(limit.rlim_cur, min(count, limit.rlim_max))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try #require(limit.rlim_cur >= count, "the hard limit of open files is below \(count)")
    }
}
