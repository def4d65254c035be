#include "import/sdmx_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/column.h"
#include "base/memory.h"

/* By codes; the OECD adds columns of labels under other names. */
static const char *const names_of[DR_SDMX_ROLES] = {
    [DR_SDMX_REGION] = "geo|ref_area|cou",
    [DR_SDMX_ACTIVITY] = "nace_r2|activity|ind",
    [DR_SDMX_TIME] = "time_period|time",
    [DR_SDMX_VALUE] = "obs_value|value",
    [DR_SDMX_UNIT] = "unit_measure|unit_code|unit",
    [DR_SDMX_SCALE] = "unit_mult|powercode_code",
    [DR_SDMX_PARTNER] = "counterpart_area|par",
    [DR_SDMX_FREQUENCY] = "freq",
    [DR_SDMX_ITEM] = "airpol",
    "na_item",
    "measure|var|indicator",
    "pollutant",
    "stk_flow",
    "prod_nrg",
};

/* What ends the first column's name in TSV: the dimension in the columns. */
static const char in_columns[] = "\\TIME_PERIOD";

/* ---- Columns ---- */

/* The text up to a label behind it, without blanks at the end; of a number up to its flags. */
static void cut(char out[DR_SDMX_LONGEST + 1], const char *text, bool is_number)
{
    size_t length = strcspn(text, is_number ? ": " : ":");
    while (length > 0 && text[length - 1] == ' ')
        length--;
    snprintf(out, DR_SDMX_LONGEST + 1, "%.*s", (int)length, text);
}

static void find_roles(int roles[DR_SDMX_ROLES], const char *const *names, size_t count)
{
    for (size_t role = 0; role < DR_SDMX_ROLES; role++) {
        roles[role] = -1;
        for (const char *at = names_of[role]; *at && roles[role] < 0; at += strspn(at, "|")) {
            char one[32], code[DR_SDMX_LONGEST + 1];
            size_t length = strcspn(at, "|");
            snprintf(one, sizeof one, "%.*s", (int)length, at);
            for (size_t i = 0; i < count && roles[role] < 0; i++) {
                cut(code, names[i], false);
                roles[role] = dr_column_is(one, code) ? (int)i : -1;
            }
            at += length;
        }
    }
}

/* TSV has years and values in columns without a name of their own. */
static bool has_all(const int roles[DR_SDMX_ROLES], bool is_tsv)
{
    for (size_t role = 0; role < DR_SDMX_REQUIRED; role++)
        if (roles[role] < 0 && !(is_tsv && (role == DR_SDMX_TIME || role == DR_SDMX_VALUE)))
            return false;
    return true;
}

/* The columns of the first column of TSV, of which the last ends with what the others are. Returns how many; 0: it is
 * none. `key` is cut. */
static size_t split_header(char *key, const char *parts[DR_SDMX_MOST_KEYS])
{
    char *end = strstr(key, in_columns);
    size_t count = 0;
    if (!end)
        return 0;
    *end = '\0';
    for (char *part; (part = strsep(&key, ",")) && count < DR_SDMX_MOST_KEYS;)
        parts[count++] = part;
    return key ? 0 : count;
}

bool dr_sdmx_is(const char *const *names, size_t count)
{
    enum { LONGEST_KEY = 1000 };
    int roles[DR_SDMX_ROLES];
    const char *parts[DR_SDMX_MOST_KEYS];
    char key[LONGEST_KEY] = "";
    for (size_t i = 0, size = 0; i < count && size < sizeof key; i++) {
        size += (size_t)snprintf(key + size, sizeof key - size, "%s%s", i ? "," : "", names[i]);
        if (!strstr(names[i], in_columns))
            continue;
        find_roles(roles, parts, split_header(key, parts)); /* whatever separates the columns behind it */
        return has_all(roles, true);
    }
    find_roles(roles, names, count);
    return has_all(roles, false);
}

/* ---- Files ---- */

/* The row without the separators that it was cut at: with few years, there are more commas than tabs. */
static dr_status join(dr_sdmx *s)
{
    size_t size = 0;
    for (size_t i = 0; i < dr_csv_fields(s->csv); i++) {
        const char *text = dr_csv_field(s->csv, i);
        size_t length = strlen(text);
        if (!dr_grow((void **)&s->line, &s->line_capacity, size + length + 2, 1))
            return dr_fail_memory();
        if (i)
            s->line[size++] = dr_csv_separator(s->csv);
        memcpy(s->line + size, text, length + 1);
        size += length;
    }
    return DR_OK;
}

static dr_status cut_line(dr_sdmx *s)
{
    DR_TRY(join(s));
    s->cell_count = 0;
    for (char *at = s->line, *cell; (cell = strsep(&at, "\t"));) {
        if (!dr_grow((void **)&s->cells, &s->cell_capacity, s->cell_count + 1, sizeof *s->cells))
            return dr_fail_memory();
        s->cells[s->cell_count++] = cell;
    }
    s->at = 0;
    return DR_OK;
}

static dr_status read_years(dr_sdmx *s)
{
    for (size_t i = 0; i < s->cell_count; i++) {
        char year[DR_SDMX_LONGEST + 1];
        cut(year, i ? s->cells[i] : "", true);
        if (dr_names_add(&s->years, year) != (int)i)
            return dr_csv_fail(s->csv, (int)i, "'%.20s' is there twice; expected a column for each year", year);
    }
    return DR_OK;
}

static dr_status read_tsv_header(dr_sdmx *s, bool *is)
{
    DR_TRY(cut_line(s));
    DR_TRY(read_years(s));
    s->part_count = split_header(s->line, s->parts);
    find_roles(s->roles, s->parts, s->part_count);
    *is = s->part_count > 0 && has_all(s->roles, true);
    s->at = s->cell_count; /* the row is read through */
    return DR_OK;
}

/* Whether the header just read is of TSV. */
static bool has_years(const dr_csv *csv)
{
    for (size_t i = 0; i < dr_csv_fields(csv); i++)
        if (strstr(dr_csv_field(csv, i), in_columns))
            return true;
    return false;
}

static dr_status read_csv_header(dr_sdmx *s, bool *is)
{
    size_t count = dr_csv_fields(s->csv);
    const char **names = dr_new(count, sizeof *names);
    if (!names)
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++)
        names[i] = dr_csv_field(s->csv, i);
    find_roles(s->roles, names, count);
    *is = has_all(s->roles, false);
    free(names);
    return DR_OK;
}

dr_status dr_sdmx_open(dr_sdmx *s, const char *path, bool *is)
{
    int none[1];
    *s = (dr_sdmx){0};
    *is = false;
    DR_TRY(dr_csv_open(&s->csv, path));
    DR_TRY(dr_csv_header(s->csv, NULL, 0, none));
    s->is_tsv = has_years(s->csv);
    return (s->is_tsv ? read_tsv_header : read_csv_header)(s, is);
}

void dr_sdmx_close(dr_sdmx *s)
{
    dr_csv_close(s->csv);
    dr_names_free(&s->years);
    free(s->line);
    free(s->cells);
}

/* ---- Cells ---- */

static dr_status read_tsv_row(dr_sdmx *s)
{
    size_t count = 0;
    DR_TRY(cut_line(s));
    if (s->cell_count != s->years.count)
        return dr_csv_fail(s->csv, -1, "%zu columns; expected as many as in the first row, %zu", s->cell_count,
                           s->years.count);
    for (char *at = s->line, *part; (part = strsep(&at, ",")); count++)
        if (count < s->part_count)
            s->parts[count] = part;
    return count == s->part_count ? DR_OK
                                  : dr_csv_fail(s->csv, 0, "%zu dimensions; expected as many as in the first row, %zu",
                                                count, s->part_count);
}

dr_status dr_sdmx_next(dr_sdmx *s, bool *more)
{
    while (true) {
        if (s->is_tsv && ++s->at < s->cell_count) {
            *more = true;
            return DR_OK;
        }
        DR_TRY((s->is_tsv ? dr_csv_next : dr_csv_record)(s->csv, more));
        if (!*more || !s->is_tsv)
            return DR_OK;
        DR_TRY(read_tsv_row(s));
    }
}

const char *dr_sdmx_code(const dr_sdmx *s, size_t role, char out[DR_SDMX_LONGEST + 1])
{
    const char *text = "";
    if (s->is_tsv && role == DR_SDMX_TIME)
        text = s->years.names[s->at];
    else if (s->is_tsv && role == DR_SDMX_VALUE)
        text = s->cells[s->at];
    else if (s->roles[role] >= 0)
        text = s->is_tsv ? s->parts[s->roles[role]] : dr_csv_field(s->csv, (size_t)s->roles[role]);
    cut(out, text, role == DR_SDMX_VALUE);
    return out;
}

int dr_sdmx_column(const dr_sdmx *s, size_t role)
{
    if (!s->is_tsv)
        return s->roles[role];
    return role == DR_SDMX_TIME || role == DR_SDMX_VALUE ? (int)s->at : 0;
}
