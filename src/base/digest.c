#include "base/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/base16.h>
#include <nettle/nettle-meta.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/memory.h"

enum { BLOCK = 1 << 18, MOST_CONTEXT = 512, MOST_BYTES = 32 };

static const struct kind {
    const char *name, *words;
    const struct nettle_hash *hash;
} kinds[] = {{"md5", "MD5", &nettle_md5}, {"sha1", "SHA-1", &nettle_sha1}, {"sha256", "SHA-256", &nettle_sha256}};

static const struct kind *find(const char *digest)
{
    size_t size = strcspn(digest, ":");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i].name) == size && strncmp(kinds[i].name, digest, size) == 0)
            return &kinds[i];
    return NULL;
}

/* Adds the file's bytes; false with errno. */
static bool add_bytes(const struct nettle_hash *hash, void *sum, int file, unsigned char *block)
{
    ssize_t size;
    while ((size = read(file, block, BLOCK)) > 0 || (size < 0 && errno == EINTR))
        if (size > 0)
            hash->update(sum, (size_t)size, block);
    return size == 0;
}

/* The hexadecimal digits of a file's digest, with a zero at the end. */
static dr_status take(char *hex, const struct nettle_hash *hash, const char *path)
{
    _Alignas(max_align_t) unsigned char sum[MOST_CONTEXT];
    unsigned char digest[MOST_BYTES], *block = malloc(BLOCK);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool done = block && file >= 0 && hash->context_size <= sizeof sum && hash->digest_size <= sizeof digest;
    if (done) {
        hash->init(sum);
        done = add_bytes(hash, sum, file, block);
    }
    int error = block ? errno : ENOMEM;
    if (file >= 0)
        close(file);
    free(block);
    errno = error;
    if (!done)
        return dr_fail(DR_MACHINE, "%s: %s", path, strerror(error));
    hash->digest(sum, hash->digest_size, digest);
    base16_encode_update(hex, hash->digest_size, digest);
    hex[BASE16_ENCODE_LENGTH(hash->digest_size)] = '\0';
    return DR_OK;
}

dr_status dr_file_digest(char out[DR_DIGEST_SIZE], const char *path)
{
    return take(out, &nettle_sha256, path);
}

dr_status dr_digest_take(char out[DR_DIGEST_SIZE], const char *kind, const char *path)
{
    const struct kind *of = find(kind);
    char hex[BASE16_ENCODE_LENGTH(MOST_BYTES) + 1];
    if (!of)
        return dr_fail(DR_BAD_INPUT, "'%.80s' is no digest; expected md5:, sha1: or sha256: and hexadecimal digits",
                       kind);
    if (take(hex, of->hash, path) != DR_OK)
        return dr_fail(DR_BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    snprintf(out, DR_DIGEST_SIZE, "%s:%s", of->name, hex);
    return DR_OK;
}

dr_status dr_digest_compare(bool *same, char found[DR_DIGEST_SIZE], const char *digest, const char *path)
{
    DR_TRY(dr_digest_take(found, digest, path));
    *same = strcasecmp(found, digest) == 0;
    return DR_OK;
}

void dr_sum_begin(dr_sum *sum)
{
    sha256_init(&sum->context);
}

void dr_sum_add(dr_sum *sum, const void *bytes, size_t size)
{
    if (size)
        sha256_update(&sum->context, size, bytes);
}

void dr_sum_end(dr_sum *sum, char out[DR_DIGEST_SIZE])
{
    unsigned char digest[SHA256_DIGEST_SIZE];
    sha256_digest(&sum->context, sizeof digest, digest);
    base16_encode_update(out, sizeof digest, digest);
    out[BASE16_ENCODE_LENGTH(sizeof digest)] = '\0';
}

const char *dr_digest_words(char out[DR_DIGEST_WORDS_SIZE], const char *digest)
{
    const struct kind *of = find(digest);
    snprintf(out, DR_DIGEST_WORDS_SIZE, "%s %s", of ? of->words : "digest",
             of ? digest + strlen(of->name) + (digest[strlen(of->name)] == ':') : digest);
    return out;
}
