/* librdata tells of an object's parts as they come: of a matrix first its sizes and names, then its cells; of a vector
 * of texts and of a factor's labels first that they are there, then each text; of a list its columns, then their
 * names. */
#include "base/rdata.h"

#include <limits.h>
#include <math.h>
#include <rdata/rdata.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/portable.h"
#include "base/stream.h"

enum { MOST_LABELS = 1 << 24 };

/* A file being read. */
typedef struct reading {
    dr_r_data *data;
    const char *path;
    dr_stream *stream;
    long long at; /* bytes of the stream read so far */
    dr_status status;
    const char *table;
    size_t first;           /* vector of the table */
    size_t rows, columns;   /* of the matrix to come */
    const char **dim_names; /* of it, as many as rows and columns */
    size_t dim, dim_start;  /* the dimension whose names come, and where they begin */
    const char **labels;    /* of the factor to come */
    size_t label_count, label_capacity;
} reading;

/* ---- Bytes ---- */

static int open_stream(const char *path, void *user)
{
    reading *r = user;
    r->at = 0;
    r->status = dr_stream_open(&r->stream, path);
    return r->status == DR_OK ? 0 : -1;
}

static int close_stream(void *user)
{
    reading *r = user;
    dr_stream_close(r->stream);
    r->stream = NULL;
    return 0;
}

/* As many bytes as were asked for, but at the end. */
static ssize_t read_bytes(void *bytes, size_t size, void *user)
{
    reading *r = user;
    size_t done = 0, got = 1;
    while (done < size && got > 0) {
        size_t left = size - done, part = left < 1 << 20 ? left : 1 << 20;
        dr_status status = dr_stream_read(r->stream, (char *)bytes + done, part, &got);
        if (status != DR_OK) {
            r->status = dr_fail_at(status, r->path);
            return -1;
        }
        done += got;
    }
    r->at += (long long)done;
    return (ssize_t)done;
}

/* A stream goes forward only: what was read begins anew. */
static rdata_off_t seek(rdata_off_t offset, rdata_io_flags_t whence, void *user)
{
    reading *r = user;
    char skipped[4096];
    long long to = whence == RDATA_SEEK_CUR ? r->at + offset : offset;
    if (whence == RDATA_SEEK_END || to < 0)
        return -1;
    if (to < r->at) {
        close_stream(r);
        if (open_stream(r->path, r) != 0)
            return -1;
    }
    while (r->at < to) {
        size_t part = to - r->at < (long long)sizeof skipped ? (size_t)(to - r->at) : sizeof skipped;
        if (read_bytes(skipped, part, r) != (ssize_t)part)
            return -1;
    }
    return to;
}

static rdata_error_t no_progress(long size, rdata_progress_handler progress, void *user, void *io)
{
    (void)size, (void)progress, (void)user, (void)io;
    return RDATA_OK;
}

/* ---- Parts ---- */

static int stop(reading *r, dr_status status)
{
    r->status = status;
    return 1;
}

static const char *keep(reading *r, const char *text)
{
    return text ? dr_arena_text(&r->data->arena, text) : "";
}

static int take_table(const char *name, void *user)
{
    reading *r = user;
    r->table = keep(r, name);
    r->first = r->data->count;
    return r->table ? 0 : stop(r, dr_fail_memory());
}

static bool is_of_memory(size_t count)
{
    return 2.0 * sizeof(double) * (double)count < dr_memory_available(); /* librdata's cells, and ours */
}

static dr_status fail_size(const reading *r, size_t count)
{
    return dr_fail(DR_MACHINE, "%s: a vector of %zu cells does not fit into memory", r->path, count);
}

/* A matrix is made known before its cells are. */
static int take_dims(const char *name, rdata_type_t type, void *dims, long count, void *user)
{
    reading *r = user;
    const int *size = dims;
    (void)name, (void)type;
    r->rows = r->columns = 0;
    r->dim_names = NULL;
    if (count != 2 || size[0] <= 0 || size[1] <= 0)
        return 0;
    size_t names = (size_t)size[0] + (size_t)size[1];
    if (!is_of_memory(names))
        return stop(r, fail_size(r, names));
    r->dim_names = dr_arena_take(&r->data->arena, names * sizeof *r->dim_names);
    if (!r->dim_names)
        return stop(r, dr_fail_memory());
    for (size_t i = 0; i < names; i++)
        r->dim_names[i] = "";
    r->rows = (size_t)size[0];
    r->columns = (size_t)size[1];
    r->dim = r->dim_start = 0;
    return 0;
}

static int take_dim_name(const char *name, int index, void *user)
{
    reading *r = user;
    if (index == 0 && r->dim++ > 0) /* the second dimension */
        r->dim_start = r->rows;
    size_t place = r->dim_start + (size_t)index;
    if (!r->dim_names || r->dim > 2 || place >= r->rows + r->columns)
        return 0;
    r->dim_names[place] = keep(r, name);
    return r->dim_names[place] ? 0 : stop(r, dr_fail_memory());
}

static int take_label(const char *label, int index, void *user)
{
    reading *r = user;
    if (index == 0)
        r->label_count = 0;
    if (r->label_count >= MOST_LABELS ||
        !dr_grow((void **)&r->labels, &r->label_capacity, r->label_count + 1, sizeof *r->labels))
        return stop(r, dr_fail_memory());
    r->labels[r->label_count] = keep(r, label);
    return r->labels[r->label_count++] ? 0 : stop(r, dr_fail_memory());
}

static dr_status copy_texts(reading *r, dr_r_vector *v, const int *index)
{
    v->texts = dr_arena_take(&r->data->arena, (v->count + 1) * sizeof *v->texts);
    for (size_t i = 0; v->texts && i < v->count; i++) {
        bool known = index && index[i] >= 1 && (size_t)index[i] <= r->label_count;
        v->texts[i] = known ? r->labels[index[i] - 1] : "";
    }
    return v->texts ? DR_OK : dr_fail_memory();
}

static dr_status copy_numbers(dr_r_vector *v, rdata_type_t type, const void *cells)
{
    const int *whole = cells;
    v->numbers = dr_new_doubles(v->count + 1);
    if (!v->numbers)
        return dr_fail_memory();
    if (type == RDATA_TYPE_INT32 || type == RDATA_TYPE_LOGICAL)
        for (size_t i = 0; i < v->count; i++)
            v->numbers[i] = whole[i] == INT_MIN ? (double)NAN : whole[i]; /* INT_MIN is R's NA */
    else if (v->count)
        memcpy(v->numbers, cells, v->count * sizeof *v->numbers);
    return DR_OK;
}

static dr_status add_vector(reading *r, const char *name, size_t count, dr_r_vector **out)
{
    dr_r_data *data = r->data;
    if (!is_of_memory(count))
        return fail_size(r, count);
    if (!dr_grow((void **)&data->vectors, &data->capacity, data->count + 1, sizeof *data->vectors))
        return dr_fail_memory();
    *out = &data->vectors[data->count++];
    **out = (dr_r_vector){.table = r->table, .name = name, .count = count};
    return DR_OK;
}

static int take_column(const char *name, rdata_type_t type, void *cells, long count, void *user)
{
    reading *r = user;
    dr_r_vector *v = NULL;
    (void)name; /* that of the table, for an object of its own */
    if (count < 0)
        return stop(r, dr_fail(DR_BAD_INPUT, "%s: damaged: a vector of %ld cells", r->path, count));
    dr_status status = add_vector(r, "", (size_t)count, &v);
    if (status != DR_OK)
        return stop(r, status);
    if (r->rows > 0 && (size_t)count / r->columns == r->rows && (size_t)count % r->columns == 0) {
        v->rows = r->rows;
        v->columns = r->columns;
        v->dim_names = r->dim_names;
    }
    if (type == RDATA_TYPE_STRING)
        status = copy_texts(r, v, NULL);
    else if (type == RDATA_TYPE_INT32 && r->label_count > 0)
        status = copy_texts(r, v, cells);
    else
        status = copy_numbers(v, type, cells);
    r->rows = r->label_count = 0;
    return status == DR_OK ? 0 : stop(r, status);
}

/* A text of the last vector. */
static int take_text(const char *text, int index, void *user)
{
    reading *r = user;
    if (r->data->count == 0)
        return 0;
    dr_r_vector *v = &r->data->vectors[r->data->count - 1];
    if (index < 0 || (size_t)index >= v->count || !v->texts)
        return 0;
    v->texts[index] = keep(r, text);
    return v->texts[index] ? 0 : stop(r, dr_fail_memory());
}

static int take_column_name(const char *name, int index, void *user)
{
    reading *r = user;
    size_t place = r->first + (size_t)index;
    if (index < 0 || place >= r->data->count)
        return 0;
    r->data->vectors[place].name = keep(r, name);
    return r->data->vectors[place].name ? 0 : stop(r, dr_fail_memory());
}

/* Names of rows come one by one behind the columns, and make a vector of as many texts as a column has. */
static int take_row_name(const char *name, int index, void *user)
{
    reading *r = user;
    if (r->data->count == r->first)
        return 0;
    if (index == 0) {
        dr_r_vector *v = NULL;
        dr_status status = add_vector(r, "row.names", r->data->vectors[r->first].count, &v);
        if (status == DR_OK)
            status = copy_texts(r, v, NULL);
        if (status != DR_OK)
            return stop(r, status);
    }
    return take_text(name, index, user);
}

/* ---- All of it ---- */

static dr_status parse(reading *r)
{
    rdata_parser_t *parser = rdata_parser_init();
    if (!parser)
        return dr_fail_memory();
    rdata_set_open_handler(parser, open_stream);
    rdata_set_close_handler(parser, close_stream);
    rdata_set_seek_handler(parser, seek);
    rdata_set_read_handler(parser, read_bytes);
    rdata_set_update_handler(parser, no_progress);
    free(parser->io->io_ctx); /* librdata's own, of a file by its name, which it would forget */
    rdata_set_io_ctx(parser, r);
    rdata_set_table_handler(parser, take_table);
    rdata_set_column_handler(parser, take_column);
    rdata_set_column_name_handler(parser, take_column_name);
    rdata_set_row_name_handler(parser, take_row_name);
    rdata_set_text_value_handler(parser, take_text);
    rdata_set_value_label_handler(parser, take_label);
    rdata_set_dim_handler(parser, take_dims);
    rdata_set_dim_name_handler(parser, take_dim_name);
    rdata_error_t error = rdata_parse(parser, r->path, r);
    rdata_parser_free(parser);
    if (error == RDATA_OK || r->status != DR_OK)
        return r->status;
    if (error == RDATA_ERROR_MALLOC)
        return dr_fail(DR_MACHINE, "%s: damaged, or too large: it claims a vector that does not fit into memory",
                       r->path);
    return dr_fail(DR_BAD_INPUT, "%s: not an R data file that can be read: %s", r->path,
                   error == RDATA_ERROR_READ ? "it ends too early" : rdata_error_message(error));
}

dr_status dr_r_data_read(dr_r_data *out, const char *path)
{
    *out = (dr_r_data){0};
    reading r = {.data = out, .path = path, .table = ""};
    dr_status status = parse(&r);
    dr_stream_close(r.stream);
    free(r.labels);
    return status;
}

void dr_r_data_free(dr_r_data *data)
{
    for (size_t i = 0; i < data->count; i++)
        free(data->vectors[i].numbers);
    free(data->vectors);
    dr_arena_free(&data->arena);
    *data = (dr_r_data){0};
}

bool dr_r_data_is(const unsigned char *bytes, size_t size)
{
    return size >= 7 && (memcmp(bytes, "RDX2\nX\n", 7) == 0 || memcmp(bytes, "RDX3\nX\n", 7) == 0 ||
                         memcmp(bytes, "X\n\0\0\0\2", 6) == 0 || memcmp(bytes, "X\n\0\0\0\3", 6) == 0);
}

const dr_r_vector *dr_r_data_find(const dr_r_data *data, const char *table, const char *name)
{
    for (size_t i = 0; i < data->count; i++)
        if (strcmp(data->vectors[i].table, table) == 0 && strcmp(data->vectors[i].name, name) == 0)
            return &data->vectors[i];
    return NULL;
}
