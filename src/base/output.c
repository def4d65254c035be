#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/portable.h"

static dr_status fail_path(const char *path)
{
    dr_status status = errno == ENOENT || errno == ENOTDIR ? DR_BAD_INPUT : DR_MACHINE;
    return dr_fail(status, "%s: cannot be written: %s", path, errno == ENOENT ? "no such folder" : strerror(errno));
}

/* ---- Opening ----------------------------------------------------------------------------------------------------- */

/* A pipe waits for its reader; here for a second at most. */
static dr_status open_special(dr_output *out)
{
    enum { TRIES = 20 };
    const struct timespec pause = {.tv_nsec = 50000000};
    int file = -1;
    for (int try = 0; try < TRIES && file < 0; try++) {
        file = open(out->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
        if (file < 0 && errno != ENXIO)
            return fail_path(out->path);
        if (file < 0)
            nanosleep(&pause, NULL);
    }
    if (file < 0)
        return dr_fail(DR_MACHINE, "%s: cannot be written: no program reads from this pipe", out->path);
    if (fcntl(file, F_SETFL, 0) == 0 && (out->file = fdopen(file, "wb")))
        return DR_OK;
    close(file);
    return fail_path(out->path);
}

/* A file without a name; -1 where there can be none, or none that could get one. */
static int open_unnamed(dr_output *out, mode_t mode)
{
    char *copy = strdup(out->path), path[DR_DESCRIPTOR_PATH_SIZE];
    int file = copy ? dr_nameless_file(dirname(copy), mode) : -1;
    free(copy);
    if (file >= 0 && !(out->part = strdup(dr_descriptor_path(path, file)))) {
        close(file);
        return -1;
    }
    return file;
}

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* A file of another name, which is unique, so that two programs that write one file do not write into each other's
 * bytes. */
static int open_named(dr_output *out)
{
    const char suffix[] = ".part";
    free(out->part);
    if (asprintf(&out->part, "%s.XXXXXX%s", out->path, suffix) < 0) {
        out->part = NULL;
        return -1;
    }
    dr_hold();
    int file = mkostemps(out->part, (int)sizeof suffix - 1, O_CLOEXEC);
    if (file >= 0 && !(out->named = dr_leftover_add(out->part))) {
        unlink(out->part);
        close(file);
        file = -1;
        errno = ENOMEM;
    }
    dr_release();
    return file;
}

static dr_status open_part(dr_output *out, mode_t mode)
{
    int file = open_unnamed(out, mode);
    if (file < 0)
        file = open_named(out);
    if (file < 0)
        return fail_path(out->path);
    if (fchmod(file, mode) == 0 && (out->file = fdopen(file, "wb")))
        return DR_OK;
    close(file);
    return fail_path(out->path);
}

static dr_status open_path(dr_output *out, const char *path)
{
    struct stat about;
    bool there = stat(path, &about) == 0;
    if (there && S_ISDIR(about.st_mode))
        return dr_fail(DR_BAD_INPUT, "%s: is a folder; expected a file name", path);
    bool special = there && !S_ISREG(about.st_mode);
    /* what a link points to is replaced, not the link; but a pipe behind /dev/stdout has no path */
    out->path = there && !special ? realpath(path, NULL) : strdup(path);
    if (!out->path)
        return errno == ENOMEM ? dr_fail_memory() : fail_path(path);
    if (special)
        return open_special(out);
    if (there && access(path, W_OK) != 0) /* replacing it would not ask */
        return fail_path(path);
    return open_part(out, there ? about.st_mode & 07777 : usual_mode());
}

static void discard(dr_output *out)
{
    if (out->named && out->part)
        unlink(out->part);
    dr_leftover_forget(out->named);
    free(out->part);
    free(out->path);
    *out = (dr_output){0};
}

dr_status dr_output_open(dr_output *out, const char *path)
{
    *out = (dr_output){0};
    if (!path) {
        out->file = stdout;
    } else {
        dr_status status = open_path(out, path);
        if (status != DR_OK) {
            discard(out);
            return status;
        }
    }
    errno = 0; /* the first error of a write is the one to report */
    return DR_OK;
}

/* ---- Closing ----------------------------------------------------------------------------------------------------- */

/* Gives the file without a name the name `path`, which is free; errno is EEXIST where it is not. */
static bool link_to(const dr_output *out, const char *path)
{
    return dr_file_name(fileno(out->file), path);
}

/* A name that is taken is replaced in one step, from another name that is free. */
static bool replace(const dr_output *out)
{
    enum { TRIES = 100 };
    char *other = NULL;
    bool linked = false, done = false;
    for (int try = 0; try < TRIES && !linked; try++) {
        free(other);
        if (asprintf(&other, "%s.%ld-%d.part", out->path, (long)getpid(), try) < 0)
            return false;
        linked = link_to(out, other);
        if (!linked && errno != EEXIST)
            break;
    }
    if (linked && !(done = rename(other, out->path) == 0)) {
        int why = errno;
        unlink(other);
        errno = why;
    }
    free(other);
    return done;
}

static bool put_in_place(dr_output *out)
{
    dr_hold();
    bool done =
        out->named ? rename(out->part, out->path) == 0 : link_to(out, out->path) || (errno == EEXIST && replace(out));
    if (done && out->named) {
        dr_leftover_forget(out->named);
        out->named = NULL;
    }
    dr_release();
    return done;
}

dr_status dr_output_at(const dr_output *out, dr_status status)
{
    return status == DR_OK ? DR_OK : dr_fail_at(status, out->path ? out->path : "standard output");
}

dr_status dr_output_close(dr_output *out, dr_status status)
{
    const char *name = out->path ? out->path : "standard output";
    bool written = !ferror(out->file) && fflush(out->file) == 0 && (!out->part || fsync(fileno(out->file)) == 0);
    if (status == DR_OK && written && out->part)
        written = put_in_place(out);
    int why = errno;
    if (out->path && fclose(out->file) != 0 && written) {
        written = false;
        why = errno;
    }
    if (status == DR_OK && !written)
        status = dr_fail(DR_MACHINE, "%s: cannot be written: %s", name, why ? strerror(why) : "a write failed");
    discard(out);
    return status;
}
