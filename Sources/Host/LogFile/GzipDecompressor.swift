import CZlib

/// gzip (RFC 1952), member after member. zlib keeps the address of its stream, so it lives on the heap.
final class GzipDecompressor: Decompressor {
    let compression = Compression.gzip
    private let stream: UnsafeMutablePointer<z_stream>
    private let isReady: Bool
    private var place = Place.betweenMembers

    private enum Place {
        case betweenMembers, insideMember
    }

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        isReady = oomwarden_gunzip_init(stream) == Z_OK
    }

    deinit {
        if isReady { inflateEnd(stream) }
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func step(
        _ input: ArraySlice<UInt8>, isLast: Bool, into output: inout [UInt8], from start: Int
    ) throws(DecompressionError) -> DecompressionStep {
        guard isReady else { throw .unavailable }
        if isLast {
            guard place == .betweenMembers else { throw .truncated }
            return DecompressionStep(consumed: 0, produced: 0)
        }
        // Tapes and some backups fill the rest of a block with zeros, which gzip(1) passes over too.
        if place == .betweenMembers, input.first == 0 { return DecompressionStep(consumed: 1, produced: 0) }
        let (code, step) = inflate(input, into: &output, from: start)
        switch code {
        case Z_OK, Z_BUF_ERROR: place = .insideMember
        case Z_STREAM_END:
            place = .betweenMembers
            inflateReset(stream)
        default: throw .corrupt
        }
        return step
    }

    private func inflate(_ input: ArraySlice<UInt8>, into output: inout [UInt8], from start: Int) -> (Int32, DecompressionStep) {
        input.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                let room = output[start...]
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(clamping: input.count)
                stream.pointee.next_out = UnsafeMutableBufferPointer(rebasing: room).baseAddress
                stream.pointee.avail_out = UInt32(clamping: room.count)
                let code = CZlib.inflate(stream, Z_NO_FLUSH)
                return (
                    code,
                    DecompressionStep(
                        consumed: input.count - Int(stream.pointee.avail_in), produced: room.count - Int(stream.pointee.avail_out)
                    )
                )
            }
        }
    }
}
