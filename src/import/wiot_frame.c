/* Columns are numbered within their region, and rows say which code a number has: columns get their labels when all
 * rows are read. */
#include "import/wiot_frame.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { CODE, REGION, NUMBER, YEAR, FIELDS };
static const char *const names[FIELDS] = {"IndustryCode", "Country", "RNr", "Year"};

typedef struct reading {
    dr_icio_file *file;
    dr_csv *csv;
    int fields[FIELDS];
    size_t *place; /* place among the cells of a row of each field of the file; DR_NO_COLUMN: it is none */
    size_t field_count;
    dr_names numbered; /* columns as they are in the file, AUS1; TOT last */
    dr_names rows;     /* the same for rows: AUS1, beside their labels in file->labels */
    int year;
} reading;

static const char *field(const reading *r, int which)
{
    return dr_csv_field(r->csv, (size_t)r->fields[which]);
}

/* A region and a number, "AUS12". */
static bool is_numbered(const char *text)
{
    size_t length = strlen(text), end = length;
    while (end > 0 && isdigit((unsigned char)text[end - 1]))
        end--;
    return end >= 2 && end < length && length < 20 && !strchr(text, '_');
}

static dr_status read_header(reading *r)
{
    DR_TRY(dr_csv_header(r->csv, names, FIELDS, r->fields));
    r->field_count = dr_csv_fields(r->csv);
    r->place = dr_new(r->field_count, sizeof *r->place);
    if (!r->place)
        return dr_fail_memory();
    for (size_t i = 0; i < r->field_count; i++) {
        const char *label = dr_csv_field(r->csv, i);
        r->place[i] = DR_NO_COLUMN;
        if (!is_numbered(label) && strcmp(label, "TOT") != 0)
            continue;
        if (dr_names_find(&r->numbered, label) >= 0)
            return dr_csv_fail(r->csv, (int)i, "the column '%s' appears twice", label);
        int place = dr_names_add(&r->numbered, label);
        if (place < 0)
            return dr_fail_memory();
        r->place[i] = (size_t)place;
    }
    return dr_icio_file_check_memory(r->file->path, r->numbered.count);
}

/* ---- Rows ---- */

static dr_status read_cells(reading *r, double *to)
{
    for (size_t i = 0; i < r->field_count; i++) {
        double value = 0;
        if (r->place[i] == DR_NO_COLUMN)
            continue;
        DR_TRY(dr_csv_number(r->csv, i, &value));
        to[r->place[i]] += value;
    }
    return DR_OK;
}

static dr_status check_year(reading *r)
{
    char *end = NULL;
    const char *text = field(r, YEAR);
    long year = strtol(text, &end, 10);
    if (*end || end == text || year < 1900 || year > 2099)
        return dr_csv_fail(r->csv, r->fields[YEAR], "'%.40s' is not a year", text);
    if (r->year && year != r->year)
        return dr_csv_fail(r->csv, r->fields[YEAR], "a table of several years (%d and %ld)", r->year, year);
    r->year = (int)year;
    return DR_OK;
}

/* What columns add up to beside inputs; all but value added and output is kept with taxes. */
static dr_status read_primary(reading *r, const char *code)
{
    dr_icio_file *file = r->file;
    double **sum = strcmp(code, "VA") == 0   ? &file->value_added
                   : strcmp(code, "GO") == 0 ? &file->output
                                             : &file->taxes;
    if (strcmp(code, "II_fob") == 0) /* the sum of inputs */
        return DR_OK;
    if (!*sum && !(*sum = dr_new_doubles(r->numbered.count)))
        return dr_fail_memory();
    return read_cells(r, *sum);
}

static dr_status read_row(reading *r)
{
    char numbered[64];
    dr_icio_file *file = r->file;
    const char *code = field(r, CODE), *region = field(r, REGION);
    DR_TRY(check_year(r));
    if (!*code || strlen(code) > 40 || strlen(region) > 20 || !dr_utf8(code) || !dr_utf8(region))
        return dr_csv_fail(r->csv, r->fields[CODE], "expected a code of 1 to 40 bytes of UTF-8 text");
    if (strcmp(region, "TOT") == 0)
        return read_primary(r, code);
    snprintf(numbered, sizeof numbered, "%s%.20s", region, field(r, NUMBER));
    const char *label = dr_arena_format(&file->arena, "%s_%s", region, code);
    if (dr_names_find(&r->numbered, numbered) < 0)
        return dr_csv_fail(r->csv, -1, "the row %s has no column of its name", numbered);
    if (!label)
        return dr_fail_memory();
    if (dr_names_find(&file->labels, label) >= 0 || dr_names_find(&r->rows, numbered) >= 0)
        return dr_csv_fail(r->csv, -1, "the row %s (%s) appears twice", label, numbered);
    double *cells = NULL;
    DR_TRY(dr_icio_file_add_row(file, label, r->numbered.count, &cells));
    return dr_names_add(&r->rows, numbered) >= 0 ? read_cells(r, cells) : dr_fail_memory();
}

/* ---- Labels of columns ---- */

/* Final uses are numbered on behind the industries. */
static const char *use_of(const char *number)
{
    static const char *const uses[] = {"CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN"};
    long n = strtol(number, NULL, 10);
    return n >= 57 && n <= 61 ? uses[n - 57] : NULL;
}

static const char *label_of(reading *r, const char *numbered)
{
    int row = dr_names_find(&r->rows, numbered);
    size_t region = strcspn(numbered, "0123456789");
    const char *use = use_of(numbered + region);
    if (row >= 0)
        return r->file->labels.names[row];
    if (strcmp(numbered, "TOT") == 0)
        return "OUT";
    return dr_arena_format(&r->file->arena, "%.*s_%s", (int)region, numbered, use ? use : numbered + region);
}

static dr_status label_columns(reading *r)
{
    r->file->output_column = DR_NO_COLUMN;
    for (size_t i = 0; i < r->numbered.count; i++) {
        const char *label = label_of(r, r->numbered.names[i]);
        int place = label ? dr_names_add(&r->file->columns, label) : -1;
        if (place < 0)
            return dr_fail_memory();
        if ((size_t)place != i)
            return dr_fail(DR_BAD_INPUT, "%s: two columns are '%s'", r->file->path, label);
        if (strcmp(label, "OUT") == 0)
            r->file->output_column = i;
    }
    return DR_OK;
}

static dr_status read_all(reading *r, const dr_table_wish *wish)
{
    bool more = false;
    DR_TRY(read_header(r));
    while (true) {
        DR_TRY(dr_csv_record(r->csv, &more));
        if (!more)
            break;
        DR_TRY(read_row(r));
        if (wish->progress)
            wish->progress(dr_csv_done(r->csv), wish->user);
    }
    if (!r->file->value_added)
        return dr_fail(DR_BAD_INPUT, "%s: the row VA (value added) is missing", r->file->path);
    return label_columns(r);
}

dr_status dr_wiot_frame_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    reading r = {.file = file};
    file->path = wish->path;
    file->decimals = 6; /* of the release's numbers */
    file->edition = (dr_icio_edition){"WIOD, release of 2016", dr_million_dollars};
    DR_TRY(dr_csv_open(&r.csv, wish->path));
    dr_status status = read_all(&r, wish);
    *found = r.year;
    dr_csv_close(r.csv);
    free(r.place);
    dr_names_free(&r.numbered);
    dr_names_free(&r.rows);
    return status;
}
