#include "partial/partial_tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "world/describe.h"

enum { REGIONS, PRODUCTS, PRICES, FLOWS, TABLES };
static const char *const names[TABLES] = {"regions", "products", "prices", "flows"};

static const dr_column_spec of_regions[] = {{"region", DR_SHOW_TEXT},
                                            {"exports", DR_SHOW_VALUE},
                                            {"new_exports", DR_SHOW_VALUE},
                                            {"imports", DR_SHOW_VALUE},
                                            {"new_imports", DR_SHOW_VALUE},
                                            {"producer_surplus", DR_SHOW_VALUE},
                                            {"consumer_surplus", DR_SHOW_VALUE},
                                            {"tariff_revenue", DR_SHOW_VALUE},
                                            {"net", DR_SHOW_VALUE}};
static const dr_column_spec of_products[] = {{"product", DR_SHOW_TEXT},
                                             {"name", DR_SHOW_TEXT},
                                             {"trade", DR_SHOW_VALUE},
                                             {"new_trade", DR_SHOW_VALUE},
                                             {"producer_surplus", DR_SHOW_VALUE},
                                             {"consumer_surplus", DR_SHOW_VALUE},
                                             {"tariff_revenue", DR_SHOW_VALUE},
                                             {"net", DR_SHOW_VALUE}};
static const dr_column_spec of_prices[] = {{"product", DR_SHOW_TEXT},
                                           {"name", DR_SHOW_TEXT},
                                           {"region", DR_SHOW_TEXT},
                                           {"price", DR_SHOW_PERCENT},
                                           {"composite_price", DR_SHOW_PERCENT},
                                           {"producer_surplus", DR_SHOW_VALUE},
                                           {"consumer_surplus", DR_SHOW_VALUE},
                                           {"tariff_revenue", DR_SHOW_VALUE},
                                           {"net", DR_SHOW_VALUE}};
static const dr_column_spec of_flows[] = {{"product", DR_SHOW_TEXT},       {"exporter", DR_SHOW_TEXT},
                                          {"importer", DR_SHOW_TEXT},      {"tariff", DR_SHOW_PERCENT},
                                          {"new_tariff", DR_SHOW_PERCENT}, {"base", DR_SHOW_VALUE},
                                          {"new", DR_SHOW_VALUE},          {"change", DR_SHOW_VALUE}};
static const struct {
    const dr_column_spec *columns;
    size_t count;
} columns[TABLES] = {{of_regions, sizeof of_regions / sizeof *of_regions},
                     {of_products, sizeof of_products / sizeof *of_products},
                     {of_prices, sizeof of_prices / sizeof *of_prices},
                     {of_flows, sizeof of_flows / sizeof *of_flows}};

dr_status dr_partial_rows_new(dr_partial_rows *rows, const dr_partial *p, const char *table)
{
    char hint[DR_HINT_SIZE];
    while (rows->kind < TABLES && strcmp(names[rows->kind], table) != 0)
        rows->kind++;
    if (rows->kind == TABLES)
        return dr_fail(DR_USAGE,
                       "a partial equilibrium has no table '%.40s'; expected regions, products, prices or flows%s",
                       table, dr_hint(hint, table, names, TABLES));
    rows->region = dr_new(p->regions.count + 1, sizeof *rows->region);
    if (!rows->region)
        return dr_fail_memory();
    return dr_table_new(&rows->table, columns[rows->kind].columns, columns[rows->kind].count);
}

void dr_partial_rows_free(dr_partial_rows *rows)
{
    dr_table_free(rows->table);
    free(rows->region);
}

static const char *name_of(const dr_partial *p, const char *product)
{
    int name = dr_names_find(&p->names_of.codes, product);
    return name < 0 ? "" : p->names_of.labels[name];
}

/* Sets the four outcomes, from a column on. */
static void set_outcomes(dr_table *t, size_t row, size_t column, double producer, double consumer, double revenue)
{
    dr_table_set_number(t, row, column, producer);
    dr_table_set_number(t, row, column + 1, consumer);
    dr_table_set_number(t, row, column + 2, revenue);
    dr_table_set_number(t, row, column + 3, producer + consumer + revenue);
}

/* ---- One product ------------------------------------------------------------------------------------------------- */

static void add_price(dr_table *t, const dr_partial *p, const dr_gsim *g, const char *product, size_t r)
{
    size_t row = dr_table_add_row(t);
    dr_table_set_text(t, row, 0, product);
    dr_table_set_text(t, row, 1, name_of(p, product));
    dr_table_set_text(t, row, 2, p->regions.names[r]);
    dr_table_set_number(t, row, 3, 100 * g->price[r]);
    dr_table_set_number(t, row, 4, 100 * g->composite[r]);
    set_outcomes(t, row, 5, g->producer[r], g->consumer[r], g->revenue[r]);
}

static void add_flow(dr_table *t, const dr_partial *p, const dr_gsim *g, const char *product, size_t pair)
{
    size_t row = dr_table_add_row(t);
    dr_table_set_text(t, row, 0, product);
    dr_table_set_text(t, row, 1, p->regions.names[pair / g->regions]);
    dr_table_set_text(t, row, 2, p->regions.names[pair % g->regions]);
    const double figures[] = {100 * (g->base[pair] - 1), 100 * (g->now[pair] - 1), g->trade[pair], g->new_trade[pair],
                              g->new_trade[pair] - g->trade[pair]};
    for (size_t c = 0; c < sizeof figures / sizeof *figures; c++)
        dr_table_set_number(t, row, 3 + c, figures[c]);
}

static void add_product(dr_table *t, const dr_partial *p, const char *product, const dr_partial_sums *all)
{
    size_t row = dr_table_add_row(t);
    dr_table_set_text(t, row, 0, product);
    dr_table_set_text(t, row, 1, name_of(p, product));
    dr_table_set_number(t, row, 2, all->exports);
    dr_table_set_number(t, row, 3, all->new_exports);
    set_outcomes(t, row, 4, all->producer, all->consumer, all->revenue);
}

void dr_partial_rows_add(dr_partial_rows *rows, const dr_partial *p, const dr_gsim *g, size_t k)
{
    const char *product = p->flows.products.names[k];
    dr_partial_sums all = {0};
    size_t r = g->regions;
    for (size_t pair = 0; pair < r * r; pair++) {
        dr_partial_sums *from = &rows->region[pair / r], *to = &rows->region[pair % r];
        from->exports += g->trade[pair];
        from->new_exports += g->new_trade[pair];
        to->imports += g->trade[pair];
        to->new_imports += g->new_trade[pair];
        all.exports += g->trade[pair];
        all.new_exports += g->new_trade[pair];
        if (rows->kind == FLOWS && g->trade[pair] > 0)
            add_flow(rows->table, p, g, product, pair);
    }
    for (size_t i = 0; i < r; i++) {
        rows->region[i].producer += g->producer[i];
        rows->region[i].consumer += g->consumer[i];
        rows->region[i].revenue += g->revenue[i];
        all.producer += g->producer[i];
        all.consumer += g->consumer[i];
        all.revenue += g->revenue[i];
        if (rows->kind == PRICES)
            add_price(rows->table, p, g, product, i);
    }
    if (rows->kind == PRODUCTS)
        add_product(rows->table, p, product, &all);
    rows->products++;
    rows->trade += all.exports;
    rows->new_trade += all.new_exports;
    rows->residual = fmax(rows->residual, g->residual);
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static void add_regions(const dr_partial_rows *rows, const dr_partial *p)
{
    for (size_t i = 0; i < p->regions.count; i++) {
        const dr_partial_sums *s = &rows->region[i];
        size_t row = dr_table_add_row(rows->table);
        dr_table_set_text(rows->table, row, 0, p->regions.names[i]);
        dr_table_set_number(rows->table, row, 1, s->exports);
        dr_table_set_number(rows->table, row, 2, s->new_exports);
        dr_table_set_number(rows->table, row, 3, s->imports);
        dr_table_set_number(rows->table, row, 4, s->new_imports);
        set_outcomes(rows->table, row, 5, s->producer, s->consumer, s->revenue);
    }
}

static double net_of(const dr_partial_sums *s)
{
    return s->producer + s->consumer + s->revenue;
}

/* A region in a sentence: those that are no region of their own are the rest. */
static const char *spoken_of(char out[DR_SPOKEN_SIZE], const dr_partial *p, size_t region)
{
    const char *name = p->regions.names[region];
    return strcmp(name, DR_PARTIAL_REST) == 0 ? "the rest" : dr_spoken(out, NULL, name);
}

/* Who gains and loses most. */
static void answer(const dr_partial_rows *rows, const dr_partial *p)
{
    char spoken[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE], after[DR_MONEY_SIZE];
    size_t best = 0, worst = 0;
    for (size_t i = 1; i < p->regions.count; i++) {
        best = net_of(&rows->region[i]) > net_of(&rows->region[best]) ? i : best;
        worst = net_of(&rows->region[i]) < net_of(&rows->region[worst]) ? i : worst;
    }
    dr_describe_names(rows->table, NULL);
    dr_table_say(rows->table, "Trade in the %zu product%s whose tariffs change goes from %s to %s a year.",
                 rows->products, rows->products == 1 ? "" : "s", dr_money(money, rows->trade, p->year.unit),
                 dr_money(after, rows->new_trade, p->year.unit));
    if (net_of(&rows->region[best]) > 0)
        dr_table_say(rows->table,
                     "%s gains most, %s a year, in the surplus of producers and consumers and tariff revenue.",
                     spoken_of(spoken, p, best), dr_money(money, net_of(&rows->region[best]), p->year.unit));
    if (net_of(&rows->region[worst]) < 0)
        dr_table_say(rows->table, "%s loses most, %s a year.", spoken_of(spoken, p, worst),
                     dr_money(money, -net_of(&rows->region[worst]), p->year.unit));
}

static void describe(const dr_partial_rows *rows, const dr_partial *p)
{
    dr_table *t = rows->table;
    dr_table_set_title(t, "Partial equilibrium by product: %s, %d", names[rows->kind], p->year.year);
    dr_table_set_unit(t, p->year.unit);
    dr_describe(t, p->world->path, p->year.year, p->year.unit, p->year.source);
    dr_table_add_fact_text(t, "classification", p->year.classification);
    dr_table_add_fact(t, "settings.demand_elasticity", p->elasticity[0]);
    dr_table_add_fact(t, "settings.supply_elasticity", p->elasticity[1]);
    dr_table_add_fact(t, "settings.substitution", p->elasticity[2]);
    dr_table_add_fact(t, "products", (double)rows->products);
    dr_table_add_fact(t, "certificate.worst_residual", rows->residual);
    dr_table_add_note(
        t, "each product is a market by itself (Francois and Hall 2003), to first order in tariffs: no incomes, "
           "no inputs, and home sales only where the flows have them within a region");
    if (p->base.count == 0)
        dr_table_add_note(t, "no tariffs of the base were given: they are zero");
}

dr_status dr_partial_rows_finish(dr_table **out, dr_partial_rows *rows, const dr_partial *p)
{
    dr_table *table = rows->table;
    describe(rows, p);
    answer(rows, p);
    if (rows->kind == REGIONS)
        add_regions(rows, p);
    dr_table_rank(table, columns[rows->kind].count - 1);
    rows->table = NULL;
    return dr_table_finish(out, table, DR_OK);
}
