#include "import/eora_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "import/beside.h"
#include "import/matrix_file.h"

static const double MILLIONS = 1e-3; /* of thousands */
static const char discrepancy[] = "DISC";

/* Labels of the rows and columns of T, or of the columns of FD. */
typedef struct labels {
    const char **regions, **codes; /* borrowed from the file's arena */
    bool *lost;                    /* of the region of discrepancies */
    size_t *place;                 /* column of the table */
    size_t count, capacity[4];
} labels;

typedef struct reading {
    dr_icio_file *file;
    const dr_table_wish *wish;
    labels sectors, uses, *taking;
    bool has_lost;
    size_t row;                 /* of the matrix at hand */
    double bought, sold, final; /* by and from the discrepancies */
} reading;

/* ---- Labels ---- */

static bool is_lost(const char *name, const char *code, const char *last)
{
    return strcasecmp(name, "Statistical Discrepancies") == 0 ||
           (strcmp(code, "ROW") == 0 && strcasecmp(last, "TOTAL") == 0);
}

static dr_status take_label(void *user, const dr_matrix *m, const char *const *texts, size_t count)
{
    reading *r = user;
    labels *l = r->taking;
    size_t n = l->count;
    if (count < 4 || !*texts[1] || !*texts[3])
        return dr_fail(DR_BAD_INPUT, "%s:%zu: expected four labels: a region, its code, a kind, and a sector or use",
                       m->path, m->line);
    bool ok = dr_grow((void **)&l->regions, &l->capacity[0], n + 1, sizeof *l->regions) &&
              dr_grow((void **)&l->codes, &l->capacity[1], n + 1, sizeof *l->codes) &&
              dr_grow((void **)&l->lost, &l->capacity[2], n + 1, sizeof *l->lost) &&
              dr_grow((void **)&l->place, &l->capacity[3], n + 1, sizeof *l->place);
    if (!ok || !(l->regions[n] = dr_arena_text(&r->file->arena, texts[1])) ||
        !(l->codes[n] = dr_arena_text(&r->file->arena, texts[3])))
        return dr_fail_memory();
    l->lost[n] = is_lost(texts[0], texts[1], texts[3]);
    r->has_lost |= l->lost[n];
    l->count++;
    return DR_OK;
}

static dr_status read_labels(reading *r, labels *to, const char *pattern)
{
    char *path = NULL;
    DR_TRY(dr_beside_find(&path, r->wish->path, pattern, "indices.zip"));
    if (!path)
        return dr_fail(DR_BAD_INPUT, "%s: the labels are missing: put the file %s, or Eora's indices.zip, beside it",
                       r->wish->path, pattern);
    r->taking = to;
    dr_status status = dr_texts_read(path, take_label, r);
    if (status == DR_OK && dr_names_add(&r->file->sources, path) < 0)
        status = dr_fail_memory();
    free(path);
    return status;
}

static dr_status add_columns(reading *r, labels *l, const char *what)
{
    dr_icio_file *file = r->file;
    for (size_t i = 0; i < l->count; i++) {
        l->place[i] = DR_NO_COLUMN;
        if (l->lost[i])
            continue;
        const char *label = dr_arena_format(&file->arena, "%s_%s", l->regions[i], l->codes[i]);
        size_t before = file->columns.count;
        int place = label ? dr_names_add(&file->columns, label) : -1;
        if (place < 0 || dr_names_add(&file->regions, l->regions[i]) < 0)
            return dr_fail_memory();
        if ((size_t)place != before)
            return dr_fail(DR_BAD_INPUT, "%s: the labels of %s have '%s' twice", r->wish->path, what, label);
        l->place[i] = before;
    }
    return DR_OK;
}

/* What the discrepancies buy from a region goes here. */
static size_t own_discrepancy(const reading *r, const char *region)
{
    char label[512];
    snprintf(label, sizeof label, "%s_%s", region, discrepancy);
    return (size_t)dr_names_find(&r->file->columns, label);
}

static dr_status make_columns(reading *r)
{
    dr_icio_file *file = r->file;
    DR_TRY(add_columns(r, &r->sectors, "T"));
    DR_TRY(add_columns(r, &r->uses, "FD"));
    size_t regions = r->has_lost ? file->regions.count : 0;
    for (size_t i = 0; i < regions; i++) {
        const char *label = dr_arena_format(&file->arena, "%s_%s", file->regions.names[i], discrepancy);
        if (!label || dr_names_add(&file->columns, label) < 0)
            return dr_fail_memory();
    }
    if (!(file->value_added = dr_new_doubles(file->columns.count)))
        return dr_fail_memory();
    return dr_icio_file_check_memory(r->wish->path, file->columns.count);
}

/* ---- Matrices ---- */

/* Adds the cells of a row to those of the table; those that the discrepancies buy to their column. */
static void add_cells(reading *r, const labels *columns, const double *cells, double *to, const char *region)
{
    for (size_t j = 0; j < columns->count; j++) {
        double value = cells[j] * MILLIONS;
        size_t place = columns->lost[j] ? own_discrepancy(r, region) : columns->place[j];
        to[place] += value;
        r->bought += columns->lost[j] ? value : 0;
    }
}

static dr_status check_row(const reading *r, const dr_matrix *m, size_t columns)
{
    if (m->columns != columns)
        return dr_fail(DR_BAD_INPUT, "%s:%zu: %zu cells, where there are %zu labels", m->path, m->line, m->columns,
                       columns);
    if (r->row >= r->sectors.count)
        return dr_fail(DR_BAD_INPUT, "%s:%zu: a row more than there are labels (%zu)", m->path, m->line,
                       r->sectors.count);
    return DR_OK;
}

static dr_status take_inputs(void *user, const dr_matrix *m, const char *const *none, const double *cells)
{
    reading *r = user;
    dr_icio_file *file = r->file;
    const labels *l = &r->sectors;
    double *to = NULL;
    (void)none;
    DR_TRY(check_row(r, m, l->count));
    size_t row = r->row++;
    if (r->wish->progress)
        r->wish->progress(0.8 * m->done, r->wish->user);
    for (size_t j = 0; j < l->count && l->lost[row]; j++)
        if (!l->lost[j]) {
            file->value_added[l->place[j]] += cells[j] * MILLIONS;
            r->sold += cells[j] * MILLIONS;
        }
    if (l->lost[row])
        return DR_OK;
    DR_TRY(dr_icio_file_add_row(file, file->columns.names[l->place[row]], file->columns.count, &to));
    add_cells(r, l, cells, to, l->regions[row]);
    return DR_OK;
}

static dr_status take_final(void *user, const dr_matrix *m, const char *const *none, const double *cells)
{
    reading *r = user;
    const labels *l = &r->sectors;
    (void)none;
    DR_TRY(check_row(r, m, r->uses.count));
    size_t row = r->row++;
    for (size_t k = 0; k < r->uses.count && l->lost[row]; k++)
        r->final += r->uses.lost[k] ? 0 : cells[k] * MILLIONS;
    if (l->lost[row])
        return DR_OK;
    int at = dr_names_find(&r->file->labels, r->file->columns.names[l->place[row]]);
    add_cells(r, &r->uses, cells, r->file->rows[at], l->regions[row]);
    return DR_OK;
}

static dr_status take_value_added(void *user, const dr_matrix *m, const char *const *none, const double *cells)
{
    reading *r = user;
    (void)none;
    if (m->columns != r->sectors.count)
        return dr_fail(DR_BAD_INPUT, "%s:%zu: %zu cells, where there are %zu labels", m->path, m->line, m->columns,
                       r->sectors.count);
    for (size_t j = 0; j < m->columns; j++)
        if (!r->sectors.lost[j])
            r->file->value_added[r->sectors.place[j]] += cells[j] * MILLIONS;
    return DR_OK;
}

/* Reads the file that is beside T as `part`: "FD" in Eora26_2011_bp_FD.txt. */
static dr_status read_part(reading *r, const char *part,
                           dr_status take(void *, const dr_matrix *, const char *const *, const double *), bool is_full)
{
    const char *t = r->wish->path;
    dr_matrix_taker taker = {NULL, take, r};
    char *path = NULL;
    if (asprintf(&path, "%.*s%s.txt", (int)(strlen(t) - strlen("T.txt")), t, part) < 0)
        return dr_fail_memory();
    r->row = 0;
    dr_status status = dr_matrix_read(path, 0, 0, &taker);
    if (status == DR_OK && is_full && r->row != r->sectors.count)
        status = dr_fail(DR_BAD_INPUT, "%s: %zu rows, where there are %zu labels: the file is truncated", path, r->row,
                         r->sectors.count);
    if (status == DR_OK && dr_names_add(&r->file->sources, path) < 0)
        status = dr_fail_memory();
    free(path);
    return status;
}

static dr_status read_all(reading *r)
{
    DR_TRY(read_labels(r, &r->sectors, "labels_T.txt"));
    DR_TRY(read_labels(r, &r->uses, "labels_FD.txt"));
    DR_TRY(make_columns(r));
    DR_TRY(read_part(r, "T", take_inputs, true));
    DR_TRY(read_part(r, "FD", take_final, true));
    DR_TRY(read_part(r, "VA", take_value_added, false));
    if (!r->has_lost)
        return DR_OK;
    return dr_icio_file_remark(
        r->file, "statistical discrepancies",
        "its sales to sectors are added to value added, its purchases become the final use DISC of the seller's own "
        "region, and its sales to final use are left out",
        "ROW is no region of the world; it sells %.6g million US dollars to sectors and %.6g to final use, and buys "
        "%.6g",
        r->sold, r->final, r->bought);
}

static void free_labels(labels *l)
{
    free(l->regions);
    free(l->codes);
    free(l->lost);
    free(l->place);
}

dr_status dr_eora_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    reading r = {.file = file, .wish = wish};
    *found = 0;
    file->path = wish->path;
    file->output_column = DR_NO_COLUMN;
    file->decimals = 6;
    file->edition = (dr_icio_edition){
        strstr(wish->path, "_pp_") ? "Eora26, at purchasers' prices" : "Eora26, at basic prices", dr_million_dollars};
    dr_status status = read_all(&r);
    free_labels(&r.sectors);
    free_labels(&r.uses);
    return status;
}
