/* Streams of files that are plain or compressed by gzip, and of bytes in memory; no archives. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/memory.h"
#include "base/stream.h"

struct dr_stream {
    gzFile file;
    double size; /* of the file */
};

/* Takes over the file that is open, from its beginning on. */
static dr_status take(dr_stream **out, const char *name, int file)
{
    dr_stream *stream = dr_new(1, sizeof *stream);
    off_t size = lseek(file, 0, SEEK_END);
    bool begun = size >= 0 && lseek(file, 0, SEEK_SET) == 0;
    if (!stream || !begun || !(stream->file = gzdopen(file, "rb"))) {
        dr_status status = stream ? DR_MACHINE : dr_fail_memory();
        if (stream)
            dr_error_keep("%s: %s", name, strerror(errno));
        close(file);
        free(stream);
        return status;
    }
    stream->size = (double)size;
    *out = stream;
    return DR_OK;
}

dr_status dr_stream_open(dr_stream **out, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return dr_fail(errno == ENOMEM ? DR_MACHINE : DR_BAD_INPUT, "%s: %s", path, strerror(errno));
    int copy = dup(fileno(file));
    fclose(file);
    if (copy < 0)
        return dr_fail(DR_MACHINE, "%s: %s", path, strerror(errno));
    return take(out, path, copy);
}

dr_status dr_stream_open_memory(dr_stream **out, const char *name, const void *bytes, size_t size)
{
    int memory = dr_memory_file();
    size_t done = 0;
    while (memory >= 0 && done < size) {
        ssize_t wrote = write(memory, (const char *)bytes + done, size - done);
        if (wrote <= 0)
            break;
        done += (size_t)wrote;
    }
    if (memory >= 0 && done == size)
        return take(out, name, memory);
    dr_status status = dr_fail(DR_MACHINE, "%s: %s", name, strerror(errno));
    if (memory >= 0)
        close(memory);
    return status;
}

void dr_stream_close(dr_stream *stream)
{
    if (!stream)
        return;
    gzclose(stream->file);
    free(stream);
}

dr_status dr_stream_read(dr_stream *stream, void *bytes, size_t size, size_t *got)
{
    int read = gzread(stream->file, bytes, (unsigned)(size < 1u << 30 ? size : 1u << 30)), error = Z_OK;
    const char *why = gzerror(stream->file, &error);
    if (read < 0 || error != Z_OK)
        return dr_fail(DR_BAD_INPUT, "damaged or truncated gzip data (%s)", why);
    *got = (size_t)read;
    return DR_OK;
}

double dr_stream_done(const dr_stream *stream)
{
    return stream->size > 0 ? (double)gzoffset(stream->file) / stream->size : 1;
}
