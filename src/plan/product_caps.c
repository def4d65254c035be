#include "plan/product_caps.h"

#include <math.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "equilibrium/solve.h"
#include "measure/product_trade.h"
#include "scenario/product_change.h"

/* Largest ln(s / cap) that counts as met; steps at most. */
static const double MET = 1e-9;
enum { MOST_STEPS = 60 };

void dr_product_caps_free(dr_product_caps *caps)
{
    if (!caps)
        return;
    free(caps->product);
    free(caps->supplier);
    free(caps->row);
    free(caps->cell);
    dr_solution_free(caps->solution);
    dr_scenario_free(caps->scenario);
    free(caps);
}

double dr_capped_imports(const dr_product_caps *caps, const dr_capped_product *p, bool base)
{
    double sum = 0;
    for (size_t a = p->first; a < p->first + p->count; a++)
        sum += base ? caps->supplier[a].base : caps->supplier[a].now;
    return sum;
}

double dr_supplier_share(const dr_product_caps *caps, const dr_capped_product *p, const dr_supplier *supplier,
                         bool base)
{
    double all = dr_capped_imports(caps, p, base);
    return all > 0 ? (base ? supplier->base : supplier->now) / all : 0;
}

double dr_product_caps_revenue(const dr_product_caps *caps)
{
    double sum = 0;
    for (size_t a = 0; a < caps->suppliers; a++)
        sum += expm1(caps->supplier[a].y) * caps->supplier[a].now;
    return sum;
}

/* Where all suppliers are under the cap, and too few for all to be within it, there is none. */
static void find_reach(dr_product_caps *caps)
{
    for (size_t k = 0; k < caps->products; k++) {
        dr_capped_product *p = &caps->product[k];
        bool all = true;
        for (size_t a = p->first; a < p->first + p->count; a++)
            all &= caps->supplier[a].capped;
        p->out_of_reach = p->cap < 1 && (p->count == 1 ? all : all && p->cap * (double)p->count < 1);
    }
}

/* Writes the tariffs into a scenario of their own. */
static dr_status set_tariffs(dr_product_caps *caps)
{
    const dr_model *m = caps->model;
    const dr_product_trade *trade = m->tier->trade;
    size_t flow = 0;
    dr_scenario_free(caps->scenario);
    caps->scenario = NULL;
    DR_TRY(dr_scenario_new(&caps->scenario, m->economy));
    DR_TRY(dr_product_changes_need(caps->scenario));
    DR_TRY(dr_scenario_next(caps->scenario));
    for (size_t k = 0; k < caps->products; k++) {
        const dr_capped_product *p = &caps->product[k];
        for (size_t a = p->first; a < p->first + p->count; a++) {
            const dr_supplier *supplier = &caps->supplier[a];
            for (size_t j = supplier->first; j < supplier->first + supplier->count && supplier->taxed; j++) {
                unsigned source = m->tier->source[caps->row[j]];
                if (dr_product_trade_flow(trade, p->product, source, &flow))
                    dr_product_tariff_set(caps->scenario, flow, source,
                                          dr_supplier_rate(caps, p, supplier, caps->row[j]));
            }
        }
    }
    return DR_OK;
}

/* The equilibrium of the tariffs, from the last one on or, `certified`, by itself. */
static dr_status solve(dr_product_caps *caps, bool certified)
{
    dr_solution *next = NULL;
    DR_TRY(set_tariffs(caps));
    DR_TRY(certified ? dr_model_certified(&next, caps->model, caps->scenario)
                     : dr_model_solve_near(&next, caps->model, caps->scenario, caps->solution));
    dr_solution_free(caps->solution);
    caps->solution = next;
    caps->solves++;
    for (size_t a = 0; a < caps->suppliers; a++) {
        dr_supplier *supplier = &caps->supplier[a];
        supplier->now = 0;
        for (size_t j = supplier->first; j < supplier->first + supplier->count; j++)
            supplier->now += next->product_flow[caps->row[j]];
    }
    return DR_OK;
}

static dr_status search(dr_product_caps *caps, const dr_product_caps_options *options)
{
    DR_TRY(solve(caps, false));
    while (dr_product_caps_gap(caps) > MET && caps->solves < MOST_STEPS) {
        DR_TRY(dr_cancel_check());
        DR_TRY(dr_product_caps_step(caps));
        DR_TRY(solve(caps, false));
        if (options->progress)
            options->progress("searching for the least-cost plan", caps->solves, 0, options->user);
    }
    DR_TRY(solve(caps, true));
    caps->violation = dr_product_caps_gap(caps);
    if (caps->violation <= 10 * MET)
        return DR_OK;
    return dr_fail(DR_NO_SOLUTION, "no plan was found in %zu solves: a share is %.4g%% from its cap", caps->solves,
                   100 * expm1(caps->violation));
}

dr_status dr_product_caps_new(dr_product_caps **out, const dr_model *model, const dr_sides *sides,
                              const dr_product_caps_options *options)
{
    const double default_tariff = 10;
    dr_product_caps *caps = dr_new(1, sizeof *caps);
    if (!caps)
        return dr_fail_memory();
    caps->model = model;
    caps->most = log1p(options->most_tariff > 0 ? options->most_tariff : default_tariff);
    dr_status status = dr_product_caps_find(caps, sides, options);
    if (status == DR_OK) {
        find_reach(caps);
        status = search(caps, options);
    }
    if (status == DR_OK)
        status = dr_product_caps_prices(caps, sides->of);
    if (status == DR_OK)
        *out = caps;
    else
        dr_product_caps_free(caps);
    return status;
}
