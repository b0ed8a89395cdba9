import CZlib
import Representation
import Support
import Testing

@Suite struct GzipTests {
    @Test(arguments: [0, 1, 255, 4096, 100_000])
    func comesBackAsItWas(count: Int) throws {
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) }
        let packed = try Gzip.compress(text)
        #expect(packed.starts(with: [0x1f, 0x8b, 8]), "RFC 1952: ID1, ID2, deflate")
        #expect(try inflated(packed, atMost: count + 1) == text)
        #expect(try gunzipped(packed) == text)
    }

    @Test func whatIsCapturedBecomesAFifth() throws {
        let text = try Fixture("6.1-amd64-movable-dry").bytes("proc/zoneinfo")
        #expect(try Gzip.compress(text).count * 3 < text.count)
    }

    /// By the library that clients use, with its own check of length and CRC.
    private func inflated(_ packed: [UInt8], atMost size: Int) throws -> [UInt8] {
        var stream = z_stream()
        try #require(inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { inflateEnd(&stream) }
        var (input, output) = (packed, [UInt8](repeating: 0, count: size))
        let end = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        #expect(end == Z_STREAM_END)
        return Array(output[..<Int(stream.total_out)])
    }
}
