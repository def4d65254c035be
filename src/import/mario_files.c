#include "import/mario_files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/stream.h"
#include "import/parts_table.h"
#include "import/xlsx.h"

static const char industry[] = "Sector", use[] = "Consumption category", factor[] = "Factor of production";
static const char flows_sheet[] = "flows", units_sheet[] = "units";

typedef struct reading {
    dr_icio_file *file;
    const dr_table_wish *wish;
    dr_names files;                    /* of the folder */
    size_t level_at, item_at, unit_at; /* columns of the list of units */
    const char *unit;                  /* of all sectors; NULL: not said yet */
    dr_names money;                    /* factors in that unit */
    dr_names sellers, regions, items;  /* of a file of cells: labels of its rows; regions, and items of sectors */
    dr_names buyers;                   /* labels of its columns: uses alone */
} reading;

/* A file of the folder by its name without its ending. */
static const char *find_file(const reading *r, const char *name)
{
    static const char *const endings[] = {".csv", ".txt", ".parquet"};
    size_t size = strlen(name);
    for (size_t i = 0; i < r->files.count; i++) {
        const char *slash = strrchr(r->files.names[i], '/'), *at = slash ? slash + 1 : r->files.names[i];
        for (size_t k = 0; k < 3; k++)
            if (strncmp(at, name, size) == 0 && strcasecmp(at + size, endings[k]) == 0)
                return r->files.names[i];
    }
    return NULL;
}

/* ---- Units ---- */

/* Whether the row is the header, which names the column of the unit; the others are level and item, in this order. */
static bool is_header(reading *r, const dr_matrix *m, const char *const *texts, size_t count)
{
    if (m->line > 1)
        return count != 3;
    r->unit_at = 2;
    for (size_t i = 0; i < count && i < 3; i++)
        if (strcasecmp(texts[i], "unit") == 0)
            r->unit_at = i;
    r->level_at = r->unit_at == 0;
    r->item_at = r->unit_at == 2 ? 1 : 2;
    return true;
}

static dr_status take_unit(void *user, const dr_matrix *m, const char *const *texts, size_t count)
{
    reading *r = user;
    if (is_header(r, m, texts, count))
        return DR_OK;
    const char *level = texts[r->level_at], *unit = texts[r->unit_at];
    if (strcmp(level, "Activity") == 0 || strcmp(level, "Commodity") == 0)
        return dr_fail(DR_BAD_INPUT,
                       "%s:%zu: a supply-use table; export the input-output table that MARIO makes of it (to_iot)",
                       m->path, m->line);
    if (strcmp(level, industry) != 0)
        return DR_OK;
    if (r->unit && strcmp(r->unit, unit) != 0)
        return dr_fail(DR_BAD_INPUT,
                       "%s:%zu: the unit '%s', where others are in '%s': a table in mixed units is not read; take the "
                       "monetary table",
                       m->path, m->line, unit, r->unit);
    if (!r->unit && !(r->unit = dr_arena_text(&r->file->arena, unit)))
        return dr_fail_memory();
    return DR_OK;
}

static dr_status take_money(void *user, const dr_matrix *m, const char *const *texts, size_t count)
{
    reading *r = user;
    if (is_header(r, m, texts, count) || strcmp(texts[r->level_at], factor) != 0 || !r->unit ||
        strcmp(texts[r->unit_at], r->unit) != 0)
        return DR_OK;
    return dr_names_add(&r->money, texts[r->item_at]) >= 0 ? DR_OK : dr_fail_memory();
}

static dr_status finish(reading *r)
{
    dr_icio_file *file = r->file;
    if (!file->value_added)
        DR_TRY(dr_parts_derive_value_added(file));
    file->edition = (dr_icio_edition){.name = "a table exported by MARIO"};
    if (!r->unit)
        return DR_OK;
    file->edition.unit = dr_parts_unit(file, r->unit);
    file->says_unit = true;
    return file->edition.unit ? DR_OK : dr_fail_memory();
}

/* ---- Matrices ---- */

static dr_status take_factor(void *user, const dr_matrix *m, const char *const *labels, const double *cells)
{
    reading *r = user;
    if (dr_names_find(&r->money, labels[m->row_levels - 1]) < 0)
        return DR_OK;
    return dr_parts_add(r->file, m, 2, cells, NULL, &r->file->value_added);
}

static dr_status read_matrices(reading *r)
{
    const char *factors = find_file(r, "V");
    dr_table_parts parts = {find_file(r, "Z"), NULL, find_file(r, "Y"), NULL, 3, 3, 2};
    dr_matrix_taker taker = {NULL, take_factor, r};
    if (!parts.y || !parts.z)
        return dr_fail(DR_BAD_INPUT, "%s: expected the files Z, Y and units; export flows, not coefficients",
                       r->wish->path);
    DR_TRY(dr_parts_read(r->file, &parts, r->wish));
    if (factors)
        DR_TRY(dr_matrix_read(factors, 1, 3, &taker));
    if (factors && dr_names_add(&r->file->sources, factors) < 0)
        return dr_fail_memory();
    return finish(r);
}

/* ---- A file of cells ---- */

enum { MATRIX, FROM, SELLER, TO, BUYER, VALUE, USE, FACTOR, SCENARIO, FIELDS };

/* Its columns by name: of the levels that its matrices have, or of items of any level. */
static dr_status open_cells(dr_csv **csv, const char *path, int columns[FIELDS])
{
    static const char *const by_level[FIELDS] = {"Matrix",
                                                 "Region_from",
                                                 "Sector_from",
                                                 "Region_to",
                                                 "Sector_to",
                                                 "Value",
                                                 "?Consumption category_to",
                                                 "?Factor of production_from",
                                                 "?Scenario"};
    static const char *const by_item[FIELDS] = {"Matrix", "Region_from", "Item_from",  "Region_to", "Item_to",
                                                "Value",  "?Item_to",    "?Item_from", "?Scenario"};
    DR_TRY(dr_csv_open(csv, path));
    if (dr_csv_header(*csv, by_item, FIELDS, columns) == DR_OK)
        return DR_OK;
    dr_csv_close(*csv);
    *csv = NULL;
    DR_TRY(dr_csv_open(csv, path));
    return dr_csv_header(*csv, by_level, FIELDS, columns);
}

/* A row of the file, whose texts are borrowed. */
typedef struct cell {
    const dr_csv *csv;
    char matrix; /* 'Z', 'Y' or 'V'; 0: another one */
    const char *from, *seller, *to, *buyer;
    int value;
} cell;

static const char *text_at(const dr_csv *csv, const int *columns, int which)
{
    return columns[which] < 0 ? "" : dr_csv_field(csv, (size_t)columns[which]);
}

static dr_status take_cell(cell *c, const dr_csv *csv, const int *columns)
{
    const char *matrix = text_at(csv, columns, MATRIX);
    bool one = (*matrix == 'Z' || *matrix == 'Y' || *matrix == 'V') && !matrix[1];
    *c = (cell){.csv = csv, .matrix = one ? *matrix : '\0', .value = columns[VALUE]};
    if (!one)
        return DR_OK;
    c->from = text_at(csv, columns, FROM);
    c->seller = text_at(csv, columns, *matrix == 'V' ? FACTOR : SELLER);
    c->to = text_at(csv, columns, TO);
    c->buyer = text_at(csv, columns, *matrix == 'Y' ? USE : BUYER);
    const char *const texts[] = {*matrix == 'V' ? "-" : c->from, c->seller, c->to, c->buyer};
    for (size_t i = 0; i < 4; i++)
        if (!*texts[i] || strlen(texts[i]) > 200 || !dr_utf8(texts[i]))
            return dr_csv_fail(csv, -1, "expected regions and items of 1 to 200 bytes of UTF-8 text");
    return DR_OK;
}

/* Reads all rows. A file of several scenarios holds as many tables. */
static dr_status each_cell(reading *r, const char *path, dr_status take(reading *, const cell *))
{
    int columns[FIELDS];
    bool more = true;
    dr_csv *csv = NULL;
    dr_names scenarios = {0};
    dr_status status = open_cells(&csv, path, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more) {
        cell c;
        if (dr_names_add(&scenarios, text_at(csv, columns, SCENARIO)) < 0)
            status = dr_fail_memory();
        else if (scenarios.count > 1)
            status = dr_csv_fail(csv, columns[SCENARIO], "a second scenario, '%.60s'; export one of them",
                                 text_at(csv, columns, SCENARIO));
        else
            status = take_cell(&c, csv, columns);
        if (status == DR_OK && c.matrix)
            status = take(r, &c);
    }
    dr_names_free(&scenarios);
    dr_csv_close(csv);
    return status;
}

static dr_status take_labels(reading *r, const cell *c)
{
    bool ok = dr_names_add(&r->regions, c->to) >= 0;
    if (ok && c->matrix != 'V')
        ok = dr_names_add(&r->regions, c->from) >= 0 && dr_names_add(&r->items, c->seller) >= 0;
    if (ok && c->matrix == 'Y')
        ok = dr_names_add(&r->buyers, c->buyer) >= 0;
    return ok ? DR_OK : dr_fail_memory();
}

static dr_status add_labels(const reading *r, const dr_names *items, dr_names *to)
{
    for (size_t n = 0; n < r->regions.count; n++)
        for (size_t i = 0; i < items->count; i++) {
            const char *label = dr_arena_format(&r->file->arena, "%s_%s", r->regions.names[n], items->names[i]);
            if (!label || dr_names_add(to, label) < 0)
                return dr_fail_memory();
        }
    return DR_OK;
}

static dr_status make_table(reading *r)
{
    dr_icio_file *file = r->file;
    double *cells = NULL;
    for (size_t n = 0; n < r->regions.count; n++)
        if (dr_names_add(&file->regions, r->regions.names[n]) < 0)
            return dr_fail_memory();
    DR_TRY(add_labels(r, &r->items, &r->sellers));
    DR_TRY(add_labels(r, &r->items, &file->columns));
    DR_TRY(add_labels(r, &r->buyers, &file->columns));
    DR_TRY(dr_icio_file_check_memory(file->path, file->columns.count));
    file->output_column = DR_NO_COLUMN;
    file->decimals = 6; /* what pandas prints has more digits than it means */
    for (size_t i = 0; i < r->sellers.count; i++) {
        DR_TRY(dr_icio_file_add_row(file, r->sellers.names[i], file->columns.count, &cells));
        for (size_t k = 0; k < file->columns.count; k++)
            cells[k] = NAN; /* until it is read, so that one that comes twice is noticed */
    }
    return DR_OK;
}

static dr_status put_cell(reading *r, const cell *c)
{
    dr_icio_file *file = r->file;
    char label[512];
    double value = 0;
    DR_TRY(dr_csv_number(c->csv, (size_t)c->value, &value));
    snprintf(label, sizeof label, "%s_%s", c->to, c->buyer);
    int column = dr_names_find(&file->columns, label);
    if (column < 0)
        return dr_csv_fail(c->csv, -1, "the column '%.200s' is of a sector that sells nothing", label);
    if (c->matrix == 'V' && dr_names_find(&r->money, c->seller) < 0)
        return DR_OK;
    if (c->matrix == 'V' && !file->value_added && !(file->value_added = dr_new_doubles(file->columns.count)))
        return dr_fail_memory();
    if (c->matrix == 'V') {
        file->value_added[column] += value;
        return DR_OK;
    }
    snprintf(label, sizeof label, "%s_%s", c->from, c->seller);
    double *to = &file->rows[dr_names_find(&file->labels, label)][column];
    if (!isnan(*to))
        return dr_csv_fail(c->csv, -1, "a second row for the cell %.100s, %s_%s", label, c->to, c->buyer);
    *to = value;
    return DR_OK;
}

static dr_status read_cells(reading *r, const char *path)
{
    DR_TRY(each_cell(r, path, take_labels));
    if (r->items.count == 0 || r->buyers.count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: no cells of the matrices Z and Y; export flows, not coefficients", path);
    DR_TRY(make_table(r));
    DR_TRY(each_cell(r, path, put_cell));
    for (size_t i = 0; i < r->file->labels.count; i++)
        for (size_t k = 0; k < r->file->columns.count; k++)
            if (isnan(r->file->rows[i][k]))
                r->file->rows[i][k] = 0;
    if (dr_names_add(&r->file->sources, path) < 0)
        return dr_fail_memory();
    return finish(r);
}

/* ---- A workbook ---- */

static dr_status take_columns(void *user, const dr_matrix *m)
{
    reading *r = user;
    dr_icio_file *file = r->file;
    for (size_t i = 0; i < m->columns; i++) {
        const char *region = m->names[i], *level = m->names[m->columns + i], *item = m->names[2 * m->columns + i];
        if (strcmp(level, industry) != 0 && strcmp(level, use) != 0)
            return dr_fail(DR_BAD_INPUT, "%s: sheet '%s': the level '%.60s' of a column; expected '%s' or '%s'",
                           m->path, flows_sheet, level, industry, use);
        const char *label = dr_arena_format(&file->arena, "%s_%s", region, item);
        int place = label ? dr_names_add(&file->columns, label) : -1;
        if (place < 0 || dr_names_add(&file->regions, region) < 0)
            return dr_fail_memory();
        if ((size_t)place != i)
            return dr_fail(DR_BAD_INPUT, "%s: sheet '%s': the column '%s' appears twice", m->path, flows_sheet, label);
    }
    return dr_icio_file_check_memory(m->path, m->columns);
}

static dr_status take_row(void *user, const dr_matrix *m, const char *const *labels, const double *cells)
{
    reading *r = user;
    dr_icio_file *file = r->file;
    double *to = NULL;
    if (r->wish->progress)
        r->wish->progress(m->done, r->wish->user);
    if (strcmp(labels[1], factor) == 0)
        return take_factor(r, m, labels, cells);
    if (strcmp(labels[1], industry) != 0) /* satellite accounts */
        return DR_OK;
    const char *label = dr_arena_format(&file->arena, "%s_%s", labels[0], labels[2]);
    if (!label)
        return dr_fail_memory();
    if (dr_names_find(&file->columns, label) < 0 || dr_names_find(&file->labels, label) >= 0)
        return dr_fail(DR_BAD_INPUT, "%s: sheet '%s', row %zu: '%s' %s", m->path, flows_sheet, m->line, label,
                       dr_names_find(&file->columns, label) < 0 ? "has no column of its name" : "appears twice");
    DR_TRY(dr_icio_file_add_row(file, label, m->columns, &to));
    memcpy(to, cells, m->columns * sizeof *cells);
    return DR_OK;
}

static dr_status read_book(reading *r)
{
    dr_matrix_taker taker = {take_columns, take_row, r};
    const char *path = r->wish->path;
    r->file->output_column = DR_NO_COLUMN;
    r->file->decimals = 6;
    DR_TRY(dr_texts_read_sheet(path, units_sheet, take_unit, r));
    DR_TRY(dr_texts_read_sheet(path, units_sheet, take_money, r));
    DR_TRY(dr_matrix_read_sheet(path, flows_sheet, 3, 3, &taker));
    if (r->file->labels.count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: sheet '%s': no row of a sector", path, flows_sheet);
    return finish(r);
}

/* ---- All of it ---- */

static dr_status read_folder(reading *r)
{
    DR_TRY(dr_files_list(&r->files, r->wish->path));
    const char *units = find_file(r, "units"), *cells = find_file(r, "data");
    if (!units)
        return dr_fail(DR_BAD_INPUT, "%s: expected the files Z, Y and units; export flows, not coefficients",
                       r->wish->path);
    DR_TRY(dr_texts_read(units, take_unit, r));
    DR_TRY(dr_texts_read(units, take_money, r));
    return cells ? read_cells(r, cells) : read_matrices(r);
}

static dr_status read_with(dr_icio_file *file, const dr_table_wish *wish, dr_status read(reading *))
{
    reading r = {.file = file, .wish = wish};
    file->path = wish->path;
    dr_status status = read(&r);
    dr_names_free(&r.files);
    dr_names_free(&r.money);
    dr_names_free(&r.sellers);
    dr_names_free(&r.regions);
    dr_names_free(&r.items);
    dr_names_free(&r.buyers);
    return status;
}

dr_status dr_mario_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    *found = 0;
    return read_with(file, wish, read_folder);
}

dr_status dr_mario_book_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    *found = 0;
    return read_with(file, wish, read_book);
}

bool dr_mario_book_is(const char *path)
{
    dr_names sheets = {0};
    bool is = dr_xlsx_sheets(&sheets, path) == DR_OK && dr_names_find(&sheets, flows_sheet) >= 0 &&
              dr_names_find(&sheets, units_sheet) >= 0;
    dr_names_free(&sheets);
    return is;
}
