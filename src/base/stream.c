/* Streams are chains of libarchive's readers: the file on disk, an archive in it, and at the end one that undoes a
 * compression. What is plain or gzip on disk is read by zlib itself, which checks the sum at the end of gzip data;
 * libarchive does not. */
#include "base/stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "base/memory.h"

enum { BLOCK = 1 << 16, DEEPEST = 8 };

/* A few bytes that become very many are an attack, not a table: even a table of zeros shrinks less than this. */
static const double MOST_EXPANSION = 1000, ALWAYS_ALLOWED = 256e6;

struct dr_stream {
    gzFile file; /* plain or gzip; NULL: an archive or another compression */
    struct archive *archive;
    dr_stream *below;      /* gives the archive its bytes; NULL: the file on disk does */
    dr_stream_maker maker; /* its next is NULL: bytes of a file */
    const char *piece;     /* what is left of the maker's last piece */
    size_t piece_size;
    bool ended;
    double file_size; /* on disk */
    double given;     /* bytes read from here */
    unsigned char block[BLOCK];
};

/* ---- One layer ---- */

typedef enum layer { COMPRESSED, ARCHIVE } layer;

/* libarchive knows formats that run programs of the machine: only those named here are read. */
static struct archive *new_reader(layer kind)
{
    struct archive *a = archive_read_new();
    if (!a)
        return NULL;
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    if (kind == COMPRESSED) {
        archive_read_support_format_raw(a);
        archive_read_support_format_empty(a);
    } else {
        archive_read_support_format_zip(a);
        archive_read_support_format_7zip(a);
        archive_read_support_format_tar(a);
    }
    return a;
}

static dr_stream *new_stream(layer kind, double file_size)
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

/* What libarchive says of its last failure, in our words where they are plainer. */
static dr_status fail_read(struct archive *a)
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
    if (read < 0 || (code != Z_OK && code != Z_STREAM_END))
        return dr_fail(code == Z_ERRNO ? DR_MACHINE : DR_BAD_INPUT, "cannot be read: %s",
                       code == Z_ERRNO ? strerror(errno) : why);
    *got = (size_t)read;
    return DR_OK;
}

static dr_status read_archive(dr_stream *stream, void *bytes, size_t size, size_t *got)
{
    la_ssize_t read = archive_read_data(stream->archive, bytes, size);
    if (read < 0)
        return stream->below && archive_errno(stream->archive) == ECANCELED ? DR_BAD_INPUT /* said by the layer below */
                                                                            : fail_read(stream->archive);
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
    if (dr_stream_read(below, below->block, BLOCK, &got) != DR_OK) {
        archive_set_error(a, ECANCELED, "%s", dr_error_text());
        return ARCHIVE_FATAL;
    }
    *block = below->block;
    return (la_ssize_t)got;
}

/* A layer over another, which it owns from then on, also if this fails. */
static dr_status stack(dr_stream **out, layer kind, dr_stream *below)
{
    dr_stream *stream = new_stream(kind, below->file_size);
    if (!stream) {
        dr_stream_close(below);
        return dr_fail_memory();
    }
    stream->below = below;
    *out = stream;
    return archive_read_open(stream->archive, below, NULL, give_block, NULL) == ARCHIVE_OK ? DR_OK
                                                                                           : fail_read(stream->archive);
}

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

static const char *entry_name(struct archive_entry *entry)
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
        const char *name = entry_name(entry);
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
    dr_status status = result == ARCHIVE_EOF ? DR_BAD_INPUT : fail_read(stream->archive);
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
    for (int depth = 0; depth < DEEPEST; depth++) {
        DR_TRY(find_member(*out, inside, &rest));
        DR_TRY(stack(out, *rest ? ARCHIVE : COMPRESSED, *out));
        if (*rest == '\0')
            return DR_OK;
        inside = rest;
    }
    return dr_fail(DR_BAD_INPUT, "more than %d archives in each other", DEEPEST);
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

static dr_status open_disk(dr_stream **out, layer kind, const char *file, double size)
{
    dr_stream *stream = new_stream(kind, size);
    if (!stream)
        return dr_fail_memory();
    *out = stream;
    return archive_read_open_filename(stream->archive, file, BLOCK) == ARCHIVE_OK ? DR_OK : fail_read(stream->archive);
}

/* Begins the one member that a compressed file is. */
static dr_status begin(dr_stream *stream)
{
    struct archive_entry *entry = NULL;
    int result = archive_read_next_header(stream->archive, &entry);
    stream->ended = result == ARCHIVE_EOF;
    return result == ARCHIVE_OK || result == ARCHIVE_WARN || result == ARCHIVE_EOF ? DR_OK : fail_read(stream->archive);
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

/* Takes over the file. */
static dr_status open_gz(dr_stream **out, gzFile file, double size)
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
    gzbuffer(file, 4 * BLOCK);
    *out = stream;
    return DR_OK;
}

/* Bytes that the archives which are read begin with: zip, 7z; and tar, which has its own further on. */
static bool begins_as_archive(const unsigned char *bytes, size_t size)
{
    return (size >= 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0)) ||
           (size >= 6 && memcmp(bytes, "7z\274\257\47\34", 6) == 0) ||
           (size >= 262 && memcmp(bytes + 257, "ustar", 5) == 0);
}

/* By the first bytes of a stream, which are read. */
static bool holds_archive(dr_stream *stream)
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
        return open_gz(out, gzopen(file, "rb"), size);
    DR_TRY(open_disk(out, COMPRESSED, file, size));
    return begin(*out);
}

static bool is_archive(const char *file)
{
    dr_stream *stream = NULL;
    bool is = open_file(&stream, file, 0) == DR_OK && holds_archive(stream);
    dr_stream_close(stream);
    return is;
}

static dr_status open_split(dr_stream **out, const char *file, const char *inside, double size)
{
    if (!inside)
        return open_file(out, file, size);
    if (!is_archive(file))
        return dr_fail(DR_BAD_INPUT,
                       "no such file: a part of the path is a file, which is neither a folder nor an archive");
    DR_TRY(open_disk(out, ARCHIVE, file, size));
    DR_TRY(descend(out, *out, inside));
    return begin(*out);
}

static dr_status open_path(dr_stream **out, const char *path)
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

dr_status dr_stream_open_memory(dr_stream **out, const char *name, const void *bytes, size_t size)
{
    int memory = memfd_create("derisk", MFD_CLOEXEC);
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
    return open_gz(out, file, (double)size);
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

static dr_status copy_bytes(int file, dr_stream *stream)
{
    char block[BLOCK];
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

dr_status dr_stream_to_memory(int *file, char name[DR_STREAM_NAME_SIZE], const char *path)
{
    dr_stream *stream = NULL;
    DR_TRY(dr_stream_open(&stream, path));
    int memory = memfd_create("derisk", MFD_CLOEXEC);
    dr_status status = DR_OK;
    if (memory < 0)
        status = dr_fail(DR_MACHINE, "%s", strerror(errno));
    else
        status = copy_bytes(memory, stream);
    dr_stream_close(stream);
    if (status == DR_OK) {
        *file = memory;
        snprintf(name, DR_STREAM_NAME_SIZE, "/proc/self/fd/%d", memory);
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

/* ---- Lists ---- */

static bool stream_is_archive(const char *path)
{
    dr_stream *stream = NULL;
    if (open_path(&stream, path) != DR_OK)
        return false;
    bool is = holds_archive(stream);
    dr_stream_close(stream);
    return is;
}

bool dr_is_archive(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && stream_is_archive(path);
}

/* Spreadsheets are archives too, but one file to people. */
static bool may_hold_files(const char *name)
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
    if (may_hold_files(path) && dr_is_archive(path))
        return open_only_member(out, path);
    return open_path(out, path);
}

static bool is_litter(const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    return base[0] == '.' || strncmp(name, "__MACOSX/", 9) == 0 || strcmp(base, "Thumbs.db") == 0;
}

static dr_status list(dr_names *paths, const char *path, int depth);

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lists what `folder` holds under these names, in their order, which is changed. */
static dr_status list_names(dr_names *paths, const char *folder, char **names, size_t count, int depth)
{
    size_t length = strlen(folder);
    dr_status status = DR_OK;
    if (count > 0)
        qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count && status == DR_OK; i++) {
        char *inside = NULL;
        int size = asprintf(&inside, "%.*s/%s", (int)(length - (folder[length - 1] == '/')), folder, names[i]);
        status = size < 0 ? dr_fail_memory() : list(paths, inside, depth + 1);
        if (size >= 0)
            free(inside);
    }
    return status;
}

static dr_status list_members(dr_names *paths, const char *path, dr_stream *stream, int depth)
{
    struct archive_entry *entry = NULL;
    dr_names names = {0};
    dr_status status = DR_OK;
    int result = ARCHIVE_OK;
    while ((result = archive_read_next_header(stream->archive, &entry)) == ARCHIVE_OK || result == ARCHIVE_WARN) {
        const char *name = entry_name(entry);
        if (name && archive_entry_filetype(entry) != AE_IFDIR && !is_litter(name) && dr_names_add(&names, name) < 0)
            status = dr_fail_memory();
    }
    if (result != ARCHIVE_EOF)
        status = dr_fail_at(fail_read(stream->archive), path);
    if (status == DR_OK)
        status = list_names(paths, path, names.names, names.count, depth);
    dr_names_free(&names);
    return status;
}

/* Opens what a path holds as an archive, wherever that is. */
static dr_status open_archive(dr_stream **out, const char *path)
{
    dr_stream *stream = NULL;
    DR_TRY(open_path(&stream, path));
    dr_status status = stack(&stream, ARCHIVE, stream);
    if (status == DR_OK)
        *out = stream;
    else
        dr_stream_close(stream);
    return status == DR_OK ? DR_OK : dr_fail_at(status, path);
}

static dr_status list_archive(dr_names *paths, const char *path, int depth)
{
    struct stat about;
    dr_stream *stream = NULL;
    dr_status status = stat(path, &about) == 0 ? open_disk(&stream, ARCHIVE, path, (double)about.st_size)
                                               : open_archive(&stream, path);
    if (status == DR_OK)
        status = list_members(paths, path, stream, depth);
    dr_stream_close(stream);
    return status;
}

static dr_status list_folder(dr_names *paths, const char *path, int depth)
{
    dr_names names = {0};
    dr_status status = DR_OK;
    DIR *folder = opendir(path);
    if (!folder)
        return dr_fail(DR_MACHINE, "%s: %s", path, strerror(errno));
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (!is_litter(entry->d_name) && dr_names_add(&names, entry->d_name) < 0)
            status = dr_fail_memory();
    closedir(folder);
    if (status == DR_OK)
        status = list_names(paths, path, names.names, names.count, depth);
    dr_names_free(&names);
    return status;
}

static dr_status list(dr_names *paths, const char *path, int depth)
{
    struct stat about;
    if (depth > DEEPEST)
        return dr_fail(DR_BAD_INPUT, "%s: more than %d folders and archives in each other", path, DEEPEST);
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return list_folder(paths, path, depth);
    if (may_hold_files(path) && stream_is_archive(path))
        return list_archive(paths, path, depth);
    return dr_names_add(paths, path) >= 0 ? DR_OK : dr_fail_memory();
}

/* Of the files of the archive on disk those below a folder in it; DR_BAD_INPUT without a message where there are
 * none. */
static dr_status list_inside(dr_names *paths, const char *path)
{
    const char *inside = NULL;
    char *disk = dr_stream_disk(path, &inside);
    size_t length = strlen(path), before = paths->count;
    dr_names all = {0};
    dr_status status = disk && inside && is_archive(disk) ? list(&all, disk, 0) : DR_BAD_INPUT;
    while (length > 0 && path[length - 1] == '/')
        length--;
    for (size_t i = 0; i < all.count && status == DR_OK; i++)
        if (strncmp(all.names[i], path, length) == 0 && all.names[i][length] == '/' &&
            dr_names_add(paths, all.names[i]) < 0)
            status = dr_fail_memory();
    dr_names_free(&all);
    free(disk);
    return status == DR_OK && paths->count == before ? DR_BAD_INPUT : status;
}

dr_status dr_files_list(dr_names *paths, const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        dr_stream *stream = NULL; /* a path inside an archive, or an error that says what is wrong */
        dr_status status = open_path(&stream, path);
        dr_stream_close(stream);
        if (status != DR_OK && list_inside(paths, path) == DR_OK)
            return DR_OK;
        if (status != DR_OK)
            return open_path(&stream, path); /* its message */
    }
    return list(paths, path, 0);
}
