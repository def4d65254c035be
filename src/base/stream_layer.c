/* What is plain or gzip on disk is read by zlib itself, which checks the sum at the end of gzip data; libarchive does
 * not. */
#include "base/stream_layer.h"

#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/portable.h"

/* A few bytes that become very many are an attack, not a table: even a table of zeros shrinks less than this. */
static const double MOST_EXPANSION = 1000, ALWAYS_ALLOWED = 256e6;

/* libarchive knows formats that run programs of the machine: only those named here are read. */
static struct archive *new_reader(dr_stream_layer kind)
{
    struct archive *a = archive_read_new();
    if (!a)
        return NULL;
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    if (kind == DR_COMPRESSED) {
        archive_read_support_format_raw(a);
        archive_read_support_format_empty(a);
    } else {
        archive_read_support_format_zip(a);
        archive_read_support_format_7zip(a);
        archive_read_support_format_tar(a);
    }
    return a;
}

static dr_stream *new_stream(dr_stream_layer kind, double file_size)
{
    dr_stream *stream = dr_new(1, sizeof *stream);
    if (!stream)
        return NULL;
    stream->file_size = file_size;
    stream->archive = new_reader(kind);
    if (stream->archive)
        return stream;
    free(stream);
    return NULL;
}

void dr_stream_close(dr_stream *stream)
{
    while (stream) {
        dr_stream *below = stream->below;
        if (stream->archive)
            archive_read_free(stream->archive);
        if (stream->file)
            gzclose(stream->file);
        if (stream->maker.next)
            stream->maker.close(stream->maker.user);
        free(stream);
        stream = below;
    }
}

dr_status dr_archive_fail(struct archive *a)
{
    const char *why = archive_error_string(a);
    int number = archive_errno(a);
    if (!why)
        return dr_fail(DR_BAD_INPUT, "damaged data");
    if (strstr(why, "runcated") || strstr(why, "nexpected end") || strstr(why, "No progress"))
        return dr_fail(DR_BAD_INPUT, "the compressed data end too early: the file is truncated");
    if (strstr(why, "assphrase") || strstr(why, "ncrypted"))
        return dr_fail(DR_BAD_INPUT, "the archive asks for a password: unpack it first, and import its files");
    bool of_machine = number == ENOMEM || number == EIO || number == EACCES || number == ENOENT;
    return dr_fail(of_machine ? DR_MACHINE : DR_BAD_INPUT, "damaged data (%s)", why);
}

static dr_status read_gz(dr_stream *stream, void *bytes, size_t size, size_t *got)
{
    int read = gzread(stream->file, bytes, (unsigned)size), code = Z_OK;
    const char *why = gzerror(stream->file, &code);
    if (code == Z_BUF_ERROR)
        return dr_fail(DR_BAD_INPUT, "the gzip data end too early: the file is truncated");
    const char *colon = strrchr(why, ':'); /* zlib's words stand behind the path */
    if (read < 0 || (code != Z_OK && code != Z_STREAM_END))
        return dr_fail(code == Z_ERRNO ? DR_MACHINE : DR_BAD_INPUT, "cannot be read: %s",
                       code == Z_ERRNO ? strerror(errno)
                       : colon         ? colon + 2
                                       : why);
    *got = (size_t)read;
    return DR_OK;
}

static dr_status read_archive(dr_stream *stream, void *bytes, size_t size, size_t *got)
{
    la_ssize_t read = archive_read_data(stream->archive, bytes, size);
    if (read < 0)
        return stream->below && archive_errno(stream->archive) == ECANCELED ? DR_BAD_INPUT /* said by the layer below */
                                                                            : dr_archive_fail(stream->archive);
    *got = (size_t)read;
    return DR_OK;
}

static dr_status read_made(dr_stream *stream, void *bytes, size_t size, size_t *got)
{
    if (stream->piece_size == 0)
        DR_TRY(stream->maker.next(stream->maker.user, &stream->piece, &stream->piece_size));
    *got = stream->piece_size < size ? stream->piece_size : size;
    if (*got)
        memcpy(bytes, stream->piece, *got);
    stream->piece += *got;
    stream->piece_size -= *got;
    return DR_OK;
}

dr_status dr_stream_read(dr_stream *stream, void *bytes, size_t size, size_t *got)
{
    *got = 0;
    if (stream->ended)
        return DR_OK;
    if (stream->maker.next)
        return read_made(stream, bytes, size, got);
    DR_TRY(stream->file ? read_gz(stream, bytes, size, got) : read_archive(stream, bytes, size, got));
    stream->ended = *got == 0;
    stream->given += (double)*got;
    if (stream->given > MOST_EXPANSION * stream->file_size + ALWAYS_ALLOWED)
        return dr_fail(DR_BAD_INPUT, "the data expand more than %.0f-fold, which no table does: not read on",
                       MOST_EXPANSION);
    return DR_OK;
}

double dr_stream_done(const dr_stream *stream)
{
    if (stream->ended)
        return 1;
    if (stream->maker.next)
        return stream->maker.done(stream->maker.user);
    while (stream->below)
        stream = stream->below;
    double read = (double)(stream->file ? gzoffset(stream->file) : archive_filter_bytes(stream->archive, -1));
    return stream->file_size > 0 && read < stream->file_size ? read / stream->file_size : 1;
}

/* A block of the layer below. */
static la_ssize_t give_block(struct archive *a, void *user, const void **block)
{
    dr_stream *below = user;
    size_t got = 0;
    if (dr_stream_read(below, below->block, DR_STREAM_BLOCK, &got) != DR_OK) {
        archive_set_error(a, ECANCELED, "%s", dr_error_text());
        return ARCHIVE_FATAL;
    }
    *block = below->block;
    return (la_ssize_t)got;
}

dr_status dr_stream_stack(dr_stream **out, dr_stream_layer kind, dr_stream *below)
{
    dr_stream *stream = new_stream(kind, below->file_size);
    if (!stream) {
        dr_stream_close(below);
        return dr_fail_memory();
    }
    stream->below = below;
    *out = stream;
    return archive_read_open(stream->archive, below, NULL, give_block, NULL) == ARCHIVE_OK
               ? DR_OK
               : dr_archive_fail(stream->archive);
}

dr_status dr_stream_disk_layer(dr_stream **out, dr_stream_layer kind, const char *file, double size)
{
    dr_stream *stream = new_stream(kind, size);
    if (!stream)
        return dr_fail_memory();
    *out = stream;
    return archive_read_open_filename(stream->archive, file, DR_STREAM_BLOCK) == ARCHIVE_OK
               ? DR_OK
               : dr_archive_fail(stream->archive);
}

dr_status dr_stream_gz(dr_stream **out, gzFile file, double size)
{
    if (!file)
        return dr_fail(DR_MACHINE, "%s", errno ? strerror(errno) : "out of memory");
    dr_stream *stream = dr_new(1, sizeof *stream);
    if (!stream) {
        gzclose(file);
        return dr_fail_memory();
    }
    stream->file = file;
    stream->file_size = size;
    gzbuffer(file, 4 * DR_STREAM_BLOCK);
    *out = stream;
    return DR_OK;
}

dr_status dr_stream_begin(dr_stream *stream)
{
    struct archive_entry *entry = NULL;
    int result = archive_read_next_header(stream->archive, &entry);
    stream->ended = result == ARCHIVE_EOF;
    return result == ARCHIVE_OK || result == ARCHIVE_WARN || result == ARCHIVE_EOF ? DR_OK
                                                                                   : dr_archive_fail(stream->archive);
}

dr_status dr_stream_open_memory(dr_stream **out, const char *name, const void *bytes, size_t size)
{
    int memory = dr_memory_file();
    const char *at = bytes;
    size_t done = 0;
    while (memory >= 0 && done < size) {
        ssize_t wrote = write(memory, at + done, size - done);
        if (wrote <= 0)
            break;
        done += (size_t)wrote;
    }
    if (memory < 0 || done < size || lseek(memory, 0, SEEK_SET) != 0) {
        dr_status status = dr_fail(DR_MACHINE, "%s: %s", name, strerror(errno));
        if (memory >= 0)
            close(memory);
        return status;
    }
    gzFile file = gzdopen(memory, "rb");
    if (!file)
        close(memory);
    return dr_stream_gz(out, file, (double)size);
}

dr_status dr_stream_make(dr_stream **out, const dr_stream_maker *maker)
{
    dr_stream *stream = dr_new(1, sizeof *stream);
    if (!stream) {
        maker->close(maker->user);
        return dr_fail_memory();
    }
    stream->maker = *maker;
    *out = stream;
    return DR_OK;
}
