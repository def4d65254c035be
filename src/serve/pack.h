/* Compression of replies: gzip (RFC 1952), for clients that accept it. */
#ifndef DR_SERVE_PACK_H
#define DR_SERVE_PACK_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a header Accept-Encoding (NULL: none) accepts gzip. */
bool serve_accepts_gzip(const char *header);

/* The bytes as a gzip file, which the caller frees; NULL where it would not be smaller, or without memory. `level` as
 * in zlib, 1 (fast) to 9. */
void *serve_gzip(const void *bytes, size_t size, int level, size_t *packed);

#endif
