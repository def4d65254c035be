/* Direct exposure: what an economy buys from others and sells to them, by sector, without tariffs; or what is embodied
 * of an account in the final use of either side. Formulas: docs/exposure.md. */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/table.h"
#include "measure/answers.h"
#include "measure/concentration.h"
#include "measure/embodied.h"
#include "world/describe.h"
#include "world/economy.h"
#include "world/sides.h"

/* The trade of side `of` in one sector, or in all. */
typedef struct trade {
    double use, imports, imports_to; /* bought: of all, of foreigners, of the other side */
    double output, exports, exports_to;
    double *sources, *markets; /* [region]: imports from, exports to foreigners */
} trade;

/* A sector and how exposed it is, for ranking. */
typedef struct rank {
    size_t sector;
    double exposure;
} rank;

typedef struct view {
    const dr_economy *economy;
    const double *flow;          /* [n, i, s] */
    const dr_embodied *embodied; /* of which it is; NULL: of trade */
    dr_sides sides;
    const char *of, *to;
    trade *trades; /* [sector], and one for all */
    rank *ranks;   /* [sector] */
    double *numbers;
} view;

/* With the economy, the flows and both sides. */
static dr_status view_new(view *v)
{
    const dr_economy *e = v->economy;
    size_t count = e->sectors + 1;
    DR_TRY(dr_sides_read(&v->sides, e, NULL, v->of, v->to));
    v->trades = dr_new(count, sizeof *v->trades);
    v->ranks = dr_new(e->sectors, sizeof *v->ranks);
    v->numbers = dr_new_doubles(2 * count * e->regions);
    if (!v->trades || !v->ranks || !v->numbers)
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++) {
        v->trades[i].sources = v->numbers + 2 * i * e->regions;
        v->trades[i].markets = v->trades[i].sources + e->regions;
    }
    return DR_OK;
}

static void view_free(view *v)
{
    dr_sides_free(&v->sides);
    free(v->trades);
    free(v->ranks);
    free(v->numbers);
}

/* Adds what n buys from i. */
static void add_flow(trade *t, const dr_sides *sides, size_t n, size_t i, double value)
{
    if (sides->of[n])
        t->use += value;
    if (sides->of[n] && !sides->of[i]) {
        t->imports += value;
        t->imports_to += sides->to[i] ? value : 0;
        t->sources[i] += value;
    }
    if (sides->of[i])
        t->output += value;
    if (sides->of[i] && !sides->of[n]) {
        t->exports += value;
        t->exports_to += sides->to[n] ? value : 0;
        t->markets[n] += value;
    }
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

/* The most exposed first; what has no share last. */
static int compare(const void *a, const void *b)
{
    const rank *x = a, *y = b;
    if (x->exposure != y->exposure && !(isnan(x->exposure) && isnan(y->exposure)))
        return isnan(y->exposure) || x->exposure > y->exposure ? -1 : 1;
    return (x->sector > y->sector) - (x->sector < y->sector);
}

static void view_fill(view *v)
{
    const dr_economy *e = v->economy;
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions; i++)
            for (size_t s = 0; s < e->sectors; s++) {
                double value = v->flow[(n * e->regions + i) * e->sectors + s];
                add_flow(&v->trades[s], &v->sides, n, i, value);
                add_flow(&v->trades[e->sectors], &v->sides, n, i, value);
            }
    for (size_t s = 0; s < e->sectors; s++)
        v->ranks[s] = (rank){s, share(v->trades[s].imports_to, v->trades[s].use)};
    qsort(v->ranks, e->sectors, sizeof *v->ranks, compare);
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

/* With another side: its shares. */
enum {
    SECTOR,
    IMPORTS,
    IMPORTS_FROM,
    SHARE_OF_IMPORTS,
    SHARE_OF_USE,
    CONCENTRATION,
    EXPORTS,
    EXPORTS_TO,
    SHARE_OF_EXPORTS,
    SHARE_OF_OUTPUT
};
static const dr_column_spec towards[] = {
    [SECTOR] = {"sector", DR_SHOW_TEXT},
    [IMPORTS] = {"imports", DR_SHOW_VALUE},
    [IMPORTS_FROM] = {"imports_from", DR_SHOW_VALUE},
    [SHARE_OF_IMPORTS] = {"share_of_imports", DR_SHOW_SHARE},
    [SHARE_OF_USE] = {"share_of_use", DR_SHOW_SHARE},
    [CONCENTRATION] = {"concentration", DR_SHOW_NUMBER},
    [EXPORTS] = {"exports", DR_SHOW_VALUE},
    [EXPORTS_TO] = {"exports_to", DR_SHOW_VALUE},
    [SHARE_OF_EXPORTS] = {"share_of_exports", DR_SHOW_SHARE},
    [SHARE_OF_OUTPUT] = {"share_of_output", DR_SHOW_SHARE},
};

static void add_towards(dr_table *table, const char *sector, const trade *t, size_t regions)
{
    const double numbers[] = {
        [IMPORTS] = t->imports,
        [IMPORTS_FROM] = t->imports_to,
        [SHARE_OF_IMPORTS] = share(t->imports_to, t->imports),
        [SHARE_OF_USE] = share(t->imports_to, t->use),
        [CONCENTRATION] = dr_herfindahl(t->sources, regions),
        [EXPORTS] = t->exports,
        [EXPORTS_TO] = t->exports_to,
        [SHARE_OF_EXPORTS] = share(t->exports_to, t->exports),
        [SHARE_OF_OUTPUT] = share(t->exports_to, t->output),
    };
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, SECTOR, sector);
    for (size_t c = IMPORTS; c <= SHARE_OF_OUTPUT; c++)
        dr_table_set_number(table, row, c, numbers[c]);
}

/* Without another side: the largest source and market. */
enum {
    ALONE_SECTOR,
    ALONE_IMPORTS,
    ALONE_SHARE_OF_USE,
    ALONE_CONCENTRATION,
    FIRST_SOURCE, /* and its share, in the next column */
    FIRST_SOURCE_SHARE,
    ALONE_EXPORTS,
    ALONE_SHARE_OF_OUTPUT,
    FIRST_MARKET, /* likewise */
    FIRST_MARKET_SHARE
};
static const dr_column_spec alone[] = {
    [ALONE_SECTOR] = {"sector", DR_SHOW_TEXT},
    [ALONE_IMPORTS] = {"imports", DR_SHOW_VALUE},
    [ALONE_SHARE_OF_USE] = {"share_of_use", DR_SHOW_SHARE},
    [ALONE_CONCENTRATION] = {"concentration", DR_SHOW_NUMBER},
    [FIRST_SOURCE] = {"first_source", DR_SHOW_TEXT},
    [FIRST_SOURCE_SHARE] = {"first_source_share", DR_SHOW_SHARE},
    [ALONE_EXPORTS] = {"exports", DR_SHOW_VALUE},
    [ALONE_SHARE_OF_OUTPUT] = {"share_of_output", DR_SHOW_SHARE},
    [FIRST_MARKET] = {"first_market", DR_SHOW_TEXT},
    [FIRST_MARKET_SHARE] = {"first_market_share", DR_SHOW_SHARE},
};

/* Writes the largest partner's code and its share into two columns. */
static void set_first(dr_table *table, size_t row, size_t column, const dr_economy *e, const double *values, double sum)
{
    size_t first = 0;
    for (size_t i = 0; i < e->regions; i++)
        if (values[i] > values[first])
            first = i;
    if (sum > 0)
        dr_table_set_text(table, row, column, e->region_codes.names[first]);
    dr_table_set_number(table, row, column + 1, share(values[first], sum));
}

static void add_alone(dr_table *table, const char *sector, const trade *t, const dr_economy *e)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, ALONE_SECTOR, sector);
    dr_table_set_number(table, row, ALONE_IMPORTS, t->imports);
    dr_table_set_number(table, row, ALONE_SHARE_OF_USE, share(t->imports, t->use));
    dr_table_set_number(table, row, ALONE_CONCENTRATION, dr_herfindahl(t->sources, e->regions));
    set_first(table, row, FIRST_SOURCE, e, t->sources, t->imports);
    dr_table_set_number(table, row, ALONE_EXPORTS, t->exports);
    dr_table_set_number(table, row, ALONE_SHARE_OF_OUTPUT, share(t->exports, t->output));
    set_first(table, row, FIRST_MARKET, e, t->markets, t->exports);
}

static void add_row(dr_table *table, const view *v, const char *sector, const trade *t)
{
    if (v->to)
        add_towards(table, sector, t, v->economy->regions);
    else
        add_alone(table, sector, t, v->economy);
}

static void explain_trade(dr_table *table, const char *of)
{
    dr_table_add_note(table, "imports and exports are those of %s with all regions outside it, without tariffs", of);
    dr_table_add_note(table,
                      "a row is a good, bought as an input or for final use: share of imports is of all imports of the "
                      "good, share of use of all purchases of it, domestic ones included. These are direct purchases; "
                      "exposure --hidden has direct and indirect dependence side by side, by sector that buys inputs");
}

static void explain_account(dr_table *table, const char *of, const dr_embodied *e)
{
    const char *name = e->account->name;
    dr_table_set_unit(table, e->account->unit);
    dr_table_add_note(table,
                      "imports: %s that producers elsewhere have for the final use of %s, through every stage of "
                      "production and third country; exports: what producers of %s have for that of others",
                      name, of, of);
    dr_table_add_note(table,
                      "a row is a sector that produces: share of use is of all that final use of %s holds of it, share "
                      "of output of all that its producers have for any final use; what final use has itself is in "
                      "neither",
                      of);
    dr_embodied_describe(table, e);
}

static void add_rows(dr_table *table, const view *v)
{
    const dr_economy *e = v->economy;
    for (size_t i = 0; i < e->sectors; i++)
        if (v->trades[v->ranks[i].sector].use > 0 || v->trades[v->ranks[i].sector].output > 0)
            add_row(table, v, dr_economy_sector(e, v->ranks[i].sector), &v->trades[v->ranks[i].sector]);
    add_row(table, v, "all", &v->trades[e->sectors]);
    dr_table_set_kind(table, table->rows - 1, DR_ROW_TOTAL);
}

static void view_write(dr_table *table, const view *v)
{
    const dr_economy *e = v->economy;
    char of[DR_SPOKEN_SIZE], other[DR_SPOKEN_SIZE];
    const char *to = v->to ? dr_spoken(other, e, v->to) : "all others";
    dr_spoken(of, e, v->of);
    if (v->embodied)
        dr_describe_title(table, e->year, "Exposure of %s to %s in %s embodied in final use, by sector that produces",
                          of, to, v->embodied->account->name);
    else
        dr_describe_title(table, e->year, "Direct exposure of %s to %s, by good traded", of, to);
    dr_table_set_unit(table, e->unit);
    dr_describe(table, e->world, e->year, e->unit, e->source);
    dr_table_add_fact_text(table, "of", v->of);
    dr_table_add_fact_text(table, "to", v->to ? v->to : "all others");
    if (v->embodied)
        explain_account(table, of, v->embodied);
    else
        explain_trade(table, of);
    add_rows(table, v);
    dr_named_tell(table, e, &v->sides.named);
    dr_answer_exposure(table, e, v->of, v->to, v->embodied ? v->embodied->account->name : NULL);
}

static dr_status measure(dr_table **out, view *v)
{
    dr_table *table = NULL;
    dr_status status = view_new(v);
    if (status == DR_OK)
        status = v->to ? dr_table_new(&table, towards, sizeof towards / sizeof *towards)
                       : dr_table_new(&table, alone, sizeof alone / sizeof *alone);
    if (status == DR_OK) {
        view_fill(v);
        view_write(table, v);
    }
    view_free(v);
    return dr_table_finish(out, table, status);
}

dr_status dr_exposure_direct(dr_table **out, const dr_economy *economy, const char *of, const char *to)
{
    DR_TRY(DR_GIVEN(out, economy, of));
    return measure(out, &(view){.economy = economy, .flow = economy->flow, .of = of, .to = to});
}

dr_status dr_exposure_account(dr_table **out, dr_world *world, int year, const char *of, const char *to,
                              const char *account)
{
    DR_TRY(DR_GIVEN(out, world, of));
    DR_TRY(DR_WITHIN(__func__, year, 0, 9999));
    double *flows = NULL;
    dr_embodied *e = NULL;
    dr_status status = dr_embodied_new(&e, world, account, year);
    if (status == DR_OK)
        status = dr_embodied_flows(&flows, e);
    if (status == DR_OK)
        status = measure(out, &(view){.economy = e->matrix->names, .flow = flows, .embodied = e, .of = of, .to = to});
    free(flows);
    dr_embodied_free(e);
    return status;
}
