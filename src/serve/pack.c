#include "serve/pack.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/print.h"

/* Whether what follows the name of a coding takes it back: ";q=0" and the like (RFC 9110, 12.4.2). */
static bool is_refused(const char *from, const char *end)
{
    char *rest;
    for (; from < end; from++)
        if ((*from == 'q' || *from == 'Q') && from + 1 < end && from[1] == '=')
            return dr_number_read(from + 2, &rest) <= 0;
    return false;
}

bool serve_accepts_gzip(const char *header)
{
    static const char name[] = "gzip";
    const size_t length = sizeof name - 1;
    for (const char *at = header; at && *at;) {
        at += strspn(at, ", \t");
        const char *end = at + strcspn(at, ",");
        if (strncasecmp(at, name, length) == 0 && (at + length == end || strchr("; \t", at[length])))
            return !is_refused(at + length, end);
        at = end;
    }
    return false;
}

void *serve_gzip(const void *bytes, size_t size, int level, size_t *packed)
{
    enum { WINDOW = 15, GZIP = 16, MEMORY = 9 };
    z_stream z = {0};
    unsigned char *out = malloc(size);
    int done = Z_STREAM_ERROR;
    if (!out || size == 0 || deflateInit2(&z, level, Z_DEFLATED, WINDOW + GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(out);
        return NULL;
    }
    z.next_in = bytes;
    z.avail_in = (uInt)size;
    z.next_out = out;
    z.avail_out = (uInt)size;
    if (size <= (uInt)-1)
        done = deflate(&z, Z_FINISH);
    *packed = z.total_out;
    deflateEnd(&z);
    if (done == Z_STREAM_END)
        return out;
    free(out);
    return NULL;
}
