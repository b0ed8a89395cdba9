#pragma once
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

// The algorithm's number is an enumerator, and the result is 0 or a negative error: said once, here.
static inline int oomwarden_sha256(const void *bytes, size_t count, void *digest)
{
	return gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes, count, digest);
}
