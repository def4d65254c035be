#include "import/matrix_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/names.h"
#include "import/xlsx.h"

typedef struct reading {
    dr_matrix matrix;
    const dr_matrix_taker *taker;
    dr_csv *csv;
    const char **names, **labels;
    double *cells;
    dr_arena arena;
} reading;

static dr_status check_text(const dr_csv *csv, size_t field)
{
    const char *text = dr_csv_field(csv, field);
    if (!*text || strlen(text) > DR_LONGEST_LABEL || !dr_utf8(text))
        return dr_csv_fail(csv, (int)field, "expected a label of 1 to %d bytes of UTF-8 text", DR_LONGEST_LABEL);
    return DR_OK;
}

/* ---- Labels of columns ---- */

static dr_status make_columns(reading *r, size_t fields)
{
    dr_matrix *m = &r->matrix;
    if (fields <= m->row_levels)
        return dr_csv_fail(r->csv, -1, "a matrix of %zu columns; expected labels and cells%s", fields,
                           fields == 1 ? " with tabs or commas between them" : "");
    m->columns = fields - m->row_levels;
    r->names = dr_new((m->column_levels + 1) * m->columns, sizeof *r->names);
    r->labels = dr_new(m->row_levels + 1, sizeof *r->labels);
    r->cells = dr_new_doubles(m->columns);
    m->names = r->names;
    return r->names && r->labels && r->cells ? DR_OK : dr_fail_memory();
}

static dr_status read_level(reading *r, size_t level)
{
    bool more = false;
    dr_matrix *m = &r->matrix;
    DR_TRY(dr_csv_next(r->csv, &more));
    if (!more)
        return dr_fail(DR_BAD_INPUT, "%s: empty; expected a matrix with labels", m->path);
    if (level == 0)
        DR_TRY(make_columns(r, dr_csv_fields(r->csv)));
    if (dr_csv_fields(r->csv) != m->row_levels + m->columns)
        return dr_csv_fail(r->csv, -1, "a line of %zu cells, where the first has %zu", dr_csv_fields(r->csv),
                           m->row_levels + m->columns);
    for (size_t i = 0; i < m->columns; i++) {
        DR_TRY(check_text(r->csv, m->row_levels + i));
        const char *text = dr_arena_text(&r->arena, dr_csv_field(r->csv, m->row_levels + i));
        if (!text)
            return dr_fail_memory();
        r->names[level * m->columns + i] = text;
    }
    return DR_OK;
}

const char *dr_tuple_next(const char **at, char out[DR_LONGEST_LABEL + 1])
{
    const char *text = *at + strcspn(*at, "'\"");
    const char quote = *text;
    size_t size = 0;
    for (text += quote != '\0'; *text && *text != quote && size < DR_LONGEST_LABEL; text++) {
        text += *text == '\\' && text[1];
        out[size++] = *text;
    }
    out[size] = '\0';
    *at = text + (*text && *text == quote);
    return quote && *text == quote && size ? out : NULL;
}

/* The names of the columns of a Parquet file hold all levels. */
static dr_status read_tuples(reading *r)
{
    bool more = false;
    char text[DR_LONGEST_LABEL + 1];
    dr_matrix *m = &r->matrix;
    DR_TRY(dr_csv_next(r->csv, &more));
    if (!more)
        return dr_fail(DR_BAD_INPUT, "%s: empty; expected a matrix with labels", m->path);
    DR_TRY(make_columns(r, dr_csv_fields(r->csv)));
    for (size_t i = 0; i < m->columns; i++) {
        const char *at = dr_csv_field(r->csv, m->row_levels + i);
        for (size_t level = 0; level < m->column_levels; level++) {
            const char *name = dr_tuple_next(&at, text);
            if (!name || !dr_utf8(name))
                return dr_csv_fail(r->csv, (int)(m->row_levels + i), "'%.60s': expected a tuple of %zu labels",
                                   dr_csv_field(r->csv, m->row_levels + i), m->column_levels);
            if (!(r->names[level * m->columns + i] = dr_arena_text(&r->arena, name)))
                return dr_fail_memory();
        }
    }
    return DR_OK;
}

/* ---- Rows ---- */

/* The line with the names of the levels of rows has no cells. */
static bool names_levels(const reading *r)
{
    for (size_t i = r->matrix.row_levels; i < dr_csv_fields(r->csv); i++)
        if (*dr_csv_field(r->csv, i))
            return false;
    return r->matrix.column_levels > 0;
}

static dr_status take_row(reading *r)
{
    dr_matrix *m = &r->matrix;
    size_t fields = dr_csv_fields(r->csv), wanted = m->row_levels + m->columns;
    if (fields == wanted + 1 && !*dr_csv_field(r->csv, wanted)) /* a separator at the end of the line */
        fields = wanted;
    if (fields != wanted)
        return dr_csv_fail(r->csv, -1, "a row of %zu cells, where the first has %zu", fields, wanted);
    for (size_t i = 0; i < m->row_levels; i++) {
        DR_TRY(check_text(r->csv, i));
        r->labels[i] = dr_csv_field(r->csv, i);
    }
    for (size_t i = 0; i < m->columns; i++)
        DR_TRY(dr_csv_number(r->csv, m->row_levels + i, &r->cells[i]));
    m->line = dr_csv_line(r->csv);
    m->done = dr_csv_done(r->csv);
    return r->taker->row(r->taker->user, m, r->labels, r->cells);
}

static dr_status read_all(reading *r)
{
    bool more = false, first = true;
    dr_matrix *m = &r->matrix;
    bool tuples = m->column_levels > 1 && dr_path_ends(m->path, ".parquet");
    if (tuples)
        DR_TRY(read_tuples(r));
    for (size_t level = 0; level < m->column_levels && !tuples; level++)
        DR_TRY(read_level(r, level));
    if (r->taker->columns && m->column_levels)
        DR_TRY(r->taker->columns(r->taker->user, m));
    for (;; first = false) {
        DR_TRY(dr_csv_next(r->csv, &more));
        if (!more)
            return DR_OK;
        if (first && names_levels(r))
            continue;
        if (!m->columns) { /* of bare rows; the last cell may be followed by a separator */
            size_t fields = dr_csv_fields(r->csv);
            DR_TRY(make_columns(r, fields - (*dr_csv_field(r->csv, fields - 1) == '\0')));
        }
        DR_TRY(take_row(r));
    }
}

/* Takes over the CSV. */
static dr_status read_matrix(dr_csv *csv, const char *path, size_t row_levels, size_t column_levels,
                             const dr_matrix_taker *taker)
{
    reading r = {
        .matrix = {.path = path, .row_levels = row_levels, .column_levels = column_levels}, .taker = taker, .csv = csv};
    dr_status status = read_all(&r);
    dr_csv_close(r.csv);
    free(r.names);
    free(r.labels);
    free(r.cells);
    dr_arena_free(&r.arena);
    return status;
}

dr_status dr_matrix_read(const char *path, size_t row_levels, size_t column_levels, const dr_matrix_taker *taker)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open(&csv, path));
    return read_matrix(csv, path, row_levels, column_levels, taker);
}

dr_status dr_matrix_read_sheet(const char *path, const char *sheet, size_t row_levels, size_t column_levels,
                               const dr_matrix_taker *taker)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_xlsx_csv(&csv, path, sheet));
    return read_matrix(csv, path, row_levels, column_levels, taker);
}

/* ---- Texts ---- */

static dr_status take_texts(reading *r, size_t *capacity, dr_texts_row *take, void *user)
{
    size_t count = dr_csv_fields(r->csv);
    if (!dr_grow((void **)&r->labels, capacity, count, sizeof *r->labels))
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++) {
        r->labels[i] = dr_csv_field(r->csv, i);
        if (*r->labels[i])
            DR_TRY(check_text(r->csv, i));
    }
    r->matrix.line = dr_csv_line(r->csv);
    return take(user, &r->matrix, r->labels, count);
}

/* Takes over the CSV. */
static dr_status read_texts(dr_csv *csv, const char *path, dr_texts_row *take, void *user)
{
    reading r = {.matrix = {.path = path}, .csv = csv};
    size_t capacity = 0;
    bool more = true;
    dr_status status = dr_csv_next(r.csv, &more);
    while (status == DR_OK && more) {
        status = take_texts(&r, &capacity, take, user);
        if (status == DR_OK)
            status = dr_csv_next(r.csv, &more);
    }
    dr_csv_close(r.csv);
    free(r.labels);
    return status;
}

dr_status dr_texts_read(const char *path, dr_texts_row *take, void *user)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open(&csv, path));
    return read_texts(csv, path, take, user);
}

dr_status dr_texts_read_sheet(const char *path, const char *sheet, dr_texts_row *take, void *user)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_xlsx_csv(&csv, path, sheet));
    return read_texts(csv, path, take, user);
}
