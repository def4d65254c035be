/* Tariffs as their publishers lay them out, and plain CSV. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/product_files.h"
#include "import/tariff_set.h"
#include "world/harmonized.h"
#include "world/tariff_csv.h"

/* A file under way. */
typedef struct reading {
    dr_tariff_set *set;
    dr_tariff_csv from;
    const char *path;
    size_t file;
    int year; /* of rows that say none */
} reading;

/* ---- Cells ---- */

static dr_status take_economy(reading *r, int role, int *actor)
{
    const dr_layout *layout = r->set->places.layout;
    const char *name = dr_tariff_text(&r->from, role);
    char hint[DR_HINT_SIZE];
    *actor = DR_ACTOR_OF_ALL;
    if (r->from.columns[role] < 0)
        return DR_OK;
    if (!dr_utf8(name))
        return dr_csv_fail(r->from.csv, r->from.columns[role], "not UTF-8 text");
    DR_TRY(dr_tariff_actor(r->set, name, actor));
    if (*actor == DR_ACTOR_OF_ALL && role == DR_TARIFF_IMPORTER)
        *actor = DR_NO_ACTOR;
    if (*actor != DR_NO_ACTOR)
        return DR_OK;
    if (r->from.format->plain)
        return dr_csv_fail(r->from.csv, r->from.columns[role],
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
        return dr_csv_fail(r->from.csv, r->from.columns[DR_TARIFF_SECTOR_NAME], "expected a sector, in UTF-8");
    DR_TRY(dr_tariff_sector(r->set, name, isic, code));
    *there = true;
    if (!r->from.format->plain || r->set->sector_of[*code - DR_TARIFF_SECTOR] >= 0)
        return DR_OK;
    return dr_csv_fail(r->from.csv, r->from.columns[DR_TARIFF_SECTOR_NAME],
                       "the world has no sector '%.60s'%s; --concordance maps other sectors to the world's", name,
                       dr_hint(hint, name, (const char *const *)layout->sectors.names, layout->sectors.count));
}

static dr_status take_goods(reading *r, uint64_t *code, bool *there)
{
    bool isic = r->from.format->isic, is_sector = r->from.columns[DR_TARIFF_SECTOR_NAME] >= 0;
    const char *product = dr_tariff_text(&r->from, DR_TARIFF_PRODUCT);
    if (r->from.columns[DR_TARIFF_EDITION] >= 0) {
        int edition = edition_of(dr_tariff_text(&r->from, DR_TARIFF_EDITION), &isic);
        if (r->set->edition == -1)
            r->set->edition = edition;
        else if (edition != r->set->edition)
            r->set->edition = DR_MIXED_EDITIONS;
    }
    if (is_sector || isic)
        return take_sector(r, is_sector ? dr_tariff_text(&r->from, DR_TARIFF_SECTOR_NAME) : product, isic, code, there);
    *there = dr_tariff_product(product, code);
    if (*there)
        return DR_OK;
    if (r->from.format->plain)
        return dr_csv_fail(r->from.csv, r->from.columns[DR_TARIFF_PRODUCT],
                           "'%.40s' is not a product; expected 2 to 10 digits of the Harmonized System", product);
    dr_unmatched_add(&r->set->codes, dr_utf8(product) ? product : "?");
    return DR_OK;
}

static dr_status take_rate(reading *r, double *rate, bool *there)
{
    DR_TRY(dr_tariff_rate(&r->from, rate, there));
    r->set->empty += !*there;
    return DR_OK;
}

/* The bulk files of WITS are of one duty each: those with a partner are of preferences. */
static dr_duty duty_of(const reading *r)
{
    static const char *const words[] = {
        [DR_DUTY_APPLIED] = "AHS", [DR_DUTY_PREFERENCE] = "PRF", [DR_DUTY_MFN] = "MFN", [DR_DUTY_OTHER] = NULL};
    const char *text = dr_tariff_text(&r->from, DR_TARIFF_DUTY);
    if (r->from.columns[DR_TARIFF_DUTY] < 0 && r->from.columns[DR_TARIFF_EDITION] >= 0)
        return r->from.columns[DR_TARIFF_EXPORTER] >= 0 ? DR_DUTY_PREFERENCE : DR_DUTY_MFN;
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
        dr_unmatched_add(&r->set->bound, dr_utf8(dr_tariff_text(&r->from, DR_TARIFF_DUTY))
                                             ? dr_tariff_text(&r->from, DR_TARIFF_DUTY)
                                             : "?");
        return DR_OK;
    }
    DR_TRY(take_economy(r, DR_TARIFF_IMPORTER, &importer));
    DR_TRY(take_economy(r, DR_TARIFF_EXPORTER, &exporter));
    DR_TRY(take_goods(r, &code, &goods));
    DR_TRY(take_rate(r, &rate, &there));
    DR_TRY(dr_tariff_days(&r->from, r->year, &row.since, &row.until));
    if (importer < 0 || exporter < 0 || !goods || !there)
        return DR_OK;
    row.code = code & (((uint64_t)1 << 40) - 1);
    row.file = (uint16_t)r->file;
    row.duty = (unsigned)duty & 3;
    row.once = r->from.format->plain;
    row.line = (unsigned)dr_csv_line(r->from.csv);
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
        DR_TRY(dr_csv_record(r->from.csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(take_row(r));
    }
}

/* MAcMap says the edition in the name of the column. */
static void take_edition(reading *r)
{
    char name[8] = "HS";
    int column = r->from.columns[DR_TARIFF_PRODUCT];
    const char *text = column >= 0 ? strchr(dr_csv_field(r->from.csv, (size_t)column), '_') : NULL;
    if (text && strlen(text) == 5) {
        snprintf(name, sizeof name, "HS%.2s", text + 3);
        r->set->edition = dr_hs_edition(name);
    }
}

static dr_status read_file(reading *r, const dr_import_options *options)
{
    DR_TRY(dr_tariff_csv_open(&r->from, r->path));
    take_edition(r);
    if (dr_tariff_date_column(&r->from) < 0)
        DR_TRY(dr_account_year_of(&r->set->places, r->path, options, &r->year));
    if (r->from.columns[DR_TARIFF_GENERAL] < 0)
        return read_rows(r);
    const int columns[] = {r->from.columns[DR_TARIFF_PRODUCT], r->from.columns[DR_TARIFF_GENERAL],
                           r->from.columns[DR_TARIFF_SPECIAL], r->from.columns[DR_TARIFF_COLUMN_TWO]};
    return dr_tariff_schedule_read(r->set, r->from.csv, r->file, columns, r->year);
}

dr_status dr_tariff_file_read(dr_tariff_set *set, size_t file, const dr_import_options *options)
{
    reading r = {.set = set, .path = set->files.names[file], .file = file};
    dr_status status = read_file(&r, options);
    dr_tariff_csv_close(&r.from);
    return status;
}
