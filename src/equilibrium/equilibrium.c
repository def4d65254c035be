/* The equilibrium under a scenario: what can be seen beforehand, the search (search.h), and its solution in levels. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "equilibrium/equilibrium.h"
#include "equilibrium/search.h"
#include "equilibrium/sweep_factors.h"
#include "equilibrium/sweep_labour.h"
#include "equilibrium/sweep_limits.h"
#include "equilibrium/sweep_shifts.h"
#include "equilibrium/sweep_thin.h"
#include "equilibrium/sweep_tier.h"
#include "model/factors.h"
#include "model/labour.h"

static dr_status solution_arrays(dr_solution *solution)
{
    const dr_model *m = solution->model;
    size_t r = m->regions, s = m->sectors;
    double **tables[] = {&solution->price,    &solution->cost,        &solution->output,
                         &solution->spending, &solution->sector_wage, &solution->value_added};
    double **of_factors[] = {&solution->factor_wage, &solution->factor_pay, &solution->factor_mean};
    double **rows[] = {&solution->wage, &solution->tariff_revenue, &solution->deficit, &solution->income,
                       &solution->rents};
    bool there = (solution->flow = dr_new_doubles(r * r * s)) != NULL;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        there = (*tables[i] = dr_new_doubles(r * s)) && there;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        there = (*rows[i] = dr_new_doubles(r)) && there;
    if (m->cost_part)
        there = (solution->profits = dr_new_doubles(r)) && there;
    if (m->floor || m->labour_supply > 0)
        there = (solution->employment = dr_new_doubles(m->factors * r * s)) && there;
    for (size_t i = 0; i < sizeof of_factors / sizeof *of_factors; i++)
        there = (*of_factors[i] = dr_new_doubles(m->factors * r * s)) && there;
    return there ? DR_OK : dr_fail_memory();
}

/* Factor incomes and wages: in region n, and in its sectors. */
static void solution_factors(dr_solution *solution, const dr_sweep *w, size_t n)
{
    const dr_model *m = solution->model;
    double earned = 0, there = 0;
    for (size_t f = 0; f < m->factors; f++) {
        solution->factor_mean[f * w->r + n] = w->mean_wage[f * w->stride + n];
        earned += w->mean_wage[f * w->stride + n] * w->all_labour[f * w->stride + n];
        there += w->all_labour[f * w->stride + n];
        for (size_t k = 0; k < w->s; k++) {
            size_t at = (f * w->r + n) * w->s + k, j = k * w->stride + n;
            solution->factor_wage[at] = w->wage[(w->first[f] + (w->rows[f] > 1 ? k : 0)) * w->stride + n];
            if (m->floor) {
                double clears = solution->factor_wage[at], floor = dr_factor_is_labour(m, f) ? exp(m->floor[n]) : 0;
                solution->factor_wage[at] = fmax(clears, floor);
                solution->employment[at] = clears < floor ? clears / floor : 1;
            }
            if (m->labour_supply > 0) {
                solution->employment[at] = exp(dr_labour_hours(w, f, n));
                solution->factor_wage[at] /= solution->employment[at];
            }
            solution->factor_pay[at] = m->factors > 1 ? w->factor_pay[f * w->block + j] : w->pay[j];
        }
    }
    solution->wage[n] = m->factors > 1 ? earned / there : w->mean_wage[n];
}

/* What region n buys. The ratios stand in `f`, which is free after the last sweep. */
static void fill_flows(dr_solution *solution, const dr_sweep *w, size_t n)
{
    double *ratio = w->f, before = 1 - dr_overhead(solution->model, n); /* of overhead */
    for (size_t k = 0; k < w->s; k++)
        ratio[k] = w->spent[k * w->stride + n] / w->power[k * w->stride + n] / before;
    for (size_t i = 0; i < w->r; i++)
        for (size_t k = 0; k < w->s; k++)
            solution->flow[(n * w->r + i) * w->s + k] =
                w->basic[k * w->r + n][i] * w->supply[k * w->stride + i] * ratio[k];
}

/* From the last sweep to levels in the public layout. */
static void solution_fill(dr_solution *solution, dr_sweep *w)
{
    size_t r = w->r, s = w->s;
    dr_rows primary = dr_sweep_primary(w, w->x + 2 * w->block);
    for (size_t n = 0; n < r; n++) {
        solution_factors(solution, w, n);
        solution->deficit[n] = w->deficit[n];
        solution->income[n] = w->income[n];
        solution->rents[n] = w->rents[n];
        if (solution->profits)
            solution->profits[n] = w->profit[n];
        for (size_t k = 0; k < s; k++) {
            size_t j = k * w->stride + n;
            solution->price[n * s + k] = exp(w->price[j]);
            solution->cost[n * s + k] = exp(w->x[j]);
            solution->sector_wage[n * s + k] = exp(primary.first[k * primary.step + n]);
            solution->value_added[n * s + k] = w->pay[j];
            solution->output[n * s + k] = w->output[j];
            solution->spending[n * s + k] = w->spent[j];
        }
        fill_flows(solution, w, n);
    }
}

/* Sums revenue anew, so that it is exactly zero where no tariff is. */
static void solution_revenue(dr_solution *solution)
{
    size_t r = solution->model->regions, row = r * solution->model->sectors;
    for (size_t n = 0; solution->tariff && n < r; n++)
        for (size_t flow = n * row; flow < (n + 1) * row; flow++)
            solution->tariff_revenue[n] += solution->tariff[flow] * solution->flow[flow];
    for (size_t cell = 0; cell < r * solution->model->sectors; cell++)
        solution->tariff_revenue[cell / solution->model->sectors] += dr_solution_carbon_paid(solution, cell);
}

static dr_status solution_tariffs(dr_solution *solution, const dr_scenario *scenario, double part)
{
    const dr_model *m = solution->model;
    size_t flows = m->regions * m->regions * m->sectors;
    if (!m->base.tariff && !scenario)
        return DR_OK;
    solution->tariff = dr_new_doubles(flows);
    if (!solution->tariff)
        return dr_fail_memory();
    for (size_t flow = 0; flow < flows; flow++) {
        double base = dr_base_tariff(&m->base, flow);
        bool changed = scenario && scenario->change[flow];
        double rate = changed ? dr_scenario_rate(scenario, base, flow) : base;
        solution->tariff[flow] = part == 1 || rate == base ? rate : (1 + base) * pow((1 + rate) / (1 + base), part) - 1;
    }
    return DR_OK;
}

/* A good that is used, and that no region may supply any more, has no price. */
static dr_status check_suppliers(const dr_sweep *w)
{
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->r; n++) {
            const double *row = w->delivered[s * w->r + n];
            bool supplied = w->model->spending[s * w->stride + n] == 0;
            for (size_t i = 0; i < w->r && !supplied; i++)
                supplied = row[i] > 0;
            if (!supplied)
                return dr_fail(DR_NO_SOLUTION, "%s loses its last supplier of %s under the bans",
                               w->model->economy->region_codes.names[n], w->model->economy->sector_codes.names[s]);
        }
    return DR_OK;
}

/* Whether n may buy anything from others, or sell to them. */
static void may_trade(const dr_sweep *w, size_t n, bool *buys, bool *sells)
{
    *buys = *sells = false;
    for (size_t s = 0; s < w->s; s++)
        for (size_t i = 0; i < w->r && !(*buys && *sells); i++) {
            size_t at = s * w->stride;
            if (i == n)
                continue;
            *buys |= w->model->spending[at + n] > 0 && w->delivered[s * w->r + n][i] > 0;
            *sells |= w->model->spending[at + i] > 0 && w->delivered[s * w->r + i][n] > 0;
        }
}

/* Imports less exports equal the deficit at any prices: a region that cannot export needs a deficit, one that cannot
 * import a surplus, and one that can do neither a balance of zero. */
static dr_status check_balances(const dr_sweep *w, bool *surplus)
{
    static const double balanced = 1e-9;
    const dr_base *b = &w->model->base;
    for (size_t n = 0; n < w->r; n++) {
        bool buys, sells;
        double deficit = b->deficit[n] + (w->given ? w->given[n] : 0);
        deficit = fabs(deficit) > balanced * b->income[n] ? deficit : 0;
        may_trade(w, n, &buys, &sells);
        if ((buys && sells) || (buys && deficit > 0) || (sells && deficit < 0) || (!buys && !sells && deficit == 0))
            continue;
        *surplus = true;
        return dr_fail(DR_NO_SOLUTION,
                       "under the scenario %s cannot %s any other region, so that no prices give it the %s that the "
                       "closure requires",
                       w->model->economy->region_codes.names[n],
                       sells  ? "buy from"
                       : buys ? "sell to"
                              : "trade with",
                       deficit > 0   ? "deficit"
                       : deficit < 0 ? "surplus"
                                     : "balance");
    }
    return DR_OK;
}

static dr_status solve(dr_solution *solution, dr_search *f, const dr_scenario *scenario, double part,
                       const dr_solution *near)
{
    double start = dr_seconds();
    DR_TRY(dr_search_new(f, solution->model, scenario, part));
    dr_sweep_load(&f->sweep, scenario, part);
    DR_TRY(check_suppliers(&f->sweep));
    if (f->sweep.tier)
        DR_TRY(dr_sweep_tier_check(&f->sweep));
    if (scenario)
        DR_TRY(check_balances(&f->sweep, &f->surplus));
    DR_TRY(dr_search_solve(f, scenario, near));
    solution->certificate.sweeps = f->sweeps;
    solution->certificate.parts = f->parts;
    if (f->newton) {
        solution->certificate.newton_steps = (int)dr_newton_steps(f->newton);
        solution->certificate.jacobian_products = (int)dr_newton_products(f->newton);
    }
    solution->certificate.solve_seconds = dr_seconds() - start;
    DR_TRY(solution_arrays(solution));
    DR_TRY(solution_tariffs(solution, scenario, part));
    solution_fill(solution, &f->sweep);
    DR_TRY(dr_thin_report(&f->sweep, solution));
    DR_TRY(dr_shifts_report(&f->sweep, scenario, part, solution));
    if (f->sweep.tier)
        DR_TRY(dr_sweep_tier_report(&f->sweep, scenario, solution));
    if (f->sweep.limit_count)
        DR_TRY(dr_limits_report(&f->sweep, scenario, solution));
    solution_revenue(solution);
    return DR_OK;
}

dr_status dr_equilibrium_solve(dr_solution *solution, const dr_model *model, const dr_scenario *scenario, double part,
                               const dr_solution *near)
{
    dr_search f = {0};
    solution->model = model;
    dr_status status = solve(solution, &f, scenario, part, near);
    solution->surplus = f.surplus;
    dr_search_free(&f);
    return status;
}
