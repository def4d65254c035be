/* Accounts in SDMX-CSV, as Eurostat and the OECD give them: a column for each dimension, a row for each cell. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/account_rows.h"
#include "import/activities.h"
#include "import/product_files.h"

/* ---- Columns ---- */

enum { REGION, ACTIVITY, TIME, VALUE, UNIT, REQUIRED, SCALE = REQUIRED, PARTNER, FREQUENCY, ITEM, MOST_ITEMS = 6 };
enum { COLUMNS = ITEM + MOST_ITEMS, LONGEST_CODE = 120 };

/* By codes; programs of the OECD add columns of labels under other names. What is measured may be in several. */
static const char *const roles[COLUMNS] = {
    [REGION] = "geo|ref_area|cou",
    [ACTIVITY] = "nace_r2|activity|ind",
    [TIME] = "time_period|time",
    [VALUE] = "obs_value|value",
    [UNIT] = "unit_measure|unit_code|unit",
    [SCALE] = "unit_mult|powercode_code",
    [PARTNER] = "counterpart_area|par",
    [FREQUENCY] = "freq",
    [ITEM] = "airpol",
    "na_item",
    "measure|var|indicator",
    "pollutant",
    "stk_flow",
    "prod_nrg",
};

/* The code in front of a label ("A01: Crop production"), as files with both have it. */
static const char *code_in(const char *text, char out[LONGEST_CODE + 1])
{
    size_t length = strcspn(text, ":");
    while (length > 0 && text[length - 1] == ' ')
        length--;
    snprintf(out, LONGEST_CODE + 1, "%.*s", (int)length, text);
    return out;
}

static void find_columns(int columns[COLUMNS], const char *const *names, size_t count)
{
    char code[LONGEST_CODE + 1];
    for (size_t role = 0; role < COLUMNS; role++) {
        columns[role] = -1;
        for (const char *at = roles[role]; *at && columns[role] < 0; at += strspn(at, "|")) {
            char one[32];
            size_t length = strcspn(at, "|");
            snprintf(one, sizeof one, "%.*s", (int)length, at);
            for (size_t i = 0; i < count && columns[role] < 0; i++)
                columns[role] = dr_column_is(one, code_in(names[i], code)) ? (int)i : -1;
            at += length;
        }
    }
}

bool dr_sdmx_accounts_are(const char *const *names, size_t count)
{
    int columns[COLUMNS];
    find_columns(columns, names, count);
    for (size_t role = 0; role < REQUIRED; role++)
        if (columns[role] < 0)
            return false;
    return true;
}

/* ---- What is measured ---- */

/* Names of what the OECD and Eurostat have by code. */
static const struct {
    const char *code, *name;
} items[] = {
    {"EMP_DC", "employment"},     {"EMPN", "employment"}, {"SAL_DC", "employees"},
    {"SELF_DC", "self-employed"}, {"PROD_CO2", "CO2"},    {"PROD_GHG", "GHG"},
};

/* Units of one kind by how much they are to be preferred: an item that is in several is read in the first. */
static const struct {
    const char *code, *unit;
    int kind;
} units[] = {
    {"THS_PER", "1000 persons", 1},
    {"PER", "persons", 1},
    {"PS", "persons", 1},
    {"THS_JOBS", "thousand jobs", 1},
    {"MIO_HW", "million hours", 2},
    {"THS_HW", "thousand hours", 2},
    {"MIO_T", "Mt", 3},
    {"THS_T", "kt", 3},
    {"T", "t", 3},
    {"KG", "kg", 3},
    {"TJ", "TJ", 4},
    {"GWH", "GWh", 4},
    {"KTOE", "ktoe", 4},
};
enum { OF_HOURS = 2 };

static int find_unit(const char *code)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcasecmp(units[i].code, code) == 0)
            return (int)i;
    return -1;
}

/* Shares, growth, indices and what is per head do not add up. */
static bool is_ratio(const char *unit)
{
    static const char *const begins[] = {"PC", "I0", "I1", "I2", "IX", "RT", "PT_"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncasecmp(unit, begins[i], strlen(begins[i])) == 0)
            return true;
    return strcasestr(unit, "HAB") != NULL;
}

static bool is_money(const char *unit)
{
    return dr_account_is_money(unit) || strncasecmp(unit, "CP_", 3) == 0 || strncasecmp(unit, "CLV", 3) == 0;
}

/* "CO2"; of several dimensions their codes with blanks between. */
static const char *item_of(const dr_csv *csv, const int columns[COLUMNS], char out[DR_LONGEST_ACCOUNT + 1])
{
    int size = 0;
    out[0] = '\0';
    for (size_t role = ITEM; role < COLUMNS; role++) {
        char code[LONGEST_CODE + 1];
        if (columns[role] < 0 || size >= DR_LONGEST_ACCOUNT)
            continue;
        const char *name = code_in(dr_csv_field(csv, (size_t)columns[role]), code);
        for (size_t i = 0; i < sizeof items / sizeof *items; i++)
            if (strcasecmp(items[i].code, code) == 0)
                name = items[i].name;
        size += snprintf(out + size, (size_t)(DR_LONGEST_ACCOUNT + 1 - size), "%s%s", size ? " " : "", name);
    }
    if (!*out)
        snprintf(out, DR_LONGEST_ACCOUNT + 1, "account");
    return out;
}

/* ---- The file ---- */

typedef struct sdmx {
    dr_account_job *job;
    int columns[COLUMNS];
    dr_activities activities;
    dr_names measured; /* "item|unit", all that there are */
    dr_names areas;    /* that are no countries */
} sdmx;

/* A row, as far as it is needed. */
typedef struct row {
    char region[LONGEST_CODE + 1], activity[LONGEST_CODE + 1], unit[LONGEST_CODE + 1];
    char item[DR_LONGEST_ACCOUNT + 1];
} row;

static const char *field(const dr_csv *csv, const sdmx *s, size_t role)
{
    return s->columns[role] < 0 ? "" : dr_csv_field(csv, (size_t)s->columns[role]);
}

static void read_row(row *out, const dr_csv *csv, const sdmx *s)
{
    code_in(field(csv, s, REGION), out->region);
    code_in(field(csv, s, ACTIVITY), out->activity);
    code_in(field(csv, s, UNIT), out->unit);
    item_of(csv, s->columns, out->item);
}

static const char *measured(char out[DR_LONGEST_ACCOUNT + LONGEST_CODE + 2], const char *item, const char *unit)
{
    snprintf(out, DR_LONGEST_ACCOUNT + LONGEST_CODE + 2, "%s|%s", item, unit);
    return out;
}

/* Whether the file has the item in a unit of the same kind that is preferred. */
static bool is_again(const sdmx *s, const row *r)
{
    char text[DR_LONGEST_ACCOUNT + LONGEST_CODE + 2];
    int unit = find_unit(r->unit);
    for (int i = 0; i < unit; i++)
        if (units[i].kind == units[unit].kind &&
            dr_names_find(&s->measured, measured(text, r->item, units[i].code)) >= 0)
            return true;
    return false;
}

/* Of all partners together, where the file has several. */
static bool is_of_one_partner(const char *partner)
{
    static const char *const all[] = {"", "WLD", "W", "W0", "WORLD", "_Z", "_T"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcasecmp(all[i], partner) == 0)
            return false;
    return true;
}

/* What the file has, before anything is read of it. */
static dr_status look(void *user, const dr_csv *csv)
{
    sdmx *s = user;
    row r;
    char text[DR_LONGEST_ACCOUNT + LONGEST_CODE + 2];
    read_row(&r, csv, s);
    for (size_t role = 0; role < REQUIRED; role++)
        if (!dr_utf8(field(csv, s, role)))
            return dr_csv_fail(csv, s->columns[role], "not UTF-8 text");
    if (!*r.activity)
        return dr_csv_fail(csv, s->columns[ACTIVITY], "expected an activity, such as C10-C12");
    if (!dr_utf8(r.item))
        return dr_csv_fail(csv, -1, "not UTF-8 text");
    bool added = dr_names_add(&s->activities.codes, r.activity) >= 0 &&
                 dr_names_add(&s->measured, measured(text, r.item, r.unit)) >= 0;
    return added ? DR_OK : dr_fail_memory();
}

static dr_status read_year(const dr_csv *csv, const sdmx *s, int *year)
{
    double number = 0;
    const char *text = field(csv, s, TIME), *frequency = field(csv, s, FREQUENCY);
    char code[LONGEST_CODE + 1];
    if (*frequency && strcasecmp(code_in(frequency, code), "A") != 0)
        return dr_csv_fail(csv, s->columns[FREQUENCY], "the frequency '%.20s'; expected annual data (A)", frequency);
    if (!dr_parse_number(text, &number) || number != (int)number || number < 1 || number > 9999)
        return dr_csv_fail(csv, s->columns[TIME], "'%.20s' is not a year", text);
    *year = (int)number;
    return DR_OK;
}

/* Units of powers of ten: persons in thousands. */
static dr_status read_value(const dr_csv *csv, const sdmx *s, double *value)
{
    double scale = 0;
    const int most = 12;
    if (*field(csv, s, SCALE))
        DR_TRY(dr_csv_number(csv, (size_t)s->columns[SCALE], &scale));
    if (scale != floor(scale) || fabs(scale) > most)
        return dr_csv_fail(csv, s->columns[SCALE], "'%.20s' is not a power of ten of at most %d", field(csv, s, SCALE),
                           most);
    DR_TRY(dr_csv_number(csv, (size_t)s->columns[VALUE], value));
    *value *= pow(10, scale);
    return DR_OK;
}

static dr_status add_cell(sdmx *s, const dr_csv *csv, const row *r, int region, int place, int year)
{
    dr_account_job *j = s->job;
    char name[DR_LONGEST_ACCOUNT + 1];
    size_t part = 0;
    double value = 0;
    int unit = find_unit(r->unit);
    const dr_account_places_of at = {region, place,
                                     (unsigned long long)dr_names_find(&j->set.regions, r->region) << 20 |
                                         (unsigned long long)dr_names_find(&j->set.sectors, r->activity)};
    DR_TRY(read_value(csv, s, &value));
    snprintf(name, sizeof name, "%.*s%s", DR_LONGEST_ACCOUNT - 8, r->item,
             unit >= 0 && units[unit].kind == OF_HOURS ? ", hours" : "");
    dr_status status = dr_account_part_find(&j->set, name, unit >= 0 ? units[unit].unit : r->unit, year, &part);
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(csv, s->columns[UNIT], "%s", dr_error_text());
    return status == DR_OK && part != SIZE_MAX ? dr_account_cell(j, csv, part, &at, value) : status;
}

/* Whether the row is none of the account, for a reason that is counted. */
static bool is_left_out(sdmx *s, const dr_csv *csv, const row *r)
{
    char partner[LONGEST_CODE + 1];
    size_t *reason = is_money(r->unit)                                             ? &s->job->money
                     : is_ratio(r->unit)                                           ? &s->job->ratios
                     : is_of_one_partner(code_in(field(csv, s, PARTNER), partner)) ? &s->job->partners
                                                                                   : NULL;
    if (reason)
        ++*reason;
    return reason || is_again(s, r);
}

static dr_status take(void *user, const dr_csv *csv)
{
    sdmx *s = user;
    dr_account_job *j = s->job;
    row r;
    int year = 0, region = 0;
    read_row(&r, csv, s);
    if (is_left_out(s, csv, &r))
        return DR_OK;
    int place = s->activities.list[dr_names_find(&s->activities.codes, r.activity)].place;
    if (place == DR_PLACE_OUTSIDE)
        return DR_OK;
    DR_TRY(read_year(csv, s, &year));
    if (j->import.options->year && year != j->import.options->year) {
        j->set.other_years++;
        return DR_OK;
    }
    DR_TRY(dr_account_region(&j->set, r.region, &region));
    if (region == DR_PLACE_UNKNOWN)
        return dr_names_add(&s->areas, r.region) >= 0 ? DR_OK : dr_fail_memory();
    const char *value = field(csv, s, VALUE);
    if (!*value || strcmp(value, ":") == 0) {
        j->empty++;
        return DR_OK;
    }
    return add_cell(s, csv, &r, region, place, year);
}

static dr_status walk(dr_csv *csv, dr_status (*each)(void *user, const dr_csv *csv), sdmx *s)
{
    bool more = false;
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(each(s, csv));
    }
}

static dr_status read_again(dr_account_job *j, sdmx *s)
{
    dr_csv *csv = NULL;
    int none[1];
    DR_TRY(dr_csv_open(&csv, j->path));
    dr_status status = dr_csv_header(csv, NULL, 0, none);
    if (status == DR_OK)
        status = walk(csv, take, s);
    dr_csv_close(csv);
    return status;
}

static void note_areas(dr_account_job *j, const dr_names *areas)
{
    char list[DR_NAMES_SIZE];
    if (areas->count)
        dr_import_find(j->import.report, 0, "regions", "", "left out", "areas that are no countries: %zu%s",
                       areas->count, dr_names_list(list, "; ", areas));
}

dr_status dr_sdmx_accounts_read(dr_account_job *j, dr_csv *csv, const char *const *names, size_t count)
{
    sdmx s = {.job = j};
    bool rest_named = j->set.rest_named;
    find_columns(s.columns, names, count);
    dr_status status = walk(csv, look, &s);
    if (status == DR_OK)
        status = dr_activities_place(&s.activities, &j->set, j->path);
    if (status == DR_OK)
        status = read_again(j, &s);
    if (status == DR_OK)
        note_areas(j, &s.areas);
    j->set.rest_named = rest_named; /* the rest of the world is here what no other area is */
    dr_activities_free(&s.activities);
    dr_names_free(&s.measured);
    dr_names_free(&s.areas);
    return status;
}
