/* Products within imports, before and after: docs/model.md, "Products". */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/table.h"
#include "measure/product_trade.h"
#include "model/tier.h"
#include "result/region_accounts.h"
#include "result/result.h"

enum {
    IMPORTER,
    PRODUCT,
    NAME,
    SECTOR,
    IMPORTS,
    IMPORTS_NEW,
    DIFFERENCE,
    CHANGE,
    PRICE,
    SUPPLIER,
    SHARE,
    SHARE_NEW,
    SUPPLIER_NEW,
    LARGEST_NEW,
    COLUMNS
};

static const dr_column_spec columns[COLUMNS] = {[IMPORTER] = {"importer", DR_SHOW_TEXT},
                                                [PRODUCT] = {"product", DR_SHOW_TEXT},
                                                [NAME] = {"name", DR_SHOW_TEXT},
                                                [SECTOR] = {"sector", DR_SHOW_TEXT},
                                                [IMPORTS] = {"imports", DR_SHOW_VALUE},
                                                [IMPORTS_NEW] = {"imports_new", DR_SHOW_VALUE},
                                                [DIFFERENCE] = {"imports_change", DR_SHOW_VALUE},
                                                [CHANGE] = {"imports_percent", DR_SHOW_PERCENT},
                                                [PRICE] = {"price", DR_SHOW_PERCENT},
                                                [SUPPLIER] = {"supplier", DR_SHOW_TEXT},
                                                [SHARE] = {"supplier_share", DR_SHOW_SHARE},
                                                [SHARE_NEW] = {"supplier_share_new", DR_SHOW_SHARE},
                                                [SUPPLIER_NEW] = {"supplier_new", DR_SHOW_TEXT},
                                                [LARGEST_NEW] = {"largest_share_new", DR_SHOW_SHARE}};

/* The importers that a row is of, a region or a group, and the imports of a product from each supplier outside it. */
typedef struct party {
    const dr_solution *solution;
    const char *code;
    dr_row_kind kind;
    const bool *member;         /* [n] */
    size_t *next;               /* [n] the next cell of the sector at hand */
    double *before, *after;     /* [i] imports */
    double dearer, weight, all; /* sums of weighted prices, and of weights; the numeraire of what is between regions */
} party;

/* What producers earn of a flow is its value at the border but for a rent of the exporter. */
static double at_border(const dr_solution *solution, size_t flow)
{
    const dr_barrier *barrier = solution->limit_count ? dr_solution_barrier(solution, flow) : NULL;
    const dr_limit_result *limit = barrier && barrier->limit ? &solution->limits[barrier->limit - 1] : NULL;
    bool border = limit && (limit->rent_to == DR_RENT_EXPORTER || (limit->rent_to == DR_RENT_LOST && limit->most > 0));
    return border ? dr_limit_mean_wedge(limit) : 1;
}

/* Adds a cell of importer n: what it buys from outside the party. */
static void add_cell(party *p, size_t n, size_t s, size_t cell)
{
    const dr_model *m = p->solution->model;
    const dr_tier *t = m->tier;
    dr_numeraire numeraire = dr_solution_numeraire(p->solution);
    double home = m->import_share[(s * m->regions + n) * m->stride + n], bought = 0;
    double purchases = m->base.spending[n * m->sectors + s] * (1 - home) * t->weight[cell];
    for (size_t row = t->start[cell]; row < t->start[cell + 1]; row++) {
        size_t i = t->origin[row], flow = (n * m->regions + i) * m->sectors + s;
        double before = purchases * t->share[row] / (1 + dr_base_tariff(&m->base, flow));
        if (p->member[i])
            continue;
        bought += before;
        p->before[i] += before;
        double border = at_border(p->solution, flow) * dr_solution_row_border(p->solution, row);
        p->after[i] += p->solution->product_flow[row] * border * p->all;
    }
    p->weight += bought;
    p->dearer += bought > 0 ? bought * p->solution->product_price[cell] * dr_numeraire_of(&numeraire, n) : 0;
}

static size_t largest_of(const double *values, size_t count)
{
    size_t most = 0;
    for (size_t i = 1; i < count; i++)
        most = values[i] > values[most] ? i : most;
    return most;
}

static double sum_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

static void add_row(dr_table *table, const party *p, unsigned product, size_t s)
{
    const dr_model *m = p->solution->model;
    const dr_product_trade *trade = m->tier->trade;
    const dr_names *codes = &m->economy->region_codes;
    double before = sum_of(p->before, m->regions), after = sum_of(p->after, m->regions);
    size_t supplier = largest_of(p->before, m->regions), then = largest_of(p->after, m->regions);
    const char *code = product == DR_TIER_REST ? "rest" : trade->flows.products.names[product];
    int name = product == DR_TIER_REST ? -1 : dr_names_find(&trade->names_of.codes, code);
    if (!(before > 0))
        return;
    size_t row = dr_table_add_row(table);
    dr_table_set_kind(table, row, p->kind);
    dr_table_set_text(table, row, IMPORTER, p->code);
    dr_table_set_text(table, row, PRODUCT, code);
    dr_table_set_text(table, row, NAME, name < 0 ? "" : trade->names_of.labels[name]);
    dr_table_set_text(table, row, SECTOR, m->economy->sector_codes.names[s]);
    dr_table_set_text(table, row, SUPPLIER, codes->names[supplier]);
    dr_table_set_text(table, row, SUPPLIER_NEW, after > 0 ? codes->names[then] : "");
    const double figures[COLUMNS] = {[IMPORTS] = before,
                                     [IMPORTS_NEW] = after,
                                     [DIFFERENCE] = after - before,
                                     [CHANGE] = dr_percent(after / before),
                                     [PRICE] = isfinite(p->dearer) ? dr_percent(p->dearer / p->weight) : NAN,
                                     [SHARE] = p->before[supplier] / before,
                                     [SHARE_NEW] = after > 0 ? p->after[supplier] / after : NAN,
                                     [LARGEST_NEW] = after > 0 ? p->after[then] / after : NAN};
    for (size_t c = IMPORTS; c < COLUMNS; c++)
        if (c != SUPPLIER && c != SUPPLIER_NEW)
            dr_table_set_number(table, row, c, figures[c]);
}

/* One product of a sector, of all members that import it: their cells are in the order of products. */
static void add_product(dr_table *table, party *p, unsigned product, size_t s)
{
    const dr_model *m = p->solution->model;
    bool any = false;
    p->dearer = p->weight = 0;
    memset(p->before, 0, m->regions * sizeof *p->before);
    memset(p->after, 0, m->regions * sizeof *p->after);
    for (size_t n = 0; n < m->regions; n++) {
        size_t end = m->tier->cell[s * m->regions + n + 1];
        if (!p->member[n] || p->next[n] == end || m->tier->product[p->next[n]] != product)
            continue;
        add_cell(p, n, s, p->next[n]++);
        any = true;
    }
    if (any)
        add_row(table, p, product, s);
}

static void add_party(dr_table *table, party *p)
{
    const dr_model *m = p->solution->model;
    const dr_product_trade *trade = m->tier->trade;
    for (size_t s = 0; s < m->sectors; s++) {
        for (size_t n = 0; n < m->regions; n++)
            p->next[n] = m->tier->cell[s * m->regions + n];
        for (size_t k = 0; k < trade->flows.products.count && m->tier->has[s]; k++)
            if (trade->sector[k] == (int)s)
                add_product(table, p, (unsigned)k, s);
        if (m->tier->has[s])
            add_product(table, p, DR_TIER_REST, s);
    }
}

/* Regions, then groups. */
static dr_status add_parties(dr_table *table, const dr_solution *solution)
{
    const dr_economy *e = solution->model->economy;
    bool *member = dr_new(e->regions, sizeof *member);
    size_t *next = dr_new(e->regions, sizeof *next);
    double *before = dr_new(e->regions, sizeof *before), *after = dr_new(e->regions, sizeof *after);
    party p = {.solution = solution, .member = member, .next = next, .before = before, .after = after};
    bool there = member && next && before && after;
    p.all = dr_solution_numeraire(solution).all;
    for (size_t k = 0; k < e->regions + e->groups.count && there; k++) {
        bool group = k >= e->regions;
        for (size_t n = 0; n < e->regions; n++)
            member[n] = group ? e->member[(k - e->regions) * e->regions + n] : n == k;
        p.code = group ? e->groups.names[k - e->regions] : e->region_codes.names[k];
        p.kind = group ? DR_ROW_GROUP : DR_ROW_ONE;
        add_party(table, &p);
    }
    free(member);
    free(next);
    free(before);
    free(after);
    return there ? DR_OK : dr_fail_memory();
}

dr_status dr_solution_products(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    const dr_model *m = solution->model;
    dr_table *table = NULL;
    if (!m->tier)
        return dr_fail(DR_BAD_INPUT, "the imports of this model are not made of products; expected products nest");
    DR_TRY(dr_table_new(&table, columns, COLUMNS));
    dr_solution_describe(table, solution, "products");
    dr_table_set_unit(table, m->economy->unit);
    dr_note_numeraire(
        table, solution,
        "imports without tariffs; the price is that of buyers, over all suppliers abroad; supplier is the "
        "largest before, and supplier_new after");
    dr_table_add_note(table,
                      "rest: what an importer buys of the sector from economies of which no product flow is known");
    if (m->economy->groups.count)
        dr_table_add_note(table,
                          "groups (after the regions): imports from outside the group, and prices weighted by them");
    dr_table_rank(table, DIFFERENCE);
    dr_status status = add_parties(table, solution);
    if (status == DR_OK)
        status = dr_groups_tell_all(table, m->economy, &solution->named);
    return dr_table_finish(out, table, status);
}
