#include "CDocuments.h"

// C23; the toolchain's clang takes it in C17 too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char openapi[] = {
#embed "../../openapi.yaml"
};

const unsigned char *const oomwarden_openapi = openapi;
const size_t oomwarden_openapi_size = sizeof openapi;
