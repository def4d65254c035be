/* A stored table as CSV, JSON or Parquet, written by DuckDB as it reads. */
#define _GNU_SOURCE /* pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/output.h"
#include "base/rows.h"
#include "world/world.h"

/* Checks that the world has the table (or view). */
static dr_status check_table(const dr_world *world, const char *name)
{
    dr_names names = {0};
    DR_TRY(
        dr_cursor_names(&names, &world->duck, "SELECT table_name FROM information_schema.tables ORDER BY table_name"));
    dr_status status = DR_OK;
    char hint[DR_HINT_SIZE];
    if (dr_names_find(&names, name) < 0)
        status = dr_fail(DR_BAD_INPUT, "%s: there is no table '%s'%s", world->path, name,
                         dr_hint(hint, name, (const char *const *)names.names, names.count));
    dr_names_free(&names);
    return status;
}

static dr_status copy_to(const dr_world *world, const char *name, dr_format format, const char *path)
{
    static const char *const options[] = {[DR_FORMAT_CSV] = "FORMAT csv, HEADER",
                                          [DR_FORMAT_JSON] = "FORMAT json, ARRAY true",
                                          [DR_FORMAT_PARQUET] = "FORMAT parquet, COMPRESSION zstd"};
    char *quoted = dr_duck_quote(path);
    if (!quoted)
        return dr_fail_memory();
    dr_status status = dr_duck_run(&world->duck, "COPY (SELECT * FROM \"%s\") TO %s (%s, USE_TMP_FILE false)", name,
                                   quoted, options[format]);
    free(quoted);
    return status;
}

/* A pipe from DuckDB, which writes to files by name only, to a stream. */
typedef struct pump {
    int from, error; /* the first one of a write, which is known to the writing thread only */
    FILE *to;
} pump;

/* Reads on when the stream takes no more, as DuckDB would wait for ever; dr_output_close sees the stream's error. */
static void *run_pump(void *user)
{
    pump *p = user;
    char bytes[1 << 16];
    for (ssize_t size; (size = read(p->from, bytes, sizeof bytes)) > 0 || (size < 0 && errno == EINTR);)
        if (size > 0 && fwrite(bytes, 1, (size_t)size, p->to) < (size_t)size && !p->error)
            p->error = errno;
    return NULL;
}

static dr_status copy_through(const dr_world *world, const char *name, dr_format format, FILE *to)
{
    int ends[2];
    char path[64];
    pthread_t thread;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return dr_fail(DR_MACHINE, "no pipe: %s", strerror(errno));
    pump p = {ends[0], 0, to};
    dr_status status = DR_OK;
    if (pthread_create(&thread, NULL, run_pump, &p) != 0) {
        close(ends[1]);
        status = dr_fail(DR_MACHINE, "no thread: %s", strerror(errno));
    } else {
        snprintf(path, sizeof path, "/proc/self/fd/%d", ends[1]);
        status = copy_to(world, name, format, path);
        close(ends[1]);
        pthread_join(thread, NULL);
    }
    close(ends[0]);
    errno = p.error;
    return status;
}

dr_status dr_world_export(dr_world *world, const char *name, dr_format format, const char *path)
{
    dr_output output;
    if (format == DR_FORMAT_TEXT)
        return dr_fail(DR_USAGE, "a stored table is written as csv, json or parquet, not as text");
    if (!path && format == DR_FORMAT_PARQUET && isatty(STDOUT_FILENO))
        return dr_fail(DR_USAGE, "Parquet is not for a terminal; name an output file");
    DR_TRY(check_table(world, name));
    DR_TRY(dr_output_open(&output, path));
    dr_status status =
        output.part ? copy_to(world, name, format, output.part) : copy_through(world, name, format, output.file);
    return dr_output_close(&output, dr_output_at(&output, status));
}
