#include "import/sdmx_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "import/product_files.h"

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
    int roles[DR_SDMX_ROLES];
    const char *parts[DR_SDMX_MOST_KEYS];
    char last[DR_SDMX_LONGEST + 1];
    const char *end = count ? strstr(names[count - 1], in_columns) : NULL; /* commas are in the first column alone */
    bool is_tsv = end && count <= DR_SDMX_MOST_KEYS;
    if (!is_tsv) {
        find_roles(roles, names, count);
        return has_all(roles, false);
    }
    memcpy(parts, names, count * sizeof *names);
    snprintf(last, sizeof last, "%.*s", (int)(end - names[count - 1]), names[count - 1]);
    parts[count - 1] = last;
    find_roles(roles, parts, count);
    return has_all(roles, true);
}

/* ---- Files ---- */

static bool is_tsv_path(const char *path)
{
    return dr_path_ends(path, ".tsv") || strstr(path, ".tsv.");
}

static dr_status read_years(dr_sdmx *s)
{
    for (size_t i = 0; i < dr_csv_fields(s->csv); i++) {
        char year[DR_SDMX_LONGEST + 1];
        cut(year, i ? dr_csv_field(s->csv, i) : "", true);
        if (dr_names_add(&s->years, year) != (int)i)
            return dr_csv_fail(s->csv, (int)i, "'%.20s' is there twice; expected a column for each year", year);
    }
    return DR_OK;
}

static dr_status read_tsv_header(dr_sdmx *s, bool *is)
{
    char *key = strdup(dr_csv_field(s->csv, 0));
    if (!key)
        return dr_fail_memory();
    s->part_count = split_header(key, s->parts);
    find_roles(s->roles, s->parts, s->part_count);
    *is = s->part_count > 0 && has_all(s->roles, true);
    free(key);
    s->at = dr_csv_fields(s->csv); /* the row is read through */
    return *is ? read_years(s) : DR_OK;
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
    *s = (dr_sdmx){.is_tsv = is_tsv_path(path)};
    *is = false;
    DR_TRY((s->is_tsv ? dr_csv_open_tabs : dr_csv_open)(&s->csv, path));
    DR_TRY(dr_csv_header(s->csv, NULL, 0, none));
    return (s->is_tsv ? read_tsv_header : read_csv_header)(s, is);
}

void dr_sdmx_close(dr_sdmx *s)
{
    dr_csv_close(s->csv);
    dr_names_free(&s->years);
    free(s->key);
}

/* ---- Cells ---- */

static dr_status split_key(dr_sdmx *s)
{
    size_t count = 0;
    free(s->key);
    char *at = s->key = strdup(dr_csv_field(s->csv, 0));
    if (!at)
        return dr_fail_memory();
    for (char *part; (part = strsep(&at, ",")); count++)
        if (count < s->part_count)
            s->parts[count] = part;
    return count == s->part_count ? DR_OK
                                  : dr_csv_fail(s->csv, 0, "%zu dimensions; expected as many as in the first row, %zu",
                                                count, s->part_count);
}

dr_status dr_sdmx_next(dr_sdmx *s, bool *more)
{
    if (s->is_tsv && ++s->at < dr_csv_fields(s->csv)) {
        *more = true;
        return DR_OK;
    }
    DR_TRY(dr_csv_record(s->csv, more));
    s->at = 1;
    return s->is_tsv && *more ? split_key(s) : DR_OK;
}

const char *dr_sdmx_code(const dr_sdmx *s, size_t role, char out[DR_SDMX_LONGEST + 1])
{
    const char *text = "";
    if (s->is_tsv && role == DR_SDMX_TIME)
        text = s->years.names[s->at];
    else if (s->is_tsv && role == DR_SDMX_VALUE)
        text = dr_csv_field(s->csv, s->at);
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
