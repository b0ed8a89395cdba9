// deflateInit2() is a macro that Swift cannot import; this is its one use here: a gzip stream.
#pragma once
#include <zlib.h>

static inline int oomwarden_gzip_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
