#define _GNU_SOURCE /* strdup, O_DIRECTORY */
#include "world/write.h"

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
    dr_layout_free(&writer->layout);
    dr_making_end(&writer->making);
    free(writer->path);
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
                         path, folder, errno == ENOENT ? "there is none" : strerror(errno));
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

static dr_status open_old(dr_writer *writer, const char *const *files, size_t count)
{
    int folder = -1;
    DR_TRY(open_database(writer, writer->path, files, count));
    DR_TRY(open_folder(&folder, writer->path)); /* the log of a transaction is made there */
    close(folder);
    dr_contents contents = {0};
    dr_status status = dr_contents_read(&contents, &writer->duck, true);
    writer->version = contents.version;
    if (status == DR_OK)
        status = dr_layout_read(&writer->layout, &writer->duck, &contents);
    dr_contents_free(&contents);
    return dr_writer_at(writer, status);
}

static dr_status open_new(dr_writer *writer, const char *const *files, size_t count)
{
    int folder = -1;
    struct stat about;
    DR_TRY(open_folder(&folder, writer->path));
    close(folder);
    DR_TRY(dr_making_begin(&writer->making, writer->path));
    if (stat(writer->path, &about) == 0) { /* whoever was waited for has made it */
        dr_making_end(&writer->making);
        return open_old(writer, files, count);
    }
    writer->is_new = true;
    return open_database(writer, writer->making.files[0], files, count);
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
    struct stat about;
    dr_status status = DR_OK;
    writer->making.lock = -1;
    if (!(writer->path = strdup(path)))
        status = dr_fail_memory();
    else
        status = stat(path, &about) == 0 ? open_old(writer, files, count) : open_new(writer, files, count);
    if (status == DR_OK)
        status = dr_duck_run(&writer->duck, "BEGIN TRANSACTION");
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
    if (lstat(writer->path, &about) == 0 && !S_ISLNK(about.st_mode))
        return dr_fail(DR_MACHINE, "%s: another program has made it meanwhile; try again", writer->path);
    if (rename(writer->making.files[0], writer->path) != 0)
        return dr_fail(DR_MACHINE, "%s: cannot be put in place: %s", writer->path, strerror(errno));
    sync_folder(writer->path);
    return DR_OK;
}

/* Ends the transaction, and the log with it. */
static dr_status commit(dr_writer *writer)
{
    dr_status status = dr_duck_run(&writer->duck, "COMMIT");
    if (status == DR_OK && writer->is_new)
        status = dr_duck_run(&writer->duck, "CHECKPOINT");
    dr_writer_at(writer, status);
    dr_duck_close(&writer->duck);
    return status == DR_OK && writer->is_new ? put_in_place(writer) : status;
}

dr_status dr_writer_commit(dr_writer *writer)
{
    dr_hold(); /* a signal in between would leave the log */
    dr_status status = commit(writer);
    dr_release();
    free_writer(writer);
    return status;
}
