/* Delay: one side announces a path of caps on its dependence, and meets each year's with the tariffs of its plan; the other cuts its
 * prices, by subsidies of its exports, so that the share in all these goods together stays up at the least cost to itself. Each year is
 * an equilibrium by itself. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/residual.h"
#include "base/table.h"
#include "plan/plan.h"
#include "play/game.h"

/* The game of one year: the only player subsidises its exports, instruments first; the plan's tariffs stay. */
typedef struct year_game {
    dr_game game;
    dr_player player;
    double *y;
} year_game;

static void year_free(year_game *y)
{
    dr_policy_free(&y->player.policy);
    free(y->game.low);
    free(y->game.high);
    free(y->game.base);
    free(y->y);
}

static dr_status copy_instrument(dr_instrument *out, const dr_instrument *of)
{
    *out = *of;
    out->flows = dr_new(of->count, sizeof *out->flows);
    if (!out->flows)
        return dr_fail_memory();
    memcpy(out->flows, of->flows, of->count * sizeof *out->flows);
    return DR_OK;
}

/* A subsidy for each sector with trade; then the plan's instruments, if there is a plan. */
static dr_status year_instruments(const dr_game *g, const dr_plan *plan, dr_instrument *instruments, size_t *own,
                                  size_t *all)
{
    for (size_t s = 0; s < g->model->sectors; s++) {
        if (!g->trials.sectors[s])
            continue;
        DR_TRY(dr_instrument_new(&instruments[*all], g->model, &g->trials.sides, s, DR_ORIGIN_FROM));
        instruments[*all].export_tax = true;
        if (instruments[*all].count > 0)
            *own = ++*all;
        else
            dr_instrument_free(&instruments[*all]);
    }
    for (size_t l = 0; plan && l < plan->policy.count; l++) {
        DR_TRY(copy_instrument(&instruments[*all], &plan->policy.instruments[l]));
        ++*all;
    }
    return DR_OK;
}

static dr_status copy_mask(bool **out, const bool *mask, size_t count)
{
    *out = dr_new(count, sizeof **out);
    if (!*out)
        return dr_fail_memory();
    memcpy(*out, mask, count * sizeof **out);
    return DR_OK;
}

/* Welfare of who subsidises, and the share. */
static dr_status year_aims(const dr_game *g, dr_aim *aims)
{
    const dr_trials *t = &g->trials;
    size_t regions = g->model->regions;
    aims[0].result.kind = DR_RESULT_WELFARE;
    aims[1].result.kind = DR_RESULT_SHARE;
    DR_TRY(copy_mask(&aims[0].result.of, t->sides.to, regions));
    DR_TRY(copy_mask(&aims[1].result.of, t->sides.of, regions));
    DR_TRY(copy_mask(&aims[1].result.from, t->sides.to, regions));
    return copy_mask(&aims[1].result.sectors, t->sectors, g->model->sectors);
}

static dr_status year_new(year_game *out, const dr_game *g, const dr_plan *plan)
{
    size_t own = 0, all = 0, most = g->model->sectors + (plan ? plan->policy.count : 0);
    dr_instrument *instruments = dr_new(most, sizeof *instruments);
    dr_aim *aims = dr_new(2, sizeof *aims);
    if (!instruments || !aims) {
        free(instruments);
        free(aims);
        return dr_fail_memory();
    }
    dr_status status = year_instruments(g, plan, instruments, &own, &all);
    if (status == DR_OK)
        status = year_aims(g, aims);
    dr_status taken = dr_policy_new(&out->player.policy, g->model, instruments, all, aims, 2);
    DR_TRY(status);
    DR_TRY(taken);
    if (own == 0)
        return dr_fail(DR_BAD_INPUT, "%s buys nothing of these sectors from %s", g->trials.of, g->trials.against);
    out->player.name = g->trials.against;
    out->player.want = DR_WANT_HINDER;
    out->player.level = g->trials.level;
    out->player.count = own;
    out->player.policy.threads = g->options->threads;
    out->game =
        (dr_game){.model = g->model, .players = &out->player, .count = 1, .instruments = all, .options = g->options};
    out->game.low = dr_new_doubles(all);
    out->game.high = dr_new_doubles(all);
    out->game.base = dr_new_doubles(all);
    out->y = dr_new_doubles(all);
    if (!out->game.low || !out->game.high || !out->game.base || !out->y)
        return dr_fail_memory();
    out->game.y = out->y;
    for (size_t l = 0; l < all; l++) {
        out->game.low[l] = l < own ? log1p(-g->trials.most) : 0;
        out->y[l] = out->game.base[l] = l < own || !plan ? 0 : plan->optimum.y[l - own];
    }
    return DR_OK;
}

/* ---- A year ------------------------------------------------------------------------------------------------------------ */

/* What is paid, and as a part of what producers earn on what they sell. */
static void add_subsidies(const year_game *y, dr_delay_year *year)
{
    const dr_policy *p = &y->player.policy;
    double earned = 0;
    for (size_t l = 0; l < y->player.count; l++)
        for (size_t j = 0; j < p->instruments[l].count; j++) {
            double one = p->solution->flow[p->instruments[l].flows[j]] / exp(y->y[l]); /* flows are at the border */
            earned += one;
            year->subsidy -= one * expm1(y->y[l]);
        }
    year->cut = earned > 0 ? year->subsidy / earned : 0;
}

static dr_status answer(dr_game *g, year_game *y, dr_delay_year *year)
{
    dr_policy *p = &y->player.policy;
    dr_optimum best = {0};
    DR_TRY(dr_policy_evaluate(p, y->y, false));
    double before = p->aims[0].value;
    year->plain = p->aims[1].value;
    year->of_plain = dr_game_welfare(p->solution, g->trials.sides.of);
    year->worst_residual = p->solution->certificate.worst_residual;
    dr_status status = dr_response_new(&best, &y->game, 0);
    if (status == DR_OK)
        status = dr_response_find(&best, &y->game, 0, y->y);
    year->residual = dr_optimum_residual(&best);
    dr_optimum_free(&best);
    DR_TRY(status);
    DR_TRY(dr_policy_evaluate(p, y->y, false));
    year->held = p->aims[1].value;
    year->settings = y->player.count;
    for (size_t l = 0; l < y->player.count; l++)
        year->at_most += *dr_game_bound(&y->game, l) && y->y[l] < 0;
    year->cost = before - p->aims[0].value;
    year->of = dr_game_welfare(p->solution, g->trials.sides.of);
    year->worst_residual = dr_worse(year->worst_residual, p->solution->certificate.worst_residual);
    add_subsidies(y, year);
    if (year->residual > 1e-6)
        return dr_fail(DR_NO_SOLUTION, "no answer was found: first-order conditions hold to %.1e only", year->residual);
    return DR_OK;
}

static dr_status solve_year(dr_game *g, dr_delay_year *year, const char *sectors)
{
    dr_plan *plan = NULL;
    year_game y = {0};
    dr_plan_options options = dr_game_plan_options(g, sectors, year->cap);
    if (dr_game_exceeds(g, g->trials.sectors, year->cap))
        DR_TRY(dr_plan_new(&plan, g->model, g->trials.of, g->trials.against, &options));
    dr_status status = year_new(&y, g, plan);
    if (status == DR_OK)
        status = answer(g, &y, year);
    g->trials.solves += (plan ? plan->policy.solves : 0) + y.player.policy.solves;
    dr_plan_free(plan);
    year_free(&y);
    return status;
}

dr_status dr_game_delay(dr_game *g)
{
    char *sectors = dr_game_sectors(g, g->trials.sectors), where[32];
    dr_status status = sectors ? DR_OK : dr_fail_memory();
    for (size_t t = 0; t < g->trials.year_count && status == DR_OK; t++) {
        status = solve_year(g, &g->trials.years[t], sectors);
        snprintf(where, sizeof where, "year %zu", t + 1);
        if (status != DR_OK)
            dr_fail_at(status, where);
        g->trials.worst_residual = dr_worse(g->trials.worst_residual, g->trials.years[t].worst_residual);
        dr_game_progress(g, "years", t + 1);
    }
    free(sectors);
    return status;
}

/* ---- The table --------------------------------------------------------------------------------------------------------- */

double dr_game_delay_residual(const dr_game *g)
{
    double worst = 0;
    for (size_t k = 0; k < g->trials.year_count; k++)
        worst = dr_worse(worst, g->trials.years[k].residual);
    return worst;
}

static void add_notes(dr_table *table, const dr_game *g)
{
    const dr_trials *t = &g->trials;
    double sum = 0, worst = dr_game_delay_residual(g), income = dr_game_income(g, t->sides.to);
    size_t held = 0;
    for (size_t k = 0; k < t->year_count; k++) {
        sum += t->years[k].cost / 100 * income;
        held += t->years[k].plain < t->level;
    }
    dr_table_add_fact(table, "delay.years", (double)held);
    dr_table_add_fact(table, "delay.cost_value", sum);
    dr_table_add_fact(table, "certificate.kkt", worst);
    dr_table_add_note(table,
                      "the share of %s in what %s imports of these goods would fall below %.2f%% in %zu of %zu years",
                      t->against, t->of, 100 * t->level, held, t->year_count);
    if (held > 0)
        dr_table_add_note(table,
                          "to keep it there costs %s %.0f %s in all, %.0f for each year of delay, nothing discounted",
                          t->against, sum, g->model->economy->unit, sum / (double)held);
    dr_table_add_note(table,
                      "each year is an equilibrium by itself, on the table of %d: %s has the tariffs of its plan for "
                      "the cap, %s answers",
                      g->model->economy->year, t->of, t->against);
    dr_table_add_note(table, "first-order conditions hold to %.1e", worst);
}

dr_status dr_game_delay_table(dr_table **out, const dr_game *g)
{
    static const dr_column_spec columns[] = {
        {"year", DR_SHOW_COUNT},   {"cap", DR_SHOW_SHARE},        {"share_without", DR_SHOW_SHARE},
        {"share", DR_SHOW_SHARE},  {"price_cut", DR_SHOW_SHARE},  {"subsidies", DR_SHOW_VALUE},
        {"cost", DR_SHOW_PERCENT}, {"cost_value", DR_SHOW_VALUE}, {"gain_of", DR_SHOW_PERCENT}};
    const dr_trials *t = &g->trials;
    dr_table *table = NULL;
    DR_TRY(dr_game_begin_table(&table, g, columns, sizeof columns / sizeof *columns));
    dr_table_set_title(table, "What it costs %s to keep its share in the imports of %s", t->against, t->of);
    for (size_t k = 0; k < t->year_count; k++) {
        const dr_delay_year *y = &t->years[k];
        const double numbers[] = {(double)(k + 1),
                                  y->cap,
                                  y->plain,
                                  y->held,
                                  y->cut,
                                  y->subsidy,
                                  y->cost,
                                  y->cost / 100 * dr_game_income(g, t->sides.to),
                                  y->of - y->of_plain};
        size_t row = dr_table_add_row(table);
        for (size_t c = 0; c < sizeof numbers / sizeof *numbers; c++)
            dr_table_set_number(table, row, c, numbers[c]);
    }
    add_notes(table, g);
    return dr_table_finish(out, table, DR_OK);
}
