#include "base/frame.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arrow_file.h"
#include "base/frame_text.h"
#include "base/names.h"
#include "base/rdata.h"
#include "base/rows.h"

enum { FIRST = 16 }; /* bytes by which a file is recognised */

/* A table being written as CSV, a row at a time. */
typedef struct frame {
    dr_frame_text text; /* the row */
    size_t row, rows;   /* 0: the header; rows is 0 where their number is not known */
    /* R */
    dr_r_data data;
    size_t *vectors; /* places of the frame's columns among them */
    size_t columns;
    const dr_r_vector *matrix; /* instead of them */
    dr_arrow *arrow;
    size_t batch_rows, batch_row; /* of what is held of it, and the one to come */
    /* Parquet */
    int file; /* in memory; -1: none */
    dr_duck duck;
    dr_cursor cursor;
    dr_names names;
    bool *is_text; /* by column */
    dr_arena arena;
} frame;

static void close_frame(void *user)
{
    frame *f = user;
    dr_frame_text_free(&f->text);
    dr_r_data_free(&f->data);
    free(f->vectors);
    if (f->arrow)
        dr_arrow_close(f->arrow);
    dr_cursor_close(&f->cursor);
    dr_duck_close(&f->duck);
    if (f->file >= 0)
        close(f->file);
    dr_names_free(&f->names);
    free(f->is_text);
    dr_arena_free(&f->arena);
    free(f);
}

static double done_of_frame(const void *user)
{
    const frame *f = user;
    if (f->arrow)
        return dr_arrow_done(f->arrow);
    return f->rows > 0 ? (double)f->row / (double)(f->rows + 1) : 0;
}

static dr_status end_row(frame *f, const char **bytes, size_t *size)
{
    f->row++;
    return dr_frame_text_end(&f->text, bytes, size);
}

/* ---- R ---- */

static const dr_r_vector *column(const frame *f, size_t i)
{
    return &f->data.vectors[f->vectors[i]];
}

static void put_cell(frame *f, const dr_r_vector *v, size_t row)
{
    if (f->row == 0)
        dr_frame_text_put(&f->text, v->name);
    else if (v->texts)
        dr_frame_text_put(&f->text, v->texts[row]);
    else
        dr_frame_text_number(&f->text, v->numbers[row]);
}

static dr_status next_of_frame(void *user, const char **bytes, size_t *size)
{
    frame *f = user;
    *size = 0;
    if (f->row > f->rows)
        return DR_OK;
    for (int texts = 1; texts >= 0; texts--)
        for (size_t i = 0; i < f->columns; i++)
            if ((column(f, i)->texts != NULL) == texts)
                put_cell(f, column(f, i), f->row - 1);
    return end_row(f, bytes, size);
}

static dr_status next_of_matrix(void *user, const char **bytes, size_t *size)
{
    frame *f = user;
    const dr_r_vector *m = f->matrix;
    *size = 0;
    if (f->row > f->rows)
        return DR_OK;
    dr_frame_text_put(&f->text, f->row == 0 ? "" : m->dim_names[f->row - 1]);
    for (size_t i = 0; i < m->columns; i++)
        if (f->row == 0)
            dr_frame_text_put(&f->text, m->dim_names[m->rows + i]);
        else if (m->texts)
            dr_frame_text_put(&f->text, m->texts[i * m->rows + f->row - 1]);
        else
            dr_frame_text_number(&f->text, m->numbers[i * m->rows + f->row - 1]);
    return end_row(f, bytes, size);
}

/* The columns of a data frame are as long as each other and have names. Returns how many `table` has; 0: it is none. */
static size_t count_columns(const dr_r_data *data, const char *table)
{
    size_t count = 0, length = 0;
    for (size_t i = 0; i < data->count; i++) {
        const dr_r_vector *v = &data->vectors[i];
        if (strcmp(v->table, table) != 0)
            continue;
        if (!*v->name || v->rows > 0 || v->count == 0 || (count > 0 && v->count != length))
            return 0;
        length = v->count;
        count++;
    }
    return count > 1 ? count : 0;
}

static bool has_names(const dr_r_vector *v)
{
    return v->rows > 0 && v->dim_names && *v->dim_names[0] && *v->dim_names[v->rows];
}

/* Row names that only count the rows say nothing. */
static bool are_counts(const dr_r_vector *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (strtoul(names->texts[i], NULL, 10) != i + 1)
            return false;
    return true;
}

static dr_status take_frame(frame *f, const char *table, size_t count)
{
    f->vectors = dr_new(count, sizeof *f->vectors);
    if (!f->vectors)
        return dr_fail_memory();
    const dr_r_vector *names = dr_r_data_find(&f->data, table, "row.names"); /* come first */
    if (names && !are_counts(names))
        f->vectors[f->columns++] = (size_t)(names - f->data.vectors);
    for (size_t i = 0; i < f->data.count; i++)
        if (strcmp(f->data.vectors[i].table, table) == 0 && &f->data.vectors[i] != names)
            f->vectors[f->columns++] = i;
    f->rows = column(f, 0)->count;
    return DR_OK;
}

static dr_status fail_count(const char *path, const dr_names *tables, const dr_names *others)
{
    char list[DR_NAMES_SIZE];
    if (tables->count > 1)
        return dr_fail(DR_BAD_INPUT, "%s: an R data file of %zu tables%s; expected one: save each in a file of its own",
                       path, tables->count, dr_names_list(list, "; they are ", tables));
    return dr_fail(DR_BAD_INPUT,
                   "%s: an R data file without a table%s; expected a data frame, or a matrix whose rows "
                   "and columns have names",
                   path, dr_names_list(list, "; it holds ", others));
}

/* Finds the one table of the file. */
static dr_status choose(frame *f, const char *path)
{
    dr_names tables = {0}, others = {0};
    dr_status status = DR_OK;
    size_t count = 0;
    for (size_t i = 0; i < f->data.count && status == DR_OK; i++) {
        const dr_r_vector *v = &f->data.vectors[i];
        size_t columns = has_names(v) ? 1 : count_columns(&f->data, v->table);
        int before = (int)tables.count, place = dr_names_add(columns ? &tables : &others, v->table);
        if (place < 0)
            status = dr_fail_memory();
        else if (has_names(v))
            f->matrix = v;
        else if (columns && place == before)
            count = columns;
    }
    if (status == DR_OK && tables.count != 1)
        status = fail_count(path, &tables, &others);
    if (status == DR_OK && f->matrix)
        f->rows = f->matrix->rows;
    else if (status == DR_OK)
        status = take_frame(f, tables.names[0], count);
    dr_names_free(&tables);
    dr_names_free(&others);
    return status;
}

static dr_status open_r(frame *f, dr_stream_maker *maker, const char *path)
{
    DR_TRY(dr_r_data_read(&f->data, path));
    DR_TRY(choose(f, path));
    maker->next = f->matrix ? next_of_matrix : next_of_frame;
    return DR_OK;
}

/* ---- Arrow ---- */

static void put_arrow(frame *f, size_t i)
{
    size_t size = 0;
    if (f->row == 0)
        dr_frame_text_put(&f->text, dr_arrow_name(f->arrow, i));
    else if (dr_arrow_is_text(f->arrow, i)) {
        const char *text = dr_arrow_text(f->arrow, i, f->batch_row, &size);
        dr_frame_text_bytes(&f->text, text, size);
    } else
        dr_frame_text_number(&f->text, dr_arrow_number(f->arrow, i, f->batch_row));
}

static dr_status next_of_arrow(void *user, const char **bytes, size_t *size)
{
    frame *f = user;
    *size = 0;
    if (f->row > 0 && f->batch_row == f->batch_rows) {
        f->batch_row = 0;
        DR_TRY(dr_arrow_next(f->arrow, &f->batch_rows));
        if (f->batch_rows == 0)
            return DR_OK;
    }
    for (int texts = 1; texts >= 0; texts--)
        for (size_t i = 0; i < dr_arrow_columns(f->arrow); i++)
            if (dr_arrow_is_text(f->arrow, i) == texts)
                put_arrow(f, i);
    f->batch_row += f->row > 0;
    return end_row(f, bytes, size);
}

static dr_status open_arrow(frame *f, dr_stream_maker *maker, const char *path)
{
    maker->next = next_of_arrow;
    return dr_arrow_open(&f->arrow, path);
}

/* ---- Parquet ---- */

static dr_status next_of_parquet(void *user, const char **bytes, size_t *size)
{
    frame *f = user;
    bool more = true;
    *size = 0;
    if (f->row > 0)
        DR_TRY(dr_cursor_next(&f->cursor, &more));
    if (!more)
        return DR_OK;
    for (size_t i = 0; i < f->names.count; i++) {
        if (f->row == 0)
            dr_frame_text_put(&f->text, f->names.names[i]);
        else if (f->is_text[i])
            dr_frame_text_put(&f->text, dr_cursor_text(&f->cursor, i, &f->arena));
        else
            dr_frame_text_number(&f->text, dr_cursor_number(&f->cursor, i));
    }
    dr_arena_free(&f->arena);
    return end_row(f, bytes, size);
}

/* Columns under their names and whether they are texts, those first. */
static const char schema[] =
    "SELECT column_name, "
    "CASE WHEN regexp_matches(column_type, '^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|BOOLEAN|DECIMAL.*)$') "
    "THEN 0 ELSE 1 END AS is_text FROM (SELECT *, row_number() OVER () AS place "
    "FROM (DESCRIBE SELECT * FROM read_parquet(%s))) ORDER BY is_text DESC, place";

static dr_status read_schema(frame *f, const char *literal)
{
    bool more = true;
    size_t capacity = 0;
    dr_cursor cursor;
    dr_status status = dr_cursor_open(&cursor, &f->duck, schema, literal);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *name = dr_cursor_text(&cursor, 0, &f->arena);
        if (!name || !dr_grow((void **)&f->is_text, &capacity, f->names.count + 1, sizeof *f->is_text) ||
            dr_names_add(&f->names, name) < 0)
            status = dr_fail_memory();
        else
            f->is_text[f->names.count - 1] = dr_cursor_index(&cursor, 1) == 1;
    }
    dr_cursor_close(&cursor);
    return status;
}

static void print_name(FILE *to, const char *name)
{
    putc('"', to);
    for (const char *at = name; *at; at++)
        fprintf(to, *at == '"' ? "\"%c" : "%c", *at);
    putc('"', to);
}

static dr_status start_query(frame *f, const char *literal)
{
    char *sql = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&sql, &size);
    if (!to)
        return dr_fail_memory();
    for (size_t i = 0; i < f->names.count; i++) {
        fputs(i ? ", " : "SELECT ", to);
        print_name(to, f->names.names[i]);
        fputs(f->is_text[i] ? "::VARCHAR" : "::DOUBLE", to);
    }
    fprintf(to, " FROM read_parquet(%s)", literal);
    bool failed = ferror(to) != 0;
    failed = fclose(to) != 0 || failed;
    dr_status status = failed ? dr_fail_memory() : dr_cursor_open(&f->cursor, &f->duck, "%s", sql);
    free(sql);
    return status;
}

/* The database reads files on disk: what is in an archive goes to memory first. */
static dr_status open_parquet(frame *f, dr_stream_maker *maker, const char *path)
{
    char name[DR_DESCRIPTOR_PATH_SIZE];
    DR_TRY(dr_stream_to_memory(&f->file, name, path));
    const char *files[] = {name};
    DR_TRY(dr_duck_open(&f->duck, NULL, false));
    DR_TRY(dr_duck_lock(&f->duck, files, 1));
    char *literal = dr_duck_path(name);
    dr_status status = literal ? read_schema(f, literal) : dr_fail_memory();
    if (status == DR_OK)
        status = start_query(f, literal);
    free(literal);
    maker->next = next_of_parquet;
    return status == DR_OK || status == DR_MACHINE ? status : dr_fail_at(status, path);
}

/* ---- All ---- */

static bool is_parquet(const unsigned char *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, "PAR1", 4) == 0;
}

bool dr_frame_is(const unsigned char *bytes, size_t size)
{
    return is_parquet(bytes, size) || dr_arrow_is(bytes, size) || dr_r_data_is(bytes, size);
}

static dr_status read_first(unsigned char bytes[FIRST], size_t *got, const char *path)
{
    dr_stream *stream = NULL;
    DR_TRY(dr_stream_open(&stream, path));
    dr_status status = dr_stream_read(stream, bytes, FIRST, got);
    dr_stream_close(stream);
    return status == DR_OK ? DR_OK : dr_fail_at(status, path);
}

bool dr_frame_is_foreign(const char *path)
{
    unsigned char bytes[FIRST];
    size_t got = 0;
    return read_first(bytes, &got, path) == DR_OK && dr_frame_is(bytes, got) && !is_parquet(bytes, got);
}

dr_status dr_frame_open(dr_stream **out, const char *path)
{
    unsigned char bytes[FIRST];
    size_t got = 0;
    DR_TRY(read_first(bytes, &got, path));
    frame *f = dr_new(1, sizeof *f);
    if (!f)
        return dr_fail_memory();
    f->file = -1;
    dr_stream_maker maker = {.done = done_of_frame, .close = close_frame, .user = f};
    dr_status status = is_parquet(bytes, got)    ? open_parquet(f, &maker, path)
                       : dr_arrow_is(bytes, got) ? open_arrow(f, &maker, path)
                                                 : open_r(f, &maker, path);
    if (status == DR_OK)
        return dr_stream_make(out, &maker);
    close_frame(f);
    return status;
}
