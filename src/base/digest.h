/* SHA-256 of files (FIPS 180-4), by Nettle, which has the processor's own instructions for it. */
#ifndef DR_BASE_DIGEST_H
#define DR_BASE_DIGEST_H

#include "base/error.h"

enum { DR_DIGEST_SIZE = 65 }; /* 64 hexadecimal digits and the zero */

/* The digest of a file's bytes as they are on disk. Errors: DR_MACHINE (it cannot be read). */
dr_status dr_file_digest(char out[DR_DIGEST_SIZE], const char *path);

#endif
