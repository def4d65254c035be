#include "import/gloria_files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "import/beside.h"
#include "import/matrix_file.h"
#include "import/xlsx.h"

static const double MILLIONS = 1e-3; /* of thousands */

typedef struct reading {
    dr_icio_file *file;
    const dr_table_wish *wish;
    dr_names regions, sectors, uses, primary;
    const char *heading; /* of the column of the workbook at hand */
    dr_names *texts;     /* that it fills */
    size_t column;       /* where it is; 0: not found yet, else one more */
    size_t row;          /* of the matrix at hand */
    double *share;       /* [region][product][industry]: of a product's supply */
    double *sales;       /* of a product row, to industries or uses */
    double elsewhere;    /* sum of cells where the layout has none */
    double unsupplied;   /* sales of products that no industry supplies */
} reading;

/* ---- Labels ---- */

static dr_status take_cells(void *user, size_t row, const char *const *cells, size_t count, bool *stop)
{
    reading *r = user;
    (void)stop;
    (void)row;
    for (size_t i = 0; i < count && !r->column; i++)
        if (strcasecmp(cells[i], r->heading) == 0) {
            r->column = i + 1;
            return DR_OK;
        }
    const char *text = r->column && r->column <= count ? cells[r->column - 1] : "";
    size_t before = r->texts->count;
    if (!*text)
        return DR_OK;
    if (strlen(text) > 150 || !dr_utf8(text))
        return dr_fail(DR_BAD_INPUT, "GLORIA's ReadMe, row %zu: expected a label of at most 150 bytes of UTF-8", row);
    if (dr_names_add(r->texts, text) < 0)
        return dr_fail_memory();
    return r->texts->count > before ? DR_OK
                                    : dr_fail(DR_BAD_INPUT, "GLORIA's ReadMe, row %zu: '%s' occurs twice", row, text);
}

/* Reads the column under a heading, of the sheet that has it. */
static dr_status read_column(reading *r, const char *path, const char *sheet, const char *heading, dr_names *texts)
{
    dr_names sheets = {0};
    dr_status status = dr_xlsx_sheets(&sheets, path);
    int number = status == DR_OK ? dr_names_find(&sheets, sheet) : -1;
    dr_names_free(&sheets);
    r->heading = heading;
    r->texts = texts;
    r->column = 0;
    if (status == DR_OK && number >= 0)
        status = dr_xlsx_read(path, (size_t)number, take_cells, r);
    if (status == DR_OK && texts->count == 0)
        status = dr_fail(DR_BAD_INPUT, "%s: no sheet '%s' with a column %s", path, sheet, heading);
    return status;
}

static dr_status read_labels_of(reading *r, const char *path)
{
    static const char of_uses[] = "Value added and final demand";
    DR_TRY(read_column(r, path, "Regions", "Region_acronyms", &r->regions));
    DR_TRY(read_column(r, path, "Sectors", "Sector_names", &r->sectors));
    DR_TRY(read_column(r, path, of_uses, "Final_demand_names", &r->uses));
    DR_TRY(read_column(r, path, of_uses, "Value_added_names", &r->primary));
    return dr_names_add(&r->file->sources, path) >= 0 ? DR_OK : dr_fail_memory();
}

static dr_status read_labels(reading *r)
{
    char *path = NULL, pattern[64] = "GLORIA_ReadMe_*.xlsx";
    const char *markup = strstr(r->wish->path, "_Markup"); /* behind the release: _059_Markup001 */
    if (markup && markup - r->wish->path > 4)
        snprintf(pattern, sizeof pattern, "GLORIA_ReadMe_%.3s*.xlsx", markup - 3);
    DR_TRY(dr_beside_find(&path, r->wish->path, pattern, NULL));
    if (!path)
        return dr_fail(DR_BAD_INPUT, "%s: the labels are missing: put GLORIA's workbook %s beside it", r->wish->path,
                       pattern);
    dr_status status = read_labels_of(r, path);
    free(path);
    return status;
}

static dr_status add_columns(reading *r, const dr_names *codes)
{
    dr_icio_file *file = r->file;
    for (size_t n = 0; n < r->regions.count; n++)
        for (size_t k = 0; k < codes->count; k++) {
            const char *label = dr_arena_format(&file->arena, "%s_%s", r->regions.names[n], codes->names[k]);
            if (!label || dr_names_add(&file->columns, label) < 0)
                return dr_fail_memory();
        }
    return DR_OK;
}

static dr_status make_table(reading *r)
{
    dr_icio_file *file = r->file;
    size_t sectors = r->sectors.count, industries = r->regions.count * sectors;
    DR_TRY(dr_icio_file_check_memory(r->wish->path, r->regions.count * (sectors + r->uses.count)));
    DR_TRY(add_columns(r, &r->sectors));
    DR_TRY(add_columns(r, &r->uses));
    for (size_t n = 0; n < r->regions.count; n++)
        if (dr_names_add(&file->regions, r->regions.names[n]) < 0)
            return dr_fail_memory();
    for (size_t i = 0; i < industries; i++) {
        double *cells = NULL;
        DR_TRY(dr_icio_file_add_row(file, file->columns.names[i], file->columns.count, &cells));
    }
    r->share = dr_new_doubles(industries * sectors);
    r->sales = dr_new_doubles(file->columns.count);
    file->value_added = dr_new_doubles(file->columns.count);
    return r->share && r->sales && file->value_added ? DR_OK : dr_fail_memory();
}

/* ---- T and Y ---- */

/* Shares of industries in the supply of a region's product; without supply it goes to the industry of its name. */
static void make_shares(double *share, size_t sectors, size_t product, double *unsupplied, double sold)
{
    double sum = 0;
    for (size_t i = 0; i < sectors; i++)
        sum += share[i];
    for (size_t i = 0; i < sectors && sum != 0; i++)
        share[i] /= sum;
    if (sum != 0 && isfinite(share[product]))
        return;
    memset(share, 0, sectors * sizeof *share);
    share[product] = 1;
    *unsupplied += sold;
}

/* Gives the sales of a product to the industries that supply it. */
static void add_sales(reading *r, size_t region, size_t product, size_t first, size_t count)
{
    size_t sectors = r->sectors.count;
    double *share = r->share + (region * sectors + product) * sectors;
    for (size_t i = 0; i < sectors; i++) {
        double *to = r->file->rows[region * sectors + i] + first;
        for (size_t k = 0; k < count && share[i] != 0; k++)
            to[k] += share[i] * r->sales[k];
    }
}

static dr_status check_row(const reading *r, const dr_matrix *m, size_t columns, size_t rows)
{
    if (m->columns != columns || r->row >= rows)
        return dr_fail(DR_BAD_INPUT,
                       "%s:%zu: expected %zu rows of %zu cells, for %zu regions, %zu sectors and %zu uses, as GLORIA's "
                       "ReadMe has them",
                       m->path, m->line, rows, columns, r->regions.count, r->sectors.count, r->uses.count);
    return DR_OK;
}

static void take_supply(reading *r, size_t region, size_t industry, const double *cells, size_t columns)
{
    size_t sectors = r->sectors.count, own = 2 * region * sectors + sectors; /* the region's products */
    for (size_t k = 0; k < columns; k++)
        if (k >= own && k < own + sectors)
            r->share[(region * sectors + k - own) * sectors + industry] = cells[k];
        else
            r->elsewhere += fabs(cells[k]);
}

static void take_use(reading *r, size_t region, size_t product, const double *cells)
{
    size_t sectors = r->sectors.count, industries = r->regions.count * sectors;
    double sold = 0;
    for (size_t k = 0; k < industries; k++) {
        size_t at = k / sectors * 2 * sectors + k % sectors;
        r->sales[k] = cells[at] * MILLIONS;
        r->elsewhere += fabs(cells[at + sectors]);
        sold += r->sales[k];
    }
    make_shares(r->share + (region * sectors + product) * sectors, sectors, product, &r->unsupplied, sold);
    add_sales(r, region, product, 0, industries);
}

static dr_status take_inputs(void *user, const dr_matrix *m, const char *const *none, const double *cells)
{
    reading *r = user;
    size_t sectors = r->sectors.count, all = 2 * r->regions.count * sectors;
    (void)none;
    DR_TRY(check_row(r, m, all, all));
    size_t region = r->row / (2 * sectors), place = r->row % (2 * sectors);
    r->row++;
    if (r->wish->progress)
        r->wish->progress(0.98 * m->done, r->wish->user);
    if (place < sectors)
        take_supply(r, region, place, cells, all);
    else
        take_use(r, region, place - sectors, cells);
    return DR_OK;
}

static dr_status take_final(void *user, const dr_matrix *m, const char *const *none, const double *cells)
{
    reading *r = user;
    size_t sectors = r->sectors.count, uses = r->regions.count * r->uses.count;
    (void)none;
    DR_TRY(check_row(r, m, uses, 2 * r->regions.count * sectors));
    size_t region = r->row / (2 * sectors), place = r->row % (2 * sectors);
    r->row++;
    for (size_t k = 0; k < uses; k++) {
        r->sales[k] = cells[k] * MILLIONS;
        r->elsewhere += place < sectors ? fabs(cells[k]) : 0;
    }
    if (place >= sectors)
        add_sales(r, region, place - sectors, r->regions.count * sectors, uses);
    return DR_OK;
}

static dr_status take_value_added(void *user, const dr_matrix *m, const char *const *none, const double *cells)
{
    reading *r = user;
    size_t sectors = r->sectors.count, all = 2 * r->regions.count * sectors;
    (void)none;
    DR_TRY(check_row(r, m, all, r->regions.count * r->primary.count));
    size_t region = r->row++ / r->primary.count, own = 2 * region * sectors;
    for (size_t k = 0; k < all; k++)
        if (k >= own && k < own + sectors)
            r->file->value_added[region * sectors + k - own] += cells[k] * MILLIONS;
        else
            r->elsewhere += fabs(cells[k]);
    return DR_OK;
}

/* Reads the file of a letter, T, Y or V, and its `rows` rows. */
static dr_status read_part(reading *r, char letter,
                           dr_status take(void *, const dr_matrix *, const char *const *, const double *), size_t rows)
{
    dr_matrix_taker taker = {NULL, take, r};
    char *path = strdup(r->wish->path), *at = NULL;
    for (char *next = path; next && (next = strcasestr(next, "T-Results")); next++)
        at = next;
    if (!path)
        return dr_fail_memory();
    if (at)
        *at = letter;
    r->row = 0;
    dr_status status = dr_matrix_read(path, 0, 0, &taker);
    if (status == DR_OK && r->row != rows)
        status = dr_fail(DR_BAD_INPUT, "%s: %zu rows; expected %zu: the file is truncated", path, r->row, rows);
    if (status == DR_OK && dr_names_add(&r->file->sources, path) < 0)
        status = dr_fail_memory();
    free(path);
    return status;
}

/* ---- Empty regions ---- */

static bool is_empty(const reading *r, size_t region)
{
    const dr_icio_file *file = r->file;
    size_t sectors = r->sectors.count, uses = r->uses.count, industries = r->regions.count * sectors;
    for (size_t i = 0; i < industries; i++)
        for (size_t k = 0; k < file->columns.count; k++) {
            size_t buyer = k < industries ? k / sectors : (k - industries) / uses;
            if ((i / sectors == region || buyer == region) && file->rows[i][k] != 0)
                return false;
        }
    return true;
}

/* Takes a region out of the rows and columns. */
static dr_status keep(reading *r, const bool *empty)
{
    dr_icio_file *file = r->file;
    size_t sectors = r->sectors.count, uses = r->uses.count, industries = r->regions.count * sectors, rows = 0;
    dr_names columns = {0}, labels = {0};
    bool ok = true;
    for (size_t k = 0; k < file->columns.count; k++) {
        if (empty[k < industries ? k / sectors : (k - industries) / uses])
            continue;
        size_t to = columns.count;
        for (size_t i = 0; i < industries; i++)
            file->rows[i][to] = file->rows[i][k];
        file->value_added[to] = file->value_added[k];
        ok = ok && dr_names_add(&columns, file->columns.names[k]) >= 0;
    }
    for (size_t i = 0; i < industries; i++) {
        double *cells = file->rows[i];
        if (empty[i / sectors])
            free(cells);
        else
            file->rows[rows++] = cells;
        ok = ok && (empty[i / sectors] || dr_names_add(&labels, file->labels.names[i]) >= 0);
    }
    dr_names_free(&file->columns);
    dr_names_free(&file->labels);
    file->columns = columns;
    file->labels = labels;
    return ok ? DR_OK : dr_fail_memory();
}

static dr_status drop_empty(reading *r)
{
    char list[400] = "";
    size_t count = 0;
    bool *empty = dr_new(r->regions.count, sizeof *empty);
    for (size_t n = 0; empty && n < r->regions.count; n++) {
        empty[n] = is_empty(r, n);
        size_t size = strlen(list);
        if (empty[n] && size < sizeof list - 160)
            snprintf(list + size, sizeof list - size, "%s%.150s", count ? ", " : "", r->regions.names[n]);
        count += empty[n];
    }
    dr_status status = empty ? DR_OK : dr_fail_memory();
    if (status == DR_OK && count == r->regions.count)
        status = dr_fail(DR_BAD_INPUT, "%s: all cells are zero", r->wish->path);
    if (status == DR_OK && count > 0)
        status = keep(r, empty);
    if (status == DR_OK && count > 0)
        status = dr_icio_file_remark(r->file, "empty regions", "left out", "%zu sell and buy nothing: %s", count, list);
    free(empty);
    return status;
}

/* ---- All of it ---- */

static dr_status remark(reading *r)
{
    DR_TRY(dr_icio_file_remark(r->file, "construct", "read as such",
                               "industry by industry, made from supply and use with fixed product sales structures "
                               "(model D of Eurostat's manual)"));
    if (r->unsupplied != 0)
        DR_TRY(dr_icio_file_remark(
            r->file, "products without supply", "their sales are those of the industry of the same name",
            "industries buy %.6g million US dollars of products that no industry supplies", r->unsupplied));
    if (r->elsewhere != 0)
        DR_TRY(dr_icio_file_remark(
            r->file, "cells out of place", "left out",
            "%.6g million US dollars between industries, between products, or in another region's value added",
            r->elsewhere * MILLIONS));
    return DR_OK;
}

static dr_status read_all(reading *r)
{
    DR_TRY(read_labels(r));
    DR_TRY(make_table(r));
    size_t rows = 2 * r->regions.count * r->sectors.count;
    DR_TRY(read_part(r, 'T', take_inputs, rows));
    DR_TRY(read_part(r, 'Y', take_final, rows));
    DR_TRY(read_part(r, 'V', take_value_added, r->regions.count * r->primary.count));
    DR_TRY(remark(r));
    return drop_empty(r);
}

dr_status dr_gloria_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    reading r = {.file = file, .wish = wish};
    *found = 0;
    file->path = wish->path;
    file->output_column = DR_NO_COLUMN;
    file->decimals = 6;
    file->edition = (dr_icio_edition){"GLORIA, at basic prices", dr_million_dollars};
    dr_status status = read_all(&r);
    dr_names_free(&r.regions);
    dr_names_free(&r.sectors);
    dr_names_free(&r.uses);
    dr_names_free(&r.primary);
    free(r.share);
    free(r.sales);
    return status;
}
