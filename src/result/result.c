/* Common parts of the tables of a solution: title, settings, notes and certificate. */
#include "result/result.h"

#include <math.h>
#include <string.h>

#include "base/money.h"
#include "base/print.h"
#include "model/numeraire.h"
#include "model/tier.h"
#include "result/region_accounts.h"
#include "world/describe.h"

static const char *closure_name(dr_closure closure)
{
    static const char *const names[] = {"fixed", "income-share", "zero"};
    return names[closure];
}

void dr_model_describe(dr_table *table, const dr_model *m)
{
    dr_table_add_fact_text(table, "settings.model", m->preset);
    if (m->options.horizon)
        dr_table_add_fact_text(table, "settings.horizon", m->options.horizon);
    dr_table_add_fact_text(table, "settings.elasticity", m->elasticity);
    if (m->scale)
        dr_table_add_fact_text(table, "settings.scale", m->options.scale ? m->options.scale : "1 / elasticity");
    if (m->scale)
        dr_table_add_fact_text(table, "settings.entry", m->cost_part ? "restricted" : "free");
    if (m->options.labour_supply)
        dr_table_add_fact_text(table, "settings.labour_supply", m->options.labour_supply);
    if (m->options.revenue)
        dr_table_add_fact_text(table, "settings.revenue", m->options.revenue);
    if (m->options.overhead)
        dr_table_add_fact_text(table, "settings.overhead", m->options.overhead);
    if (m->options.pass_through)
        dr_table_add_fact_text(table, "settings.pass_through", m->options.pass_through);
    dr_table_add_fact_text(table, "settings.closure", closure_name(m->options.closure));
    if (m->options.rigid_wages)
        dr_table_add_fact_text(table, "settings.rigid_wages", m->options.rigid_wages);
    if (m->options.thin_markets)
        dr_table_add_fact_text(table, "settings.thin_markets", m->options.thin_markets);
    if (m->tier)
        dr_table_add_fact_text(table, "settings.products", "nest");
    dr_table_add_fact(table, "settings.tolerance", m->options.tolerance);
    for (size_t i = 0; i < m->note_count; i++)
        dr_table_add_note(table, "%s", m->notes[i]);
}

/* Notes the limits that are not below the base flow: they are slack unless the flow grows. */
static void note_slack(dr_table *table, const dr_solution *solution)
{
    const dr_economy *e = solution->model->economy;
    const dr_limit_result *first = NULL;
    size_t count = 0;
    for (size_t c = 0; c < solution->limit_count; c++) {
        const dr_limit_result *limit = &solution->limits[c];
        if (limit->flows == 0 || !(limit->level >= limit->base))
            continue;
        first = first ? first : limit;
        count++;
    }
    if (first)
        dr_table_add_note(table,
                          "export curbs and quotas at or above the base flow: %zu of %zu (%s of %s to %s: limit %.10g, "
                          "base flow %.10g)%s",
                          count, solution->limit_count,
                          first->one_sector ? e->sector_codes.names[first->sector] : "goods",
                          first->one_exporter ? e->region_codes.names[first->exporter] : "several",
                          first->one_importer ? e->region_codes.names[first->importer] : "several", first->level,
                          first->base, first->wedge > 1 ? "" : "; this limit does not bind and has no effect");
}

static double thin_use(const dr_solution *solution, const dr_thin_market *market)
{
    const dr_model *m = solution->model;
    return m->base.spending[market->region * m->sectors + market->sector];
}

/* The largest of the markets that come after `last` by size (NULL: of all). */
static const dr_thin_market *next_thin(const dr_solution *solution, const dr_thin_market *last)
{
    const dr_thin_market *next = NULL;
    for (size_t j = 0; j < solution->thin_count; j++) {
        const dr_thin_market *market = &solution->thin[j];
        double use = thin_use(solution, market), before = last ? thin_use(solution, last) : INFINITY;
        bool after = use < before || (use == before && market > last);
        if (after && (!next || use > thin_use(solution, next)))
            next = market;
    }
    return next;
}

/* Notes the thin markets and their treatment. */
static void note_thin(dr_table *table, const dr_solution *solution)
{
    enum { MOST = 3 };
    const dr_economy *e = solution->model->economy;
    const dr_thin_market *market = NULL;
    char list[800] = "", money[DR_MONEY_SIZE];
    double all = 0;
    if (solution->thin_count == 0)
        return;
    for (size_t j = 0; j < solution->thin_count; j++)
        all += thin_use(solution, &solution->thin[j]);
    for (int j = 0; j < MOST && (market = next_thin(solution, market)); j++) {
        size_t at = strlen(list);
        dr_print_text(list + at, sizeof list - at, "%s%s %s (%.250s, of which %.2g%% is left)", j ? ", " : "",
                      e->region_codes.names[market->region], e->sector_codes.names[market->sector],
                      dr_money(money, thin_use(solution, market), e->unit), 100 * market->remains);
    }
    dr_table_add_note(table,
                      "thin markets, left with less than %.10g%% of base supply by the scenario: %zu with a base use "
                      "of %s; %s: %s. Their remaining supply is pooled and counts as %.10g%%, because so small a "
                      "cell says little about how its buyers would substitute, and their price would rise without "
                      "bound. thin-markets 0 uses the cells as they are",
                      100 * solution->model->nests.thin, solution->thin_count, dr_money(money, all, e->unit),
                      solution->thin_count > MOST ? "the largest" : "by size", list, 100 * solution->model->nests.thin);
}

/* Notes the products of importers that are thin markets. */
static void note_thin_products(dr_table *table, const dr_solution *solution)
{
    const dr_model *m = solution->model;
    char money[DR_MONEY_SIZE];
    if (solution->thin_products == 0)
        return;
    unsigned product = m->tier->product[solution->thin_product];
    dr_table_add_note(
        table,
        "products left with less than %.10g%% of an importer's base supply by the scenario: %zu, of which "
        "%s is bought in the base; the largest: %s of %s. Their remaining supply is pooled and counts as "
        "%.10g%% (thin markets)",
        100 * m->nests.thin, solution->thin_products, dr_money(money, solution->thin_use, m->economy->unit),
        product == DR_TIER_REST ? "those without product flows" : dr_tier_code(m->tier, product),
        m->economy->region_codes.names[solution->thin_importer], 100 * m->nests.thin);
}

/* Notes the products that buyers do without. */
static void note_replaced(dr_table *table, const dr_solution *solution)
{
    const dr_model *m = solution->model;
    char money[DR_MONEY_SIZE];
    if (solution->replaced_products > 0)
        dr_table_add_note(table,
                          "products of importers that lose their last supplier: %zu. Buyers do without them at %.10g "
                          "times the base price (choke-price), at which the sector at home makes what takes their "
                          "place: %s",
                          solution->replaced_products, m->tier->choke,
                          dr_money(money, solution->replaced * dr_solution_numeraire(solution).all, m->economy->unit));
}

void dr_solution_describe(dr_table *table, const dr_solution *solution, const char *what)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    const dr_certificate *c = &solution->certificate;
    const char *title = *solution->scenario ? solution->scenario : "No change";
    if (e->year)
        dr_table_set_title(table, "%s: %s, %d", title, what, e->year);
    else
        dr_table_set_title(table, "%s: %s", title, what);
    dr_describe(table, e->world, e->year, e->unit, e->source);
    dr_describe_names(table, e);
    dr_table_add_fact_text(table, "scenario", solution->scenario);
    dr_model_describe(table, m);
    dr_table_add_fact_text(table, "settings.numeraire", m->options.numeraire ? m->options.numeraire : "world");
    for (size_t i = 0; i < solution->note_count; i++)
        dr_table_add_note(table, "%s", solution->notes[i]);
    dr_named_tell(table, e, &solution->named);
    note_slack(table, solution);
    note_thin(table, solution);
    note_thin_products(table, solution);
    note_replaced(table, solution);
    dr_table_add_fact(table, "certificate.worst_residual", c->worst_residual);
    dr_table_add_fact_text(table, "certificate.worst_equation", c->worst_equation);
    dr_table_add_fact(table, "certificate.market_clearing", c->market_clearing);
    dr_table_add_fact(table, "certificate.trade_balance", c->trade_balance);
    dr_table_add_fact(table, "certificate.walras", c->walras);
    dr_table_add_fact(table, "certificate.adding_up", c->adding_up);
    if (solution->limit_count || m->floor)
        dr_table_add_fact(table, "certificate.complementarity", c->complementarity);
    dr_table_add_fact(table, "certificate.sweeps", c->sweeps);
    dr_table_add_fact(table, "certificate.newton_steps", c->newton_steps);
    dr_table_add_fact(table, "certificate.jacobian_products", c->jacobian_products);
    dr_table_add_fact(table, "certificate.parts", c->parts);
    dr_table_add_fact(table, "certificate.solve_seconds", c->solve_seconds);
}

void dr_note_numeraire(dr_table *table, const dr_solution *solution, const char *what)
{
    char words[DR_NUMERAIRE_SIZE];
    const dr_model *m = solution->model;
    dr_table_add_note(table, "%s, with %s (the numeraire%s) held constant", what,
                      m->own_wages ? "world income" : dr_numeraire_words(words, m),
                      m->own_wages ? " of what is between regions" : "");
}

dr_status dr_solution_finish(dr_table **out, dr_table *table)
{
    dr_status status = dr_table_done(table);
    if (status != DR_OK) {
        dr_table_free(table);
        return status;
    }
    *out = table;
    return DR_OK;
}
