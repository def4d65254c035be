/* The files below a path: of folders, of archives, and of archives in them. */
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/stream_layer.h"

static bool stream_is_archive(const char *path)
{
    dr_stream *stream = NULL;
    if (dr_stream_open_path(&stream, path) != DR_OK)
        return false;
    bool is = dr_stream_holds_archive(stream);
    dr_stream_close(stream);
    return is;
}

bool dr_is_archive(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && stream_is_archive(path);
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
        const char *name = dr_archive_name(entry);
        if (name && archive_entry_filetype(entry) != AE_IFDIR && !is_litter(name) && dr_names_add(&names, name) < 0)
            status = dr_fail_memory();
    }
    if (result != ARCHIVE_EOF)
        status = dr_fail_at(dr_archive_fail(stream->archive), path);
    if (status == DR_OK)
        status = list_names(paths, path, names.names, names.count, depth);
    dr_names_free(&names);
    return status;
}

/* Opens what a path holds as an archive, wherever that is. */
static dr_status open_archive(dr_stream **out, const char *path)
{
    dr_stream *stream = NULL;
    DR_TRY(dr_stream_open_path(&stream, path));
    dr_status status = dr_stream_stack(&stream, DR_ARCHIVE, stream);
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
    dr_status status = stat(path, &about) == 0 ? dr_stream_disk_layer(&stream, DR_ARCHIVE, path, (double)about.st_size)
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
    if (depth > DR_DEEPEST_ARCHIVE)
        return dr_fail(DR_BAD_INPUT, "%s: more than %d folders and archives in each other", path, DR_DEEPEST_ARCHIVE);
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return list_folder(paths, path, depth);
    if (dr_may_hold_files(path) && stream_is_archive(path))
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
    dr_status status = disk && inside && dr_file_is_archive(disk) ? list(&all, disk, 0) : DR_BAD_INPUT;
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
        dr_status status = dr_stream_open_path(&stream, path);
        dr_stream_close(stream);
        if (status != DR_OK && list_inside(paths, path) == DR_OK)
            return DR_OK;
        if (status != DR_OK)
            return dr_stream_open_path(&stream, path); /* its message */
    }
    return list(paths, path, 0);
}
