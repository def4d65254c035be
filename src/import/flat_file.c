/* The file is read twice: for its labels, and for its cells. */
#include "import/flat_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/portable.h"

/* The columns of both forms, in this order; the last two are those of the API alone. */
enum { SELLER, ROW, BUYER, COLUMN, VALUE, UNIT, YEAR, FIELDS };

typedef struct form {
    const char *names[FIELDS];
    const char *edition;
} form;

static const form forms[] = {
    {{"refArea", "rowIi", "counterpartArea", "colIi", "obsValue", "?unit", "?TIME_PERIOD"}, "Eurostat FIGARO, flat"},
    {{"c_orig", "ind_ava", "c_dest", "ind_use", "OBS_VALUE", "unit", "TIME_PERIOD"},
     "Eurostat FIGARO, industry by industry, from the API"},
    {{"c_orig", "prd_ava", "c_dest", "prd_use", "OBS_VALUE", "unit", "TIME_PERIOD"},
     "Eurostat FIGARO, product by product, from the API"},
};

/* A file being read. */
typedef struct reading {
    dr_icio_file *file;
    const char *path;
    dr_csv *csv;
    int columns[FIELDS];
    int year;                        /* that is wanted; 0: the one that the file has */
    int found;                       /* 0: none yet */
    dr_names regions, sectors, uses; /* uses: of columns, sectors among them before they are sorted out */
    const dr_table_wish *wish;
    double done; /* before this pass */
} reading;

/* ---- Labels ---- */

/* Value added and taxes are of no region: W2 in files, DOM in the API. */
static bool is_primary(const char *region)
{
    return strcmp(region, "W2") == 0 || strcmp(region, "DOM") == 0;
}

/* The rest of the world has an underscore in the API, where labels have one between region and sector. */
static const char *region_of(const char *text)
{
    return strcmp(text, "WRL_REST") == 0 ? "FIGW1" : text;
}

static const char *field(const reading *r, int which)
{
    return dr_csv_field(r->csv, (size_t)r->columns[which]);
}

/* Opens the file and finds out which form it is in: the one whose columns it has. */
static dr_status open_file(reading *r)
{
    size_t count = sizeof forms / sizeof *forms;
    for (size_t i = 0; i < count; i++) {
        DR_TRY(dr_csv_open(&r->csv, r->path));
        dr_status status = dr_csv_header(r->csv, forms[i].names, FIELDS, r->columns);
        r->file->edition = (dr_icio_edition){forms[i].edition, "million euro, current prices"};
        if (status == DR_OK || i + 1 == count)
            return status;
        dr_csv_close(r->csv);
        r->csv = NULL;
    }
    return DR_OK;
}

static dr_status check_unit(const reading *r)
{
    if (r->columns[UNIT] < 0 || strcmp(field(r, UNIT), "MIO_EUR") == 0)
        return DR_OK;
    return dr_csv_fail(r->csv, r->columns[UNIT], "the unit '%.40s'; expected MIO_EUR (million euro)", field(r, UNIT));
}

/* Whether the row is of the year that is read. */
static dr_status check_year(reading *r, bool *wanted)
{
    char *end = NULL;
    *wanted = true;
    if (r->columns[YEAR] < 0)
        return DR_OK;
    const char *text = field(r, YEAR);
    long year = strtol(text, &end, 10);
    if (*end || end == text || year < 1900 || year > 2099)
        return dr_csv_fail(r->csv, r->columns[YEAR], "'%.40s' is not a year", text);
    *wanted = r->year == 0 || year == r->year;
    if (*wanted && r->found && year != r->found)
        return dr_csv_fail(r->csv, r->columns[YEAR], "a table of several years (%d and %ld): choose one with --year",
                           r->found, year);
    if (*wanted)
        r->found = (int)year;
    return DR_OK;
}

static dr_status check_texts(const reading *r)
{
    for (int i = SELLER; i <= COLUMN; i++) {
        const char *text = field(r, i);
        if (!*text || strlen(text) > 40 || !dr_utf8(text))
            return dr_csv_fail(r->csv, r->columns[i], "expected a code of 1 to 40 bytes of UTF-8 text");
    }
    return DR_OK;
}

static dr_status take_labels(reading *r)
{
    bool ok = true;
    DR_TRY(check_texts(r));
    DR_TRY(check_unit(r));
    if (!is_primary(field(r, SELLER)))
        ok = dr_names_add(&r->regions, region_of(field(r, SELLER))) >= 0 &&
             dr_names_add(&r->sectors, field(r, ROW)) >= 0;
    ok = ok && dr_names_add(&r->regions, region_of(field(r, BUYER))) >= 0 &&
         dr_names_add(&r->uses, field(r, COLUMN)) >= 0;
    return ok ? DR_OK : dr_fail_memory();
}

/* Every region gets every sector and use. */
static dr_status make_columns(reading *r, const dr_names *codes, bool but_sectors, dr_names *labels)
{
    for (size_t n = 0; n < r->regions.count; n++)
        for (size_t k = 0; k < codes->count; k++) {
            if (but_sectors && dr_names_find(&r->sectors, codes->names[k]) >= 0)
                continue;
            const char *label = dr_arena_format(&r->file->arena, "%s_%s", r->regions.names[n], codes->names[k]);
            if (!label || dr_names_add(labels, label) < 0)
                return dr_fail_memory();
        }
    return DR_OK;
}

/* ---- Cells ---- */

static dr_status check_memory(const reading *r, size_t rows, size_t columns)
{
    double needed = 16.0 * (double)rows * (double)columns, free_bytes = dr_memory_available();
    if (needed > free_bytes)
        return dr_fail(DR_MACHINE, "%s: a table of %zu x %zu cells needs %.1f GB of memory, %.1f GB are free", r->path,
                       rows, columns, needed / 1e9, free_bytes / 1e9);
    return DR_OK;
}

/* Cells are NAN until they are read, so that one that comes twice is noticed. */
static dr_status make_row(double **row, size_t columns)
{
    *row = dr_new_doubles(columns);
    for (size_t i = 0; *row && i < columns; i++)
        (*row)[i] = NAN;
    return *row ? DR_OK : dr_fail_memory();
}

static dr_status make_rows(reading *r)
{
    dr_icio_file *file = r->file;
    dr_names labels = {0};
    DR_TRY(make_columns(r, &r->sectors, false, &file->columns));
    DR_TRY(make_columns(r, &r->uses, true, &file->columns));
    size_t rows = r->regions.count * r->sectors.count;
    DR_TRY(check_memory(r, rows, file->columns.count));
    if (!dr_grow((void **)&file->rows, &file->row_capacity, rows, sizeof *file->rows))
        return dr_fail_memory();
    dr_status status = make_columns(r, &r->sectors, false, &labels);
    for (size_t i = 0; i < labels.count && status == DR_OK; i++) {
        status = make_row(&file->rows[i], file->columns.count);
        if (status == DR_OK && dr_names_add(&file->labels, labels.names[i]) < 0) {
            free(file->rows[i]);
            status = dr_fail_memory();
        }
    }
    dr_names_free(&labels);
    return status;
}

static dr_status fail_twice(const reading *r)
{
    return dr_csv_fail(r->csv, -1, "a second row for the cell %s_%s, %s_%s", field(r, SELLER), field(r, ROW),
                       field(r, BUYER), field(r, COLUMN));
}

/* Value added is the sum of its rows; taxes less subsidies, and purchases abroad, which uses alone have, are apart. */
static dr_status add_primary(reading *r, size_t column, double value)
{
    static const char *const of_value_added[] = {"D1", "D29X39", "B2A3G"};
    double **sum = &r->file->taxes;
    for (size_t i = 0; i < sizeof of_value_added / sizeof *of_value_added; i++)
        if (strcmp(field(r, ROW), of_value_added[i]) == 0)
            sum = &r->file->value_added;
    if (!*sum && !(*sum = dr_new_doubles(r->file->columns.count)))
        return dr_fail_memory();
    (*sum)[column] += value;
    return DR_OK;
}

static dr_status take_cell(reading *r)
{
    char label[128];
    double value = 0;
    const char *text = field(r, VALUE), *point = strchr(text, '.');
    if (!*text) /* the API leaves cells empty that it does not publish */
        return DR_OK;
    DR_TRY(dr_csv_number(r->csv, (size_t)r->columns[VALUE], &value));
    if (point && strlen(point + 1) > r->file->decimals)
        r->file->decimals = strlen(point + 1);
    snprintf(label, sizeof label, "%s_%s", region_of(field(r, BUYER)), field(r, COLUMN));
    size_t column = (size_t)dr_names_find(&r->file->columns, label);
    if (is_primary(field(r, SELLER)))
        return add_primary(r, column, value);
    snprintf(label, sizeof label, "%s_%s", region_of(field(r, SELLER)), field(r, ROW));
    double *cell = &r->file->rows[dr_names_find(&r->file->labels, label)][column];
    if (!isnan(*cell))
        return fail_twice(r);
    *cell = value;
    return DR_OK;
}

/* ---- All of it ---- */

static dr_status read_pass(reading *r, dr_status take(reading *))
{
    bool more = false, wanted = false;
    DR_TRY(open_file(r));
    while (true) {
        DR_TRY(dr_csv_record(r->csv, &more));
        if (!more)
            break;
        DR_TRY(check_year(r, &wanted));
        if (wanted)
            DR_TRY(take(r));
        if (r->wish->progress)
            r->wish->progress(r->done + dr_csv_done(r->csv) / 2, r->wish->user);
    }
    dr_csv_close(r->csv);
    r->csv = NULL;
    r->done += 0.5;
    return DR_OK;
}

static dr_status read_both(reading *r)
{
    DR_TRY(read_pass(r, take_labels));
    if (r->year && r->found == 0)
        return dr_fail(DR_BAD_INPUT, "%s: has no row of the year %d", r->path, r->year);
    if (r->sectors.count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: no cell of a seller; expected an inter-country input-output table", r->path);
    DR_TRY(make_rows(r));
    DR_TRY(read_pass(r, take_cell));
    if (!r->file->value_added)
        return dr_fail(DR_BAD_INPUT, "%s: no rows of value added (D1, D29X39, B2A3G)", r->path);
    for (size_t i = 0; i < r->file->labels.count; i++)
        for (size_t k = 0; k < r->file->columns.count; k++)
            if (isnan(r->file->rows[i][k]))
                r->file->rows[i][k] = 0;
    return DR_OK;
}

dr_status dr_flat_file_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    reading r = {.file = file, .path = wish->path, .year = wish->year, .wish = wish};
    file->path = wish->path;
    file->output_column = DR_NO_COLUMN;
    dr_status status = read_both(&r);
    dr_csv_close(r.csv);
    dr_names_free(&r.regions);
    dr_names_free(&r.sectors);
    dr_names_free(&r.uses);
    *found = r.found;
    return status;
}
