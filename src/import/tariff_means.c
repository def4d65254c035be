/* Formulas. Let t[c,j,p] be the tariff of country c on product p from j, C(n) the countries of region n, and P(s) the
 * products of sector s that have a rate.
 *
 *   simple     t[n,i,s] = sum over c in C(n), j in C(i), p in P(s) of t[c,j,p], divided by their number
 *   trade      t[n,i,s] = sum of w[c,j,p] t[c,j,p] / sum of w[c,j,p], w the imports of p by c from j
 *   reference  the same, w the imports of p from j by all economies but c
 *
 * Imports as weights give little weight to the products that a tariff keeps out; those of others do not depend on the
 * tariff itself. Bouet, Decreux, Fontagne, Jean and Laborde (2008), Review of International Economics 16(5), take
 * importers that are like c; here they are all others. */
#include "import/tariff_means.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "import/import_sql.h"
#include "world/flows.h"
#include "world/world_sql.h"

typedef struct job {
    dr_tariff_means *means;
    dr_tariff_table *table;
    size_t regions, sectors;
    double *sum, *count; /* [n, i, s]: of simple means */
    double *weighted, *weight;
    size_t *list, *last; /* slices of a pair, and those that the vectors below are of */
    size_t last_count;
    double *of_sum, *of_count; /* [s] */
    dr_flows flows;
    int *member; /* [economy of the flows]: of the table, -1: none */
} job;

static double *cells_of(const job *j, double *array, const dr_tariff_member *c, const dr_tariff_member *e)
{
    return array + (c->region * j->regions + e->region) * j->sectors;
}

/* ---- Simple means ---- */

/* Adds the rates of the pair's slices up by sector. A code that an earlier slice has counts there; a shorter one there
 * says the rate. */
static void add_slices(job *j, size_t count)
{
    const dr_tariff_table *t = j->table;
    memset(j->of_sum, 0, j->sectors * sizeof *j->of_sum);
    memset(j->of_count, 0, j->sectors * sizeof *j->of_count);
    for (size_t a = 0; a < count; a++)
        for (size_t k = 0; k < t->slices[j->list[a]].count; k++) {
            const dr_tariff_entry *entry = &t->entries[t->slices[j->list[a]].start + k];
            double rate = entry->rate;
            if (entry->sector < 0 || dr_tariff_has(t, j->list, a, entry->code))
                continue;
            dr_tariff_find(t, j->list, a, entry->code, &rate);
            j->of_sum[entry->sector] += rate;
            j->of_count[entry->sector]++;
        }
    memcpy(j->last, j->list, count * sizeof *j->list);
    j->last_count = count;
}

static void add_pair(job *j, const dr_tariff_member *importer, const dr_tariff_member *exporter)
{
    if (importer->region == exporter->region)
        return;
    size_t count = dr_tariff_slices(j->table, importer, exporter, j->list);
    if (count == 0)
        return;
    if (count != j->last_count || memcmp(j->list, j->last, count * sizeof *j->list) != 0)
        add_slices(j, count);
    double *sum = cells_of(j, j->sum, importer, exporter), *number = cells_of(j, j->count, importer, exporter);
    for (size_t s = 0; s < j->sectors; s++) {
        sum[s] += j->of_sum[s];
        number[s] += j->of_count[s];
    }
}

static void add_pairs(job *j)
{
    const dr_tariff_table *t = j->table;
    for (size_t a = 0; a < t->member_count; a++)
        for (size_t b = 0; b < t->member_count; b++)
            if (a != b)
                add_pair(j, &t->members[a], &t->members[b]);
}

/* ---- Weights ---- */

static void add_weight(job *j, const dr_tariff_member *importer, const dr_tariff_member *exporter, unsigned code,
                       int sector, double weight)
{
    double rate = 0;
    size_t count = dr_tariff_slices(j->table, importer, exporter, j->list);
    j->means->trade += weight;
    if (!dr_tariff_find(j->table, j->list, count, code, &rate))
        return;
    j->means->matched += weight;
    cells_of(j, j->weighted, importer, exporter)[sector] += weight * rate;
    cells_of(j, j->weight, importer, exporter)[sector] += weight;
}

/* The two members of a flow between regions, of which the importer has rates; false: it is none. */
static bool find_pair(const job *j, int importer, int exporter, const dr_tariff_member **c, const dr_tariff_member **e)
{
    const dr_tariff_table *t = j->table;
    if (importer < 0 || exporter < 0 || t->members[importer].region == t->members[exporter].region)
        return false;
    *c = &t->members[importer];
    *e = &t->members[exporter];
    for (size_t a = 0; a < (*c)->count; a++)
        if (t->has[(*c)->as[a]])
            return true;
    return false;
}

static void add_trade(job *j, size_t product, unsigned code, int sector)
{
    const dr_flows *f = &j->flows;
    const dr_tariff_member *c, *e;
    for (size_t row = f->start[product]; row < f->start[product + 1]; row++)
        if (find_pair(j, j->member[f->importer[row]], j->member[f->exporter[row]], &c, &e))
            add_weight(j, c, e, code, sector, f->value[row]);
}

/* own[c, j] and all[j] are zero before and after. */
static void add_reference(job *j, size_t product, unsigned code, int sector, double *own, double *all)
{
    const dr_flows *f = &j->flows;
    const dr_tariff_member *c, *e;
    size_t economies = f->regions.count;
    for (size_t row = f->start[product]; row < f->start[product + 1]; row++) {
        own[f->importer[row] * economies + f->exporter[row]] += f->value[row];
        all[f->exporter[row]] += f->value[row];
    }
    for (size_t a = 0; a < economies; a++)
        for (size_t b = 0; b < economies; b++) {
            double others = all[b] - own[a * economies + b];
            if (others > 0 && find_pair(j, j->member[a], j->member[b], &c, &e))
                add_weight(j, c, e, code, sector, others);
        }
    for (size_t row = f->start[product]; row < f->start[product + 1]; row++)
        own[f->importer[row] * economies + f->exporter[row]] = all[f->exporter[row]] = 0;
}

static dr_status add_products(job *j, bool reference)
{
    size_t economies = j->flows.regions.count;
    double *own = dr_new_doubles(reference ? economies * economies : 1), *all = dr_new_doubles(economies + 1);
    dr_status status = own && all ? DR_OK : dr_fail_memory();
    for (size_t k = 0; k < j->flows.products.count && status == DR_OK; k++) {
        uint64_t code = 0;
        int sector = -1;
        if (!dr_tariff_product(j->flows.products.names[k], &code))
            continue;
        status = dr_tariff_sector_of(j->table, dr_tariff_short(code), &sector);
        if (status != DR_OK || sector < 0)
            continue;
        if (reference)
            add_reference(j, k, dr_tariff_short(code), sector, own, all);
        else
            add_trade(j, k, dr_tariff_short(code), sector);
    }
    free(own);
    free(all);
    return status;
}

/* ---- Flows ---- */

static dr_status find_members(job *j)
{
    j->member = dr_new(j->flows.regions.count + 1, sizeof *j->member);
    if (!j->member)
        return dr_fail_memory();
    for (size_t i = 0; i < j->flows.regions.count; i++) {
        j->member[i] = -1;
        for (size_t m = 0; m < j->table->member_count && j->member[i] < 0; m++)
            if (strcmp(j->table->members[m].country, j->flows.regions.names[i]) == 0)
                j->member[i] = (int)m;
    }
    return DR_OK;
}

/* Codes of the flows become those of the tariffs; goods of a code that several take are divided equally. */
static dr_status carry_flows(job *j, int edition)
{
    dr_tariff_means *m = j->means;
    dr_hs_changes *changes = NULL;
    dr_flows_moved moved;
    const dr_flows none = {0};
    if (edition < 0 || m->from < 0 || m->from == edition)
        return DR_OK;
    m->to = edition;
    DR_TRY(dr_hs_changes_read(&changes, m->from, edition));
    dr_status status = dr_flows_convert(&j->flows, &moved, changes, &none);
    dr_hs_changes_free(changes);
    return status;
}

/* The nearest year of product flows; 0: the world has none. */
static dr_status find_year(job *j, const dr_duck *duck)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool there = false, more = false;
    DR_TRY(dr_sql_any(&there, duck, dr_world_sql.contents.has_table, DR_VALUES(dr_sql_text("table", "product_year"))));
    if (!there)
        return DR_OK;
    dr_status status = dr_sql_open(&cursor, duck, dr_import_sql.tariffs.nearest_flows,
                                   DR_VALUES(dr_sql_integer("year", j->table->year)));
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    if (status == DR_OK && more) {
        const char *classification = dr_cursor_text(&cursor, 1, &texts);
        j->means->flows_year = (int)dr_cursor_index(&cursor, 0);
        j->means->from = classification ? dr_hs_edition_of(classification, j->means->flows_year) : -1;
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

static dr_status weigh(job *j, const dr_duck *duck, dr_tariff_weights weights, int edition)
{
    if (weights == DR_WEIGHTS_SIMPLE)
        return DR_OK;
    DR_TRY(find_year(j, duck));
    if (j->means->flows_year == 0 && weights == DR_WEIGHTS_USUAL)
        return DR_OK;
    if (j->means->flows_year == 0)
        return dr_fail(DR_BAD_INPUT,
                       "the world has no product flows, which are the weights '%s'; 'derisk import baci', "
                       "'comtrade' or 'comext' reads them, and simple means need none",
                       weights == DR_WEIGHTS_TRADE ? "trade" : "reference");
    DR_TRY(dr_flows_load(&j->flows, duck, j->means->flows_year));
    DR_TRY(carry_flows(j, edition));
    DR_TRY(find_members(j));
    return add_products(j, weights == DR_WEIGHTS_REFERENCE);
}

/* ---- All of it ---- */

static void divide(job *j)
{
    for (size_t flow = 0; flow < j->regions * j->regions * j->sectors; flow++) {
        bool by_weight = j->weight[flow] > 0;
        j->means->by_weight += by_weight;
        j->sum[flow] = by_weight            ? j->weighted[flow] / j->weight[flow]
                       : j->count[flow] > 0 ? j->sum[flow] / j->count[flow]
                                            : NAN;
    }
}

static dr_status average(job *j, const dr_duck *duck, dr_tariff_weights weights, int edition)
{
    size_t flows = j->regions * j->regions * j->sectors, most = dr_tariff_most_slices(j->table);
    double **const arrays[] = {&j->sum, &j->count, &j->weighted, &j->weight};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (!(*arrays[i] = dr_new_doubles(flows)))
            return dr_fail_memory();
    j->list = dr_new(most, sizeof *j->list);
    j->last = dr_new(most, sizeof *j->last);
    j->of_sum = dr_new_doubles(j->sectors);
    j->of_count = dr_new_doubles(j->sectors);
    if (!j->list || !j->last || !j->of_sum || !j->of_count)
        return dr_fail_memory();
    add_pairs(j);
    DR_TRY(weigh(j, duck, weights, edition));
    divide(j);
    j->means->rate = j->sum;
    j->sum = NULL;
    return DR_OK;
}

dr_status dr_tariff_means_new(dr_tariff_means *means, dr_tariff_table *table, const dr_duck *duck,
                              dr_tariff_weights weights, int edition)
{
    const dr_layout *layout = table->set->places.layout;
    job j = {.means = means, .table = table, .regions = layout->regions.count, .sectors = layout->sectors.count};
    *means = (dr_tariff_means){.from = -1, .to = -1};
    dr_status status = average(&j, duck, weights, edition);
    double *const arrays[] = {j.sum, j.count, j.weighted, j.weight, j.of_sum, j.of_count};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    free(j.list);
    free(j.last);
    free(j.member);
    dr_flows_free(&j.flows);
    return status;
}
