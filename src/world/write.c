#include "world/write.h"

#include "base/portable.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The locks by which DuckDB keeps programs apart belong to the process, so threads of one process need their own. */
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;

static void free_writer(dr_writer *writer)
{
    dr_duck_close(&writer->duck);
    dr_duck_close(&writer->old);
    if (writer->source >= 0)
        close(writer->source);
    dr_layout_free(&writer->layout);
    dr_staging_end(&writer->staging);
    free(writer->path);
    free(writer->target);
    free(writer);
    pthread_mutex_unlock(&writing);
}

static dr_status open_folder(int *out, const char *path)
{
    char *copy = strdup(path);
    if (!copy)
        return dr_fail_memory();
    const char *folder = dirname(copy);
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    dr_status status = DR_OK;
    if (file < 0)
        status = dr_fail(errno == ENOENT || errno == ENOTDIR ? DR_BAD_INPUT : DR_MACHINE, "%s: the folder '%s': %s",
                         path, folder, errno == ENOENT ? "it does not exist" : strerror(errno));
    else if (access(folder, W_OK) != 0) {
        status = dr_fail(DR_MACHINE, "%s: cannot write in the folder '%s': %s", path, folder, strerror(errno));
        close(file);
    }
    free(copy);
    *out = file;
    return status;
}

static dr_status open_database(dr_writer *writer, const char *path, const char *const *files, size_t count)
{
    return count ? dr_duck_open_importing(&writer->duck, path, files, count) : dr_duck_open(&writer->duck, path, false);
}

static dr_status fail_copy(const dr_writer *writer)
{
    return dr_fail(DR_MACHINE, "%s: %s", writer->path, dr_error_of_file(errno));
}

/* Where the owner, or the group, cannot be set, the file belongs to its writer, as with any program that replaces
 * files. */
static void keep_owner(int copy, const struct stat *of)
{
    if (fchown(copy, of->st_uid, of->st_gid) != 0 && fchown(copy, (uid_t)-1, of->st_gid) != 0)
        return;
}

/* The copy is as much its owner's, and as open to others, as the old file. */
static dr_status copy_old(dr_writer *writer)
{
    struct stat about;
    if ((writer->source = open(writer->target, O_RDONLY | O_CLOEXEC)) < 0)
        return fail_copy(writer);
    int copy = open(writer->staging.files[0], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool done = copy >= 0 && fstat(writer->source, &about) == 0 && dr_copy_rest(writer->source, copy) &&
                fchmod(copy, about.st_mode & 07777) == 0;
    dr_status status = done ? DR_OK : fail_copy(writer);
    if (done)
        keep_owner(copy, &about);
    if (copy >= 0 && close(copy) != 0 && status == DR_OK)
        status = fail_copy(writer);
    return status;
}

static dr_status read_old(dr_writer *writer)
{
    dr_contents contents = {0};
    dr_status status = dr_contents_read(&contents, &writer->duck, true);
    writer->version = contents.version;
    if (status == DR_OK)
        status = dr_layout_read(&writer->layout, &writer->duck, &contents);
    dr_contents_free(&contents);
    return dr_writer_at(writer, status);
}

/* Changes of an old world are made on a copy: DuckDB replays a log that a killed process has left half written as far
 * as it goes, and a year that was to be replaced would then be there twice. Opening the old file also ends a log that
 * an earlier version of derisk has left. */
static dr_status open_old(dr_writer *writer, const char *const *files, size_t count)
{
    int folder = -1;
    DR_TRY(dr_duck_open(&writer->old, writer->path, false));
    DR_TRY(open_folder(&folder, writer->target));
    close(folder);
    DR_TRY(dr_writer_at(writer, dr_duck_run(&writer->old, "CHECKPOINT")));
    if (writer->staging.lock < 0)
        DR_TRY(dr_staging_begin(&writer->staging, writer->target));
    DR_TRY(copy_old(writer));
    DR_TRY(dr_writer_at(writer, open_database(writer, writer->staging.files[0], files, count)));
    return read_old(writer);
}

static dr_status open_new(dr_writer *writer, const char *const *files, size_t count)
{
    int folder = -1;
    struct stat about;
    DR_TRY(open_folder(&folder, writer->target));
    close(folder);
    DR_TRY(dr_staging_begin(&writer->staging, writer->target));
    if (stat(writer->path, &about) == 0) /* another process has made it meanwhile */
        return open_old(writer, files, count);
    writer->is_new = true;
    return open_database(writer, writer->staging.files[0], files, count);
}

static dr_status open_world(dr_writer *writer, const char *path, const char *const *files, size_t count)
{
    struct stat about;
    bool there = stat(path, &about) == 0, linked = lstat(path, &about) == 0 && S_ISLNK(about.st_mode);
    writer->staging.lock = -1;
    writer->source = -1;
    writer->path = strdup(path);
    writer->target = there && linked ? realpath(path, NULL) : strdup(path);
    if (!writer->path || !writer->target)
        return dr_fail_memory();
    DR_TRY(there ? open_old(writer, files, count) : open_new(writer, files, count));
    return dr_duck_run(&writer->duck, "BEGIN TRANSACTION");
}

dr_status dr_writer_open(dr_writer **out, const char *path)
{
    return dr_writer_open_importing(out, path, NULL, 0);
}

dr_status dr_writer_open_importing(dr_writer **out, const char *path, const char *const *files, size_t count)
{
    pthread_mutex_lock(&writing);
    dr_writer *writer = dr_new(1, sizeof *writer);
    if (!writer) {
        pthread_mutex_unlock(&writing);
        return dr_fail_memory();
    }
    dr_status status = open_world(writer, path, files, count);
    if (status == DR_OK)
        *out = writer;
    else
        dr_writer_abandon(writer);
    return status;
}

dr_status dr_writer_at(const dr_writer *writer, dr_status status)
{
    return status == DR_OK ? DR_OK : dr_fail_at(status, writer->path);
}

void dr_writer_abandon(dr_writer *writer)
{
    free_writer(writer); /* which rolls back */
}

/* Waits until the file's name is on the disk, too. */
static void sync_folder(const char *path)
{
    int folder = -1;
    if (open_folder(&folder, path) == DR_OK) {
        fsync(folder);
        close(folder);
    }
}

static dr_status put_in_place(dr_writer *writer)
{
    struct stat about;
    if (writer->is_new && lstat(writer->target, &about) == 0 && !S_ISLNK(about.st_mode))
        return dr_fail(DR_MACHINE, "%s: another program has made it in the meantime; try again", writer->path);
    if (rename(writer->staging.files[0], writer->target) != 0)
        return dr_fail(DR_MACHINE, "%s: cannot be put in place: %s", writer->path, strerror(errno));
    sync_folder(writer->target);
    return DR_OK;
}

/* Ends the transaction, and the log with it. */
static dr_status commit(dr_writer *writer)
{
    dr_status status = dr_duck_run(&writer->duck, "COMMIT");
    if (status == DR_OK)
        status = dr_duck_run(&writer->duck, "CHECKPOINT");
    dr_writer_at(writer, status);
    dr_duck_close(&writer->duck);
    return status == DR_OK ? put_in_place(writer) : status;
}

dr_status dr_writer_commit(dr_writer *writer)
{
    dr_hold(); /* a signal in between would leave the log */
    dr_status status = commit(writer);
    dr_release();
    free_writer(writer);
    return status;
}
