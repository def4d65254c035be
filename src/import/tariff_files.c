/* Tariffs as their publishers lay them out, and plain CSV. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/product_files.h"
#include "import/tariff_formats.h"
#include "import/tariff_set.h"
#include "world/harmonized.h"
#include "world/tariffs.h"

const dr_tariff_format dr_tariff_formats[] = {
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
const size_t dr_tariff_format_count = sizeof dr_tariff_formats / sizeof *dr_tariff_formats;

/* A file under way. */
typedef struct reading {
    dr_tariff_set *set;
    dr_csv *csv;
    const dr_tariff_format *format;
    const char *path;
    size_t file;
    int columns[DR_TARIFF_ROLES]; /* -1: not there */
    int year;                     /* of rows that say none */
} reading;

/* ---- Columns ---- */

/* The first column that has one of the names, in their order; -1: none. */
static int find_column(const dr_csv *csv, const char *names)
{
    char name[64];
    for (const char *at = names + (*names == '?'); *at; at += strspn(at, "|")) {
        size_t size = strcspn(at, "|");
        snprintf(name, sizeof name, "%.*s", (int)size, at);
        for (size_t i = 0; i < dr_csv_fields(csv); i++)
            if (dr_column_is(name, dr_csv_field(csv, i)))
                return (int)i;
        at += size;
    }
    return -1;
}

/* False: a column that the format needs is not there. */
static bool find_columns(reading *r, const dr_tariff_format *format)
{
    bool all = true;
    for (size_t role = 0; role < DR_TARIFF_ROLES; role++) {
        const char *names = format->columns[role];
        r->columns[role] = names ? find_column(r->csv, names) : -1;
        all = all && (!names || *names == '?' || r->columns[role] >= 0);
    }
    r->format = format;
    return all;
}

static bool is_role(const reading *r, int column)
{
    for (size_t role = 0; role < DR_TARIFF_ROLES; role++)
        if (r->columns[role] == column)
            return true;
    return false;
}

/* A column that is not known may be a misspelt one. */
static dr_status check_plain(const reading *r)
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

/* ---- Cells ---- */

static const char *text_of(const reading *r, int role)
{
    return r->columns[role] < 0 ? "" : dr_csv_field(r->csv, (size_t)r->columns[role]);
}

static dr_status take_economy(reading *r, int role, int *actor)
{
    const dr_layout *layout = r->set->places.layout;
    const char *name = text_of(r, role);
    char hint[DR_HINT_SIZE];
    *actor = DR_ACTOR_OF_ALL;
    if (r->columns[role] < 0)
        return DR_OK;
    if (!dr_utf8(name))
        return dr_csv_fail(r->csv, r->columns[role], "not UTF-8 text");
    DR_TRY(dr_tariff_actor(r->set, name, actor));
    if (*actor == DR_ACTOR_OF_ALL && role == DR_TARIFF_IMPORTER)
        *actor = DR_NO_ACTOR;
    if (*actor != DR_NO_ACTOR)
        return DR_OK;
    if (r->format->plain)
        return dr_csv_fail(r->csv, r->columns[role],
                           "'%.60s' is neither a country, a group nor a region of the world%s", name,
                           dr_hint(hint, name, (const char *const *)layout->regions.names, layout->regions.count));
    dr_unmatched_add(&r->set->economies, name);
    return DR_OK;
}

/* The edition in a nomenclature of WITS: H3 is HS07. *isic: it is ISIC Rev. 3. */
static int edition_of(const char *text, bool *isic)
{
    *isic = strcasecmp(text, "I3") == 0;
    return (*text == 'H' || *text == 'h') && text[1] >= '0' && text[1] <= '6' && !text[2] ? text[1] - '0' : -1;
}

static dr_status take_sector(reading *r, const char *name, bool isic, uint64_t *code, bool *there)
{
    const dr_layout *layout = r->set->places.layout;
    char hint[DR_HINT_SIZE];
    if (!*name || !dr_utf8(name))
        return dr_csv_fail(r->csv, r->columns[DR_TARIFF_SECTOR_NAME], "expected a sector, in UTF-8");
    DR_TRY(dr_tariff_sector(r->set, name, isic, code));
    *there = true;
    if (!r->format->plain || r->set->sector_of[*code - DR_TARIFF_SECTOR] >= 0)
        return DR_OK;
    return dr_csv_fail(r->csv, r->columns[DR_TARIFF_SECTOR_NAME],
                       "the world has no sector '%.60s'%s; --concordance maps other sectors to the world's", name,
                       dr_hint(hint, name, (const char *const *)layout->sectors.names, layout->sectors.count));
}

static dr_status take_goods(reading *r, uint64_t *code, bool *there)
{
    bool isic = r->format->isic, is_sector = r->columns[DR_TARIFF_SECTOR_NAME] >= 0;
    const char *product = text_of(r, DR_TARIFF_PRODUCT);
    if (r->columns[DR_TARIFF_EDITION] >= 0) {
        int edition = edition_of(text_of(r, DR_TARIFF_EDITION), &isic);
        if (r->set->edition == -1)
            r->set->edition = edition;
        else if (edition != r->set->edition)
            r->set->edition = DR_MIXED_EDITIONS;
    }
    if (is_sector || isic)
        return take_sector(r, is_sector ? text_of(r, DR_TARIFF_SECTOR_NAME) : product, isic, code, there);
    *there = dr_tariff_product(product, code);
    if (*there)
        return DR_OK;
    if (r->format->plain)
        return dr_csv_fail(r->csv, r->columns[DR_TARIFF_PRODUCT],
                           "'%.40s' is not a product; expected 2 to 10 digits of the Harmonized System", product);
    dr_unmatched_add(&r->set->codes, dr_utf8(product) ? product : "?");
    return DR_OK;
}

/* Publishers leave cells empty or write negative numbers where they have no rate. */
static dr_status take_rate(reading *r, double *rate, bool *there)
{
    const dr_tariff_format *f = r->format;
    int column = r->columns[DR_TARIFF_RATE] >= 0      ? r->columns[DR_TARIFF_RATE]
                 : r->columns[DR_TARIFF_PERCENT] >= 0 ? r->columns[DR_TARIFF_PERCENT]
                                                      : r->columns[DR_TARIFF_SHARE];
    const char *text = dr_csv_field(r->csv, (size_t)column);
    bool is_rate = r->columns[DR_TARIFF_RATE] >= 0, in_percent = r->columns[DR_TARIFF_PERCENT] >= 0;
    *there = *text != '\0';
    if (is_rate && *there && dr_parse_rate(text, rate) != DR_OK)
        return dr_csv_fail(r->csv, column, "%s", dr_error_text());
    if (!is_rate && *there)
        DR_TRY(dr_csv_number(r->csv, (size_t)column, rate));
    if (*there && in_percent)
        *rate /= 100;
    *there = *there && (f->plain || *rate >= 0);
    r->set->empty += !*there;
    if (*there && !(*rate > -1 && *rate <= DR_HIGHEST_TARIFF))
        return dr_csv_fail(r->csv, column, "a tariff of %g%%; expected more than -100%% and at most %g%%", 100 * *rate,
                           100 * DR_HIGHEST_TARIFF);
    return DR_OK;
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

static dr_status take_day(const reading *r, int role, int *day)
{
    const char *text = text_of(r, role);
    if (*text && !read_day(text, role == DR_TARIFF_TO, day))
        return dr_csv_fail(r->csv, r->columns[role], "'%.20s' is not a day; expected one such as 2018-07-06", text);
    return DR_OK;
}

static dr_status take_time(const reading *r, dr_tariff_row *row)
{
    int since = 10101, until = 0;
    if (r->columns[DR_TARIFF_FROM] >= 0 || r->columns[DR_TARIFF_TO] >= 0) {
        DR_TRY(take_day(r, DR_TARIFF_FROM, &since));
        DR_TRY(take_day(r, DR_TARIFF_TO, &until));
        if (until && until < since)
            return dr_csv_fail(r->csv, r->columns[DR_TARIFF_TO], "the last day is before the first");
        row->since = since;
        row->until = until;
        return DR_OK;
    }
    double year = r->year;
    if (r->columns[DR_TARIFF_YEAR] >= 0)
        DR_TRY(dr_csv_number(r->csv, (size_t)r->columns[DR_TARIFF_YEAR], &year));
    if (year != (int)year || year < 1 || year > 9999)
        return dr_csv_fail(r->csv, r->columns[DR_TARIFF_YEAR], "'%.20s' is not a year", text_of(r, DR_TARIFF_YEAR));
    row->since = (int)year;
    row->until = -1;
    return DR_OK;
}

/* The bulk files of WITS are of one duty each: those with a partner are of preferences. */
static dr_duty duty_of(const reading *r)
{
    static const char *const words[] = {
        [DR_DUTY_APPLIED] = "AHS", [DR_DUTY_PREFERENCE] = "PRF", [DR_DUTY_MFN] = "MFN", [DR_DUTY_OTHER] = NULL};
    const char *text = text_of(r, DR_TARIFF_DUTY);
    if (r->columns[DR_TARIFF_DUTY] < 0 && r->columns[DR_TARIFF_EDITION] >= 0)
        return r->columns[DR_TARIFF_EXPORTER] >= 0 ? DR_DUTY_PREFERENCE : DR_DUTY_MFN;
    int duty = DR_DUTY_APPLIED;
    while (*text && words[duty] && strcasecmp(words[duty], text) != 0)
        duty++;
    return (dr_duty)duty;
}

static dr_status take_row(reading *r)
{
    dr_tariff_row row = {0};
    int importer = 0, exporter = 0;
    uint64_t code = 0;
    double rate = 0;
    bool goods = false, there = false;
    dr_duty duty = duty_of(r);
    if (duty == DR_DUTY_OTHER) {
        dr_unmatched_add(&r->set->bound, dr_utf8(text_of(r, DR_TARIFF_DUTY)) ? text_of(r, DR_TARIFF_DUTY) : "?");
        return DR_OK;
    }
    DR_TRY(take_economy(r, DR_TARIFF_IMPORTER, &importer));
    DR_TRY(take_economy(r, DR_TARIFF_EXPORTER, &exporter));
    DR_TRY(take_goods(r, &code, &goods));
    DR_TRY(take_rate(r, &rate, &there));
    DR_TRY(take_time(r, &row));
    if (importer < 0 || exporter < 0 || !goods || !there)
        return DR_OK;
    row.code = code & (((uint64_t)1 << 40) - 1);
    row.file = (uint16_t)r->file;
    row.duty = (unsigned)duty & 3;
    row.once = r->format->plain;
    row.line = (unsigned)dr_csv_line(r->csv);
    row.importer = (unsigned short)importer;
    row.exporter = (unsigned short)exporter;
    row.rate = rate;
    return dr_tariff_add(r->set, &row);
}

/* ---- A file ---- */

static dr_status read_rows(reading *r)
{
    bool more = false;
    while (true) {
        DR_TRY(dr_csv_record(r->csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(take_row(r));
    }
}

/* MAcMap says the edition in the name of the column. */
static void take_edition(reading *r)
{
    char name[8] = "HS";
    int column = r->columns[DR_TARIFF_PRODUCT];
    const char *text = column >= 0 ? strchr(dr_csv_field(r->csv, (size_t)column), '_') : NULL;
    if (text && strlen(text) == 5) {
        snprintf(name, sizeof name, "HS%.2s", text + 3);
        r->set->edition = dr_hs_edition(name);
    }
}

static dr_status read_file(reading *r, const dr_import_options *options)
{
    int none[1];
    size_t i = 0;
    DR_TRY(dr_csv_header(r->csv, NULL, 0, none));
    while (i + 1 < dr_tariff_format_count && !find_columns(r, &dr_tariff_formats[i]))
        i++;
    if (i + 1 == dr_tariff_format_count) {
        find_columns(r, &dr_tariff_formats[i]);
        DR_TRY(check_plain(r));
    }
    take_edition(r);
    bool says = r->columns[DR_TARIFF_YEAR] >= 0 || r->columns[DR_TARIFF_FROM] >= 0 || r->columns[DR_TARIFF_TO] >= 0;
    if (!says)
        DR_TRY(dr_account_year_of(&r->set->places, r->path, options, &r->year));
    if (r->columns[DR_TARIFF_GENERAL] < 0)
        return read_rows(r);
    const int columns[] = {r->columns[DR_TARIFF_PRODUCT], r->columns[DR_TARIFF_GENERAL], r->columns[DR_TARIFF_SPECIAL],
                           r->columns[DR_TARIFF_COLUMN_TWO]};
    return dr_tariff_schedule_read(r->set, r->csv, r->file, columns, r->year);
}

dr_status dr_tariff_file_read(dr_tariff_set *set, size_t file, const dr_import_options *options)
{
    reading r = {.set = set, .path = set->files.names[file], .file = file};
    DR_TRY(dr_csv_open(&r.csv, r.path));
    dr_status status = read_file(&r, options);
    dr_csv_close(r.csv);
    return status;
}
