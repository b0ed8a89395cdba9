import Foundation
import Support
import Testing

/// The indexes that are computed from buddyinfo, against those that the kernel computes itself.
@Suite struct LiveFragmentationTests {
    private static let directory = "/sys/kernel/debug/extfrag"

    @Test(.enabled(if: access(directory + "/extfrag_index", R_OK) == 0, "debugfs is not mounted, or not ours to read"))
    func theIndexesAreTheKernelsToTheDigit() throws {
        let daemon = try DaemonProcess(["--sample.max-age=0"])
        var open = Set(try Self.readKernel().keys)
        var last = ""
        // Free memory changes all the time: a zone counts when the kernel said the same before and after.
        let isEqual = try eventually(within: 15) {
            let before = try Self.readKernel()
            let ours = try Self.indexes(in: daemon.get("/fragmentation").text)
            let after = try Self.readKernel()
            for zone in open where before[zone] == after[zone] {
                if ours[zone] == after[zone] { open.remove(zone) } else { last = "\(ours[zone] ?? []) for \(after[zone] ?? [])" }
            }
            return open.isEmpty
        }
        #expect(isEqual, "never equal in zones \(open.sorted()): \(last)")
    }

    /// By zone: the indexes of each order, unusable and fragmentation, as JSON has to write them.
    private static func readKernel() throws -> [String: [String]] {
        let unusable = try read("unusable_index")
        return try read("extfrag_index").merging(unusable) { fragmentation, unusable in unusable + fragmentation }
    }

    /// `Node 0, zone   Normal 0.000 0.-500 -1.000`: the kernel's sign stands before the fraction; -1.000 is "it would succeed".
    private static func read(_ file: String) throws -> [String: [String]] {
        let text = try String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8)
        return text.split(separator: "\n").reduce(into: [:]) { zones, line in
            let words = line.split(separator: " ")
            zones["\(words[1].dropLast())/\(words[3])"] = words.dropFirst(4).map { word in
                word == "-1.000" ? "null" : word.contains(".-") ? "-" + word.replacing(".-", with: ".") : String(word)
            }
        }
    }

    private static func indexes(in text: String) throws -> [String: [String]] {
        var zones: [String: [String]] = [:]
        for zone in text.split(separator: #"{"numa_node":"#).dropFirst() {
            let name = try #require(zone.firstMatch(of: /^(\d+),"memory_zone":"(\w+)"/))
            let unusable = zone.matches(of: /"unusable_index":([^,}]+)/).map { String($0.1) }
            zones["\(name.1)/\(name.2)"] = unusable + zone.matches(of: /"fragmentation_index":([^,}]+)/).map { String($0.1) }
        }
        return zones
    }
}
