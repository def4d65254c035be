/* Accounts of statistics by area and activity, as Eurostat and the OECD give them. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "import/account_rows.h"
#include "import/activities.h"
#include "import/sdmx_file.h"

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
static const char *item_of(const dr_sdmx *file, char out[DR_LONGEST_ACCOUNT + 1])
{
    int size = 0;
    out[0] = '\0';
    for (size_t role = DR_SDMX_ITEM; role < DR_SDMX_ROLES; role++) {
        char code[DR_SDMX_LONGEST + 1];
        const char *name = dr_sdmx_code(file, role, code);
        if (!*name || size >= DR_LONGEST_ACCOUNT)
            continue;
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
    dr_sdmx file;
    dr_activities activities;
    dr_names measured; /* "item|unit", all that there are */
    dr_names areas;    /* that are no countries */
} sdmx;

/* A row, as far as it is needed. */
typedef struct row {
    char region[DR_SDMX_LONGEST + 1], activity[DR_SDMX_LONGEST + 1], unit[DR_SDMX_LONGEST + 1];
    char item[DR_LONGEST_ACCOUNT + 1];
} row;

static void read_row(row *out, const sdmx *s)
{
    dr_sdmx_code(&s->file, DR_SDMX_REGION, out->region);
    dr_sdmx_code(&s->file, DR_SDMX_ACTIVITY, out->activity);
    dr_sdmx_code(&s->file, DR_SDMX_UNIT, out->unit);
    item_of(&s->file, out->item);
}

/* Fails with the place of a dimension of the row at hand. */
#define fail(s, role, ...) dr_csv_fail((s)->file.csv, dr_sdmx_column(&(s)->file, role), __VA_ARGS__)

static const char *measured(char out[DR_LONGEST_ACCOUNT + DR_SDMX_LONGEST + 2], const char *item, const char *unit)
{
    snprintf(out, DR_LONGEST_ACCOUNT + DR_SDMX_LONGEST + 2, "%s|%s", item, unit);
    return out;
}

/* Whether the file has the item in a unit of the same kind that is preferred. */
static bool is_again(const sdmx *s, const row *r)
{
    char text[DR_LONGEST_ACCOUNT + DR_SDMX_LONGEST + 2];
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
static dr_status look(sdmx *s)
{
    row r;
    char text[DR_LONGEST_ACCOUNT + DR_SDMX_LONGEST + 2];
    read_row(&r, s);
    if (!dr_utf8(r.region) || !dr_utf8(r.activity) || !dr_utf8(r.unit) || !dr_utf8(r.item))
        return fail(s, DR_SDMX_REGION, "a row that is not UTF-8 text");
    if (!*r.activity)
        return fail(s, DR_SDMX_ACTIVITY, "expected an activity, such as C10-C12");
    bool added = dr_names_add(&s->activities.codes, r.activity) >= 0 &&
                 dr_names_add(&s->measured, measured(text, r.item, r.unit)) >= 0;
    return added ? DR_OK : dr_fail_memory();
}

static dr_status read_year(const sdmx *s, int *year)
{
    double number = 0;
    char code[DR_SDMX_LONGEST + 1];
    dr_sdmx_code(&s->file, DR_SDMX_FREQUENCY, code);
    if (*code && strcasecmp(code, "A") != 0)
        return fail(s, DR_SDMX_FREQUENCY, "the frequency '%.20s'; expected annual data (A)", code);
    dr_sdmx_code(&s->file, DR_SDMX_TIME, code);
    if (!dr_parse_number(code, &number) || number != (int)number || number < 1 || number > 9999)
        return fail(s, DR_SDMX_TIME, "'%.20s' is not a year", code);
    *year = (int)number;
    return DR_OK;
}

/* Units of powers of ten: persons in thousands. */
static dr_status read_value(const sdmx *s, const char *text, double *value)
{
    double scale = 0;
    char code[DR_SDMX_LONGEST + 1];
    const int most = 12;
    dr_sdmx_code(&s->file, DR_SDMX_SCALE, code);
    if (*code && (!dr_parse_number(code, &scale) || scale != floor(scale) || fabs(scale) > most))
        return fail(s, DR_SDMX_SCALE, "'%.20s' is not a power of ten of at most %d", code, most);
    if (!dr_parse_number(text, value))
        return fail(s, DR_SDMX_VALUE, "'%.40s' is not a finite number", text);
    *value *= pow(10, scale);
    return DR_OK;
}

static dr_status add_cell(sdmx *s, const row *r, int region, int place, int year, double value)
{
    dr_account_job *j = s->job;
    char name[DR_LONGEST_ACCOUNT + 1];
    size_t part = 0;
    int unit = find_unit(r->unit);
    const dr_account_places_of at = {region, place,
                                     (unsigned long long)dr_names_find(&j->set.regions, r->region) << 20 |
                                         (unsigned long long)dr_names_find(&j->set.sectors, r->activity)};
    snprintf(name, sizeof name, "%.*s%s", DR_LONGEST_ACCOUNT - 8, r->item,
             unit >= 0 && units[unit].kind == OF_HOURS ? ", hours" : "");
    dr_status status = dr_account_part_find(&j->set, name, unit >= 0 ? units[unit].unit : r->unit, year, &part);
    if (status == DR_BAD_INPUT)
        return fail(s, DR_SDMX_UNIT, "%s", dr_error_text());
    return status == DR_OK && part != SIZE_MAX ? dr_account_cell(j, s->file.csv, part, &at, value) : status;
}

/* Whether the row is none of the account, for a reason that is counted. */
static bool is_left_out(sdmx *s, const row *r)
{
    char partner[DR_SDMX_LONGEST + 1];
    size_t *reason = NULL;
    if (is_money(r->unit))
        reason = &s->job->money;
    else if (is_ratio(r->unit))
        reason = &s->job->ratios;
    else if (is_of_one_partner(dr_sdmx_code(&s->file, DR_SDMX_PARTNER, partner)))
        reason = &s->job->partners;
    if (reason)
        ++*reason;
    return reason || is_again(s, r);
}

static dr_status take(sdmx *s)
{
    dr_account_job *j = s->job;
    row r;
    int year = 0, region = 0;
    double number = 0;
    char value[DR_SDMX_LONGEST + 1];
    read_row(&r, s);
    if (is_left_out(s, &r))
        return DR_OK;
    int place = s->activities.list[dr_names_find(&s->activities.codes, r.activity)].place;
    if (place == DR_PLACE_OUTSIDE)
        return DR_OK;
    DR_TRY(read_year(s, &year));
    if (j->import.options->year && year != j->import.options->year) {
        j->set.other_years++;
        return DR_OK;
    }
    DR_TRY(dr_account_region(&j->set, r.region, &region));
    if (region == DR_PLACE_UNKNOWN)
        return dr_names_add(&s->areas, r.region) >= 0 ? DR_OK : dr_fail_memory();
    if (!*dr_sdmx_code(&s->file, DR_SDMX_VALUE, value)) {
        j->empty++;
        return DR_OK;
    }
    DR_TRY(read_value(s, value, &number));
    return add_cell(s, &r, region, place, year, number);
}

static dr_status walk(sdmx *s, dr_status (*each)(sdmx *s))
{
    bool more = false;
    while (true) {
        DR_TRY(dr_sdmx_next(&s->file, &more));
        if (!more)
            return DR_OK;
        DR_TRY(each(s));
    }
}

static dr_status read_again(sdmx *s)
{
    bool is = false;
    dr_sdmx_close(&s->file);
    DR_TRY(dr_sdmx_open(&s->file, s->job->path, &is));
    return walk(s, take);
}

static void note_areas(dr_account_job *j, const dr_names *areas)
{
    char list[DR_NAMES_SIZE];
    if (areas->count)
        dr_import_find(j->import.report, 0, "regions", "", "left out", "areas that are no countries: %zu%s",
                       areas->count, dr_names_list(list, "; ", areas));
}

static dr_status read_all(sdmx *s)
{
    dr_account_job *j = s->job;
    bool rest_named = j->set.rest_named;
    DR_TRY(walk(s, look));
    DR_TRY(dr_activities_place(&s->activities, &j->set, j->path));
    DR_TRY(read_again(s));
    note_areas(j, &s->areas);
    j->set.rest_named = rest_named; /* the rest of the world is here what no other area is */
    return DR_OK;
}

dr_status dr_sdmx_accounts_read(dr_account_job *j, bool *is)
{
    sdmx s = {.job = j};
    dr_status status = dr_sdmx_open(&s.file, j->path, is);
    if (status == DR_OK && *is)
        status = read_all(&s);
    dr_sdmx_close(&s.file);
    dr_activities_free(&s.activities);
    dr_names_free(&s.measured);
    dr_names_free(&s.areas);
    return status;
}
