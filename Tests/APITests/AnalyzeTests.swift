import APISupport
import Foundation
import MicroHTTP
import Support
import Testing

/// `POST /oom-kills/analyze`: any log, explained.
@Suite struct AnalyzeTests {
    private static let article = Fixture("2.6.16-i386-seed-2013")

    private func reports(_ answer: SceneAnswer) throws -> [[String: Any]] {
        let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return try #require(object?["reports"] as? [[String: Any]])
    }

    @Test(arguments: Scene.Way.allCases)
    func namesTheCauseOfTheArticle(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: way)
        let answer = try scene.ask(.post, "/oom-kills/analyze", body: Self.article.bytes("messages"))
        #expect(answer.status == 200)
        #expect(answer.headers["Content-Type"] == "application/json")
        let report = try #require(try reports(answer).first)
        #expect((report["diagnosis"] as? [String: Any])?["cause"] as? String == "zone_exhausted")
        #expect(
            (report["zones"] as? [[String: Any]])?.map { $0["memory_zone"] as? String } == ["DMA", "DMA32", "Normal", "HighMem"])
    }

    @Test(arguments: ["application/x-www-form-urlencoded", "application/json", "nonsense", "text/plain; charset=gb18030"])
    func theTypeOfTheBodyIsNotLookedAt(type: String) throws {
        let answer = try Scene("6.1-amd64-movable-dry")
            .ask(.post, "/oom-kills/analyze", headers: ["Content-Type": type], body: Self.article.bytes("messages"))
        #expect(answer.status == 200)
        #expect(try reports(answer).count == 1)
    }

    @Test func asTextItIsTheExplanation() throws {
        let answer = try Scene("6.1-amd64-movable-dry")
            .ask(.post, "/oom-kills/analyze", headers: ["Accept": "text/plain"], body: Self.article.bytes("messages"))
        #expect(answer.headers["Content-Type"] == "text/plain; charset=utf-8")
        #expect(answer.text.contains("zone_exhausted · certain"))
        #expect(!answer.text.contains("\u{1b}"))
    }

    @Test(arguments: Scene.Way.allCases)
    func aLogWithoutAReportIsAnEmptyList(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: way)
        for body in ["", "\n", "all is well\n"] {
            let answer = try scene.ask(.post, "/oom-kills/analyze", body: Array(body.utf8))
            #expect(answer.status == 200)
            #expect(answer.text == "{\"reports\":[],\"omitted_reports\":0}\n")
        }
    }

    @Test func garbageIsAnsweredQuickly() throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: .socket)
        var random = SystemRandomNumberGenerator()
        let garbage = (0..<(1 << 20)).map { _ in UInt8.random(in: 0...255, using: &random) }
        let started = Date()
        #expect(try scene.ask(.post, "/oom-kills/analyze", body: garbage).status == 200)
        #expect(try scene.ask(.post, "/oom-kills/analyze", body: [UInt8](repeating: 0x5b, count: 1 << 20)).status == 200)
        #expect(Date().timeIntervalSince(started) < 10)
    }

    @Test(arguments: Scene.Way.allCases)
    func aLogThatIsTooLongIsRefused(way: Scene.Way) throws {
        var machine = try Scene.Machine(Fixture("6.1-amd64-movable-dry"))
        machine.maximumLogBytes = 100_000
        let scene = try Scene(machine, way: way)
        #expect(try scene.ask(.post, "/oom-kills/analyze", body: [UInt8](repeating: 10, count: 100_000)).status == 200)
        let answer = try scene.ask(.post, "/oom-kills/analyze", body: [UInt8](repeating: 10, count: 100_001))
        #expect(answer.status == 413)
        #expect(answer.problem == "body_too_large")
    }

    @Test func refusalsAreThoseOfEveryRoute() throws {
        let scene = try Scene("6.1-amd64-movable-dry")
        #expect(try scene.ask(.get, "/oom-kills/analyze").status == 405)
        #expect(try scene.ask(.get, "/oom-kills/analyze").headers["Allow"] == "OPTIONS, POST")
        #expect(try scene.ask(.post, "/oom-kills/analyze?x").problem == "unknown_parameter")
        #expect(try scene.ask(.post, "/oom-kills/analyze", headers: ["Accept": "image/png"]).problem == "not_acceptable")
        let compressed = try scene.ask(.post, "/oom-kills/analyze", headers: ["Content-Encoding": "gzip"], body: [31, 139])
        #expect(compressed.status == 415)
        #expect(compressed.headers["Accept-Encoding"] == "identity")
    }

    /// Without a Content-Encoding: a log that nobody can read is no log without a report.
    @Test(
        arguments: [
            ([0x1F, 0x8B, 8, 0], "zcat"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xzcat"), ([0x28, 0xB5, 0x2F, 0xFD], "zstdcat"),
            ([0x42, 0x5A, 0x68, 0x39], "bzcat"),
        ] as [([UInt8], String)])
    func aCompressedLogIsToldByItsMagic(magic: [UInt8], reader: String) throws {
        for way in Scene.Way.allCases {
            let body = magic + [UInt8](repeating: 7, count: 100_000)
            let answer = try Scene("6.1-amd64-movable-dry", way: way).ask(.post, "/oom-kills/analyze", body: body)
            #expect(answer.status == 415)
            #expect(answer.problem == "unsupported_media_type")
            #expect(answer.text.contains("\(reader) FILE | curl --data-binary @-"))
        }
    }

    /// The parts in which a body comes in have nothing to do with its lines.
    @Test func theAnswerIsTheSameHoweverTheLogIsCut() throws {
        let log = try Fixture("6.1-686pae-lowmem-sockets").bytes("dev/kmsg")
        let whole = try Scene("6.1-amd64-movable-dry").ask(.post, "/oom-kills/analyze", body: log)
        let parts = try Scene("6.1-amd64-movable-dry", way: .socket).ask(.post, "/oom-kills/analyze", body: log)
        #expect(whole.body == parts.body)
        #expect(try reports(whole).count >= 1)
    }
}
