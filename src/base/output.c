#define _GNU_SOURCE /* mkostemps, asprintf */
#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static dr_status fail_path(const char *path)
{
    dr_status status = errno == ENOENT || errno == ENOTDIR ? DR_BAD_INPUT : DR_MACHINE;
    return dr_fail(status, "%s: cannot be written: %s", path, errno == ENOENT ? "no such folder" : strerror(errno));
}

static dr_status open_special(dr_output *out)
{
    out->file = fopen(out->path, "wb");
    return out->file ? DR_OK : fail_path(out->path);
}

/* The name of the part is unique, so that two programs that write one file do not write into each other's bytes. */
static dr_status open_part(dr_output *out, mode_t mode)
{
    const char suffix[] = ".part";
    if (asprintf(&out->part, "%s.XXXXXX%s", out->path, suffix) < 0) {
        out->part = NULL;
        return dr_fail_memory();
    }
    int file = mkostemps(out->part, (int)sizeof suffix - 1, O_CLOEXEC);
    if (file < 0) {
        free(out->part);
        out->part = NULL;
        return fail_path(out->path);
    }
    if (fchmod(file, mode) != 0 || !(out->file = fdopen(file, "wb"))) {
        close(file);
        return fail_path(out->path);
    }
    return DR_OK;
}

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static dr_status open_path(dr_output *out, const char *path)
{
    struct stat about;
    bool there = stat(path, &about) == 0;
    if (there && S_ISDIR(about.st_mode))
        return dr_fail(DR_BAD_INPUT, "%s: is a folder, a file name was expected", path);
    /* what a link points to is replaced, not the link */
    out->path = there ? realpath(path, NULL) : strdup(path);
    if (!out->path)
        return errno == ENOMEM ? dr_fail_memory() : fail_path(path);
    if (there && !S_ISREG(about.st_mode))
        return open_special(out);
    if (there && access(path, W_OK) != 0) /* renaming over it would not ask */
        return fail_path(path);
    return open_part(out, there ? about.st_mode & 07777 : usual_mode());
}

static void discard(dr_output *out)
{
    if (out->part)
        unlink(out->part);
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

dr_status dr_output_close(dr_output *out, dr_status status)
{
    const char *name = out->path ? out->path : "standard output";
    bool written = !ferror(out->file) && fflush(out->file) == 0 && (!out->part || fsync(fileno(out->file)) == 0);
    int why = errno;
    if (out->path && fclose(out->file) != 0 && written) {
        written = false;
        why = errno;
    }
    if (status == DR_OK && written && out->part && rename(out->part, out->path) != 0) {
        written = false;
        why = errno;
    }
    if (status == DR_OK && !written)
        status = dr_fail(DR_MACHINE, "%s: cannot be written: %s", name, why ? strerror(why) : "a write failed");
    if (status == DR_OK) { /* the part has its final name now */
        free(out->part);
        out->part = NULL;
    }
    discard(out);
    return status;
}
