#include "import/icio_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

enum { LONGEST_LABEL = 120 };

/* ---- Totals ---- */

typedef enum total { NO_TOTAL, OUTPUT, VALUE_ADDED, TAXES, TAXES_OF_COUNTRY } total;

/* What the label of a row or column of totals is, under its name in any edition, and in files that went through other programs. */
static total total_of(const char *label)
{
    static const struct {
        const char *name;
        total total;
    } names[] = {{"OUT", OUTPUT},
                 {"TOTAL", OUTPUT},
                 {"OUTPUT", OUTPUT},
                 {"OUT_OUT_OUT", OUTPUT},
                 {"VA", VALUE_ADDED},
                 {"VALU", VALUE_ADDED},
                 {"VA_VA_VA", VALUE_ADDED},
                 {"VA+TAXSUB", VALUE_ADDED}, /* taxes belong to value added */
                 {"TLS", TAXES},
                 {"TAXSUB", TAXES},
                 {"TLS_TLS_TLS", TAXES}};
    static const char by_country[] = "_TAXSUB"; /* a row for each country: they add up */
    size_t length = strlen(label), end = sizeof by_country - 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(label, names[i].name) == 0)
            return names[i].total;
    return length > end && strcasecmp(label + length - end, by_country) == 0 ? TAXES_OF_COUNTRY : NO_TOTAL;
}

/* ---- Reading ---- */

static dr_status add_label(dr_names *labels, const char *label)
{
    return dr_names_add(labels, label) >= 0 ? DR_OK : dr_fail_memory();
}

static dr_status read_header(dr_icio_file *file, dr_csv *csv)
{
    DR_TRY(dr_csv_header(csv, NULL, 0, NULL));
    for (size_t i = 1; i < dr_csv_fields(csv); i++) {
        const char *label = dr_csv_field(csv, i);
        int there = dr_names_find(&file->columns, label);
        if (!*label)
            return dr_csv_fail(csv, (int)i, "the column has no label");
        if (strlen(label) > LONGEST_LABEL)
            return dr_csv_fail(csv, (int)i, "the label '%.40s...' is longer than %d bytes", label, LONGEST_LABEL);
        if (!dr_utf8(label))
            return dr_csv_fail(csv, (int)i, "the label is not UTF-8 text");
        if (there >= 0)
            return dr_csv_fail(csv, (int)i, "the label '%s' is there twice (first as column %d)", label, there + 2);
        DR_TRY(add_label(&file->columns, label));
    }
    int output = dr_names_find(&file->columns, "OUT");
    for (size_t i = 0; output < 0 && i < file->columns.count; i++)
        if (total_of(file->columns.names[i]) == OUTPUT)
            output = (int)i;
    if (output < 0)
        return dr_csv_fail(csv, -1, "the column OUT (total output) is missing; the header has %zu columns",
                           dr_csv_fields(csv));
    file->output_column = (size_t)output;
    return DR_OK;
}

/* The table is held whole; better an error now than a kill later. */
static dr_status check_memory(const dr_icio_file *file)
{
    double columns = (double)file->columns.count, needed = 8 * columns * columns, free_bytes = dr_memory_available();
    if (needed > free_bytes)
        return dr_fail(DR_MACHINE, "%s: a table of %zu columns needs %.1f GB of memory, %.1f GB are free", file->path,
                       file->columns.count, needed / 1e9, free_bytes / 1e9);
    return DR_OK;
}

/* Reads the number in a field. Beside the industries, the rows of totals may leave cells empty: they are zero. */
static dr_status read_cell(dr_icio_file *file, dr_csv *csv, size_t column, bool may_be_empty, double *out)
{
    const char *text = dr_csv_field(csv, column + 1);
    const char *row = dr_csv_field(csv, 0), *label = file->columns.names[column];
    if (!*text && may_be_empty) {
        *out = 0;
        return DR_OK;
    }
    if (!*text)
        return dr_csv_fail(csv, (int)column + 1, "row %s, column %s: the cell is empty, a number was expected", row,
                           label);
    if (!dr_parse_number(text, out))
        return dr_csv_fail(csv, (int)column + 1, "row %s, column %s: '%.40s' is not a finite number%s", row, label,
                           text, dr_number_hint(text));
    const char *point = strchr(text, '.');
    if (point && strlen(point + 1) > file->decimals)
        file->decimals = strlen(point + 1);
    return DR_OK;
}

static dr_status read_cells(dr_icio_file *file, dr_csv *csv, double *cells)
{
    bool is_total = total_of(dr_csv_field(csv, 0)) != NO_TOTAL;
    for (size_t column = 0; column < file->columns.count; column++)
        DR_TRY(read_cell(file, csv, column, is_total, &cells[column]));
    return DR_OK;
}

/* Where the row of that label is kept; an error if there is one already, or if the label means nothing. */
static dr_status place_row(dr_icio_file *file, dr_csv *csv, double ***place)
{
    const char *label = dr_csv_field(csv, 0);
    char hint[DR_HINT_SIZE];
    if (dr_names_find(&file->labels, label) >= 0)
        return dr_csv_fail(csv, 0, "the row '%s' is there twice", label);
    if (dr_names_find(&file->columns, label) < 0)
        return dr_csv_fail(csv, 0, "the row '%s' has no column of its name%s", label,
                           dr_hint(hint, label, (const char *const *)file->columns.names, file->columns.count));
    size_t row = file->labels.count;
    if (!dr_grow((void **)&file->rows, &file->row_capacity, row + 1, sizeof *file->rows))
        return dr_fail_memory();
    file->rows[row] = NULL;
    *place = &file->rows[row];
    return add_label(&file->labels, label);
}

/* Taxes less subsidies are one row, or one for each country that gets them. */
static dr_status add_taxes(dr_icio_file *file, dr_csv *csv, double *cells)
{
    DR_TRY(read_cells(file, csv, cells));
    for (size_t column = 0; column < file->columns.count; column++)
        file->taxes[column] += cells[column];
    return DR_OK;
}

static dr_status read_total(dr_icio_file *file, dr_csv *csv, total which)
{
    double **place = which == OUTPUT ? &file->output : which == VALUE_ADDED ? &file->value_added : &file->taxes;
    const char *label = dr_csv_field(csv, 0);
    if (dr_names_find(&file->totals, label) >= 0 || (*place && which != TAXES_OF_COUNTRY))
        return dr_csv_fail(csv, 0, "the row '%s' is there twice", label);
    DR_TRY(add_label(&file->totals, label));
    double *cells = dr_new_doubles(file->columns.count);
    if (!cells)
        return dr_fail_memory();
    if (!*place) {
        *place = cells;
        return read_cells(file, csv, cells);
    }
    dr_status status = add_taxes(file, csv, cells);
    free(cells);
    return status;
}

static dr_status read_row(dr_icio_file *file, dr_csv *csv)
{
    double **place = NULL;
    total which = total_of(dr_csv_field(csv, 0));
    if (which != NO_TOTAL)
        return read_total(file, csv, which);
    DR_TRY(place_row(file, csv, &place));
    *place = malloc(file->columns.count * sizeof **place);
    return *place ? read_cells(file, csv, *place) : dr_fail_memory();
}

static dr_status read_rows(dr_icio_file *file, dr_csv *csv, void (*progress)(double, void *), void *user)
{
    bool more = false;
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            break;
        DR_TRY(read_row(file, csv));
        if (progress)
            progress(dr_csv_done(csv), user);
    }
    if (file->labels.count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: no row REGION_SECTOR, an inter-country input-output table was expected",
                       file->path);
    if (!file->value_added)
        return dr_fail(DR_BAD_INPUT, "%s: the row VA (value added) is missing", file->path);
    return DR_OK;
}

dr_status dr_icio_file_read(dr_icio_file *file, const char *path, void (*progress)(double, void *), void *user)
{
    dr_csv *csv = NULL;
    file->path = path;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = read_header(file, csv);
    if (status == DR_OK)
        status = check_memory(file);
    if (status == DR_OK)
        status = read_rows(file, csv, progress, user);
    dr_csv_close(csv);
    return status;
}

void dr_icio_file_free(dr_icio_file *file)
{
    for (size_t i = 0; i < file->labels.count; i++)
        free(file->rows[i]);
    free(file->rows);
    free(file->taxes);
    free(file->value_added);
    free(file->output);
    dr_names_free(&file->columns);
    dr_names_free(&file->labels);
    dr_names_free(&file->totals);
    *file = (dr_icio_file){0};
}

/* ---- Regions, sectors and uses ---- */

/* A label is a region and what stands after its first underscore (sector codes may hold more of them). */
static dr_status split(const dr_icio_file *file, const char *label, dr_arena *arena, const char **region,
                       const char **rest)
{
    const char *underscore = strchr(label, '_');
    if (!underscore || underscore == label || !underscore[1])
        return dr_fail(DR_BAD_INPUT, "%s: the label '%s' is not of the form REGION_SECTOR", file->path, label);
    *region = dr_arena_format(arena, "%.*s", (int)(underscore - label), label);
    *rest = underscore + 1;
    return *region ? DR_OK : dr_fail_memory();
}

/* The extended edition of the ICIO splits China and Mexico, and leaves them final use only. */
static dr_status refuse_parts(const dr_icio_file *file, const char *region)
{
    if ((strncmp(region, "CN", 2) == 0 || strncmp(region, "MX", 2) == 0) && region[2] >= '1' && region[2] <= '9' &&
        !region[3])
        return dr_fail(DR_BAD_INPUT,
                       "%s: the region '%s' is a part of another (the extended edition of the ICIO); the regular"
                       " edition (such as 2020_SML.csv) was expected",
                       file->path, region);
    return DR_OK;
}

static dr_status take_industries(const dr_icio_file *file, dr_layout *layout)
{
    const char *region = NULL, *sector = NULL;
    for (size_t i = 0; i < file->columns.count; i++) {
        if (dr_names_find(&file->labels, file->columns.names[i]) < 0)
            continue;
        DR_TRY(split(file, file->columns.names[i], &layout->arena, &region, &sector));
        DR_TRY(refuse_parts(file, region));
        DR_TRY(add_label(&layout->regions, region));
        DR_TRY(add_label(&layout->sectors, sector));
    }
    return DR_OK;
}

static dr_status take_uses(const dr_icio_file *file, dr_layout *layout)
{
    const char *region = NULL, *use = NULL;
    for (size_t i = 0; i < file->columns.count; i++) {
        const char *label = file->columns.names[i];
        if (i == file->output_column || dr_names_find(&file->labels, label) >= 0)
            continue;
        DR_TRY(split(file, label, &layout->arena, &region, &use));
        if (dr_names_find(&layout->sectors, use) >= 0)
            return dr_fail(DR_BAD_INPUT, "%s: the column '%s' has no row of its name", file->path, label);
        if (dr_names_find(&layout->regions, region) < 0)
            return dr_fail(DR_BAD_INPUT, "%s: the column '%s' is of a region that has no rows", file->path, label);
        DR_TRY(add_label(&layout->uses, use));
    }
    if (layout->uses.count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: no columns of final use (such as %s_HFCE)", file->path,
                       layout->regions.names[0]);
    return DR_OK;
}

/* Every region has every one of `others`. */
static dr_status check_complete(const dr_icio_file *file, const dr_layout *layout, const dr_names *others,
                                const char *what)
{
    char label[LONGEST_LABEL + 1];
    for (size_t i = 0; i < layout->regions.count; i++)
        for (size_t k = 0; k < others->count; k++) {
            snprintf(label, sizeof label, "%s_%s", layout->regions.names[i], others->names[k]);
            if (dr_names_find(&file->columns, label) < 0)
                return dr_fail(DR_BAD_INPUT, "%s: %s '%s' is missing (other regions have it)", file->path, what, label);
        }
    return DR_OK;
}

dr_status dr_icio_file_layout(const dr_icio_file *file, dr_layout *layout)
{
    DR_TRY(take_industries(file, layout));
    DR_TRY(take_uses(file, layout));
    DR_TRY(check_complete(file, layout, &layout->sectors, "the row and column"));
    return check_complete(file, layout, &layout->uses, "the column");
}
