import CLZMA
import CZlib
import CZstd
import Host

/// Archives made with the libraries themselves, so that no program need be there.
enum Archive {
    static func make(_ compression: Compression, of bytes: [UInt8]) -> [UInt8] {
        switch compression {
        case .gzip: gzip(bytes)
        case .xz: xz(bytes)
        case .zstd: zstd(bytes)
        case .bzip2, .lz4: preconditionFailure("is not read")
        }
    }

    private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var (stream, input) = (z_stream(), bytes)
        precondition(oomwarden_gzip_init(&stream, 6) == Z_OK)
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
        let code = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        precondition(code == Z_STREAM_END)
        defer { deflateEnd(&stream) }
        return Array(output[..<Int(stream.total_out)])
    }

    private static func xz(_ bytes: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: lzma_stream_buffer_bound(bytes.count))
        var count = 0
        precondition(
            lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, nil, bytes, bytes.count, &output, &count, output.count) == LZMA_OK)
        return Array(output[..<count])
    }

    private static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
        return Array(output[..<count])
    }
}
