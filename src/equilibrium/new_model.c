/* Models are made here: calibrated to a table, which is solved first where it is not an equilibrium itself; or like
 * another model, but for its horizon, trade elasticities or base. */
#include <limits.h>
#include <string.h>

#include "base/check.h"
#include "equilibrium/new_model.h"
#include "equilibrium/rebase.h"
#include "equilibrium/region_response.h"
#include "equilibrium/solution.h"
#include "model/calibrate.h"
#include "model/numeraire.h"
#include "model/rigid_wages.h"
#include "model/tier.h"
#include "scenario/settings.h"

/* Solves without a shock and takes the result as the base, in which labour is what the data say. */
static dr_status solve_base(dr_model *m, const char *why)
{
    dr_solution *solution = NULL;
    double labour_supply = m->labour_supply;
    m->labour_supply = 0;
    dr_status status = dr_model_solve(&solution, m, NULL);
    m->labour_supply = labour_supply;
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

static dr_status calibrate(dr_model *m, dr_disturb *disturb, void *user)
{
    const char *unsolved = NULL;
    DR_TRY(dr_model_calibrate(m, disturb, user, &unsolved));
    return unsolved ? solve_base(m, unsolved) : DR_OK;
}

/* The way with products that the options ask for. */
static dr_status fill_products(dr_model *m)
{
    char hint[DR_HINT_SIZE];
    const char *way = m->options.products;
    if (strcmp(way, dr_products_words[0]) == 0)
        return dr_tier_fill(m);
    if (strcmp(way, dr_products_words[1]) == 0)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "unknown way with products '%.60s'; expected nest or average%s", way,
                   dr_hint(hint, way, dr_products_words, 2));
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

/* `like`: a model of the same economy with the same trade elasticities; NULL: none. */
static dr_status model_new(dr_model **out, const dr_economy *economy, const dr_model_options *options,
                           const dr_model *like)
{
    dr_model *m = NULL;
    DR_TRY(dr_model_begin(&m, economy, options, like));
    dr_status status = calibrate(m, NULL, NULL);
    if (status == DR_OK && m->options.products)
        status = fill_products(m);
    if (status == DR_OK && m->options.rigid_wages)
        status = dr_rigid_fill(m);
    if (status == DR_OK)
        status = dr_numeraire_fill(m);
    if (status == DR_OK)
        status = dr_region_response_new(&m->made, m);
    m->response = m->made;
    return finish(out, m, status);
}

static dr_status check_options(const char *function, const dr_model_options *options)
{
    DR_TRY(DR_ONE_OF(function, options->closure, DR_CLOSURE_ZERO));
    DR_TRY(DR_WITHIN(function, options->tolerance, 0, 1));
    return DR_WITHIN(function, options->max_sweeps, 0, INT_MAX);
}

dr_status dr_model_new(dr_model **out, const dr_economy *economy, const dr_model_options *options)
{
    DR_TRY(DR_GIVEN(out, economy));
    dr_model_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(check_options(__func__, options));
    return model_new(out, economy, options, NULL);
}

/* The nests of the one-sector model are not those of a preset by sector, and are kept. */
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
    dr_model *m = NULL;
    DR_TRY(dr_model_begin_like(&m, of, theta, of->economy->tariff));
    m->floor = NULL; /* of which wages are flexible */
    dr_status status = calibrate(m, disturb, user);
    if (status == DR_OK && of->tier)
        status = dr_tier_fill(m);
    m->floor = of->floor;
    return finish(out, m, status);
}

dr_status dr_model_after(dr_model **out, const dr_model *like, const dr_solution *solution)
{
    dr_model *m = NULL;
    if (like->tier)
        return dr_fail(DR_BAD_INPUT, "an equilibrium whose imports are made of products cannot yet be the base of "
                                     "another; expected products average");
    DR_TRY(dr_model_begin_like(&m, like, like->theta, solution->tariff));
    dr_rebase(m, solution);
    return finish(out, m, dr_model_check_incomes(m));
}
