import CZstd

/// Zstandard (RFC 8878), frame after frame. Its own default refuses windows of more than 128 MiB.
final class ZstdDecompressor: Decompressor {
    let compression = Compression.zstd
    private let context: OpaquePointer?
    private var isInsideFrame = false

    init() { context = ZSTD_createDCtx() }

    deinit { ZSTD_freeDCtx(context) }

    func step(
        _ input: ArraySlice<UInt8>, isLast: Bool, into output: inout [UInt8], from start: Int
    ) throws(DecompressionError) -> DecompressionStep {
        guard let context else { throw .unavailable }
        let (code, step) = decode(input, context, into: &output, from: start)
        guard ZSTD_isError(code) == 0 else {
            throw ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge ? .tooLarge : .corrupt
        }
        // 0 says that a frame is whole; without input and output it says nothing new.
        if step.consumed > 0 || step.produced > 0 { isInsideFrame = code != 0 }
        if isLast, step.produced == 0, isInsideFrame { throw .truncated }
        return step
    }

    private func decode(
        _ input: ArraySlice<UInt8>, _ context: OpaquePointer, into output: inout [UInt8], from start: Int
    ) -> (Int, DecompressionStep) {
        input.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                let room = UnsafeMutableBufferPointer(rebasing: output[start...])
                var from = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                var into = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                let code = ZSTD_decompressStream(context, &into, &from)
                return (code, DecompressionStep(consumed: from.pos, produced: into.pos))
            }
        }
    }
}
