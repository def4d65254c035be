/* Tables of a path over years. Formulas: docs/years.md. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "dynamics/transition.h"
#include "model/factors.h"
#include "result/result.h"
#include "world/describe.h"

enum { WELFARE, REAL_WAGE, EXPORTS, IMPORTS, CAPITAL, MOVED, FIGURES };

/* ---- Levels ------------------------------------------------------------------------------------------------------ */

/* An equilibrium of a course, or the base (solution NULL), in levels; changes are ratios of two of them. */
typedef struct state {
    const dr_model *model;
    const dr_solution *solution;
    const double *capital; /* [n] over base; NULL: as in the base */
} state;

static state state_at(const dr_transition *t, const dr_course *c, size_t point)
{
    size_t r = t->model->regions;
    if (!c->solution)
        return (state){t->model, NULL, NULL};
    return (state){t->model, c->solution[point], c->capital + point * r};
}

/* What the regions of a mask sell to others, or buy. */
static double trade_of(const state *at, const unsigned char *mask, bool exports)
{
    const dr_model *m = at->model;
    const double *flow = at->solution ? at->solution->flow : m->base.flow;
    double sum = 0;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions; i++)
            for (size_t s = 0; s < m->sectors && (exports ? mask[i] && !mask[n] : mask[n] && !mask[i]); s++)
                sum += flow[(n * m->regions + i) * m->sectors + s];
    return sum;
}

/* Labour of region n in sector s, in units of its base income. */
static double labour_of(const state *at, size_t n, size_t s)
{
    const dr_model *m = at->model;
    double sum = 0;
    for (size_t f = 0; f < m->factors; f++)
        sum += dr_factor_is_labour(m, f) ? dr_factor_base(m, f, n, s) : 0;
    return sum * (at->solution ? dr_solution_sector_employment(at->solution, n, s) : 1);
}

/* The share of labour of n that works in another sector than under `before`, times base labour. */
static double moved_of(const state *at, const state *before, size_t n)
{
    const dr_model *m = at->model;
    double all = 0, other = 0, moved = 0;
    for (size_t s = 0; s < m->sectors; s++) {
        all += labour_of(at, n, s);
        other += labour_of(before, n, s);
    }
    for (size_t s = 0; s < m->sectors && all > 0 && other > 0; s++)
        moved += fabs(labour_of(at, n, s) / all - labour_of(before, n, s) / other) / 2;
    return moved * m->base.factor_income[n];
}

static void levels_of(const state *at, const state *before, const unsigned char *mask, double level[FIGURES])
{
    const dr_model *m = at->model;
    const dr_solution *solution = at->solution;
    memset(level, 0, FIGURES * sizeof *level);
    for (size_t n = 0; n < m->regions; n++) {
        if (!mask[n])
            continue;
        double price = solution ? dr_solution_consumer_price(solution, n) : 1;
        level[WELFARE] += m->base.income[n] * (solution ? dr_point_income(solution, n) : 1);
        level[REAL_WAGE] += m->base.factor_income[n] * (solution ? solution->wage[n] / price : 1);
        level[CAPITAL] += m->base.income[n] * (at->capital ? at->capital[n] : 1);
        level[MOVED] += moved_of(at, before, n);
    }
    level[EXPORTS] = trade_of(at, mask, true);
    level[IMPORTS] = trade_of(at, mask, false);
}

/* The changes that the scenario makes at a point, in percent. */
static void figures_at(const dr_transition *t, size_t point, const unsigned char *mask, double figures[FIGURES])
{
    state with = state_at(t, &t->policy, point), without = state_at(t, &t->baseline, point);
    double before[FIGURES], labour = 0;
    levels_of(&with, &without, mask, figures);
    levels_of(&without, &without, mask, before);
    for (size_t n = 0; n < t->model->regions; n++)
        labour += mask[n] ? t->model->base.factor_income[n] : 0;
    for (size_t f = 0; f < MOVED; f++)
        figures[f] = before[f] > 0 ? dr_percent(figures[f] / before[f]) : NAN;
    figures[MOVED] = 100 * figures[MOVED] / labour;
}

/* ---- What tables say --------------------------------------------------------------------------------------------- */

static const dr_solution *worst_of(const dr_transition *t)
{
    const dr_solution *worst = t->policy.solution[0];
    for (size_t p = 0; p < t->points; p++)
        for (int course = 0; course < 2; course++) {
            dr_solution **of = course ? t->baseline.solution : t->policy.solution;
            if (of && of[p]->certificate.worst_residual > worst->certificate.worst_residual)
                worst = of[p];
        }
    return worst;
}

static const char *title_of(const dr_transition *t)
{
    const char *title = "";
    for (size_t y = 0; y < t->years && !*title; y++)
        title = t->in_force[y] ? t->policy.solution[y * t->steps]->scenario : title;
    return *title ? title : "No change";
}

static void note_labour(dr_table *table, const dr_transition *t)
{
    if (t->mobility.kind != DR_MOBILITY_COST)
        return;
    dr_table_add_note(table,
                      "labour moves between sectors at a cost and looks ahead (Caliendo, Dvorkin & Parro 2019): "
                      "mobility %s, tastes of dispersion %.3g, a discount rate of %.3g%%; between regions it does not "
                      "move",
                      t->mobility_text, t->horizons.nu, 100 * t->discount);
    if (t->mobility.moved > 0)
        dr_table_add_note(table,
                          "the shares of workers who move were scaled so that employment in the base is steady: "
                          "by at most %.2g percentage points",
                          100 * t->mobility.moved);
}

static void note_path(dr_table *table, const dr_transition *t)
{
    const dr_horizon *end = &t->horizons.at[t->horizons.count - 1];
    int table_year = t->model->economy->year;
    dr_table_add_note(
        table,
        "trade elasticities rise with the years since the first change, in the ratio of the estimates by "
        "horizon (Boehm, Levchenko & Pandalai-Nayar 2023: %.3g after a year, %.3g in the long run; linear "
        "in between), which are read as elasticities of trade with tariff, as those of --horizon are",
        t->horizons.at[0].elasticity, end->elasticity);
    note_labour(table, t);
    if (t->known < t->change)
        dr_table_add_note(table, "the changes are known from %d on and in force from %d on",
                          table_year + 1 + (int)(t->known / t->steps), table_year + 1 + (int)(t->change / t->steps));
    if (t->capital_kind != DR_CAPITAL_NONE)
        dr_table_add_note(
            table,
            "capital accumulates (Anderson, Larch & Yotov 2020): %s, of which %.3g%% wears out in a year; "
            "the base is a steady state",
            t->capital_text, 100 * t->horizons.depreciation);
    if (t->growth.level)
        dr_table_add_note(table, "growth of %s%s", t->growth_text,
                          t->changed ? " happens with and without the scenario; changes are those that the scenario "
                                       "makes"
                                     : "; changes are from the base");
}

static void describe(dr_table *table, const dr_transition *t, const char *what)
{
    int year = t->model->economy->year;
    dr_solution_describe(table, worst_of(t), what);
    if (year)
        dr_table_set_title(table, "%s: %s, %d to %d", title_of(t), what, year + 1, year + (int)t->years);
    else
        dr_table_set_title(table, "%s: %s, %zu years", title_of(t), what, t->years);
    dr_table_add_fact(table, "settings.years", (double)t->years);
    dr_table_add_fact(table, "settings.discount", t->discount);
    note_path(table, t);
}

/* ---- Rows by region ---------------------------------------------------------------------------------------------- */

typedef dr_status add_row(dr_table *table, const dr_transition *t, const char *code, dr_row_kind kind,
                          const unsigned char *mask, size_t year);

/* A row for each region and group. */
static dr_status add_rows(dr_table *table, const dr_transition *t, size_t year, add_row *add)
{
    const dr_economy *e = t->model->economy;
    unsigned char *mask = dr_new(e->regions, 1);
    dr_status status = mask ? DR_OK : dr_fail_memory();
    for (size_t n = 0; n < e->regions && status == DR_OK; n++) {
        memset(mask, 0, e->regions);
        mask[n] = 1;
        status = add(table, t, e->region_codes.names[n], DR_ROW_ONE, mask, year);
    }
    for (size_t g = 0; g < e->groups.count && status == DR_OK; g++)
        status = add(table, t, e->groups.names[g], DR_ROW_GROUP, e->member + g * e->regions, year);
    free(mask);
    return status;
}

static int calendar(const dr_transition *t, size_t year)
{
    return t->model->economy->year + 1 + (int)year;
}

static dr_status add_year(dr_table *table, const dr_transition *t, const char *code, dr_row_kind kind,
                          const unsigned char *mask, size_t year)
{
    double figures[FIGURES];
    size_t row = dr_table_add_row(table), column = 0;
    figures_at(t, year * t->steps, mask, figures);
    dr_table_set_kind(table, row, kind);
    dr_table_set_number(table, row, column++, calendar(t, year));
    dr_table_set_text(table, row, column++, code);
    for (size_t f = 0; f < FIGURES; f++)
        if (f != CAPITAL || t->capital_kind != DR_CAPITAL_NONE)
            dr_table_set_number(table, row, column++, figures[f]);
    return DR_OK;
}

dr_status dr_transition_years(dr_table **out, const dr_transition *transition)
{
    DR_TRY(DR_GIVEN(out, transition));
    const dr_transition *t = transition;
    dr_column_spec columns[2 + FIGURES] = {{"year", DR_SHOW_COUNT}, {"region", DR_SHOW_TEXT}};
    static const char *const names[] = {"welfare", "real_wage", "exports", "imports", "capital", "moved"};
    size_t count = 2;
    dr_table *table = NULL;
    for (size_t f = 0; f < FIGURES; f++)
        if (f != CAPITAL || t->capital_kind != DR_CAPITAL_NONE)
            columns[count++] = (dr_column_spec){names[f], DR_SHOW_PERCENT};
    DR_TRY(dr_table_new(&table, columns, count));
    describe(table, t, "years");
    dr_table_keep_rows(table);
    dr_status status = DR_OK;
    for (size_t y = 0; y < t->years && status == DR_OK; y++)
        status = add_rows(table, t, y, add_year);
    return dr_table_finish(out, table, status);
}

/* ---- The worth of a path ----------------------------------------------------------------------------------------- */

/* The constant change of real income that is worth as much, from when the changes are known on, in percent:
 * ln (1 + x) = (1 - beta) (sum_t beta^t ln W[t] / B[t] + beta^T / (1 - beta) ln W[T-1] / B[T-1]). */
static double discounted(const dr_transition *t, const unsigned char *mask)
{
    double beta = 1 / (1 + t->discount), weight = 1, sum = 0, figures[FIGURES] = {0};
    for (size_t y = t->known / t->steps; y < t->years; y++) {
        figures_at(t, y * t->steps, mask, figures);
        sum += (1 - beta) * weight * log1p(figures[WELFARE] / 100);
        weight *= beta;
    }
    return 100 * expm1(sum + weight * log1p(figures[WELFARE] / 100));
}

static dr_status add_lifetime(dr_table *table, const dr_transition *t, const char *code, dr_row_kind kind,
                              const unsigned char *mask, size_t year)
{
    double figures[FIGURES], base[FIGURES];
    state at_once = {t->model, t->at_once, NULL}, before = {t->model, NULL, NULL};
    size_t row = dr_table_add_row(table);
    (void)year;
    dr_table_set_kind(table, row, kind);
    dr_table_set_text(table, row, 0, code);
    figures_at(t, t->change, mask, figures);
    dr_table_set_number(table, row, 1, figures[WELFARE]);
    figures_at(t, (t->years - 1) * t->steps, mask, figures);
    dr_table_set_number(table, row, 2, figures[WELFARE]);
    dr_table_set_number(table, row, 3, discounted(t, mask));
    levels_of(&at_once, &before, mask, figures);
    levels_of(&before, &before, mask, base);
    dr_table_set_number(table, row, 4, dr_percent(figures[WELFARE] / base[WELFARE]));
    return DR_OK;
}

/* The answer in words: what the path is worth to those who lose and gain most. */
static void tell(dr_table *table, const dr_transition *t)
{
    char name[DR_SPOKEN_SIZE];
    const dr_economy *e = t->model->economy;
    for (int sign = -1; sign <= 1; sign += 2) {
        size_t best = e->regions;
        for (size_t n = 0; n < e->regions; n++)
            if (best == e->regions || sign * dr_table_number(table, n, 3) > sign * dr_table_number(table, best, 3))
                best = n;
        double worth = best < e->regions ? dr_table_number(table, best, 3) : 0;
        if (sign * worth > 0.005)
            dr_table_say(table,
                         "%s %s most: %.2f%% of real income in %d, %.2f%% in %d, which is worth as much as %.2f%% in "
                         "every year.",
                         dr_spoken(name, e, e->region_codes.names[best]), sign < 0 ? "loses" : "gains",
                         sign * dr_table_number(table, best, 1), calendar(t, t->change / t->steps),
                         sign * dr_table_number(table, best, 2), calendar(t, t->years - 1), fabs(worth));
    }
}

dr_status dr_transition_lifetime(dr_table **out, const dr_transition *transition)
{
    DR_TRY(DR_GIVEN(out, transition));
    const dr_transition *t = transition;
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                             {"first", DR_SHOW_PERCENT},
                                             {"last", DR_SHOW_PERCENT},
                                             {"discounted", DR_SHOW_PERCENT},
                                             {"static", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, 5));
    describe(table, t, "real income over the years");
    dr_table_rank(table, 3);
    dr_status status = add_rows(table, t, 0, add_lifetime);
    if (status == DR_OK)
        tell(table, t);
    return dr_table_finish(out, table, status);
}

/* ---- Horizons ---------------------------------------------------------------------------------------------------- */

/* The mean trade elasticity, weighted by trade between regions. */
static double mean_theta(const dr_model *m)
{
    double sum = 0, trade = 0;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions; i++)
            for (size_t s = 0; s < m->sectors && i != n; s++) {
                double flow = m->base.flow[(n * m->regions + i) * m->sectors + s];
                sum += flow * m->theta[s];
                trade += flow;
            }
    return trade > 0 ? sum / trade : m->theta[0];
}

static void add_horizon(dr_table *table, const dr_transition *t, size_t year)
{
    size_t row = dr_table_add_row(table), point = year * t->steps;
    const dr_model *m = &t->models[point];
    double since = point < t->change ? 0 : 1 + (double)(point - t->change) / (double)t->steps;
    dr_horizon h = dr_horizon_at(&t->horizons, since);
    const dr_certificate *c = &t->policy.solution[point]->certificate;
    double theta = mean_theta(m);
    dr_table_set_number(table, row, 0, calendar(t, year));
    dr_table_set_number(table, row, 1, since);
    dr_table_set_number(table, row, 2, theta);
    dr_table_set_number(table, row, 3, theta * h.error / h.elasticity);
    dr_table_set_number(table, row, 4, t->mobility.kind == DR_MOBILITY_COST ? NAN : m->nests.psi);
    dr_table_set_number(table, row, 5, c->sweeps);
    dr_table_set_number(table, row, 6, c->worst_residual);
}

dr_status dr_transition_horizons(dr_table **out, const dr_transition *transition)
{
    DR_TRY(DR_GIVEN(out, transition));
    const dr_transition *t = transition;
    static const dr_column_spec columns[] = {{"year", DR_SHOW_COUNT},
                                             {"horizon", DR_SHOW_COUNT},
                                             {"trade_elasticity", DR_SHOW_NUMBER},
                                             {"standard_error", DR_SHOW_NUMBER},
                                             {"mobility", DR_SHOW_NUMBER},
                                             {"sweeps", DR_SHOW_COUNT},
                                             {"worst_residual", DR_SHOW_NUMBER}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, 7));
    describe(table, t, "horizons");
    dr_table_keep_rows(table);
    for (size_t y = 0; y < t->years; y++)
        add_horizon(table, t, y);
    return dr_table_finish(out, table, DR_OK);
}
