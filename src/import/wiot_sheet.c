/* Above the cells stand, in this order, codes (WIOD only), names, regions and the numbers c1, c2, ... of the columns;
 * left of them, names, regions and numbers of the rows, and in WIOD codes before these. */
#include "import/wiot_sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "import/import.h"
#include "import/xlsx.h"

enum { LAST_HEADER = 20, KEPT = 3, LONGEST_CODE = 60 };

/* A row above the cells, kept until the last of them is there. */
typedef struct header {
    char **cells;
    size_t count;
} header;

/* A sheet being read. */
typedef struct reading {
    dr_icio_file *file;
    const char *path, *sheet;
    header kept[KEPT]; /* the last rows: regions, names, codes */
    size_t first;      /* column of the first cell; 0: the numbers of columns are not there yet */
    size_t *place;     /* column in the file of each column of the sheet */
    size_t columns;
    bool codes; /* sectors and uses have codes */
    const dr_table_wish *wish;
} reading;

/* ---- Places and texts ---- */

/* "AB" for column 27. */
static const char *letters(size_t column, char out[8])
{
    char *at = out + 7;
    *at = '\0';
    for (column++; column > 0 && at > out; column = (column - 1) / 26)
        *--at = (char)('A' + (column - 1) % 26);
    return at;
}

static const char *cell(const char *const *cells, size_t count, size_t column)
{
    return column < count ? cells[column] : "";
}

static const char *kept_cell(const reading *r, size_t which, size_t column)
{
    return column < r->kept[which].count ? r->kept[which].cells[column] : "";
}

static bool holds(const char *text, const char *part)
{
    return strcasestr(text, part) != NULL;
}

/* Totals are of no region: TOT, ToT or nothing. */
static bool is_total(const char *region)
{
    return !*region || strcasecmp(region, "TOT") == 0 || strcasecmp(region, "TOTAL") == 0;
}

/* ---- The rows above ---- */

static void free_header(header *h)
{
    for (size_t i = 0; i < h->count; i++)
        free(h->cells[i]);
    free(h->cells);
    *h = (header){0};
}

/* Keeps a row as the last one above the cells. */
static dr_status keep_row(reading *r, const char *const *cells, size_t count)
{
    free_header(&r->kept[KEPT - 1]);
    memmove(r->kept + 1, r->kept, (KEPT - 1) * sizeof *r->kept);
    r->kept[0] = (header){.cells = dr_new(count, sizeof(char *))};
    if (!r->kept[0].cells)
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++) {
        if (!(r->kept[0].cells[i] = strdup(cells[i])))
            return dr_fail_memory();
        r->kept[0].count++;
    }
    return DR_OK;
}

/* The column of "c1" in the row of numbers; 0: it is another row. */
static size_t first_number(const char *const *cells, size_t count)
{
    for (size_t i = 1; i + 1 < count; i++)
        if (strcasecmp(cells[i], "c1") == 0 && strcasecmp(cells[i + 1], "c2") == 0)
            return i;
    return 0;
}

/* Codes count where the columns of uses have some too. */
static bool has_codes(const reading *r)
{
    for (size_t i = r->first; i < r->kept[0].count; i++)
        if (!is_total(kept_cell(r, 0, i)) && !*kept_cell(r, 2, i))
            return false;
    return r->kept[2].count > r->first;
}

static dr_status add_column(reading *r, size_t column, const char *region, const char *code)
{
    char at[8];
    if (!*code || strlen(code) > LONGEST_CODE || !dr_utf8(code) || strchr(region, '_'))
        return dr_fail(DR_BAD_INPUT, "%s: sheet '%s', column %s: expected a region and a code, not '%.40s' and '%.40s'",
                       r->path, r->sheet, letters(column, at), region, code);
    const char *label = dr_arena_format(&r->file->arena, "%s_%s", region, code);
    if (!label)
        return dr_fail_memory();
    if (dr_names_find(&r->file->columns, label) >= 0)
        return dr_fail(DR_BAD_INPUT, "%s: sheet '%s', column %s: a second column of '%s' in '%s'", r->path, r->sheet,
                       letters(column, at), code, region);
    int place = dr_names_add(&r->file->columns, label);
    r->place[column] = (size_t)place;
    return place >= 0 ? DR_OK : dr_fail_memory();
}

/* The column of output, which comes last. */
static dr_status add_output(reading *r, size_t column)
{
    int place = dr_names_add(&r->file->columns, "OUT");
    if (place < 0)
        return dr_fail_memory();
    r->place[column] = r->file->output_column = (size_t)place;
    return DR_OK;
}

static dr_status take_numbers(reading *r, const char *const *cells, size_t count)
{
    size_t columns = r->kept[0].count > count ? r->kept[0].count : count;
    columns = r->kept[1].count > columns ? r->kept[1].count : columns;
    r->codes = has_codes(r);
    r->place = dr_new(columns, sizeof *r->place);
    if (!r->place)
        return dr_fail_memory();
    r->columns = columns;
    for (size_t i = 0; i < columns; i++)
        r->place[i] = DR_NO_COLUMN;
    for (size_t i = r->first; i < columns; i++) {
        const char *region = kept_cell(r, 0, i), *name = kept_cell(r, 1, i);
        if (!is_total(region))
            DR_TRY(add_column(r, i, region, r->codes ? kept_cell(r, 2, i) : cell(cells, count, i)));
        else if (r->file->output_column == DR_NO_COLUMN && (*region || holds(name, "output")))
            DR_TRY(add_output(r, i));
    }
    return dr_icio_file_check_memory(r->path, columns);
}

/* ---- The rows of cells ---- */

static dr_status read_cells(reading *r, size_t row, const char *const *cells, size_t count, double *to)
{
    char at[8];
    for (size_t i = r->first; i < count && i < r->columns; i++) {
        double value = 0;
        if (r->place[i] == DR_NO_COLUMN || !*cells[i])
            continue;
        if (!dr_parse_number(cells[i], &value))
            return dr_fail(DR_BAD_INPUT, "%s: sheet '%s', cell %s%zu: '%.40s' is not a number", r->path, r->sheet,
                           letters(i, at), row, cells[i]);
        to[r->place[i]] += value;
    }
    return DR_OK;
}

/* What columns add up to beside inputs: value added, output, and all else (taxes, adjustments, margins), which is kept
 * with taxes. The row of all inputs is their sum, and is not read. */
static dr_status read_primary(reading *r, size_t row, const char *name, const char *const *cells, size_t count)
{
    double **sum = &r->file->taxes;
    if (holds(name, "intermediate"))
        return DR_OK;
    if (holds(name, "value added"))
        sum = &r->file->value_added;
    else if (holds(name, "output") || strcasecmp(name, "TOTAL") == 0)
        sum = &r->file->output;
    if (!*sum && !(*sum = dr_new_doubles(r->file->columns.count)))
        return dr_fail_memory();
    return read_cells(r, row, cells, count, *sum);
}

static dr_status add_row(reading *r, size_t row, const char *label, double **to)
{
    dr_icio_file *file = r->file;
    if (dr_names_find(&file->labels, label) >= 0)
        return dr_fail(DR_BAD_INPUT, "%s: sheet '%s', row %zu: the row '%s' appears twice", r->path, r->sheet, row,
                       label);
    if (dr_names_find(&file->columns, label) < 0)
        return dr_fail(DR_BAD_INPUT, "%s: sheet '%s', row %zu: the row '%s' has no column of its name", r->path,
                       r->sheet, row, label);
    return dr_icio_file_add_row(file, label, file->columns.count, to);
}

static dr_status read_row(reading *r, size_t row, const char *const *cells, size_t count)
{
    char label[2 * LONGEST_CODE + 2];
    double *to = NULL;
    size_t name = r->first >= 3 ? r->first - 3 : 0;
    const char *region = cell(cells, count, r->first - 2), *number = cell(cells, count, r->first - 1);
    const char *code = r->codes && r->first >= 4 ? cell(cells, count, r->first - 4) : number;
    if (is_total(region))
        return *cell(cells, count, name) ? read_primary(r, row, cells[name], cells, count) : DR_OK;
    if (strlen(region) > LONGEST_CODE || strlen(code) > LONGEST_CODE)
        return dr_fail(DR_BAD_INPUT, "%s: sheet '%s', row %zu: expected a region and a code, not '%.40s' and '%.40s'",
                       r->path, r->sheet, row, region, code);
    snprintf(label, sizeof label, "%s_%s", region, code);
    DR_TRY(add_row(r, row, label, &to));
    if (r->wish->progress)
        r->wish->progress((double)r->file->labels.count / (double)r->file->columns.count, r->wish->user);
    return read_cells(r, row, cells, count, to);
}

static dr_status take_row(void *user, size_t row, const char *const *cells, size_t count, bool *stop)
{
    reading *r = user;
    if (r->first)
        return read_row(r, row, cells, count);
    r->first = first_number(cells, count);
    if (r->first)
        return take_numbers(r, cells, count);
    *stop = row >= LAST_HEADER;
    return keep_row(r, cells, count);
}

/* ---- The sheet ---- */

/* Looks for the numbers of columns above the cells. */
static dr_status look_for_numbers(void *user, size_t row, const char *const *cells, size_t count, bool *stop)
{
    bool *found = user;
    *found = first_number(cells, count) > 0;
    *stop = *found || row >= LAST_HEADER;
    return DR_OK;
}

/* The first sheet with such a table; its number is `names->count` where there is none. */
static dr_status find_sheet(const char *path, dr_names *names, size_t *sheet)
{
    bool found = false;
    DR_TRY(dr_xlsx_sheets(names, path));
    for (*sheet = 0; *sheet < names->count; ++*sheet) {
        DR_TRY(dr_xlsx_read(path, *sheet, look_for_numbers, &found));
        if (found)
            break;
    }
    return DR_OK;
}

bool dr_wiot_sheet_is(const char *path)
{
    dr_names names = {0};
    size_t sheet = 0;
    bool is = find_sheet(path, &names, &sheet) == DR_OK && sheet < names.count;
    dr_names_free(&names);
    return is;
}

static dr_icio_edition find_edition(const reading *r)
{
    if (r->codes)
        return (dr_icio_edition){"WIOD, release of 2016", dr_million_dollars};
    if (holds(r->sheet, "ADB") || dr_names_find(&r->file->columns, "PRC_c1") >= 0)
        return (dr_icio_edition){"Asian Development Bank, multi-regional input-output table", dr_million_dollars};
    return (dr_icio_edition){"WIOD, release of 2013", dr_million_dollars};
}

static dr_status read_sheet(reading *r, size_t sheet)
{
    DR_TRY(dr_xlsx_read(r->path, sheet, take_row, r));
    if (r->file->labels.count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: sheet '%s': no row of a region and a sector", r->path, r->sheet);
    if (!r->file->value_added)
        return dr_fail(DR_BAD_INPUT, "%s: sheet '%s': the row of value added is missing", r->path, r->sheet);
    r->file->edition = find_edition(r);
    return DR_OK;
}

dr_status dr_wiot_sheet_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    dr_names names = {0};
    size_t sheet = 0;
    reading r = {.file = file, .path = wish->path, .wish = wish};
    file->path = wish->path;
    file->output_column = DR_NO_COLUMN;
    dr_status status = find_sheet(wish->path, &names, &sheet);
    if (status == DR_OK && sheet == names.count)
        status =
            dr_fail(DR_BAD_INPUT, "%s: no sheet with an input-output table: one whose columns are numbered c1, c2, ...",
                    wish->path);
    if (status == DR_OK) {
        r.sheet = names.names[sheet];
        status = read_sheet(&r, sheet);
        *found = 0;
        if (status == DR_OK && dr_import_year(r.sheet, found) != DR_OK)
            *found = 0;
    }
    for (size_t i = 0; i < KEPT; i++)
        free_header(&r.kept[i]);
    free(r.place);
    dr_names_free(&names);
    return status;
}
