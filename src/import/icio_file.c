#include "import/icio_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/portable.h"
#include "base/print.h"

enum { LONGEST_LABEL = 400 };

/* ---- Labels ---- */

typedef enum total { NO_TOTAL, OUTPUT, VALUE_ADDED, TAXES } total;

/* Rows and columns of totals under their names in any edition, and in files that went through other programs. */
typedef struct total_label {
    const char *name;
    total total;
    bool adds; /* one of several rows that add up */
} total_label;

/* What the label of a row or column of totals is; NULL: it is no total. */
static const total_label *total_of(const char *label)
{
    static const total_label names[] = {{"OUT", OUTPUT, false},
                                        {"TOTAL", OUTPUT, false},
                                        {"OUTPUT", OUTPUT, false},
                                        {"OUT_OUT_OUT", OUTPUT, false},
                                        {"VA", VALUE_ADDED, false},
                                        {"VALU", VALUE_ADDED, false},
                                        {"VA_VA_VA", VALUE_ADDED, false},
                                        {"VA+TAXSUB", VALUE_ADDED, false}, /* taxes belong to value added */
                                        {"TLS", TAXES, false},
                                        {"TAXSUB", TAXES, false},
                                        {"TLS_TLS_TLS", TAXES, false},
                                        {"W2_D1", VALUE_ADDED, true}, /* FIGARO: wages, other taxes, surplus */
                                        {"W2_D29X39", VALUE_ADDED, true},
                                        {"W2_B2A3G", VALUE_ADDED, true},
                                        {"W2_D21X31", TAXES, true},
                                        {"W2_OP_RES", TAXES, true}, /* of uses alone */
                                        {"W2_OP_NRES", TAXES, true}};
    static const total_label of_country = {"_TAXSUB", TAXES, true}; /* a row for each country */
    size_t length = strlen(label), end = strlen(of_country.name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(label, names[i].name) == 0)
            return &names[i];
    return length > end && strcasecmp(label + length - end, of_country.name) == 0 ? &of_country : NULL;
}

bool dr_icio_is_total(const char *label)
{
    return total_of(label) != NULL;
}

/* The extended editions split China and Mexico: what a part sells, buys and earns is the country's. */
static const char *country_of_part(const char *label)
{
    bool china = strncmp(label, "CN", 2) == 0, mexico = strncmp(label, "MX", 2) == 0;
    if (!(china || mexico) || label[2] < '1' || label[2] > '9' || label[3] != '_')
        return NULL;
    return china ? "CHN" : "MEX";
}

/* The edition of 2016 names final uses the other way round: HFCE_AUS. */
static const char *use_in_front(const char *label)
{
    static const char *const uses[] = {"HFCE", "NPS", "GGFC", "GFCF", "INV", "DIRP"};
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        size_t length = strlen(uses[i]);
        if (strncmp(label, uses[i], length) == 0 && label[length] == '_' && strlen(label) == length + 4)
            return uses[i];
    }
    return NULL;
}

/* The statistical discrepancy of the edition of 2016 has no region. It is part of output, so that it becomes a use of
 * the seller's own region: a column REGION_DISC. */
static const char discrepancy[] = "DISC";

/* A label of the file in the form REGION_SECTOR or REGION_USE; NULL: no memory. */
static const char *canonical(dr_icio_file *file, const char *label)
{
    const char *country = country_of_part(label), *use = use_in_front(label);
    if (country) {
        file->has_parts = true;
        return dr_arena_format(&file->arena, "%s%s", country, label + 3);
    }
    return use ? dr_arena_format(&file->arena, "%s_%s", label + strlen(use) + 1, use) : label;
}

/* ---- Editions ---- */

const char dr_million_dollars[] = "million US dollars, current prices";
static const char million_euro[] = "million euro, current prices";

static bool has_label(const dr_names *labels, const char *start, const char *end)
{
    size_t from = strlen(start), to = strlen(end);
    for (size_t i = 0; i < labels->count; i++) {
        const char *label = labels->names[i];
        size_t length = strlen(label);
        if (length >= from && length >= to && strncmp(label, start, from) == 0 && strcmp(label + length - to, end) == 0)
            return true;
    }
    return false;
}

/* By labels that one edition alone has (docs/import.md); the last is what a table in the layout is that is no known
 * edition. */
static dr_icio_edition find_edition(const dr_icio_file *file)
{
    const dr_names *labels = &file->file_columns;
    if (has_label(labels, "", "_P51G"))
        return (dr_icio_edition){has_label(labels, "", "_CPA_C19") ? "Eurostat FIGARO, product by product"
                                                                   : "Eurostat FIGARO, industry by industry",
                                 million_euro};
    if (has_label(labels, "", "_C01T05AGR"))
        return (dr_icio_edition){"OECD ICIO, edition 2016", dr_million_dollars};
    if (has_label(labels, "", "_01T03"))
        return (dr_icio_edition){"OECD ICIO, edition 2018", dr_million_dollars};
    if (has_label(labels, "", "_01T02"))
        return (dr_icio_edition){"OECD ICIO, edition 2021", dr_million_dollars};
    if (has_label(labels, "", "_A01_02"))
        return (dr_icio_edition){file->has_parts ? "OECD ICIO, edition 2023, extended"
                                                 : "OECD ICIO, edition 2023, small",
                                 dr_million_dollars};
    if (has_label(labels, "", "_C302T309"))
        return (dr_icio_edition){file->has_parts ? "OECD ICIO, edition 2025, extended"
                                                 : "OECD ICIO, edition 2025, small",
                                 dr_million_dollars};
    return (dr_icio_edition){"a table in the layout of the OECD's ICIO", NULL};
}

/* ---- Reading ---- */

static dr_status add_label(dr_names *labels, const char *label)
{
    return dr_names_add(labels, label) >= 0 ? DR_OK : dr_fail_memory();
}

static dr_status check_label(const dr_icio_file *file, const dr_csv *csv, size_t field)
{
    const char *label = dr_csv_field(csv, field);
    int there = dr_names_find(&file->file_columns, label);
    if (!*label)
        return dr_csv_fail(csv, (int)field, "the column has no label");
    if (strlen(label) > LONGEST_LABEL)
        return dr_csv_fail(csv, (int)field, "the label '%.40s...' is longer than %d bytes", label, LONGEST_LABEL);
    if (!dr_utf8(label))
        return dr_csv_fail(csv, (int)field, "the label is not UTF-8 text");
    if (there >= 0)
        return dr_csv_fail(csv, (int)field, "the label '%s' appears twice (first as column %d)", label, there + 2);
    return DR_OK;
}

/* Each region gets a column for its discrepancy. */
static dr_status add_discrepancies(dr_icio_file *file)
{
    size_t columns = file->columns.count;
    for (size_t i = 0; i < columns; i++) {
        const char *label = file->columns.names[i], *underscore = strchr(label, '_');
        const char *own =
            underscore ? dr_arena_format(&file->arena, "%.*s_%s", (int)(underscore - label), label, discrepancy) : NULL;
        if (underscore)
            DR_TRY(own ? add_label(&file->columns, own) : dr_fail_memory());
    }
    return DR_OK;
}

static dr_status place_column(dr_icio_file *file, const dr_csv *csv, size_t column)
{
    const char *label = file->file_columns.names[column];
    const total_label *which = total_of(label);
    file->place[column] = DR_NO_COLUMN; /* the discrepancy, whose place depends on the row */
    if (strcmp(label, discrepancy) == 0)
        return DR_OK;
    const char *as = canonical(file, label);
    int place = as ? dr_names_add(&file->columns, as) : -1;
    if (place < 0)
        return dr_fail_memory();
    file->place[column] = (size_t)place;
    if (which && which->total == VALUE_ADDED)
        return dr_csv_fail(
            csv, (int)column + 1,
            "the column '%s' (value added): the table is transposed; expected sellers in rows and buyers "
            "in columns, and value added in a row",
            label);
    if (which && which->total == OUTPUT && (file->output_column == DR_NO_COLUMN || strcmp(label, "OUT") == 0))
        file->output_column = (size_t)place;
    return DR_OK;
}

static dr_status read_header(dr_icio_file *file, dr_csv *csv)
{
    DR_TRY(dr_csv_header(csv, NULL, 0, NULL));
    size_t count = dr_csv_fields(csv);
    for (size_t i = 1; i < count; i++) {
        DR_TRY(check_label(file, csv, i));
        DR_TRY(add_label(&file->file_columns, dr_csv_field(csv, i)));
    }
    file->place = dr_new(count, sizeof *file->place);
    if (!file->place)
        return dr_fail_memory();
    file->output_column = DR_NO_COLUMN;
    for (size_t i = 0; i + 1 < count; i++)
        DR_TRY(place_column(file, csv, i));
    bool has_discrepancy = dr_names_find(&file->file_columns, discrepancy) >= 0;
    if (has_discrepancy)
        DR_TRY(add_discrepancies(file));
    file->edition = find_edition(file);
    bool sums = has_discrepancy || has_label(&file->file_columns, "", "_P51G"); /* there output is the sum of a row */
    if (file->output_column == DR_NO_COLUMN && !sums)
        return dr_csv_fail(csv, -1, "the column OUT (total output) is missing; the header has %zu columns",
                           dr_csv_fields(csv));
    return DR_OK;
}

/* The table is held whole; better an error now than a kill later. */
dr_status dr_icio_file_check_memory(const char *path, size_t columns)
{
    double needed = 8 * (double)columns * (double)columns, free_bytes = dr_memory_available();
    if (needed > free_bytes)
        return dr_fail(DR_MACHINE, "%s: a table of %zu columns needs %.1f GB of memory, %.1f GB are free", path,
                       columns, needed / 1e9, free_bytes / 1e9);
    return DR_OK;
}

dr_status dr_icio_file_add_row(dr_icio_file *file, const char *label, size_t columns, double **cells)
{
    size_t row = file->labels.count;
    if (!dr_grow((void **)&file->rows, &file->row_capacity, row + 1, sizeof *file->rows))
        return dr_fail_memory();
    *cells = file->rows[row] = dr_new_doubles(columns);
    if (!*cells)
        return dr_fail_memory();
    dr_status status = add_label(&file->labels, label);
    if (status != DR_OK)
        free(*cells);
    return status;
}

/* Reads the number in a field. Beside the industries, the rows of totals may leave cells empty: they are zero. */
static dr_status read_cell(dr_icio_file *file, dr_csv *csv, size_t column, bool may_be_empty, double *out)
{
    const char *text = dr_csv_field(csv, column + 1);
    const char *row = dr_csv_field(csv, 0), *label = file->file_columns.names[column];
    if (!*text && may_be_empty) {
        *out = 0;
        return DR_OK;
    }
    if (!*text)
        return dr_csv_fail(csv, (int)column + 1, "row %s, column %s: the cell is empty; expected a number", row, label);
    if (!dr_parse_number(text, out))
        return dr_csv_fail(csv, (int)column + 1, "row %s, column %s: '%.40s' is not a finite number%s", row, label,
                           text, dr_number_hint(text));
    const char *point = strchr(text, '.');
    if (point && strlen(point + 1) > file->decimals)
        file->decimals = strlen(point + 1);
    return DR_OK;
}

/* The column of the discrepancy of a row's region; DR_NO_COLUMN: the row is a total, whose discrepancy nobody needs. */
static size_t own_discrepancy(const dr_icio_file *file, const char *row)
{
    char label[LONGEST_LABEL + 1];
    const char *country = country_of_part(row), *underscore = strchr(row, '_');
    if (!underscore || total_of(row))
        return DR_NO_COLUMN;
    int length = country ? (int)strlen(country) : (int)(underscore - row);
    snprintf(label, sizeof label, "%.*s_%s", length, country ? country : row, discrepancy);
    return (size_t)dr_names_find(&file->columns, label);
}

/* A row at hand: the CSV's, or one that was read ahead, whose numbers are there. */
typedef struct row_at_hand {
    const char *label;
    const double *numbers; /* NULL: they are the CSV's fields */
} row_at_hand;

/* Adds the cells of a row to `cells`, by column. */
static dr_status read_cells(dr_icio_file *file, dr_csv *csv, const row_at_hand *row, double *cells)
{
    bool is_total = total_of(row->label) != NULL;
    for (size_t i = 0; i < file->file_columns.count; i++) {
        size_t column = file->place[i] != DR_NO_COLUMN ? file->place[i] : own_discrepancy(file, row->label);
        double value = 0;
        if (row->numbers)
            value = row->numbers[i];
        else
            DR_TRY(read_cell(file, csv, i, is_total, &value));
        if (column != DR_NO_COLUMN)
            cells[column] += value;
    }
    return DR_OK;
}

/* Where the row of that label is kept; an error if the label means nothing. */
static dr_status place_row(dr_icio_file *file, dr_csv *csv, const char *label, double **cells)
{
    const char *as = canonical(file, label);
    char hint[DR_HINT_SIZE];
    if (!*label)
        return dr_csv_fail(csv, 0, "the row has no label: is it a second row of headings? expected one such row");
    if (strspn(label, "0123456789") == strlen(label))
        return dr_csv_fail(csv, 0,
                           "the row '%s' has a number for a label: if the first column counts the rows, as R writes "
                           "it, save the table without it (row.names = FALSE)",
                           label);
    if (!as)
        return dr_fail_memory();
    int there = dr_names_find(&file->labels, as);
    if (there >= 0) { /* of a country in parts */
        *cells = file->rows[there];
        return DR_OK;
    }
    if (dr_names_find(&file->columns, as) < 0)
        return dr_csv_fail(csv, 0, "the row '%s' has no column of its name%s", label,
                           dr_hint(hint, as, (const char *const *)file->columns.names, file->columns.count));
    return dr_icio_file_add_row(file, as, file->columns.count, cells);
}

static dr_status read_total(dr_icio_file *file, dr_csv *csv, const row_at_hand *row, const total_label *which)
{
    double **sum = which->total == OUTPUT        ? &file->output
                   : which->total == VALUE_ADDED ? &file->value_added
                                                 : &file->taxes;
    if (*sum && !which->adds)
        return dr_csv_fail(csv, 0, "the row '%s' appears twice", row->label);
    if (!*sum && !(*sum = dr_new_doubles(file->columns.count)))
        return dr_fail_memory();
    return read_cells(file, csv, row, *sum);
}

static dr_status read_row(dr_icio_file *file, dr_csv *csv, const row_at_hand *row)
{
    double *cells = NULL;
    const total_label *which = total_of(row->label);
    if (dr_names_find(&file->file_rows, row->label) >= 0)
        return dr_csv_fail(csv, 0, "the row '%s' appears twice", row->label);
    DR_TRY(add_label(&file->file_rows, row->label));
    if (which)
        return read_total(file, csv, row, which);
    DR_TRY(place_row(file, csv, row->label, &cells));
    return read_cells(file, csv, row, cells);
}

static dr_status take_ahead(dr_icio_file *file, dr_csv *csv, const dr_csv_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const row_at_hand row = {rows->labels[i], rows->numbers + i * rows->columns};
        dr_csv_ahead_row(csv, rows, i);
        DR_TRY(read_row(file, csv, &row));
        if (rows->decimals[i] > file->decimals)
            file->decimals = rows->decimals[i];
    }
    return DR_OK;
}

/* Takes the next rows, of plain numbers many at once and else one; *more is false where there is none. */
static dr_status take_rows(dr_icio_file *file, dr_csv *csv, dr_csv_rows *rows, bool *more)
{
    DR_TRY(dr_csv_ahead(csv, rows));
    *more = rows->count > 0;
    if (*more)
        return take_ahead(file, csv, rows);
    DR_TRY(dr_csv_record(csv, more));
    const row_at_hand row = {*more ? dr_csv_field(csv, 0) : NULL, NULL};
    return *more ? read_row(file, csv, &row) : DR_OK;
}

static dr_status read_rows(dr_icio_file *file, dr_csv *csv, const dr_table_wish *wish)
{
    bool more = true;
    dr_csv_rows rows = {0};
    dr_status status = DR_OK;
    while (status == DR_OK && more) {
        status = take_rows(file, csv, &rows, &more);
        if (wish->progress)
            wish->progress(dr_csv_done(csv), wish->user);
    }
    dr_csv_rows_free(&rows);
    DR_TRY(status);
    if (file->labels.count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: no row REGION_SECTOR; expected an inter-country input-output table",
                       file->path);
    if (!file->value_added)
        return dr_fail(DR_BAD_INPUT, "%s: the row VA (value added) is missing", file->path);
    return DR_OK;
}

dr_status dr_icio_file_remark(dr_icio_file *file, const char *subject, const char *done, const char *found, ...)
{
    char text[900];
    va_list arguments;
    va_start(arguments, found);
    dr_vprint_text(text, sizeof text, found, arguments);
    va_end(arguments);
    if (!dr_grow((void **)&file->remarks, &file->remark_capacity, file->remark_count + 1, sizeof *file->remarks))
        return dr_fail_memory();
    const char *kept = dr_arena_text(&file->arena, text);
    file->remarks[file->remark_count++] = (dr_icio_remark){subject, kept, done};
    return kept ? DR_OK : dr_fail_memory();
}

dr_status dr_icio_file_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    dr_csv *csv = NULL;
    *found = 0;
    file->path = wish->path;
    DR_TRY(dr_csv_open(&csv, wish->path));
    dr_status status = read_header(file, csv);
    if (status == DR_OK)
        status = dr_icio_file_check_memory(wish->path, file->columns.count);
    if (status == DR_OK)
        status = read_rows(file, csv, wish);
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
    free(file->place);
    dr_names_free(&file->columns);
    dr_names_free(&file->labels);
    dr_names_free(&file->file_columns);
    dr_names_free(&file->file_rows);
    dr_names_free(&file->regions);
    dr_names_free(&file->sources);
    free(file->remarks);
    dr_arena_free(&file->arena);
    *file = (dr_icio_file){0};
}

/* ---- Regions, sectors and uses ---- */

/* The underscore behind the region that a label begins with: the first (codes of sectors may hold more of them), or,
 * where the regions are known, the one behind the longest. */
static const char *end_of_region(const dr_icio_file *file, const char *label)
{
    const char *first = strchr(label, '_'), *end = first;
    char region[LONGEST_LABEL + 1];
    for (const char *at = first; at && file->regions.count; at = strchr(at + 1, '_')) {
        snprintf(region, sizeof region, "%.*s", (int)(at - label), label);
        if (dr_names_find(&file->regions, region) >= 0)
            end = at;
    }
    return end;
}

static dr_status split(const dr_icio_file *file, const char *label, dr_arena *arena, const char **region,
                       const char **rest)
{
    const char *underscore = end_of_region(file, label);
    if (!underscore || underscore == label || !underscore[1])
        return dr_fail(DR_BAD_INPUT, "%s: the label '%s' is not of the form REGION_SECTOR", file->path, label);
    *region = dr_arena_format(arena, "%.*s", (int)(underscore - label), label);
    *rest = underscore + 1;
    return *region ? DR_OK : dr_fail_memory();
}

static dr_status take_industries(const dr_icio_file *file, dr_layout *layout)
{
    const char *region = NULL, *sector = NULL;
    for (size_t i = 0; i < file->columns.count; i++) {
        if (dr_names_find(&file->labels, file->columns.names[i]) < 0)
            continue;
        DR_TRY(split(file, file->columns.names[i], &layout->arena, &region, &sector));
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
