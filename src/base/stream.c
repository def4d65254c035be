/* Streams are chains of layers (stream_layer.h): from the file on disk through the archives that the path names. */
#include "base/stream.h"

#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stream_layer.h"

/* ---- Members ---- */

/* The rest of `path` behind a member's name and a slash: "" where they are the same; NULL where it is no beginning. */
static const char *behind(const char *path, const char *name)
{
    size_t length = strlen(name);
    while (length > 0 && name[length - 1] == '/')
        length--;
    if (length == 0 || strncmp(path, name, length) != 0)
        return NULL;
    return path[length] == '\0' ? path + length : path[length] == '/' ? path + length + 1 : NULL;
}

const char *dr_archive_name(struct archive_entry *entry)
{
    const char *name = archive_entry_pathname_utf8(entry);
    return name ? name : archive_entry_pathname(entry);
}

/* Moves an archive to the file that `inside` names or lies in; *rest is what follows. */
static dr_status find_member(dr_stream *stream, const char *inside, const char **rest)
{
    struct archive_entry *entry = NULL;
    char hint[DR_HINT_SIZE] = "";
    dr_names names = {0};
    int result = ARCHIVE_OK;
    while ((result = archive_read_next_header(stream->archive, &entry)) == ARCHIVE_OK || result == ARCHIVE_WARN) {
        const char *name = dr_archive_name(entry);
        if (!name || archive_entry_filetype(entry) == AE_IFDIR)
            continue;
        if ((*rest = behind(inside, name))) {
            dr_names_free(&names);
            return archive_entry_is_encrypted(entry)
                       ? dr_fail(DR_BAD_INPUT, "the archive asks for a password: unpack it first, and import its files")
                       : DR_OK;
        }
        dr_names_add(&names, name);
    }
    dr_status status = result == ARCHIVE_EOF ? DR_BAD_INPUT : dr_archive_fail(stream->archive);
    if (result == ARCHIVE_EOF)
        status = dr_fail(DR_BAD_INPUT, "the archive has no file '%s'%s", inside,
                         dr_hint(hint, inside, (const char *const *)names.names, names.count));
    dr_names_free(&names);
    return status;
}

/* From the archive `stream` to the file `inside`, through archives in it. On failure the whole chain is in *out, for
 * the caller to close. */
static dr_status descend(dr_stream **out, dr_stream *stream, const char *inside)
{
    const char *rest = NULL;
    *out = stream;
    for (int depth = 0; depth < DR_DEEPEST_ARCHIVE; depth++) {
        DR_TRY(find_member(*out, inside, &rest));
        DR_TRY(dr_stream_stack(out, *rest ? DR_ARCHIVE : DR_COMPRESSED, *out));
        if (*rest == '\0')
            return DR_OK;
        inside = rest;
    }
    return dr_fail(DR_BAD_INPUT, "more than %d archives in each other", DR_DEEPEST_ARCHIVE);
}

/* ---- Paths ---- */

/* Cuts `file`, a copy of `path`, to the part that is a file on disk. *inside is what follows it; NULL: nothing
 * does. */
static bool split_path(char *file, const char *path, const char **inside, double *size)
{
    struct stat about;
    for (size_t cut = strlen(path); cut > 0; cut--) {
        if (path[cut] != '/' && path[cut] != '\0')
            continue;
        file[cut] = '\0';
        if (stat(file, &about) != 0)
            continue;
        *size = (double)about.st_size;
        *inside = path[cut] ? path + cut + 1 : NULL;
        return S_ISREG(about.st_mode);
    }
    return false;
}

static dr_status fail_path(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return dr_fail(errno == ENOENT || errno == ENOTDIR ? DR_BAD_INPUT : DR_MACHINE, "%s: %s", path,
                       errno == ENOENT || errno == ENOTDIR ? "no such file" : strerror(errno));
    /* tables are read more than once: for their header, their rows and their SHA-256 */
    return dr_fail(DR_BAD_INPUT, "%s: is a %s; expected a file", path,
                   S_ISDIR(about.st_mode) ? "folder" : "pipe or device");
}

bool dr_is_compressed(const char *file)
{
    return dr_file_has(file, 0, "BZh", 3) ||
           dr_file_has(file, 0,
                       "\xfd"
                       "7zXZ",
                       5) ||
           dr_file_has(file, 0, "\x28\xb5\x2f\xfd", 4);
}

/* Bytes that the archives which are read begin with: zip, 7z; and tar, which has its own further on. */
static bool begins_as_archive(const unsigned char *bytes, size_t size)
{
    return (size >= 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0)) ||
           (size >= 6 && memcmp(bytes, "7z\274\257\47\34", 6) == 0) ||
           (size >= 262 && memcmp(bytes + 257, "ustar", 5) == 0);
}

bool dr_stream_holds_archive(dr_stream *stream)
{
    unsigned char bytes[512];
    size_t size = 0, got = 1;
    while (size < sizeof bytes && got > 0 && dr_stream_read(stream, bytes + size, sizeof bytes - size, &got) == DR_OK)
        size += got;
    return begins_as_archive(bytes, size);
}

/* A file on disk as it is to be read: plain, or what its compression holds. */
static dr_status open_file(dr_stream **out, const char *file, double size)
{
    if (!dr_is_compressed(file))
        return dr_stream_gz(out, gzopen(file, "rb"), size);
    DR_TRY(dr_stream_disk_layer(out, DR_COMPRESSED, file, size));
    return dr_stream_begin(*out);
}

bool dr_file_is_archive(const char *file)
{
    dr_stream *stream = NULL;
    bool is = open_file(&stream, file, 0) == DR_OK && dr_stream_holds_archive(stream);
    dr_stream_close(stream);
    return is;
}

static dr_status open_split(dr_stream **out, const char *file, const char *inside, double size)
{
    if (!inside)
        return open_file(out, file, size);
    if (!dr_file_is_archive(file))
        return dr_fail(DR_BAD_INPUT,
                       "no such file: a part of the path is a file, which is neither a folder nor an archive");
    DR_TRY(dr_stream_disk_layer(out, DR_ARCHIVE, file, size));
    DR_TRY(descend(out, *out, inside));
    return dr_stream_begin(*out);
}

dr_status dr_stream_open_path(dr_stream **out, const char *path)
{
    double size = 0;
    const char *inside = NULL;
    dr_stream *stream = NULL;
    char *file = strdup(path);
    if (!file)
        return dr_fail_memory();
    if (!split_path(file, path, &inside, &size)) {
        free(file);
        return fail_path(path);
    }
    dr_status status = open_split(&stream, file, inside, size);
    free(file);
    if (status == DR_OK) {
        *out = stream;
        return DR_OK;
    }
    dr_stream_close(stream);
    return dr_fail_at(status, path);
}

bool dr_may_hold_files(const char *name)
{
    static const char *const ends[] = {".zip", ".7z", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (dr_path_ends(name, ends[i]))
            return true;
    return false;
}

/* An archive of one file is read as that file. */
static dr_status open_only_member(dr_stream **out, const char *path)
{
    dr_names names = {0};
    dr_status status = dr_files_list(&names, path);
    if (status == DR_OK && names.count == 1)
        status = dr_stream_open(out, names.names[0]);
    else if (status == DR_OK)
        status = dr_fail(DR_BAD_INPUT, "%s: an archive of %zu files; expected one file%s%s", path, names.count,
                         names.count ? "; name one, such as " : "", names.count ? names.names[0] : "");
    dr_names_free(&names);
    return status;
}

dr_status dr_stream_open(dr_stream **out, const char *path)
{
    if (dr_may_hold_files(path) && dr_is_archive(path))
        return open_only_member(out, path);
    return dr_stream_open_path(out, path);
}

static dr_status copy_bytes(int file, dr_stream *stream)
{
    char block[DR_STREAM_BLOCK];
    size_t got = 1;
    while (got > 0) {
        DR_TRY(dr_stream_read(stream, block, sizeof block, &got));
        for (size_t done = 0; done < got;) {
            ssize_t wrote = write(file, block + done, got - done);
            if (wrote <= 0)
                return dr_fail(DR_MACHINE, "%s", strerror(errno));
            done += (size_t)wrote;
        }
    }
    return DR_OK;
}

dr_status dr_stream_to_memory(int *file, char name[DR_DESCRIPTOR_PATH_SIZE], const char *path)
{
    dr_stream *stream = NULL;
    DR_TRY(dr_stream_open(&stream, path));
    int memory = dr_memory_file();
    dr_status status = DR_OK;
    if (memory < 0)
        status = dr_fail(DR_MACHINE, "%s", strerror(errno));
    else
        status = copy_bytes(memory, stream);
    dr_stream_close(stream);
    if (status == DR_OK) {
        *file = memory;
        dr_descriptor_path(name, memory);
        return DR_OK;
    }
    if (memory >= 0)
        close(memory);
    return dr_fail_at(status, path);
}

char *dr_stream_disk(const char *path, const char **inside)
{
    double size = 0;
    char *file = strdup(path);
    if (file && split_path(file, path, inside, &size))
        return file;
    free(file);
    return NULL;
}
