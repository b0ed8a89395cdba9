import CLZMA

/// xz, stream after stream.
final class XZDecompressor: Decompressor {
    let compression = Compression.xz
    private let stream: UnsafeMutablePointer<lzma_stream>
    private let isReady: Bool
    private var hasEnded = false

    /// `xz -9` wants 65 MiB, its default 9; what wants more was made to be read elsewhere.
    private static let memoryLimit: UInt64 = 80 << 20

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: lzma_stream())
        isReady = oomwarden_xz_init(stream, Self.memoryLimit) == LZMA_OK
    }

    deinit {
        lzma_end(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func step(
        _ input: ArraySlice<UInt8>, isLast: Bool, into output: inout [UInt8], from start: Int
    ) throws(DecompressionError) -> DecompressionStep {
        guard isReady else { throw .unavailable }
        guard !hasEnded else { return DecompressionStep(consumed: input.count, produced: 0) }
        let (code, step) = decode(input, isLast ? LZMA_FINISH : LZMA_RUN, into: &output, from: start)
        switch code {
        case LZMA_STREAM_END: hasEnded = true
        // A whole file says that it has ended as soon as it is told that nothing follows.
        case LZMA_OK, LZMA_BUF_ERROR: if isLast, step.produced == 0 { throw .truncated }
        case LZMA_MEMLIMIT_ERROR: throw .tooLarge
        case LZMA_MEM_ERROR: throw .unavailable
        default: throw .corrupt
        }
        return step
    }

    private func decode(
        _ input: ArraySlice<UInt8>, _ action: lzma_action, into output: inout [UInt8], from start: Int
    ) -> (lzma_ret, DecompressionStep) {
        input.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                let room = output[start...]
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = input.count
                stream.pointee.next_out = UnsafeMutableBufferPointer(rebasing: room).baseAddress
                stream.pointee.avail_out = room.count
                let code = lzma_code(stream, action)
                return (
                    code,
                    DecompressionStep(
                        consumed: input.count - stream.pointee.avail_in, produced: room.count - stream.pointee.avail_out)
                )
            }
        }
    }
}
