#pragma once
#include <stddef.h>

/// The program's own openapi.yaml. Swift's embedded resources cost the compiler seconds per kilobyte, `#embed` nothing.
extern const unsigned char *_Nonnull const oomwarden_openapi;
extern const size_t oomwarden_openapi_size;
