#define _GNU_SOURCE /* strdup */
#include "solve/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"

/* Data this far from an equilibrium, relative to the size of each equation, are one up to rounding. */
static const double BALANCED = 1e-9;

static void base_free(dr_base *b)
{
    double *arrays[] = {b->flow,        b->tariff,        b->spending,       b->output,  b->input,  b->final,
                        b->value_added, b->factor_income, b->tariff_revenue, b->deficit, b->income, b->factor_share};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
}

void dr_model_free(dr_model *model)
{
    if (!model)
        return;
    base_free(&model->base);
    free(model->theta);
    free(model->value_added_share);
    free(model->factor_share);
    free(model->input_share);
    free(model->bundle_share);
    free(model->final_share);
    free(model->import_share);
    free(model->spending);
    if (model->economy == &model->one_good)
        dr_names_free(&model->one_good.sector_codes);
    free((void *)model->notes);
    dr_arena_free(&model->arena);
    free(model);
}

static dr_status take_arrays(dr_model *m, bool tariffs)
{
    size_t r = m->regions, s = m->sectors, row = m->stride;
    dr_base *b = &m->base;
    struct {
        double **array;
        size_t count;
    } wanted[] = {{&b->flow, r * r * s},
                  {&b->tariff, tariffs ? r * r * s : 0},
                  {&b->spending, r * s},
                  {&b->output, r * s},
                  {&b->input, r * s * s},
                  {&b->final, r * s},
                  {&b->value_added, r * s},
                  {&b->factor_share, m->factors > 1 ? m->factors * r * s : 0},
                  {&m->factor_share, m->factors > 1 ? m->factors * s * row : 0},
                  {&b->factor_income, r},
                  {&b->tariff_revenue, r},
                  {&b->deficit, r},
                  {&b->income, r},
                  {&m->theta, s},
                  {&m->value_added_share, s * row},
                  {&m->bundle_share, s * row},
                  {&m->input_share, s * s * row},
                  {&m->final_share, s * row},
                  {&m->import_share, s * r * row},
                  {&m->spending, s * row}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (wanted[i].count && !(*wanted[i].array = dr_new_doubles(wanted[i].count)))
            return dr_fail_memory();
    return DR_OK;
}

void dr_base_incomes(dr_model *m)
{
    size_t r = m->regions, s = m->sectors;
    dr_base *b = &m->base;
    memset(b->spending, 0, r * s * sizeof(double));
    memset(b->output, 0, r * s * sizeof(double));
    for (size_t n = 0; n < r; n++) {
        b->tariff_revenue[n] = b->factor_income[n] = 0;
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                size_t flow = (n * r + i) * s + k;
                b->spending[n * s + k] += b->flow[flow] * (1 + dr_base_tariff(b, flow));
                b->output[i * s + k] += b->flow[flow];
                b->tariff_revenue[n] += b->flow[flow] * dr_base_tariff(b, flow);
            }
        for (size_t k = 0; k < s; k++)
            b->factor_income[n] += b->value_added[n * s + k];
        b->income[n] = b->factor_income[n] + b->tariff_revenue[n] + b->deficit[n];
    }
}

/* Shares in cost and in final demand. */
static void fill_uses(dr_model *m)
{
    size_t r = m->regions, s = m->sectors, row = m->stride;
    const dr_base *b = &m->base;
    for (size_t n = 0; n < r; n++) {
        double all_final = 0;
        for (size_t k = 0; k < s; k++)
            all_final += b->final[n * s + k];
        for (size_t k = 0; k < s; k++) {
            double cost = b->value_added[n * s + k];
            for (size_t j = 0; j < s; j++)
                cost += b->input[(n * s + j) * s + k];
            m->final_share[k * row + n] = all_final > 0 ? b->final[n * s + k] / all_final : 0;
            m->value_added_share[k * row + n] = cost > 0 ? b->value_added[n * s + k] / cost : 0;
            m->bundle_share[k * row + n] = 0;
            for (size_t f = 0; f < m->factors && m->factor_share; f++)
                m->factor_share[(f * s + k) * row + n] = b->factor_share[(f * r + n) * s + k];
            for (size_t j = 0; j < s && cost > 0; j++) {
                m->input_share[(k * s + j) * row + n] = b->input[(n * s + j) * s + k] / cost;
                m->bundle_share[k * row + n] += b->input[(n * s + j) * s + k] / cost;
            }
        }
    }
}

void dr_base_shares(dr_model *m)
{
    fill_uses(m);
    size_t r = m->regions, s = m->sectors;
    const dr_base *b = &m->base;
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                size_t flow = (n * r + i) * s + k;
                double spending = b->spending[n * s + k];
                m->import_share[(k * r + n) * m->stride + i] =
                    spending > 0 ? b->flow[flow] * (1 + dr_base_tariff(b, flow)) / spending : 0;
            }
}

/* What region n's final demand and sectors want of good k, given base output and income. */
static double demand_of(const dr_model *m, size_t n, size_t k)
{
    double demand = m->final_share[k * m->stride + n] * m->base.income[n];
    for (size_t s = 0; s < m->sectors; s++)
        demand += m->input_share[(s * m->sectors + k) * m->stride + n] * m->base.output[n * m->sectors + s];
    return demand;
}

/* Fills the scale of spending, and returns how far the data are from an equilibrium: the largest gap between what is wanted and
 * what is bought, and between value added and what sales pay for it, relative to the larger side. */
static dr_status measure_imbalance(dr_model *m, double *imbalance)
{
    size_t s = m->sectors;
    const dr_base *b = &m->base;
    *imbalance = 0;
    for (size_t n = 0; n < m->regions; n++) {
        double paid = 0;
        for (size_t k = 0; k < s; k++) {
            double bought = b->spending[n * s + k], demand = demand_of(m, n, k);
            double larger = fmax(bought, demand);
            m->spending[k * m->stride + n] = bought > 0 ? demand : 0;
            paid += m->value_added_share[k * m->stride + n] * b->output[n * s + k];
            if (larger > 0)
                *imbalance = fmax(*imbalance, fabs(bought - demand) / larger);
            if (bought == 0 && demand > BALANCED * b->income[n])
                return dr_fail(DR_BAD_INPUT, "%s uses %s (%g %s), but the table has no flow of it from anywhere",
                               m->economy->region_codes.names[n], m->economy->sector_codes.names[k], demand,
                               m->economy->unit);
        }
        if (b->factor_income[n] > 0)
            *imbalance = fmax(*imbalance, fabs(paid / b->factor_income[n] - 1));
    }
    return DR_OK;
}

static dr_status check_incomes(const dr_model *m)
{
    const dr_base *b = &m->base;
    for (size_t n = 0; n < m->regions; n++) {
        if (!(b->income[n] > 0))
            return dr_fail(DR_NO_SOLUTION,
                           "the closure is infeasible: %s has an income of %g %s after its trade balance, more than 0 "
                           "was expected",
                           m->economy->region_codes.names[n], b->income[n], m->economy->unit);
        if (!(b->factor_income[n] > 0))
            return dr_fail(DR_BAD_INPUT, "%s has no value added, so that the model has no income for it",
                           m->economy->region_codes.names[n]);
    }
    return DR_OK;
}

/* Solves without a shock and takes the result as the base. */
static dr_status solve_base(dr_model *m, const char *why)
{
    dr_solution *solution = NULL;
    dr_status status = dr_model_solve(&solution, m, NULL);
    if (status != DR_OK)
        return dr_fail_at(status, "solving the base");
    dr_rebase(m, solution);
    m->solved_base = true;
    int sweeps = solution->certificate.sweeps;
    double worst = solution->certificate.worst_residual;
    dr_solution_free(solution);
    return dr_model_note(m, "%s: the base is solved first, without the scenario (%d sweeps, worst residual %.1e)", why,
                         sweeps, worst);
}

/* Deficits of the data add up to zero but for rounding; what is left over is shared out by value added. */
static void balance_deficits(dr_model *m)
{
    double sum = 0, world = 0;
    dr_base *b = &m->base;
    for (size_t n = 0; n < m->regions; n++) {
        sum += b->deficit[n];
        world += b->factor_income[n];
    }
    for (size_t n = 0; n < m->regions; n++) {
        b->deficit[n] -= sum * b->factor_income[n] / world;
        b->income[n] = b->factor_income[n] + b->tariff_revenue[n] + b->deficit[n];
    }
}

/* From the prepared table to the base equilibrium. */
static dr_status calibrate(dr_model *m, dr_disturb *disturb, void *user)
{
    double imbalance = 0, deficits = 0;
    DR_TRY(dr_prepare(m));
    if (disturb)
        disturb(m, user);
    dr_base_incomes(m);
    balance_deficits(m);
    for (size_t n = 0; n < m->regions; n++)
        deficits += fabs(m->base.deficit[n]);
    if (m->options.closure == DR_CLOSURE_ZERO)
        memset(m->base.deficit, 0, m->regions * sizeof(double));
    dr_base_incomes(m);
    DR_TRY(check_incomes(m));
    dr_base_shares(m);
    DR_TRY(measure_imbalance(m, &imbalance));
    if (m->options.closure == DR_CLOSURE_ZERO && deficits > 0)
        return solve_base(m, "trade balances are set to zero");
    if (imbalance > BALANCED)
        return solve_base(m, "the data are not quite an equilibrium");
    return DR_OK;
}

/* The trade elasticities that another model has: where they came from is not read a second time. */
static void take_elasticity(dr_model *m, const dr_model *of)
{
    m->elasticity = of->elasticity;
    m->estimates = of->estimates;
    memcpy(m->theta, of->theta, m->sectors * sizeof(double));
}

/* `like`: a model of the same economy with the same trade elasticities; NULL: none. */
static dr_status make_model(dr_model *m, const dr_model_options *options, const dr_model *like)
{
    const char *elasticity = NULL;
    DR_TRY(dr_options_keep(&m->options, options, &m->arena));
    m->options.tolerance = options->tolerance > 0 ? options->tolerance : 1e-11;
    m->options.max_sweeps = options->max_sweeps > 0 ? options->max_sweeps : 5000;
    DR_TRY(dr_presets_fill(m, &elasticity));
    m->factors = m->economy->factors.count > 1 ? m->economy->factors.count : 1;
    DR_TRY(take_arrays(m, m->economy->tariff));
    if (like)
        take_elasticity(m, like);
    else
        DR_TRY(dr_elasticity_fill(m, elasticity));
    DR_TRY(calibrate(m, NULL, NULL));
    return m->options.rigid_wages ? dr_rigid_fill(m) : DR_OK;
}

/* Gives the model if all went well, and frees it if not. */
static dr_status finish(dr_model **out, dr_model *m, dr_status status)
{
    if (status == DR_OK)
        *out = m;
    else
        dr_model_free(m);
    return status;
}

static dr_status model_new(dr_model **out, const dr_economy *economy, const dr_model_options *options,
                           const dr_model *like)
{
    dr_model *m = dr_new(1, sizeof *m);
    if (!m)
        return dr_fail_memory();
    m->economy = m->whole = economy;
    m->regions = economy->regions;
    m->sectors = economy->sectors;
    m->stride = (economy->regions + 7) / 8 * 8;
    return finish(out, m, make_model(m, options, like));
}

dr_status dr_model_new(dr_model **out, const dr_economy *economy, const dr_model_options *options)
{
    static const dr_model_options defaults = {0};
    return model_new(out, economy, options ? options : &defaults, NULL);
}

static dr_status make_again(dr_model *m, const dr_model *of, const double *theta, dr_disturb *disturb, void *user)
{
    DR_TRY(take_arrays(m, m->economy->tariff));
    memcpy(m->theta, theta, m->sectors * sizeof(double));
    m->floor = NULL;
    DR_TRY(calibrate(m, disturb, user)); /* of which wages are flexible */
    m->floor = of->floor;
    return DR_OK;
}

/* All of another model but what it is calibrated to, which is its own; NULL: no memory. What is not named here is shared. */
static dr_model *model_like(const dr_model *of)
{
    dr_model *m = dr_new(1, sizeof *m);
    if (!m)
        return NULL;
    *m = *of;
    m->one_good = (dr_economy){0};
    m->base = (dr_base){0};
    m->arena = (dr_arena){0};
    m->theta = m->value_added_share = m->factor_share = m->input_share = NULL;
    m->bundle_share = m->final_share = m->import_share = m->spending = NULL;
    m->notes = NULL;
    m->note_count = m->note_capacity = 0;
    m->solved_base = false;
    return m;
}

/* One good is no sector's: a model of it keeps its nests. */
dr_status dr_model_sibling(dr_model **out, const dr_model *of, const char *horizon, bool presets)
{
    dr_model_options options = of->options;
    options.horizon = horizon;
    if (presets)
        options.elasticity = NULL;
    if (presets && of->economy == of->whole)
        options.model = NULL;
    return model_new(out, of->whole, &options, options.elasticity ? of : NULL);
}

dr_status dr_model_again(dr_model **out, const dr_model *of, const double *theta, dr_disturb *disturb, void *user)
{
    dr_model *m = model_like(of);
    return m ? finish(out, m, make_again(m, of, theta, disturb, user)) : dr_fail_memory();
}

static dr_status make_after(dr_model *m, const dr_model *like, const dr_solution *solution)
{
    DR_TRY(take_arrays(m, solution->tariff));
    memcpy(m->theta, like->theta, m->sectors * sizeof(double));
    dr_rebase(m, solution);
    return check_incomes(m);
}

dr_status dr_model_after(dr_model **out, const dr_model *like, const dr_solution *solution)
{
    dr_model *m = model_like(like);
    return m ? finish(out, m, make_after(m, like, solution)) : dr_fail_memory();
}

static dr_status find_certified(dr_solution **out, const dr_model *model, const dr_scenario *scenario, bool *surplus)
{
    char heading[DR_HEADLINE_SIZE];
    dr_scenario *of_one_good = NULL;
    const dr_scenario *given = scenario;
    if (scenario && scenario->economy != model->economy && scenario->economy == model->whole) {
        DR_TRY(dr_one_good_scenario(&of_one_good, model, scenario));
        scenario = of_one_good;
    }
    dr_solution *solution = dr_new(1, sizeof *solution);
    if (!solution) {
        dr_scenario_free(of_one_good);
        return dr_fail_memory();
    }
    solution->scenario = strdup(scenario ? dr_scenario_heading(heading, scenario) : "");
    dr_status status = solution->scenario ? dr_equilibrium_solve(solution, model, scenario, NULL) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_certify(solution, scenario);
    if (status == DR_OK)
        status = dr_solution_keep(solution, scenario, given);
    dr_scenario_free(of_one_good);
    *surplus = solution->surplus;
    if (status == DR_OK)
        *out = solution;
    else
        dr_solution_free(solution);
    return status;
}

dr_status dr_model_certified(dr_solution **out, const dr_model *model, const dr_scenario *scenario)
{
    bool surplus = false;
    return find_certified(out, model, scenario, &surplus);
}

/* Whether there is a solution with other options. */
static bool solves_with(const dr_model *model, const dr_scenario *scenario, const dr_model_options *options)
{
    dr_model *other = NULL;
    dr_solution *solution = NULL;
    bool solves =
        dr_model_new(&other, model->whole, options) == DR_OK && dr_model_certified(&solution, other, scenario) == DR_OK;
    dr_solution_free(solution);
    dr_model_free(other);
    return solves;
}

/* Adds to the error what would have a solution, where that was tried: balanced trade, if a surplus runs away, else a pool for thin
 * markets. */
static dr_status advise(const dr_model *model, const dr_scenario *scenario, bool surplus)
{
    static const char *const pooled = "20%";
    char why[2048];
    dr_model_options options = model->options;
    snprintf(why, sizeof why, "%s", dr_error_text());
    if (surplus && options.closure != DR_CLOSURE_ZERO) {
        options.closure = DR_CLOSURE_ZERO;
        if (solves_with(model, scenario, &options))
            return dr_fail(DR_NO_SOLUTION, "%s; with trade balances of zero (closure zero) there is a solution", why);
    } else if (!surplus && model->nests.thin == 0) {
        options.thin_markets = pooled;
        if (solves_with(model, scenario, &options))
            return dr_fail(DR_NO_SOLUTION, "%s; with thin-markets %s there is a solution", why, pooled);
    }
    DR_TRY(dr_cancel_check());
    return dr_fail(DR_NO_SOLUTION, "%s", why);
}

dr_status dr_model_solve(dr_solution **out, const dr_model *model, const dr_scenario *scenario)
{
    bool surplus = false;
    dr_status status = find_certified(out, model, scenario, &surplus);
    return status == DR_NO_SOLUTION && scenario ? advise(model, scenario, surplus) : status;
}

void dr_solution_free(dr_solution *s)
{
    if (!s)
        return;
    double *arrays[] = {s->flow, s->tariff,      s->price,       s->cost,           s->output,  s->spending,
                        s->wage, s->sector_wage, s->value_added, s->tariff_revenue, s->deficit, s->income};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    free(s->rents);
    free(s->factor_wage);
    free(s->factor_pay);
    free(s->factor_mean);
    free(s->employment);
    free(s->caps);
    free(s->barriers);
    free(s->thin);
    for (size_t i = 0; i < s->note_count; i++)
        free(s->notes[i]);
    free(s->notes);
    dr_named_free(&s->named);
    free(s->scenario);
    free(s);
}

void dr_solution_certificate(const dr_solution *solution, dr_certificate *certificate)
{
    *certificate = solution->certificate;
}

dr_status dr_model_solve_near(dr_solution **out, const dr_model *model, const dr_scenario *scenario,
                              const dr_solution *near)
{
    dr_solution *solution = dr_new(1, sizeof *solution);
    dr_status status = solution ? dr_equilibrium_solve(solution, model, scenario, near) : dr_fail_memory();
    if (status == DR_OK)
        *out = solution;
    else
        dr_solution_free(solution);
    return status;
}
