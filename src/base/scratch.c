#include "base/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/leftover.h"
#include "base/stream.h"

bool dr_scratch_is_needed(const char *path)
{
    const char *inside = NULL;
    char *disk = dr_stream_disk(path, &inside);
    bool needed = disk && (inside || dr_is_archive(path) || dr_is_compressed(path) || dr_frame_is_foreign(path));
    free(disk);
    return needed;
}

/* A new file in the folder that is gone from it at once. No signal ends the process in between. */
static int make_nameless(char *name)
{
    dr_hold();
    int file = mkostemp(name, O_CLOEXEC);
    if (file >= 0 && unlink(name) != 0) {
        close(file);
        file = -1;
    }
    dr_release();
    return file;
}

dr_status dr_scratch_open(dr_scratch *out, const char *beside)
{
    char *copy = strdup(beside), *name = NULL;
    if (!copy || asprintf(&name, "%s/.derisk-XXXXXX", dirname(copy)) < 0) {
        free(copy);
        return dr_fail_memory();
    }
    int file = make_nameless(name), number = errno;
    free(name);
    dr_status status = file >= 0 ? DR_OK
                                 : dr_fail(number == ENOENT || number == ENOTDIR ? DR_BAD_INPUT : DR_MACHINE,
                                           "%s: the folder '%s': %s", beside, copy,
                                           number == ENOENT ? "it does not exist" : strerror(number));
    free(copy);
    if (status != DR_OK)
        return status;
    out->file = file;
    dr_descriptor_path(out->path, file);
    return DR_OK;
}

static dr_status write_all(int file, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t wrote = write(file, bytes, size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return dr_fail(DR_MACHINE, "cannot be unpacked beside the world: %s", dr_error_of_file(errno));
        bytes += wrote;
        size -= (size_t)wrote;
    }
    return DR_OK;
}

static dr_status copy(int file, dr_stream *stream)
{
    enum { BLOCK = 1 << 18 };
    size_t got = 0;
    char *block = malloc(BLOCK);
    dr_status status = block ? DR_OK : dr_fail_memory();
    do {
        if (status == DR_OK)
            status = dr_stream_read(stream, block, BLOCK, &got);
        if (status == DR_OK)
            status = write_all(file, block, got);
    } while (status == DR_OK && got > 0);
    free(block);
    return status;
}

dr_status dr_scratch_fill(dr_scratch *scratch, const char *path)
{
    dr_stream *stream = NULL;
    if (ftruncate(scratch->file, 0) != 0 || lseek(scratch->file, 0, SEEK_SET) != 0)
        return dr_fail(DR_MACHINE, "%s: %s", path, strerror(errno));
    DR_TRY(dr_frame_is_foreign(path) ? dr_frame_open(&stream, path) : dr_stream_open(&stream, path));
    dr_status status = copy(scratch->file, stream);
    dr_stream_close(stream);
    return status == DR_OK ? DR_OK : dr_fail_at(status, path);
}

void dr_scratch_close(dr_scratch *scratch)
{
    if (*scratch->path)
        close(scratch->file);
    *scratch = (dr_scratch){0};
}
