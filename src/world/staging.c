#include "world/staging.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How long another program is waited for. */
enum { TRIES = 60, PAUSE = 50000000 /* nanoseconds */ };

static const char *const endings[DR_STAGING_FILES] = {"", ".wal", ".wal.checkpoint", ".wal.recovery"};

/* The file has the same name for every world, since DuckDB writes it into it. */
static dr_status name_files(dr_staging *m, const char *path)
{
    char *folder = strdup(path), *name = strdup(path);
    bool named = folder && name && asprintf(&m->folder, "%s/.%s.derisk", dirname(folder), basename(name)) >= 0;
    for (int i = 0; i < DR_STAGING_FILES && named; i++)
        named = asprintf(&m->files[i], "%s/world%s", m->folder, endings[i]) >= 0;
    free(folder);
    free(name);
    return named ? DR_OK : dr_fail_memory();
}

static void remove_files(const dr_staging *m)
{
    for (int i = 0; i < DR_STAGING_FILES; i++)
        unlink(m->files[i]);
}

static dr_status note_leftovers(dr_staging *m)
{
    m->leftovers[0] = dr_leftover_add(m->folder);
    for (int i = 0; i < DR_STAGING_FILES; i++)
        m->leftovers[1 + i] = dr_leftover_add(m->files[i]);
    for (int i = 0; i <= DR_STAGING_FILES; i++)
        if (!m->leftovers[i])
            return dr_fail_memory();
    return DR_OK;
}

static dr_status fail_foreign(const dr_staging *m, const char *path)
{
    return dr_fail(DR_MACHINE, "%s: the folder '%s', needed to write it, belongs to another user", path, m->folder);
}

/* Makes the folder if it does not exist, and takes its lock if it is free. */
static dr_status take(dr_staging *m, const char *path)
{
    struct stat about, there;
    if (mkdir(m->folder, 0700) != 0 && errno != EEXIST)
        return dr_fail(DR_MACHINE, "%s: cannot make the folder '%s': %s", path, m->folder, strerror(errno));
    int lock = open(m->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (lock < 0)
        return errno == ENOENT ? DR_OK : fail_foreign(m, path);
    bool ours = fstat(lock, &about) == 0 && about.st_uid == geteuid();
    /* another process that had it may have removed it in between */
    bool taken = ours && flock(lock, LOCK_EX | LOCK_NB) == 0 && stat(m->folder, &there) == 0 &&
                 there.st_ino == about.st_ino && there.st_dev == about.st_dev;
    if (taken) {
        m->lock = lock;
        remove_files(m); /* of a process that was killed */
        return note_leftovers(m);
    }
    close(lock);
    return ours ? DR_OK : fail_foreign(m, path);
}

/* DuckDB's lock on the file gives the process that holds it. */
static dr_status fail_busy(const dr_staging *m, const char *path)
{
    char who[32] = "";
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int file = open(m->files[0], O_RDWR | O_CLOEXEC);
    if (file >= 0 && fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0)
        snprintf(who, sizeof who, " (process %ld)", (long)lock.l_pid);
    if (file >= 0)
        close(file);
    return dr_fail(DR_MACHINE,
                   "%s: another program%s is still making it after three seconds; try again when it has finished", path,
                   who);
}

dr_status dr_staging_begin(dr_staging *m, const char *path)
{
    const struct timespec pause = {.tv_nsec = PAUSE};
    *m = (dr_staging){.lock = -1};
    DR_TRY(name_files(m, path));
    for (int try = 0; try < TRIES; try++) {
        dr_hold();
        dr_status status = take(m, path);
        dr_release();
        if (status != DR_OK || m->lock >= 0)
            return status;
        nanosleep(&pause, NULL);
    }
    return fail_busy(m, path);
}

void dr_staging_end(dr_staging *m)
{
    if (m->lock >= 0) {
        remove_files(m);
        rmdir(m->folder);
        close(m->lock);
    }
    for (int i = 0; i <= DR_STAGING_FILES; i++)
        dr_leftover_forget(m->leftovers[i]);
    for (int i = 0; i < DR_STAGING_FILES; i++)
        free(m->files[i]);
    free(m->folder);
    *m = (dr_staging){.lock = -1};
}
