/* Digests of files: MD5, SHA-1 and SHA-256 (FIPS 180-4), by Nettle, which has the processor's own instructions for the
 * last. */
#ifndef DR_BASE_DIGEST_H
#define DR_BASE_DIGEST_H

#include <nettle/sha2.h>
#include <stddef.h>

#include "base/error.h"

enum { DR_DIGEST_SIZE = 80 };

/* The SHA-256 of a file's bytes as they are on disk, 64 hexadecimal digits. Errors: DR_MACHINE (it cannot be read). */
dr_status dr_file_digest(char out[DR_DIGEST_SIZE], const char *path);

/* The digest of a file as "sha256:HEX"; `kind` is md5, sha1 or sha256, all before a colon of a longer text being
 * enough. Errors: DR_BAD_INPUT (another kind; the file cannot be read). */
dr_status dr_digest_take(char out[DR_DIGEST_SIZE], const char *kind, const char *path);

/* Whether the file has the digest "KIND:HEX"; if not, *found has its own. Errors: as above. */
dr_status dr_digest_compare(bool *same, char found[DR_DIGEST_SIZE], const char *digest, const char *path);

/* A SHA-256 that is taken piece by piece: begun, added to, and ended, which gives 64 hexadecimal digits. */
typedef struct dr_sum {
    struct sha256_ctx context;
} dr_sum;
void dr_sum_begin(dr_sum *sum);
void dr_sum_add(dr_sum *sum, const void *bytes, size_t size);
void dr_sum_end(dr_sum *sum, char out[DR_DIGEST_SIZE]);

/* The digest as people read it: "SHA-256 9f86...". Returns out. */
enum { DR_DIGEST_WORDS_SIZE = DR_DIGEST_SIZE + 16 };
const char *dr_digest_words(char out[DR_DIGEST_WORDS_SIZE], const char *digest);

#endif
