#include "CBuildInfo.h"

const char *const oomwarden_revision = OOMWARDEN_REVISION;
const char *const oomwarden_swift = OOMWARDEN_SWIFT;
