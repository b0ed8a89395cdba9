// deflateInit2() and inflateInit2() are macros that Swift cannot import; these are their uses here: gzip streams.
#pragma once
#include <zlib.h>

static inline int oomwarden_gzip_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int oomwarden_gunzip_init(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}
