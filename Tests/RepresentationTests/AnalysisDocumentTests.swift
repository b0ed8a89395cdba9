import Diagnosis
import Foundation
import Kernel
import Testing

@testable import Representation

@Suite struct AnalysisDocumentTests {
    private func document(_ report: OOMReport, pretty: Bool = false, count: Int = 1) -> String {
        var document = AnalysisDocument(pretty: pretty)
        var bytes = document.opening
        for _ in 0..<count { bytes += document.piece(report, SampleReport.articleDiagnosis) }
        return String(decoding: bytes + document.closing(), as: UTF8.self)
    }

    private func report(_ text: String) throws -> [String: Any] {
        let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return try #require((document?["reports"] as? [[String: Any]])?.first)
    }

    @Test func itsMembersStandInTheOrderOfTheContract() throws {
        let text = document(SampleReport.article)
        var place = text.startIndex
        for key in [
            "reports", "kind", "kernel", "transport", "lines", "partial", "time", "scope", "constraint", "limit_cgroup",
            "victim_cgroup", "invoker", "request", "zones", "numa_node", "memory_zone", "free_bytes", "watermarks", "min_bytes",
            "managed_bytes", "protection_pages", "free_blocks", "all_unreclaimable", "derived", "memcg", "swap", "tasks",
            "victims", "diagnosis", "cause", "confidence", "summary", "denied_by", "filled_by", "what", "bytes", "share",
            "evidence", "claim", "line", "quote", "remedies", "title", "why", "command", "risk",
        ] {
            let found = try #require(text.range(of: "\"\(key)\":", range: place..<text.endIndex), "\(key) is missing, or early")
            place = found.upperBound
        }
    }

    @Test func whatTheLogDoesNotSayIsNull() throws {
        let report = try report(document(SampleReport.article))
        for key in ["kernel", "constraint", "limit_cgroup", "victim_cgroup", "invoker", "request", "memcg", "swap", "refusal"] {
            #expect(report[key] is NSNull, "\(key)")
        }
        let zone = try #require((report["zones"] as? [[String: Any]])?.first)
        #expect(zone["numa_node"] is NSNull && zone["managed_bytes"] is NSNull && zone["free_blocks"] is NSNull)
        #expect(zone["protection_pages"] as? [Int] == [0, 0, 880, 4080])
        #expect(zone["free_bytes"] as? Int == 3548 * 1024)
        #expect((report["tasks"] as? [Any])?.isEmpty == true && (report["victims"] as? [Any])?.isEmpty == true)
    }

    @Test(arguments: [false, true], [0, 1, 3])
    func itsPiecesAreOneDocument(pretty: Bool, count: Int) throws {
        let text = document(SampleReport.article, pretty: pretty, count: count)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect((object["reports"] as? [Any])?.count == count)
        #expect(object["omitted_reports"] as? Int == 0)
        #expect(text.hasSuffix("}\n"))
    }

    @Test func aZoneThatTheLogDoesNotPrintIsSaidToBeDerived() throws {
        let hidden = ZoneVerdict(node: nil, name: "Movable", free: Bytes(kibibytes: 4), isAllowed: false, isDerived: true)
        let diagnosis = OOMDiagnosis(cause: .unknown, confidence: .possible, summary: "", zones: [hidden])
        var document = AnalysisDocument(pretty: false)
        let bytes = document.opening + document.piece(SampleReport.article, diagnosis) + document.closing()
        let text = String(decoding: bytes, as: UTF8.self)
        let zones = try #require(try report(text)["zones"] as? [[String: Any]])
        #expect(zones.map { $0["memory_zone"] as? String } == ["DMA", "Normal", "HighMem", "Movable"])
        #expect(zones.map { $0["derived"] as? Bool } == [false, false, false, true])
        #expect(zones[3]["free_bytes"] as? Int == 4096)
    }

    @Test func aNameThatIsNoUTF8HasItsBytesToo() {
        let (report, _) = SampleReport.hostile
        #expect(document(report).contains(#""comm_hex":"1b5b324a0aff78""#))
        #expect(!document(SampleReport.article).contains("comm_hex"))
    }

    @Test func pagesOfTheTableHaveTheReportsSize() throws {
        var report = SampleReport.article
        var task = TaskTable.Task(processID: ProcessID(7), comm: "x", line: 3)
        task.resident = Pages(2)
        report.tasks.rows = [task]
        report.zones[1].pageSize = .sixtyFourKiB
        let shown = try self.report(document(report))
        #expect((shown["tasks"] as? [[String: Any]])?.first?["rss_bytes"] as? Int == 2 * 65536)
        #expect(shown["page_size_assumed"] as? Bool == false)
        report.zones[1].pageSize = nil
        #expect(try self.report(document(report))["page_size_assumed"] as? Bool == true)
    }

    @Test func theTimeIsRFC3339WhereTheLogSaysEnoughElseItsOwnWords() throws {
        var report = SampleReport.article
        #expect(try self.report(document(report))["time"] as? String == "Jun 10 13:33:11")
        report.wallClock = WallTime(text: "2025-12-08T18:51:31+01:00", unixSeconds: 1_765_216_291)
        #expect(try self.report(document(report))["time"] as? String == "2025-12-08T17:51:31.000Z")
        report.wallClock = nil
        #expect(try self.report(document(report))["time"] is NSNull)
    }
}
