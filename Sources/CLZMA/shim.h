// LZMA_CONCATENATED is a macro with a cast, which Swift cannot import; this is its one use here: files of xz(1).
#pragma once
#include <lzma.h>

static inline lzma_ret oomwarden_xz_init(lzma_stream *stream, uint64_t memory_limit) {
    return lzma_stream_decoder(stream, memory_limit, LZMA_CONCATENATED);
}
