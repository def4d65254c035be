#include "world/tariff_csv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/column.h"

/* In the order of recognition. */
static const dr_tariff_format formats[] = {
    {.name = "WITS",
     .columns = {[DR_TARIFF_IMPORTER] = "reporter|reporterison",
                 [DR_TARIFF_EXPORTER] = "?partner",
                 [DR_TARIFF_PRODUCT] = "product|productcode",
                 [DR_TARIFF_PERCENT] = "simpleaverage",
                 [DR_TARIFF_YEAR] = "tariffyear|year",
                 [DR_TARIFF_DUTY] = "?dutytype",
                 [DR_TARIFF_EDITION] = "?selectednomen|nomencode|nativenomen"}},
    {.name = "MAcMap-HS6",
     .columns = {[DR_TARIFF_IMPORTER] = "importer",
                 [DR_TARIFF_EXPORTER] = "exporter",
                 [DR_TARIFF_PRODUCT] = "hs62007|hs62002|hs62012|hs62017|hs62022|hs61996|hs6",
                 [DR_TARIFF_SHARE] = "adv",
                 [DR_TARIFF_YEAR] = "?year"}},
    {.name = "the Global Tariff Database",
     .columns = {[DR_TARIFF_IMPORTER] = "iso1",
                 [DR_TARIFF_EXPORTER] = "iso2",
                 [DR_TARIFF_SECTOR_NAME] = "sector",
                 [DR_TARIFF_PERCENT] = "tariff",
                 [DR_TARIFF_YEAR] = "year"},
     .isic = true},
    {.name = "the Harmonized Tariff Schedule of the United States",
     .columns = {[DR_TARIFF_PRODUCT] = "htsnumber|htsno",
                 [DR_TARIFF_GENERAL] = "generalrateofduty|general",
                 [DR_TARIFF_SPECIAL] = "?specialrateofduty|special",
                 [DR_TARIFF_COLUMN_TWO] = "?column2rateofduty|other"}},
    {.name = "plain CSV",
     .columns = {[DR_TARIFF_IMPORTER] = "importer",
                 [DR_TARIFF_EXPORTER] = "?exporter",
                 [DR_TARIFF_PRODUCT] = "?product|hs|hs2|hs4|hs6|hs8|hs10|hts8|hts10",
                 [DR_TARIFF_SECTOR_NAME] = "?sector",
                 [DR_TARIFF_RATE] = "?tariff",
                 [DR_TARIFF_PERCENT] = "?tariffpct|tariffpercent",
                 [DR_TARIFF_YEAR] = "?year",
                 [DR_TARIFF_FROM] = "?from",
                 [DR_TARIFF_TO] = "?to"},
     .plain = true},
};
enum { FORMATS = sizeof formats / sizeof *formats };

/* ---- Columns ---- */

/* False: a column that the format needs is not there. */
static bool find_columns(dr_tariff_csv *r, const dr_tariff_format *format)
{
    bool all = true;
    for (size_t role = 0; role < DR_TARIFF_ROLES; role++) {
        const char *names = format->columns[role];
        r->columns[role] = names ? dr_csv_column(r->csv, names) : -1;
        all = all && (!names || *names == '?' || r->columns[role] >= 0);
    }
    r->format = format;
    return all;
}

static bool is_role(const dr_tariff_csv *r, int column)
{
    for (size_t role = 0; role < DR_TARIFF_ROLES; role++)
        if (r->columns[role] == column)
            return true;
    return false;
}

/* A column that is not known may be a misspelt one. */
static dr_status check_plain(const dr_tariff_csv *r)
{
    static const char *const known[] = {"importer",   "exporter", "product", "sector", "tariff",
                                        "tariff_pct", "year",     "from",    "to"};
    char hint[DR_HINT_SIZE];
    const int *c = r->columns;
    for (size_t i = 0; i < dr_csv_fields(r->csv); i++)
        if (!is_role(r, (int)i))
            return dr_csv_fail(
                r->csv, (int)i,
                "the column '%.60s' is not known; expected importer, exporter, product or sector, tariff "
                "or tariff_pct, and optionally year, or from and to%s",
                dr_csv_field(r->csv, i), dr_hint(hint, dr_csv_field(r->csv, i), known, sizeof known / sizeof *known));
    if (c[DR_TARIFF_IMPORTER] < 0)
        return dr_csv_fail(r->csv, -1, "a column 'importer' is missing");
    if ((c[DR_TARIFF_PRODUCT] < 0) == (c[DR_TARIFF_SECTOR_NAME] < 0))
        return dr_csv_fail(r->csv, -1, "expected a column 'product' or a column 'sector'");
    if ((c[DR_TARIFF_RATE] < 0) == (c[DR_TARIFF_PERCENT] < 0))
        return dr_csv_fail(r->csv, -1, "expected a column 'tariff' or a column 'tariff_pct'");
    if (c[DR_TARIFF_YEAR] >= 0 && (c[DR_TARIFF_FROM] >= 0 || c[DR_TARIFF_TO] >= 0))
        return dr_csv_fail(r->csv, -1, "expected a column 'year', or columns 'from' and 'to', not both");
    return DR_OK;
}

static dr_status find_layout(dr_tariff_csv *r)
{
    size_t i = 0;
    DR_TRY(dr_csv_header(r->csv, NULL, 0, NULL));
    while (!find_columns(r, &formats[i]) && i + 1 < FORMATS)
        i++;
    return r->format->plain ? check_plain(r) : DR_OK;
}

dr_status dr_tariff_csv_open(dr_tariff_csv *file, const char *path)
{
    *file = (dr_tariff_csv){0};
    DR_TRY(dr_csv_open(&file->csv, path));
    return find_layout(file);
}

void dr_tariff_csv_close(dr_tariff_csv *file)
{
    dr_csv_close(file->csv);
    *file = (dr_tariff_csv){0};
}

/* ---- Cells ---- */

const char *dr_tariff_text(const dr_tariff_csv *r, int role)
{
    return r->columns[role] < 0 ? "" : dr_csv_field(r->csv, (size_t)r->columns[role]);
}

int dr_tariff_rate_column(const dr_tariff_csv *r)
{
    return r->columns[DR_TARIFF_RATE] >= 0      ? r->columns[DR_TARIFF_RATE]
           : r->columns[DR_TARIFF_PERCENT] >= 0 ? r->columns[DR_TARIFF_PERCENT]
                                                : r->columns[DR_TARIFF_SHARE];
}

/* Publishers leave cells empty or write negative numbers where they have no rate. */
dr_status dr_tariff_rate(const dr_tariff_csv *r, double *rate, bool *there)
{
    int column = dr_tariff_rate_column(r);
    const char *text = dr_csv_field(r->csv, (size_t)column);
    bool is_rate = r->columns[DR_TARIFF_RATE] >= 0, in_percent = r->columns[DR_TARIFF_PERCENT] >= 0;
    *there = *text != '\0';
    if (is_rate && *there && dr_parse_rate(text, rate) != DR_OK)
        return dr_csv_fail(r->csv, column, "%s", dr_error_text());
    if (!is_rate && *there)
        DR_TRY(dr_csv_number(r->csv, (size_t)column, rate));
    if (*there && in_percent)
        *rate /= 100;
    *there = *there && (r->format->plain || *rate >= 0);
    if (*there && !(*rate > -1 && *rate <= DR_HIGHEST_TARIFF))
        return dr_csv_fail(r->csv, column, "a tariff of %g%%; expected more than -100%% and at most %g%%", 100 * *rate,
                           100 * DR_HIGHEST_TARIFF);
    return DR_OK;
}

int dr_tariff_date_column(const dr_tariff_csv *r)
{
    static const int roles[] = {DR_TARIFF_YEAR, DR_TARIFF_FROM, DR_TARIFF_TO};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (r->columns[roles[i]] >= 0)
            return r->columns[roles[i]];
    return -1;
}

/* A day as 20180706: the first or, at the end of a period, the last one of a year or a month. */
static bool read_day(const char *text, bool last, int *day)
{
    int part[3] = {0, last ? 12 : 1, last ? 31 : 1};
    size_t length = strlen(text);
    if (length != 4 && length != 7 && length != 10)
        return false;
    for (size_t i = 0; i < length; i++)
        if (i == 4 || i == 7 ? text[i] != '-' : !isdigit((unsigned char)text[i]))
            return false;
    for (size_t i = 0; i < 3 && length >= (size_t[]){4, 7, 10}[i]; i++)
        part[i] = (int)strtol(text + (size_t[]){0, 5, 8}[i], NULL, 10);
    int most = part[1] == 2 ? 28 + (part[0] % 4 == 0 && (part[0] % 100 != 0 || part[0] % 400 == 0))
               : part[1] == 4 || part[1] == 6 || part[1] == 9 || part[1] == 11 ? 30
                                                                               : 31;
    if (length < 10 && last)
        part[2] = most;
    *day = part[0] * 10000 + part[1] * 100 + part[2];
    return part[0] > 0 && part[1] >= 1 && part[1] <= 12 && part[2] >= 1 && part[2] <= most;
}

static dr_status take_day(const dr_tariff_csv *r, int role, int *day)
{
    const char *text = dr_tariff_text(r, role);
    if (*text && !read_day(text, role == DR_TARIFF_TO, day))
        return dr_csv_fail(r->csv, r->columns[role], "'%.20s' is not a day; expected one such as 2018-07-06", text);
    return DR_OK;
}

dr_status dr_tariff_days(const dr_tariff_csv *r, int year, int *since, int *until)
{
    double said = year;
    *since = 10101;
    *until = 0;
    if (r->columns[DR_TARIFF_FROM] >= 0 || r->columns[DR_TARIFF_TO] >= 0) {
        DR_TRY(take_day(r, DR_TARIFF_FROM, since));
        DR_TRY(take_day(r, DR_TARIFF_TO, until));
        if (*until && *until < *since)
            return dr_csv_fail(r->csv, r->columns[DR_TARIFF_TO], "the last day is before the first");
        return DR_OK;
    }
    if (r->columns[DR_TARIFF_YEAR] >= 0)
        DR_TRY(dr_csv_number(r->csv, (size_t)r->columns[DR_TARIFF_YEAR], &said));
    if (said != (int)said || said < 1 || said > 9999)
        return dr_csv_fail(r->csv, r->columns[DR_TARIFF_YEAR], "'%.20s' is not a year",
                           dr_tariff_text(r, DR_TARIFF_YEAR));
    *since = (int)said;
    *until = -1;
    return DR_OK;
}
