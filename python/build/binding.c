/* The C part of the Python package beside what cffi writes: tables as Arrow streams, and the built-in worlds. */
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "cli/commands.h"
#include "cli/demo_files.h"
#include "cli/host.h"
#include "cli/program.h"

/* ---- Tables as Arrow streams of one batch ------------------------------------------------------------------------ */

/* A schema can be asked for any number of times: each is made anew of the table that the array holds. */
typedef struct batch_source {
    dr_table *table;
    bool given;
    char message[256];
} batch_source;

static int fail(batch_source *source)
{
    strncpy(source->message, dr_error_text(), sizeof source->message - 1);
    return 5; /* EIO */
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    batch_source *source = stream->private_data;
    struct ArrowArray array;
    if (dr_table_arrow(out, &array, source->table) != DR_OK)
        return fail(source);
    array.release(&array);
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    batch_source *source = stream->private_data;
    struct ArrowSchema schema;
    if (source->given) {
        *out = (struct ArrowArray){0};
        return 0;
    }
    if (dr_table_arrow(&schema, out, source->table) != DR_OK)
        return fail(source);
    schema.release(&schema);
    source->given = true;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    return ((batch_source *)stream->private_data)->message;
}

static void release(struct ArrowArrayStream *stream)
{
    batch_source *source = stream->private_data;
    dr_table_free(source->table);
    free(source);
    stream->release = NULL;
}

/* The rows of a table as a stream, which holds the table until it is released; NULL: no memory. For a capsule of
 * Python, which is made in Python, and ends with end_capsule. */
static struct ArrowArrayStream *binding_stream(dr_table *table)
{
    batch_source *source = calloc(1, sizeof *source);
    struct ArrowArrayStream *stream = calloc(1, sizeof *stream);
    if (!source || !stream) {
        free(source);
        free(stream);
        return NULL;
    }
    dr_table_hold(table);
    source->table = table;
    *stream = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release, source};
    return stream;
}

/* Whoever took the stream out of its capsule has marked it as released. */
static void end_capsule(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, "arrow_array_stream");
    if (stream && stream->release)
        stream->release(stream);
    free(stream);
}

static void *binding_capsule_end(void)
{
    return (void *)end_capsule;
}

/* ---- Built-in worlds --------------------------------------------------------------------------------------------- */

/* Makes the sample world, or the world of trade flows. Errors: as dr_import. */
static dr_status binding_sample(const char *to, bool trade)
{
    cli_demo_files files = {0};
    dr_status status = cli_demo_unpack(&files);
    if (status == DR_OK)
        status = trade ? cli_demo_make_flows(&files, to) : cli_demo_make_sample(&files, to);
    cli_demo_remove(&files);
    return status;
}
