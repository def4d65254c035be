#include "import/parts_table.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"

/* LAPACK: solves a x = b in place; column-major. */
void dgesv_(const int *n, const int *count, double *a, const int *lda, int *pivots, double *b, const int *ldb,
            int *info);

typedef struct reading {
    dr_icio_file *file;
    const dr_table_parts *parts;
    const dr_table_wish *wish;
    dr_names uses, sellers; /* labels of the columns and rows of Y */
    double **final;         /* rows of Y */
    size_t capacity;
    dr_names seen;  /* rows of the matrix at hand */
    size_t *place;  /* column of the table of each of its columns */
    size_t sectors; /* columns that are industries */
} reading;

/* "DE_Mining" from the labels of a row or, with a stride, of a column. */
static dr_status make_label(char label[512], const dr_matrix *m, const char *region, const char *code)
{
    int size = snprintf(label, 512, "%s_%s", region, code);
    return size < 400 ? DR_OK
                      : dr_fail(DR_BAD_INPUT, "%s: the labels '%.60s' and '%.60s' are too long", m->path, region, code);
}

static dr_status column_label(char label[512], const reading *r, const dr_matrix *m, size_t column)
{
    return make_label(label, m, m->names[column], m->names[r->parts->code * m->columns + column]);
}

static dr_status fail_row(const dr_matrix *m, const char *label, const char *what)
{
    return dr_fail(DR_BAD_INPUT, "%s:%zu: the row '%s' %s", m->path, m->line, label, what);
}

static void tell(const reading *r, double from, double share, double done)
{
    if (r->wish->progress)
        r->wish->progress(from + share * done, r->wish->user);
}

/* ---- Y ---- */

static dr_status take_uses(void *user, const dr_matrix *m)
{
    reading *r = user;
    char label[512];
    for (size_t i = 0; i < m->columns; i++) {
        DR_TRY(column_label(label, r, m, i));
        int place = dr_names_add(&r->uses, label);
        if (place < 0)
            return dr_fail_memory();
        if ((size_t)place != i)
            return dr_fail(DR_BAD_INPUT, "%s: the column '%s' appears twice", m->path, label);
    }
    return DR_OK;
}

static dr_status take_final(void *user, const dr_matrix *m, const char *const *labels, const double *cells)
{
    reading *r = user;
    char label[512];
    size_t row = r->sellers.count;
    DR_TRY(make_label(label, m, labels[0], labels[r->parts->code]));
    if (dr_names_find(&r->sellers, label) >= 0)
        return fail_row(m, label, "appears twice");
    if (!dr_grow((void **)&r->final, &r->capacity, row + 1, sizeof *r->final))
        return dr_fail_memory();
    r->final[row] = dr_new_doubles(m->columns);
    if (!r->final[row])
        return dr_fail_memory();
    memcpy(r->final[row], cells, m->columns * sizeof *cells);
    if (dr_names_add(&r->sellers, label) < 0) {
        free(r->final[row]);
        return dr_fail_memory();
    }
    tell(r, 0, 0.1, m->done);
    return DR_OK;
}

/* ---- Z and A ---- */

static dr_status take_industries(void *user, const dr_matrix *m)
{
    reading *r = user;
    dr_icio_file *file = r->file;
    char label[512];
    for (size_t i = 0; i < m->columns; i++) {
        DR_TRY(column_label(label, r, m, i));
        int place = dr_names_add(&file->columns, label);
        if (place < 0 || dr_names_add(&file->regions, m->names[i]) < 0)
            return dr_fail_memory();
        if ((size_t)place != i)
            return dr_fail(DR_BAD_INPUT, "%s: the column '%s' appears twice", m->path, label);
    }
    r->sectors = m->columns;
    for (size_t i = 0; i < r->uses.count; i++) {
        if (dr_names_find(&file->columns, r->uses.names[i]) >= 0)
            return dr_fail(DR_BAD_INPUT, "%s: the column '%s' is one of %s too", r->parts->y, r->uses.names[i],
                           m->path);
        if (dr_names_add(&file->columns, r->uses.names[i]) < 0)
            return dr_fail_memory();
    }
    return dr_icio_file_check_memory(m->path, file->columns.count * (r->parts->z ? 1 : 2));
}

static dr_status take_inputs(void *user, const dr_matrix *m, const char *const *labels, const double *cells)
{
    reading *r = user;
    char label[512];
    double *to = NULL;
    DR_TRY(make_label(label, m, labels[0], labels[r->parts->code]));
    int column = dr_names_find(&r->file->columns, label), row = dr_names_find(&r->sellers, label);
    if (column < 0 || (size_t)column >= r->sectors)
        return fail_row(m, label, "has no column of its name");
    if (dr_names_find(&r->file->labels, label) >= 0)
        return fail_row(m, label, "appears twice");
    if (row < 0)
        return dr_fail(DR_BAD_INPUT, "%s: the row '%s' of %s is missing", r->parts->y, label, m->path);
    DR_TRY(dr_icio_file_add_row(r->file, label, r->file->columns.count + 1, &to)); /* one for output */
    memcpy(to, cells, m->columns * sizeof *cells);
    memcpy(to + m->columns, r->final[row], r->uses.count * sizeof *cells);
    tell(r, 0.1, 0.8, m->done);
    return DR_OK;
}

static dr_status check_rows(const reading *r, const char *path)
{
    for (size_t i = 0; i < r->sectors; i++)
        if (dr_names_find(&r->file->labels, r->file->columns.names[i]) < 0)
            return dr_fail(DR_BAD_INPUT, "%s: the column '%s' has no row of its name", path, r->file->columns.names[i]);
    if (r->sellers.count == r->file->labels.count)
        return DR_OK;
    for (size_t i = 0; i < r->sellers.count; i++)
        if (dr_names_find(&r->file->labels, r->sellers.names[i]) < 0)
            return dr_fail(DR_BAD_INPUT, "%s: the row '%s' is one that %s does not have", r->parts->y,
                           r->sellers.names[i], path);
    return DR_OK;
}

/* ---- Output ---- */

static dr_status take_output(void *user, const dr_matrix *m, const char *const *labels, const double *cells)
{
    reading *r = user;
    char label[512];
    DR_TRY(make_label(label, m, labels[0], labels[r->parts->code]));
    int row = dr_names_find(&r->file->labels, label);
    if (row < 0)
        return fail_row(m, label, "is one that the table does not have");
    if (dr_names_find(&r->seen, label) >= 0)
        return fail_row(m, label, "appears twice");
    if (m->columns != 1)
        return dr_fail(DR_BAD_INPUT, "%s: %zu columns; expected one, of output", m->path, m->columns);
    r->file->rows[row][r->file->columns.count - 1] = cells[0];
    return dr_names_add(&r->seen, label) >= 0 ? DR_OK : dr_fail_memory();
}

static dr_status read_output(reading *r)
{
    dr_matrix_taker taker = {NULL, take_output, r};
    r->file->output_column = r->file->columns.count;
    if (dr_names_add(&r->file->columns, "OUT") < 0)
        return dr_fail_memory();
    DR_TRY(dr_matrix_read(r->parts->x, r->parts->row_levels, 1, &taker));
    if (r->seen.count == r->file->labels.count)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s: %zu rows, where the table has %zu", r->parts->x, r->seen.count,
                   r->file->labels.count);
}

/* x = (I - A)^-1 y, in `x`, which holds y. Rows are in the order of columns. */
static dr_status solve(const reading *r, double *const *rows, double *x)
{
    int n = (int)r->sectors, one = 1, info = 0;
    size_t size = r->sectors;
    double *matrix = dr_new(size * size, sizeof *matrix);
    int *pivots = dr_new(size, sizeof *pivots);
    for (size_t i = 0; matrix && i < size; i++)
        for (size_t j = 0; j < size; j++)
            matrix[j * size + i] = (i == j) - rows[i][j];
    dr_blas_alone();
    if (matrix && pivots)
        dgesv_(&n, &one, matrix, &n, pivots, x, &n, &info);
    bool made = matrix && pivots;
    free(matrix);
    free(pivots);
    if (!made)
        return dr_fail_memory();
    for (size_t i = 0; i < size; i++)
        if (info || !isfinite(x[i]))
            return dr_fail(DR_BAD_INPUT, "%s: no output solves x = A x + y: these are no input coefficients",
                           r->parts->a);
    return DR_OK;
}

static dr_status apply_coefficients(reading *r, double *const *rows, double *x)
{
    dr_icio_file *file = r->file;
    for (size_t i = 0; i < r->sectors; i++)
        for (size_t k = 0; k < r->uses.count; k++)
            x[i] += rows[i][r->sectors + k];
    DR_TRY(solve(r, rows, x));
    for (size_t i = 0; i < r->sectors; i++)
        for (size_t j = 0; j < r->sectors; j++)
            rows[i][j] *= x[j];
    return dr_icio_file_remark(file, "intermediate use", "output x solves x = A x + y; intermediate use is A x",
                               "the files hold input coefficients A instead of flows");
}

/* Flows from coefficients. */
static dr_status make_flows(reading *r)
{
    double *x = dr_new_doubles(r->sectors), **rows = dr_new(r->sectors, sizeof *rows);
    for (size_t i = 0; rows && i < r->sectors; i++)
        rows[i] = r->file->rows[dr_names_find(&r->file->labels, r->file->columns.names[i])];
    dr_status status = x && rows ? apply_coefficients(r, rows, x) : dr_fail_memory();
    free(x);
    free(rows);
    return status;
}

/* ---- All of it ---- */

static dr_status read_parts(reading *r)
{
    const dr_table_parts *p = r->parts;
    const char *inputs = p->z ? p->z : p->a;
    const char *const paths[] = {inputs, p->y, p->x};
    dr_matrix_taker final = {take_uses, take_final, r}, industries = {take_industries, take_inputs, r};
    r->file->output_column = DR_NO_COLUMN;
    r->file->decimals = 6; /* what pandas prints has more digits than it means */
    DR_TRY(dr_matrix_read(p->y, p->row_levels, p->column_levels, &final));
    DR_TRY(dr_matrix_read(inputs, p->row_levels, p->column_levels, &industries));
    DR_TRY(check_rows(r, inputs));
    if (!p->z)
        DR_TRY(make_flows(r));
    if (p->x)
        DR_TRY(read_output(r));
    for (size_t i = 0; i < 3; i++)
        if (paths[i] && dr_names_add(&r->file->sources, paths[i]) < 0)
            return dr_fail_memory();
    return DR_OK;
}

dr_status dr_parts_read(dr_icio_file *file, const dr_table_parts *parts, const dr_table_wish *wish)
{
    reading r = {.file = file, .parts = parts, .wish = wish};
    file->path = wish->path;
    dr_status status = read_parts(&r);
    for (size_t i = 0; i < r.sellers.count; i++)
        free(r.final[i]);
    free(r.final);
    dr_names_free(&r.uses);
    dr_names_free(&r.sellers);
    dr_names_free(&r.seen);
    return status;
}

dr_status dr_parts_add(const dr_icio_file *file, const dr_matrix *matrix, size_t code, const double *cells,
                       const double *factor, double **sum)
{
    char label[512];
    if (!*sum && !(*sum = dr_new_doubles(file->columns.count)))
        return dr_fail_memory();
    for (size_t i = 0; i < matrix->columns; i++) {
        DR_TRY(make_label(label, matrix, matrix->names[i], matrix->names[code * matrix->columns + i]));
        int column = dr_names_find(&file->columns, label);
        if (column < 0)
            return dr_fail(DR_BAD_INPUT, "%s: the column '%s' is one that the table does not have", matrix->path,
                           label);
        (*sum)[column] += cells[i] * (factor ? factor[column] : 1);
    }
    return DR_OK;
}

double *dr_parts_outputs(const dr_icio_file *file)
{
    double *x = dr_new_doubles(file->columns.count);
    for (size_t i = 0; x && i < file->labels.count; i++) {
        double *of = &x[dr_names_find(&file->columns, file->labels.names[i])];
        for (size_t k = 0; k < file->columns.count; k++)
            if (k != file->output_column)
                *of += file->rows[i][k];
    }
    return x;
}

dr_status dr_parts_derive_value_added(dr_icio_file *file)
{
    if (!(file->value_added = dr_parts_outputs(file)))
        return dr_fail_memory();
    for (size_t k = 0; k < file->columns.count; k++) {
        bool industry = dr_names_find(&file->labels, file->columns.names[k]) >= 0;
        for (size_t i = 0; i < file->labels.count && industry; i++)
            file->value_added[k] -= file->rows[i][k];
    }
    return dr_icio_file_remark(file, "value added", "taken as output less inputs", "the files have none");
}

const char *dr_parts_unit(dr_icio_file *file, const char *unit)
{
    static const struct {
        const char *letters, *unit;
    } known[] = {{"meur", "million euro, current prices"},
                 {"milleur", "million euro, current prices"},
                 {"millioneur", "million euro, current prices"},
                 {"mioeur", "million euro, current prices"},
                 {"musd", dr_million_dollars},
                 {"millusd", dr_million_dollars},
                 {"millionusd", dr_million_dollars},
                 {"kusd", "thousand US dollars, current prices"},
                 {"thousandusd", "thousand US dollars, current prices"}};
    char letters[32] = "";
    size_t count = 0;
    for (const char *at = unit; *at && count + 1 < sizeof letters; at++)
        if (isalnum((unsigned char)*at))
            letters[count++] = (char)tolower((unsigned char)*at);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(letters, known[i].letters) == 0)
            return known[i].unit;
    return dr_arena_text(&file->arena, unit);
}
