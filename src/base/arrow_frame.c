/* Data frames of other programs: an Arrow stream, whose rows DuckDB reads once and writes to a Parquet file in a folder
 * of its own, from where every reader of files takes them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/duck.h"
#include "base/leftover.h"
#include "base/memory.h"
#include "base/names.h"

struct dr_frame {
    char *folder, *path;
    dr_leftover *folder_left, *file_left;
};

void dr_frame_free(dr_frame *frame)
{
    if (!frame)
        return;
    dr_hold();
    if (frame->file_left)
        unlink(frame->path);
    if (frame->folder_left)
        rmdir(frame->folder);
    dr_release();
    dr_leftover_forget(frame->file_left);
    dr_leftover_forget(frame->folder_left);
    free(frame->path);
    free(frame->folder);
    free(frame);
}

const char *dr_frame_path(const dr_frame *frame)
{
    return frame ? frame->path : "";
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

static bool is_name(const char *name)
{
    size_t size = strlen(name);
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return size > 0 && size <= 100 && strspn(name, letters) == size && name[0] != '.';
}

static dr_status make_folder(dr_frame *frame, const char *name)
{
    const char *place = getenv("TMPDIR");
    if (asprintf(&frame->folder, "%s/derisk-XXXXXX", place && *place ? place : "/tmp") < 0) {
        frame->folder = NULL;
        return dr_fail_memory();
    }
    dr_hold();
    bool made = mkdtemp(frame->folder) != NULL;
    if (made && !(frame->folder_left = dr_leftover_add(frame->folder)))
        rmdir(frame->folder);
    dr_release();
    if (!made)
        return dr_fail(DR_MACHINE, "%s: cannot be created: %s", frame->folder, dr_error_of_file(errno));
    if (asprintf(&frame->path, "%s/%s.parquet", frame->folder, name) < 0) {
        frame->path = NULL;
        return dr_fail_memory();
    }
    frame->file_left = frame->folder_left ? dr_leftover_add(frame->path) : NULL;
    return frame->file_left ? DR_OK : dr_fail_memory();
}

/* ---- The stream -------------------------------------------------------------------------------------------------- */

static dr_status fail_stream(struct ArrowArrayStream *stream)
{
    const char *why = stream->get_last_error ? stream->get_last_error(stream) : NULL;
    return dr_fail(DR_BAD_INPUT, "the stream fails: %s", why && *why ? why : "it does not say why");
}

/* Names are asked for here, because the database would make different ones of equal ones. */
static dr_status check_columns(const struct ArrowSchema *schema)
{
    dr_names names = {0};
    dr_status status = DR_OK;
    if (strcmp(schema->format, "+s") != 0 || schema->n_children < 1)
        return dr_fail(DR_BAD_INPUT, "the stream has no columns; expected a data frame");
    for (int64_t i = 0; i < schema->n_children && status == DR_OK; i++) {
        const char *name = schema->children[i]->name;
        size_t before = names.count;
        if (!name || !*name)
            status = dr_fail(DR_BAD_INPUT, "column %lld has no name", (long long)i + 1);
        else if (dr_names_add(&names, name) < 0)
            status = dr_fail_memory();
        else if (names.count == before)
            status = dr_fail(DR_BAD_INPUT, "the column '%.40s' appears twice", name);
    }
    dr_names_free(&names);
    return status;
}

/* A stream whose schema is lent: the database asks for it twice and gives back one. What it gets is a copy of the one
 * that is kept here, to be dropped rather than freed. */
typedef struct lender {
    struct ArrowArrayStream *stream;
    const struct ArrowSchema *schema;
} lender;

static void drop_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static int lend_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    *out = *((const lender *)stream->private_data)->schema;
    out->release = drop_schema;
    return 0;
}

static int pass_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct ArrowArrayStream *of = ((const lender *)stream->private_data)->stream;
    return of->get_next(of, out);
}

static const char *pass_error(struct ArrowArrayStream *stream)
{
    struct ArrowArrayStream *of = ((const lender *)stream->private_data)->stream;
    return of->get_last_error ? of->get_last_error(of) : NULL;
}

static void drop_stream(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
}

static dr_status copy_rows(struct ArrowArrayStream *stream, const char *path)
{
    dr_duck duck = {0};
    char *literal = dr_duck_quote(path);
    dr_status status = literal ? dr_duck_open(&duck, NULL, false) : dr_fail_memory();
    if (status == DR_OK && duckdb_arrow_scan(duck.connection, "frame", (duckdb_arrow_stream)stream) != DuckDBSuccess)
        status = dr_fail(DR_BAD_INPUT, "the database cannot read the columns of the stream");
    if (status == DR_OK)
        status = dr_duck_run(&duck, "COPY (FROM frame) TO %s (FORMAT parquet, COMPRESSION uncompressed)", literal);
    dr_duck_close(&duck);
    free(literal);
    return status;
}

static dr_status read_stream(const dr_frame *frame, struct ArrowArrayStream *stream)
{
    struct ArrowSchema schema = {0};
    if (stream->get_schema(stream, &schema) != 0)
        return fail_stream(stream);
    lender of = {stream, &schema};
    struct ArrowArrayStream lent = {lend_schema, pass_next, pass_error, drop_stream, &of};
    dr_status status = check_columns(&schema);
    if (status == DR_OK)
        status = copy_rows(&lent, frame->path);
    if (schema.release)
        schema.release(&schema);
    return status;
}

dr_status dr_frame_new(dr_frame **out, struct ArrowArrayStream *stream, const char *name)
{
    DR_TRY(DR_GIVEN(out, stream, name));
    dr_frame *frame = dr_new(1, sizeof *frame);
    dr_status status = frame ? DR_OK : dr_fail_memory();
    if (status == DR_OK && !is_name(name))
        status = dr_fail(DR_USAGE, "%s: name: '%.40s'; expected letters, digits, '.', '_' and '-'", __func__, name);
    if (status == DR_OK && !stream->release)
        status = dr_fail(DR_USAGE, "%s: stream: it has been released", __func__);
    if (status == DR_OK)
        status = make_folder(frame, name);
    if (status == DR_OK) {
        status = read_stream(frame, stream);
        status = status == DR_OK || status == DR_MACHINE ? status : dr_fail_at(status, name);
    }
    if (stream->release)
        stream->release(stream);
    if (status == DR_OK)
        *out = frame;
    else
        dr_frame_free(frame);
    return status;
}
