/* dr_import_tariffs: files of tariffs into a world. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/stream.h"
#include "import/tariff_means.h"
#include "world/harmonized.h"
#include "world/rates.h"
#include "world/tariffs.h"

typedef struct job {
    dr_import_job import;
    dr_tariff_set set;
    int edition; /* of the products; -1: unknown */
} job;

/* The tariffs of a year on their way. */
typedef struct year {
    dr_tariff_table table;
    dr_tariff_means means;
    double *old; /* those that the world has, or NULL */
    size_t new, replaced;
} year;

/* ---- The report ---- */

static void note_unmatched(const job *j, const char *subject, const char *done, const dr_unmatched *unmatched,
                           const char *what)
{
    if (unmatched->count > 0)
        dr_import_find(j->import.report, 0, subject, "", done, "%s: %zu; the first is '%s'", what, unmatched->count,
                       unmatched->first);
}

/* Codes of the HS that are in no sector, each once. */
static void note_codes(const job *j, const year *y)
{
    size_t count = 0;
    const dr_tariff_entry *first = NULL;
    for (size_t i = 0; i < y->table.count; i++)
        if (y->table.entries[i].sector < 0) {
            first = first ? first : &y->table.entries[i];
            count++;
        }
    if (count == 0)
        return;
    if (first->code & DR_SECTOR_CODE)
        dr_import_find(j->import.report, y->table.year, "sectors", "", "left out",
                       "rates of sectors that the world does not have: %zu; the first is '%s'", count,
                       j->set.sectors.names[first->code - DR_SECTOR_CODE]);
    else
        dr_import_find(j->import.report, y->table.year, "products", "", "left out",
                       "rates on products that are in no sector: %zu; the first is %0*u", count, (int)(first->code % 8),
                       first->code / 8 /
                           (first->code % 8 == 2   ? 10000
                            : first->code % 8 == 4 ? 100
                                                   : 1));
}

static void note_set(const job *j)
{
    const dr_tariff_set *s = &j->set;
    note_unmatched(j, "economies", "left out", &s->economies,
                   "rows of economies or groups that are neither countries nor regions");
    note_unmatched(j, "products", "left out", &s->codes,
                   "rows of products that are no code of 2 to 10 digits, or of "
                   "special provisions");
    note_unmatched(j, "duties", "counted by their ad valorem part, if they have one", &s->duties,
                   "lines with duties by quantity or other words");
    note_unmatched(j, "programmes", "left out", &s->programmes,
                   "rates of programmes that are not for all goods of certain countries");
    note_unmatched(j, "duties", "left out", &s->bound, "rows of rates that are not applied");
    if (s->empty > 0)
        dr_import_find(j->import.report, 0, "cells", "", "left out", "rows without a rate: %zu", s->empty);
}

/* The editions of the Harmonized System, and the share of trade for which there is a rate. */
static void note_weights(const job *j, const year *y)
{
    const dr_tariff_means *m = &y->means;
    dr_table *report = j->import.report;
    bool reference = j->import.options->weights == DR_WEIGHTS_REFERENCE;
    if (m->flows_year == 0) {
        dr_import_find(report, y->table.year, "weights", "", "simple means", "each product counts the same");
        return;
    }
    dr_import_find(report, y->table.year, "weights", "", reference ? "reference weights" : "trade weights",
                   "the product flows of %d, of which, as far as they are imports of these importers, %.2f%% have a "
                   "rate; rates without trade, which are simple means: %zu of %zu",
                   m->flows_year, m->trade > 0 ? 100 * m->matched / m->trade : 0, y->new - m->by_weight, y->new);
    if (m->to >= 0)
        dr_import_find(report, y->table.year, "products", "", "carried over",
                       "product flows are in the edition %s, tariffs in %s", dr_hs_name(m->from), dr_hs_name(m->to));
    else if (m->from >= 0 && j->edition < 0)
        dr_import_find(report, y->table.year, "products", "", "nothing: --classification says another one",
                       "the edition of the tariffs is not known; it is taken to be that of the flows, %s",
                       dr_hs_name(m->from));
}

static void note_years(const job *j, const year *y)
{
    size_t count = 0, first = 0;
    for (size_t a = 0; a < j->set.actor_count; a++)
        if (y->table.of_year[a] > 0 && y->table.of_year[a] < y->table.year && count++ == 0)
            first = a;
    if (count == 0)
        return;
    const dr_actor *actor = &j->set.actors[first];
    const char *name = actor->kind == DR_ACTOR_COUNTRY ? j->set.places.countries->list[actor->index].name
                       : actor->kind == DR_ACTOR_GROUP ? j->set.roster.groups.names[actor->index]
                                                       : j->set.places.layout->regions.names[actor->index];
    dr_import_find(j->import.report, y->table.year, "years", "", "the latest before it are taken",
                   "importers without rates of this year: %zu; the first is %s, whose rates are of %d", count, name,
                   y->table.of_year[first]);
}

static void note_rates(const job *j, const year *y, const dr_odd_rates *odd, size_t importers, size_t above)
{
    const dr_layout *layout = j->set.places.layout;
    char text[DR_ODD_RATES_SIZE];
    dr_import_find(j->import.report, y->table.year, "tariffs", "",
                   y->replaced ? "imported, replacing the world's earlier ones" : "imported",
                   "%zu rates by importer, exporter and sector, %zu of them above zero, of importers: %zu of %zu%s",
                   y->new, above, importers, layout->regions.count,
                   importers < layout->regions.count ? "; the others have none here" : "");
    if (odd->subsidies > 0)
        dr_import_find(j->import.report, y->table.year, "rates", "", "nothing: used as they are",
                       "negative tariffs, which are import subsidies: %s",
                       dr_odd_rates_text(text, odd, false, &layout->regions, &layout->sectors));
    if (odd->high > 0)
        dr_import_find(j->import.report, y->table.year, "rates", "", "nothing: used as they are",
                       "tariffs above 100%%: %s",
                       dr_odd_rates_text(text, odd, true, &layout->regions, &layout->sectors));
}

/* ---- A year ---- */

/* New rates stand in place of old ones; others stay. */
static void merge(const job *j, year *y)
{
    const dr_layout *layout = j->set.places.layout;
    size_t regions = layout->regions.count, sectors = layout->sectors.count, importers = 0, above = 0, last = regions;
    dr_odd_rates odd = {0};
    for (size_t flow = 0; flow < regions * regions * sectors; flow++) {
        bool had = y->old && !isnan(y->old[flow]);
        if (isnan(y->means.rate[flow])) {
            y->means.rate[flow] = had ? y->old[flow] : NAN;
            continue;
        }
        y->new ++;
        y->replaced += had;
        above += y->means.rate[flow] > 0;
        importers += flow / sectors / regions != last;
        last = flow / sectors / regions;
        dr_odd_rates_add(&odd, flow, y->means.rate[flow]);
    }
    note_rates(j, y, &odd, importers, above);
}

static dr_status write_sources(job *j, int of)
{
    const dr_tariff_set *s = &j->set;
    dr_writer *writer = j->import.writer;
    writer->prefix = DR_TARIFF_PREFIX;
    for (size_t i = 0; i < s->files.count; i++)
        DR_TRY(dr_import_source_write(writer, &j->import.source, s->files.names[i], of));
    return DR_OK;
}

/* The year of the earliest rate. */
static int first_year(const dr_tariff_set *set)
{
    int first = INT_MAX;
    for (size_t i = 0; i < set->count; i++) {
        const dr_tariff_row *row = &set->rows[i];
        int since = row->until < 0 ? row->since : row->since / 10000;
        first = since < first ? since : first;
    }
    return first;
}

/* A table gets rates of its year or of earlier ones. */
static dr_status check_first(const job *j, int of)
{
    int first = first_year(&j->set);
    if (first <= of)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT,
                   "%s: the first rate is of %d, after the table of %d; expected rates of the year of a table, or of "
                   "earlier years with --year",
                   j->set.files.names[j->set.rows[0].file], first, of);
}

static dr_status fill_year(job *j, year *y, int of)
{
    DR_TRY(check_first(j, of));
    const dr_writer *writer = j->import.writer;
    DR_TRY(dr_tariff_table_new(&y->table, &j->set, of));
    DR_TRY(dr_tariff_means_new(&y->means, &y->table, &writer->duck, j->import.options->weights, j->edition));
    DR_TRY(dr_tariffs_stored(&y->old, writer, of));
    merge(j, y);
    if (y->new == 0)
        return dr_fail(DR_BAD_INPUT,
                       "none of the %zu rates of %d is on trade between regions of the world in one of "
                       "its sectors",
                       j->set.count, of);
    note_weights(j, y);
    note_years(j, y);
    note_codes(j, y);
    if (y->table.twice > 0)
        dr_import_find(j->import.report, of, "rows", "", "the lowest rate is taken",
                       "rows for goods that another row is for, too: %zu", y->table.twice);
    return dr_tariffs_write(j->import.writer, of, y->means.rate);
}

static dr_status import_year(job *j, int of)
{
    year y = {0};
    dr_status status = fill_year(j, &y, of);
    dr_tariff_table_free(&y.table);
    free(y.means.rate);
    free(y.old);
    return status == DR_OK ? write_sources(j, of) : status;
}

static dr_status has_table(const job *j, int of)
{
    const dr_account_set *places = &j->set.places;
    for (size_t i = 0; i < places->year_count; i++)
        if (places->years[i] == of)
            return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s: has no table of %d, to which tariffs could belong", j->import.to, of);
}

/* The year that is asked for; or each of which there are rates. */
static dr_status import_years(job *j)
{
    const dr_account_set *places = &j->set.places;
    bool any = false;
    if (j->import.options->year) {
        DR_TRY(has_table(j, j->import.options->year));
        return import_year(j, j->import.options->year);
    }
    for (size_t i = 0; i < places->year_count; i++)
        if (dr_tariff_has_year(&j->set, places->years[i])) {
            DR_TRY(import_year(j, places->years[i]));
            any = true;
        }
    if (any)
        return DR_OK;
    const int last = places->years[places->year_count - 1];
    DR_TRY(check_first(j, last));
    return dr_fail(DR_BAD_INPUT,
                   "%s: no rate is of a year of the world, whose last table is of %d (the first is of %d); --year %d "
                   "takes the latest rates up to that year",
                   j->set.files.names[j->set.rows[0].file], last, first_year(&j->set), last);
}

/* ---- Files ---- */

static dr_status take_path(job *j, const char *path)
{
    dr_names files = {0};
    dr_status status = dr_files_list(&files, path);
    for (size_t i = 0; i < files.count && status == DR_OK; i++) {
        int file = dr_names_add(&j->set.files, files.names[i]);
        if (file < 0)
            status = dr_fail_memory();
        else if (file > UINT16_MAX)
            status = dr_fail(DR_BAD_INPUT, "more than %d files of tariffs", UINT16_MAX);
        else
            status = dr_tariff_file_read(&j->set, (size_t)file, j->import.options);
    }
    dr_names_free(&files);
    return status;
}

static dr_status find_edition(job *j)
{
    const char *given = j->import.options->classification;
    j->edition = given ? dr_hs_edition(given) : j->set.edition;
    if (given && j->edition < 0)
        return dr_fail(DR_BAD_INPUT,
                       "'%.40s' is not an edition of the Harmonized System; expected HS92, HS96, HS02, "
                       "HS07, HS12, HS17 or HS22",
                       given);
    return DR_OK;
}

static dr_status import_files(job *j, const char *const *files, size_t count)
{
    dr_import_job *import = &j->import;
    DR_TRY(dr_writer_open(&import->writer, import->to));
    if (import->writer->layout.regions.count == 0 || import->writer->layout.is_long)
        return dr_fail(DR_BAD_INPUT, "%s: %s", import->to,
                       import->writer->layout.is_long
                           ? "is in the long format, whose tariffs are the column 'tariff' of its flows; other tariffs "
                             "would not fit its inputs and final demand"
                           : "has no tables, to whose flows tariffs could belong; import a table first");
    DR_TRY(dr_tariff_set_new(&j->set, import->writer, import->options->concordance));
    for (size_t i = 0; i < count; i++) {
        if (import->options->progress)
            import->options->progress(files[i], i, count, import->options->user);
        DR_TRY(take_path(j, files[i]));
    }
    DR_TRY(find_edition(j));
    if (j->set.count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: no rate in it that can be used%s%s%s", files[0],
                       j->set.economies.count ? "; no economy is known, the first is '" : "", j->set.economies.first,
                       j->set.economies.count ? "'" : "");
    DR_TRY(dr_tariff_sort(&j->set));
    DR_TRY(import_years(j));
    note_set(j);
    DR_TRY(dr_table_done(import->report));
    DR_TRY(dr_writer_findings(import->writer, import->report));
    return dr_tariffs_keep_last(import->writer);
}

dr_status dr_import_tariffs(dr_table **report, const char *const *files, size_t count, const char *to,
                            const dr_import_options *options)
{
    dr_import_options whole;
    job j = {0};
    DR_TRY(DR_GIVEN(to));
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    dr_status status = dr_import_begin_beside(&j.import, __func__, "tariffs", files, count, to, &whole);
    if (status == DR_OK)
        status = import_files(&j, files, count);
    dr_tariff_set_free(&j.set);
    return dr_import_end(&j.import, status, report);
}
