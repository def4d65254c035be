#include "base/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/base16.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

enum { BLOCK = 1 << 18 };

/* Adds the file's bytes; false with errno. */
static bool add_bytes(struct sha256_ctx *sum, int file, unsigned char *block)
{
    ssize_t size;
    while ((size = read(file, block, BLOCK)) > 0 || (size < 0 && errno == EINTR))
        if (size > 0)
            sha256_update(sum, (size_t)size, block);
    return size == 0;
}

dr_status dr_file_digest(char out[DR_DIGEST_SIZE], const char *path)
{
    struct sha256_ctx sum;
    unsigned char digest[SHA256_DIGEST_SIZE], *block = malloc(BLOCK);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    sha256_init(&sum);
    bool done = block && file >= 0 && add_bytes(&sum, file, block);
    dr_status status = done ? DR_OK : dr_fail(DR_MACHINE, "%s: %s", path, strerror(block ? errno : ENOMEM));
    if (file >= 0)
        close(file);
    free(block);
    if (!done)
        return status;
    sha256_digest(&sum, sizeof digest, digest);
    base16_encode_update(out, sizeof digest, digest);
    out[DR_DIGEST_SIZE - 1] = '\0';
    return DR_OK;
}
