#include "measure/customs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "measure/product_trade.h"
#include "world/sides.h"

static const double factor = 3;         /* from which a pair is a gap */
static const double material = 1e-3;    /* of the importer's imports */
static const double least_cover = 1e-4; /* of the table: less than this, and a sector has no product flows */

/* ---- The product flows, as trade of the table -------------------------------------------------------------------- */

static void add_flows(const dr_product_trade *t, dr_customs *c)
{
    size_t at = 0;
    for (size_t k = 0; k < t->flows.products.count; k++)
        for (size_t row = t->flows.start[k]; row < t->flows.start[k + 1]; row++)
            if (dr_product_trade_flow(t, k, row, &at))
                c->flow[at] += t->scale * t->flows.value[row];
}

/* The currency of the product flows, where it is another one. */
static void take_currency(dr_customs *c, const dr_product_trade *t)
{
    const char *here = NULL, *there = NULL;
    dr_money_power(t->names->unit, &here);
    dr_money_power(t->year.unit, &there);
    size_t length = strcspn(here, ",");
    if (strcspn(there, ",") != length || strncmp(here, there, length) != 0)
        snprintf(c->currency, sizeof c->currency, "%.*s", (int)strcspn(there, ","), there);
}

/* ---- The comparison ---------------------------------------------------------------------------------------------- */

typedef struct comparison {
    const dr_economy *names;
    const double *trade;
    const bool *known;
    double *imports;        /* [n]: the larger of table and statistics, over sectors with product flows */
    bool *covered, *partly; /* [s] */
} comparison;

static bool counts(const comparison *k, size_t n, size_t i)
{
    return n != i && k->known[n] && k->known[i];
}

/* What table and statistics have of a sector. */
static void sum_sector(const comparison *k, const dr_customs *c, size_t s, double *table, double *customs)
{
    const dr_economy *e = k->names;
    *table = *customs = 0;
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions; i++)
            if (counts(k, n, i)) {
                *table += fmax(0, k->trade[(n * e->regions + i) * e->sectors + s]);
                *customs += c->flow[(n * e->regions + i) * e->sectors + s];
            }
}

static void judge_sectors(comparison *k, dr_customs *c)
{
    const dr_economy *e = k->names;
    for (size_t s = 0; s < e->sectors; s++) {
        double table = 0, customs = 0;
        sum_sector(k, c, s, &table, &customs);
        k->partly[s] = customs > least_cover * table;
        k->covered[s] = k->partly[s] && customs < factor * table && table < factor * customs;
        c->sectors += k->partly[s];
        c->covered += k->covered[s];
        c->table += k->covered[s] ? table : 0;
        c->customs += k->covered[s] ? customs : 0;
    }
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions; i++)
            for (size_t s = 0; s < e->sectors && counts(k, n, i); s++)
                if (k->partly[s]) {
                    size_t at = (n * e->regions + i) * e->sectors + s;
                    k->imports[n] += fmax(k->trade[at], c->flow[at]);
                }
}

static dr_status take_pair(const comparison *k, dr_customs *c, size_t n, size_t i, size_t s)
{
    size_t at = (n * k->names->regions + i) * k->names->sectors + s;
    double table = fmax(0, k->trade[at]), customs = c->flow[at];
    if (!k->partly[s] || (!k->covered[s] && customs == 0))
        return DR_OK;
    c->pairs++;
    bool gap = customs > factor * table || (k->covered[s] && table > factor * customs);
    if (!gap || fmax(table, customs) < material * k->imports[n])
        return DR_OK;
    if (!dr_grow((void **)&c->gaps, &c->capacity, c->gap_count + 1, sizeof *c->gaps))
        return dr_fail_memory();
    c->gaps[c->gap_count++] = (dr_gap){n, i, s, table, customs};
    return DR_OK;
}

/* The larger difference first; alike, in the order of the table. */
static int by_difference(const void *a, const void *b)
{
    const dr_gap *x = a, *y = b;
    double dx = fabs(x->table - x->customs), dy = fabs(y->table - y->customs);
    if (dx != dy)
        return dx < dy ? 1 : -1;
    if (x->importer != y->importer)
        return x->importer < y->importer ? -1 : 1;
    if (x->exporter != y->exporter)
        return x->exporter < y->exporter ? -1 : 1;
    return x->sector < y->sector ? -1 : x->sector > y->sector;
}

static dr_status compare(comparison *k, dr_customs *c)
{
    const dr_economy *e = k->names;
    k->imports = dr_new_doubles(e->regions);
    k->covered = dr_new(2 * e->sectors, sizeof *k->covered);
    if (!k->imports || !k->covered)
        return dr_fail_memory();
    k->partly = k->covered + e->sectors;
    judge_sectors(k, c);
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions; i++)
            for (size_t s = 0; s < e->sectors && counts(k, n, i); s++)
                DR_TRY(take_pair(k, c, n, i, s));
    if (c->gap_count > 1)
        qsort(c->gaps, c->gap_count, sizeof *c->gaps, by_difference);
    return DR_OK;
}

dr_status dr_customs_compare(dr_customs *out, const dr_world *world, const dr_economy *names, const double *trade)
{
    dr_product_trade t = {0};
    *out = (dr_customs){0};
    if (!world->has[DR_OF_PRODUCTS] || !world->has[DR_OF_REGIONS])
        return DR_OK;
    DR_TRY(dr_product_trade_year(&out->year, world, names->year));
    if (out->year == 0)
        return DR_OK;
    out->flow = dr_new_doubles(names->regions * names->regions * names->sectors);
    dr_status status = out->flow ? dr_product_trade_load(&t, world, names, out->year) : dr_fail_memory();
    if (status == DR_OK) {
        comparison k = {.names = names, .trade = trade, .known = t.known};
        take_currency(out, &t);
        add_flows(&t, out);
        status = compare(&k, out);
        free(k.imports);
        free(k.covered);
    }
    dr_product_trade_free(&t);
    return status;
}

void dr_customs_free(dr_customs *c)
{
    free(c->flow);
    free(c->gaps);
    *c = (dr_customs){0};
}

/* ---- In words ---------------------------------------------------------------------------------------------------- */

const char *dr_gap_words(char out[DR_GAP_SIZE], const dr_gap *gap, const dr_customs *c, const dr_economy *names)
{
    char table[DR_MONEY_SIZE], customs[DR_MONEY_SIZE], unit[DR_MONEY_SIZE];
    const char *rest = NULL;
    dr_money_power(names->unit, &rest);
    snprintf(unit, sizeof unit, "%.*s%s", (int)(*c->currency ? rest - names->unit : (long)strlen(names->unit)),
             names->unit, c->currency);
    snprintf(out, DR_GAP_SIZE, "%s buys %.120s of %s from %s in the table of %d; customs statistics of %d have %.120s",
             names->region_codes.names[gap->importer], dr_money(table, gap->table, names->unit),
             dr_economy_sector(names, gap->sector), names->region_codes.names[gap->exporter], names->year, c->year,
             dr_money(customs, gap->customs, unit));
    return out;
}

static void note(dr_table *table, const dr_customs *c, const dr_economy *e, const bool *marked, const char *what)
{
    char words[DR_GAP_SIZE];
    const dr_gap *first = NULL;
    size_t count = 0;
    for (size_t k = 0; k < c->gap_count; k++) {
        const dr_gap *gap = &c->gaps[k];
        if (marked && !marked[(gap->importer * e->regions + gap->exporter) * e->sectors + gap->sector])
            continue;
        first = first ? first : gap;
        count++;
    }
    if (first)
        dr_table_add_note(table,
                          "%s differ from customs statistics by a factor of three or more: %zu; the largest: "
                          "%s ('derisk check' lists them)",
                          what, count, dr_gap_words(words, first, c, e));
}

dr_status dr_customs_note(dr_table *table, const dr_world *world, const dr_economy *names, const double *trade,
                          const bool *marked, const char *what)
{
    dr_customs c = {0};
    dr_status status = dr_customs_compare(&c, world, names, trade);
    if (status == DR_OK)
        note(table, &c, names, marked, what);
    dr_customs_free(&c);
    return status == DR_OK ? dr_table_done(table) : status;
}

/* ---- Exposure ---------------------------------------------------------------------------------------------------- */

/* Purchases of one side from the other, and sales to it. */
static void mark_between(bool *marked, const dr_economy *e, const dr_sides *sides)
{
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions; i++) {
            bool between = (sides->of[n] && sides->to[i]) || (sides->of[i] && sides->to[n]);
            for (size_t s = 0; s < e->sectors && between; s++)
                marked[(n * e->regions + i) * e->sectors + s] = true;
        }
}

dr_status dr_note_exposure(dr_table *table, dr_world *world, const dr_economy *economy, const char *of, const char *to)
{
    dr_sides sides = {0};
    DR_TRY(DR_GIVEN(table, world, economy, of));
    if (!world->has[DR_OF_PRODUCTS])
        return DR_OK;
    bool *marked = dr_new(economy->regions * economy->regions * economy->sectors, sizeof *marked);
    dr_status status = marked ? dr_sides_read(&sides, economy, NULL, of, to) : dr_fail_memory();
    if (status == DR_OK) {
        mark_between(marked, economy, &sides);
        status = dr_customs_note(table, world, economy, economy->flow, marked, "flows in this exposure that");
    }
    dr_sides_free(&sides);
    free(marked);
    return status;
}
