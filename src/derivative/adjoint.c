#include "derivative/adjoint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "derivative/adjoint_labour.h"
#include "equilibrium/region_response.h"
#include "equilibrium/sweep_carbon.h"
#include "equilibrium/sweep_factors.h"
#include "equilibrium/sweep_labour.h"
#include "equilibrium/sweep_limits.h"
#include "equilibrium/sweep_scale.h"
#include "equilibrium/sweep_shifts.h"
#include "equilibrium/sweep_thin.h"
#include "equilibrium/sweep_tier.h"
#include "model/closure.h"
#include "model/factors.h"
#include "model/labour.h"

/* Relative change of the multipliers in the last sweep. */
static const double CONVERGED = 1e-11;

/* Where a wage is at its floor but for rounding, as in the base, all are employed, and derivatives are those of a wage
 * that rises. */
static const double AT_FLOOR = 1e-11;

/* Sweeps at most: with the response of regions, and without. */
enum { MOST_RESPONSES = 80, MOST_SWEEPS = 2000 };

/* ---- The point --------------------------------------------------------------------------------------------------- */

void dr_point_free(dr_point *point)
{
    dr_sweep_free(&point->w);
    free(point->numbers);
    free(point->limited);
}

/* Shares in the cost of sector s of region n: the base's, moved by prices through the nests. */
static void cost_shares(dr_point *p, dr_rows primary, size_t s, size_t n)
{
    const dr_sweep *w = &p->w;
    const dr_model *m = w->model;
    size_t at = s * w->stride + n;
    double eta = m->nests.eta[s], power = 1 - m->nests.rho[s], bundle = 0, all = m->bundle_share[at];
    double cost = dr_scale_bundle(w, at, w->x[at]) + log1p(-dr_sweep_carbon_paid(w, at));
    for (size_t k = 0; k < w->s && all > 0; k++) {
        double price = w->price[k * w->stride + n], share = m->input_share[s * w->block + k * w->stride + n] / all;
        bundle += share * (power == 0 ? price : exp(power * price));
    }
    if (power != 0 && all > 0)
        bundle = log(bundle) / power;
    p->value_added_share[at] = m->value_added_share[at] * exp((1 - eta) * (primary.first[s * primary.step + n] - cost));
    for (size_t k = 0; k < w->s; k++) {
        size_t cell = s * w->block + k * w->stride + n;
        double price = w->price[k * w->stride + n];
        p->input_share[cell] = m->input_share[cell] * exp(power * (price - bundle) + (1 - eta) * (bundle - cost));
        p->flexible[k * w->stride + n] += power * p->input_share[cell] * w->made[at];
    }
}

/* Each factor's part in the price of value added, and whether the price of labour is above its floor, so that it
 * moves. */
static void factor_parts(dr_point *p, dr_rows primary)
{
    const dr_sweep *w = &p->w;
    const dr_model *m = w->model;
    const double *wages = w->x + 2 * w->block;
    double power = 1 - m->nests.sigma;
    for (size_t f = 0; f < m->factors; f++) {
        bool held = w->floor && dr_factor_is_labour(m, f);
        for (size_t j = 0; j < w->block; j++) {
            size_t n = j % w->stride, of = dr_wage_row(w, f, j);
            double price = (held ? fmax(wages[of], w->floor[n]) : wages[of]) - dr_labour_hours(w, f, n);
            double above = price - primary.first[j / w->stride * primary.step + n];
            p->moves[of] = !held || wages[of] > w->floor[n] - AT_FLOOR;
            p->factor_part[f * w->block + j] =
                m->factors == 1 ? 1 : m->factor_share[f * w->block + j] * exp(power * above);
        }
    }
}

static void final_shares(dr_point *p, size_t n)
{
    const dr_sweep *w = &p->w;
    double power = 1 - w->model->nests.phi, sum = 0;
    for (size_t k = 0; k < w->s; k++) {
        size_t at = k * w->stride + n;
        p->final_share[at] = w->final_share[at] * exp(power * w->price[at]);
        sum += p->final_share[at];
    }
    for (size_t k = 0; k < w->s && sum > 0; k++)
        p->final_share[k * w->stride + n] /= sum;
}

static dr_status number_capped(dr_point *p)
{
    const dr_sweep *w = &p->w;
    p->limited = dr_new(w->r * w->r * w->s, sizeof *p->limited);
    if (!p->limited)
        return dr_fail_memory();
    for (size_t j = 0; j < w->limited_count; j++) /* those of products are rows of their own */
        if (w->limited[j].row == DR_WHOLE_FLOW)
            p->limited[(w->limited[j].n * w->r + w->limited[j].i) * w->s + w->limited[j].s] = j + 1;
    return DR_OK;
}

/* The pooling of products, which follows what a scenario leaves of each, has no derivative here. */
static dr_status check_thin(const dr_sweep *w)
{
    for (size_t cell = 0; w->tier && w->tier->thin && cell < w->tier->tier->cells; cell++)
        if (w->tier->thin[cell] > 0)
            return dr_fail(DR_BAD_INPUT, "there are no derivatives yet where a scenario leaves so little of a product "
                                         "that its supply is pooled; expected thin-markets 0, or products average");
    return DR_OK;
}

dr_status dr_point_new(dr_point *p, const dr_solution *solution, const dr_scenario *scenario)
{
    dr_sweep *w = &p->w;
    memset(p, 0, sizeof *p);
    DR_TRY(dr_sweep_new(w, solution->model, scenario));
    const dr_array places[] = {{&p->input_share, w->s * w->block},
                               {&p->value_added_share, w->block},
                               {&p->final_share, w->block},
                               {&p->flexible, w->block},
                               {&p->basic_supply, w->block},
                               {&p->bought, w->block},
                               {&p->per_power, w->block},
                               {&p->per_output, w->block},
                               {&p->sold, w->block},
                               {&p->factor_part, w->model->factors * w->block},
                               {&p->moves, w->wages * w->stride}};
    p->numbers = dr_new_arrays(places, sizeof places / sizeof *places);
    if (!p->numbers)
        return dr_fail_memory();
    if (w->limit_count)
        DR_TRY(number_capped(p));
    dr_sweep_load(w, scenario, 1);
    DR_TRY(check_thin(w));
    dr_sweep_at(w, solution);
    dr_sweep_once(w);
    for (size_t s = 0; s < w->s; s++)
        w->kernels->dots(w->r, w->stride, w->basic + s * w->r, w->supply + s * w->stride,
                         p->basic_supply + s * w->stride);
    for (size_t j = 0; j < w->block; j++) {
        p->per_power[j] = 1 / w->power[j];
        p->bought[j] = w->spent[j] / w->power[j];
        p->sold[j] = w->output[j] / w->supply[j];
        p->per_output[j] = w->output[j] > 0 ? 1 / dr_sweep_size(w, j) : 0;
    }
    dr_rows primary = dr_sweep_primary(w, w->x + 2 * w->block);
    factor_parts(p, primary);
    for (size_t n = 0; n < w->r; n++) {
        for (size_t s = 0; s < w->s; s++)
            cost_shares(p, primary, s, n);
        final_shares(p, n);
    }
    return DR_OK;
}

/* ---- The adjoint ------------------------------------------------------------------------------------------------- */

void dr_adjoint_free(dr_adjoint *a)
{
    dr_anderson_free(a->anderson);
    free(a->numbers);
    free(a->own);
    free(a->response);
}

dr_status dr_adjoint_new(dr_adjoint *a, const dr_point *at)
{
    const dr_sweep *w = &at->w;
    size_t row = w->stride, block = w->block, wages = w->wages * row;
    *a = (dr_adjoint){.at = at};
    const dr_array places[] = {{&a->lambda, w->unknowns},
                               {&a->back, w->unknowns},
                               {&a->output, block},
                               {&a->price, block},
                               {&a->bought, block},
                               {&a->power, block},
                               {&a->supply, block},
                               {&a->demand, block},
                               {&a->cost, block},
                               {&a->used, block},
                               {&a->seed_bought, block},
                               {&a->seed_supply, block},
                               {&a->more_bought, block},
                               {&a->more_supply, block},
                               {&a->wage, wages},
                               {&a->paid, wages},
                               {&a->income, row},
                               {&a->earned, row},
                               {&a->mean_wage, w->model->factors * row},
                               {&a->factor, w->model->factors * row},
                               {&a->hours, w->model->factors * row},
                               {&a->revenue, row},
                               {&a->before, row},
                               {&a->overhead, row},
                               {&a->consumer, row},
                               {&a->market, row},
                               {&a->of_products, w->tier ? w->r * block : 0},
                               {&a->flows, w->tier ? row : 0},
                               {&a->scratch, w->tier ? dr_sweep_tier_scratch(w) : 0},
                               {&a->limited, (w->limited_count + 7) / 8 * 8}};
    a->numbers = dr_new_arrays(places, sizeof places / sizeof *places);
    bool products = false;
    for (size_t j = 0; j < w->limited_count; j++)
        products |= w->limited[j].row != DR_WHOLE_FLOW;
    if (products && !(a->own = dr_new_doubles(w->tier->tier->rows + 1)))
        return dr_fail_memory();
    const dr_region_response *response = w->model->response;
    if (response && dr_region_response_fits(response, w) &&
        !(a->response = (float *)dr_new_doubles(dr_region_response_scratch(response) / 2)))
        return dr_fail_memory();
    return a->numbers ? dr_anderson_new(&a->anderson, w->unknowns, w->kernels) : dr_fail_memory();
}

/* The direct derivatives of the result, and those through the next unknowns. */
static void back_begin(dr_adjoint *a, const dr_seed *seed)
{
    const dr_sweep *w = &a->at->w;
    size_t block = w->block;
    for (size_t j = 0; j < block; j++)
        a->cost[j] = (1 + dr_scale_at(w, j)) * a->lambda[j]; /* of ln of the price of what production uses */
    memcpy(a->wage, a->lambda + 2 * block, w->wages * w->stride * sizeof(double));
    memcpy(a->price, seed->price, block * sizeof(double));
    memcpy(a->income, seed->income, w->stride * sizeof(double));
    memset(a->hours, 0, w->model->factors * w->stride * sizeof(double));
    for (size_t j = 0; j < block; j++)
        a->demand[j] = w->model->spending[j] > 0 ? a->lambda[block + j] / w->model->spending[j] : 0;
    for (size_t j = 0; j < block && w->carbon; j++)
        a->cost[j] *= 1 - w->carbon_part[j];
}

/* Final demand for good k, f[k] I: d ln = (1 - phi) (d ln P[k] - sum_j f[j] d ln P[j]) + d ln I. */
static void back_final(dr_adjoint *a)
{
    const dr_sweep *w = &a->at->w;
    double flexible = 1 - w->model->nests.phi, *sum = a->earned; /* free until incomes */
    memset(sum, 0, w->stride * sizeof(double));
    for (size_t row = 0; row < w->block; row += w->stride)
        for (size_t n = 0; n < w->stride; n++)
            sum[n] += a->at->final_share[row + n] * a->demand[row + n];
    for (size_t n = 0; n < w->stride; n++)
        a->income[n] += sum[n];
    for (size_t row = 0; row < w->block && flexible != 0; row += w->stride)
        for (size_t n = 0; n < w->stride; n++)
            a->price[row + n] += flexible * w->income[n] * a->at->final_share[row + n] * (a->demand[row + n] - sum[n]);
}

/* The part of one sector's unit cost, and of its demand for inputs, in wages and in ln m. */
static void back_cost(dr_adjoint *a, size_t s)
{
    const dr_point *p = a->at;
    const dr_sweep *w = &p->w;
    size_t row = s * w->stride;
    double eta = w->model->nests.eta[s], rho = w->model->nests.rho[s];
    const double *share = p->value_added_share + row, *made = w->made + row, *wanted = a->output + row;
    double *cost = a->cost + row, *used = a->used + row;
    for (size_t n = 0; n < w->stride; n++) {
        double inputs = 1 - share[n], through = wanted[n] * made[n];
        cost[n] -= (1 - eta) * through;
        used[n] = cost[n] + (inputs > 0 ? (rho - eta) * through / inputs : 0);
    }
    for (size_t f = 0; f < w->model->factors; f++) {
        size_t wages = dr_wage_row(w, f, row);
        const double *moves = p->moves + wages, *part = p->factor_part + f * w->block + row;
        for (size_t n = 0; n < w->stride; n++) {
            double price = moves[n] * part[n] * share[n] * cost[n];
            a->wage[wages + n] += price;
            a->hours[f * w->stride + n] -= price;
        }
    }
}

/* Unit costs and inputs z[k,s] = A Y[s], with A the share of k in the cost of s and g that of value added:
 *
 *   d ln c = g d ln w + sum_k A d ln P[k] = g d ln w + (1 - g) d ln m
 *   d ln z = (1 - rho) (d ln P[k] - d ln m) + (1 - eta) (d ln m - d ln c) + d ln Y
 *
 * `used` is, by sector, first sum_k A times the derivative of demand for k, then the derivative of ln m over 1 - g. */
static void back_inputs(dr_adjoint *a)
{
    const dr_point *p = a->at;
    const dr_sweep *w = &p->w;
    memset(a->output, 0, w->block * sizeof(double));
    w->kernels->inputs(w->s, w->s, w->stride, p->input_share, a->demand, w->zero, a->output, a->price);
    for (size_t s = 0; s < w->s; s++)
        back_cost(a, s);
    w->kernels->inputs(w->s, w->s, w->stride, p->input_share, w->zero, a->used, a->supply, a->price);
    for (size_t j = 0; j < w->block; j++)
        a->price[j] += p->flexible[j] * a->demand[j];
}

/* The payments V that each row of wages follows: d ln w' = step (d ln V - d ln sum of V + psi d ln W) / (1 + psi) + (1
 * - step) d ln w. Fills `paid`, the derivatives with respect to V. */
static void back_wage_rows(dr_adjoint *a)
{
    const dr_sweep *w = &a->at->w;
    double all = 0, all_paid = 0, *wages = a->back + 2 * w->block;
    memset(a->mean_wage, 0, w->model->factors * w->stride * sizeof(double));
    for (size_t f = 0; f < w->model->factors; f++) {
        double psi = w->rows[f] > 1 ? dr_factor_mobility(w->model, f) : 0;
        for (size_t j = w->first[f] * w->stride; j < (w->first[f] + w->rows[f]) * w->stride; j++) {
            double part = w->labour[j] > 0 ? DR_WAGE_STEP * a->wage[j] / (1 + psi) : 0;
            a->paid[j] = w->labour[j] > 0 ? part / w->paid[j] : 0;
            a->mean_wage[f * w->stride + j % w->stride] += psi * part;
            wages[j] = (1 - DR_WAGE_STEP) * a->wage[j];
            all += part;
            all_paid += w->paid[j];
        }
    }
    for (size_t j = 0; j < w->wages * w->stride; j++)
        a->paid[j] -= all / all_paid;
}

/* The pay of a factor in a sector, with v the price of value added (sum over factors of part d ln w_f):
 *   d ln V_f = d ln Y + (1 - eta) (d ln v - d ln c) + (1 - sigma) (d ln w_f - d ln v) */
static void back_pay(dr_adjoint *a, size_t s)
{
    const dr_point *p = a->at;
    const dr_sweep *w = &p->w;
    size_t row = s * w->stride, factors = w->model->factors;
    double flexible = 1 - w->model->nests.eta[s], sigma = w->model->nests.sigma;
    const double *pay = w->pay + row;
    double *all = a->used + row, *cost = a->back + row, *output = a->output + row;
    memset(all, 0, w->stride * sizeof(double));
    for (size_t f = 0; f < factors; f++) {
        const double *paid = a->paid + dr_wage_row(w, f, row), *part = p->factor_part + f * w->block + row;
        for (size_t n = 0; n < w->stride; n++)
            all[n] += paid[n] * part[n] * pay[n];
    }
    for (size_t f = 0; f < factors; f++) {
        size_t wages = dr_wage_row(w, f, row);
        const double *paid = a->paid + wages, *part = p->factor_part + f * w->block + row, *moves = p->moves + wages;
        double *wage = a->back + 2 * w->block + wages;
        for (size_t n = 0; n < w->stride; n++) {
            double price = moves[n] * part[n] * (flexible * all[n] + (1 - sigma) * (paid[n] * pay[n] - all[n]));
            wage[n] += price;
            a->hours[f * w->stride + n] -= price;
        }
    }
    double mu = dr_scale_at(w, row); /* ln of the price of what production uses: (ln c + mu ln Y) / (1 + mu) */
    for (size_t n = 0; n < w->stride; n++) {
        cost[n] = -flexible * all[n] / (1 + mu) / (1 - dr_sweep_carbon_paid(w, row + n));
        double grows = all[n] * p->per_output[row + n] * (1 - flexible * mu / (1 + mu));
        output[n] += grows;
        a->overhead[n] += grows;
    }
}

/* I = earned + D(earned), earned = sum over factors of W L, revenue and rents; W^(1 + psi) = mean of w^(1 + psi).
 * Spending less what is sold before tariffs and overhead is revenue; a part of what is sold is what overhead pays. */
static void back_incomes(dr_adjoint *a)
{
    const dr_sweep *w = &a->at->w;
    double *wages = a->back + 2 * w->block;
    for (size_t n = 0; n < w->r; n++)
        a->used[n] = w->deficit[n] - (w->given ? w->given[n] : 0);
    dr_closure_back(w->model, w->earned, a->used, a->income, a->earned);
    for (size_t f = 0; f < w->model->factors; f++) {
        double psi = dr_factor_mobility(w->model, f);
        for (size_t j = w->first[f] * w->stride; j < (w->first[f] + w->rows[f]) * w->stride; j++) {
            size_t n = j % w->stride, of = f * w->stride + n;
            double all = w->all_labour[of], weight = w->rows[f] == 1 ? 1 : 0;
            if (w->rows[f] > 1 && w->labour[j] > 0)
                weight = w->labour[j] / all * pow(w->wage[j] / w->mean_wage[of], 1 + psi);
            wages[j] += weight * (a->mean_wage[of] + w->mean_wage[of] * all * (a->earned[n] + a->factor[of]));
        }
    }
    for (size_t n = 0; n < w->r; n++) {
        double nu = dr_overhead(w->model, n);
        a->revenue[n] += a->earned[n];
        a->before[n] = (a->revenue[n] - nu * a->overhead[n]) / (1 - nu);
    }
}

/* What is paid for emissions, t Y / c, is revenue, and the rest of Y net sales, of which `output` has been so far. */
static void back_carbon(dr_adjoint *a, const dr_seed *seed)
{
    const dr_sweep *w = &a->at->w;
    for (size_t j = 0; j < w->block && w->carbon; j++) {
        double paid = w->carbon_part[j] * (a->revenue[j % w->stride] - a->output[j]);
        a->output[j] += paid + seed->output[j];
        a->back[j] -= paid * w->output[j];
    }
}

/* Trade: q = sum_i K m, Y = m sum_n B b, revenue = E - b sum_i B m, with b = E / q and B = K / (1 +
 * tariff'); where there is overhead, B holds 1 - nu as well, which revenue does not. */
static void back_trade(dr_adjoint *a)
{
    const dr_point *p = a->at;
    const dr_sweep *w = &p->w;
    for (size_t s = 0; s < w->s; s++) {
        size_t row = s * w->stride;
        double *weighted = a->used + row, *bought = a->bought + row, *power = a->power + row;
        for (size_t i = 0; i < w->stride; i++)
            weighted[i] = a->output[row + i] * w->supply[row + i];
        w->kernels->dots(w->r, w->stride, w->basic + s * w->r, weighted, bought);
        for (size_t n = 0; n < w->r; n++) {
            size_t j = row + n;
            bought[n] += a->more_bought[j] - a->before[n] * p->basic_supply[j];
            power[n] = (a->price[j] * w->price_step[s] - bought[n] * p->bought[j]) * p->per_power[j];
            a->back[w->block + j] = (bought[n] * p->per_power[j] + a->revenue[n]) * w->model->spending[j];
            weighted[n] = -p->bought[j] * a->before[n]; /* from here on, by importer */
        }
        for (size_t i = 0; i < w->stride; i++)
            a->supply[row + i] = a->more_supply[row + i] + a->output[row + i] * p->sold[row + i];
        w->kernels->combine(w->r, w->stride, w->basic + s * w->r, weighted, a->supply + row);
        w->kernels->combine(w->r, w->stride, w->delivered + s * w->r, power, a->supply + row);
        for (size_t i = 0; i < w->stride; i++)
            a->back[row + i] -= w->model->theta[s] * w->supply[row + i] * a->supply[row + i];
    }
}

/* ---- Volume limits ----------------------------------------------------------------------------------------------- */

/* Whether a limit binds, so that its level determines its wedge: not where it is slack and the wedge stays 1, where it
 * is exceeded and the wedge the most, nor where the wedge is set. */
static bool limit_binds(const dr_sweep *w, size_t limit)
{
    double x = w->x[w->unknowns - dr_limit_row(w->limit_count) + limit];
    return isnan(w->set_wedge[limit]) && x > 0 && x < w->most[limit];
}

static double limit_multiplier(const dr_adjoint *a, size_t limit)
{
    const dr_sweep *w = &a->at->w;
    return limit_binds(w, limit) ? a->lambda[w->unknowns - dr_limit_row(w->limit_count) + limit] * w->limit_step[limit]
                                 : 0;
}

/* The derivatives with respect to the value of a flow at the border, and to what its producers earn. */
static double border_seed(const dr_adjoint *a, const dr_seed *seed, size_t n, size_t i, size_t s)
{
    return seed->flow[(s * a->at->w.r + n) * a->at->w.stride + i];
}

static double flow_seed(const dr_adjoint *a, const dr_seed *seed, size_t n, size_t i, size_t s)
{
    double earned = seed->earned ? seed->earned[(s * a->at->w.r + n) * a->at->w.stride + i] : 0;
    return border_seed(a, seed, n, i, s) + earned;
}

/* The derivative with respect to the rent on a flow, over (mu - 1) v: it is no revenue of the importer's, and an
 * importer's rent holds the tariff. */
static double rent_part(const dr_adjoint *a, const dr_limited *c)
{
    if (c->rent == DR_RENT_EXPORTER)
        return a->earned[c->i] - a->revenue[c->n];
    bool taxed = c->rent == DR_RENT_IMPORTER && c->basic > 0;
    return taxed ? (a->earned[c->n] - a->revenue[c->n]) * c->delivered / c->basic : 0;
}

/* Rents (mu - 1) v of their recipients, and volumes v / c, through v, what producers earn; trade adds to these and to
 * the seeds of flows. The value at the border of a product holds its exporter's rent: mu v. */
static void back_caps(dr_adjoint *a, const dr_seed *seed)
{
    const dr_sweep *w = &a->at->w;
    double *wedges = a->back + w->unknowns - dr_limit_row(w->limit_count);
    memcpy(a->more_bought, a->seed_bought, w->block * sizeof(double));
    memcpy(a->more_supply, a->seed_supply, w->block * sizeof(double));
    memset(wedges, 0, dr_limit_row(w->limit_count) * sizeof(double));
    for (size_t j = 0; j < w->limited_count; j++) {
        const dr_limited *c = &w->limited[j];
        size_t buyer = c->s * w->stride + c->n, seller = c->s * w->stride + c->i;
        double v = dr_limits_earned(w, c), wedge = dr_limits_wedge(w, c->limit),
               multiplier = limit_multiplier(a, c->limit);
        double rent = rent_part(a, c);
        double volume = multiplier > 0 || multiplier < 0 ? multiplier / w->volume[c->limit] / exp(w->x[seller]) : 0;
        if (c->rent == DR_RENT_LOST) {
            volume /= wedge;
            wedges[c->limit] -= volume * v;
        }
        a->limited[j] = rent * (wedge - 1) + volume;
        if (c->row != DR_WHOLE_FLOW && c->rent == DR_RENT_EXPORTER)
            a->limited[j] += border_seed(a, seed, c->n, c->i, c->s) * (wedge - 1);
        if (c->row != DR_WHOLE_FLOW)
            a->own[c->row] = (seed->product ? seed->product[c->row] : 0) + w->spent[buyer] * a->limited[j];
        wedges[c->limit] += rent * wedge * v;
        a->back[seller] -= volume * v;
        a->more_bought[buyer] += v > 0 ? a->limited[j] * v / a->at->bought[buyer] : 0;
        a->more_supply[seller] += a->limited[j] * v / w->supply[seller];
    }
}

/* A flow's part in the result through q, K m times the derivative, and through B: B m b times that; with what its limit
 * adds. */
typedef struct through {
    double price, basic;
} through;

static through flow_through(const dr_adjoint *a, const dr_seed *seed, size_t n, size_t i, size_t s)
{
    const dr_sweep *w = &a->at->w;
    size_t buyer = s * w->stride + n, seller = s * w->stride + i;
    size_t limited = a->at->limited ? a->at->limited[(n * w->r + i) * w->s + s] : 0;
    double here = w->supply[seller] * a->at->bought[buyer] * w->basic[s * w->r + n][i];
    double limit = limited ? a->limited[limited - 1] : 0;
    return (through){.price = w->delivered[s * w->r + n][i] * w->supply[seller] * a->power[buyer],
                     .basic = here * (a->output[seller] - a->before[n] + limit + flow_seed(a, seed, n, i, s))};
}

/* The derivatives with respect to the flows of a block, into a->flows. */
static void block_flows(dr_adjoint *a, const dr_seed *seed, size_t block)
{
    const dr_sweep *w = &a->at->w;
    size_t n = block % w->r, s = block / w->r, at = s * w->stride;
    for (size_t i = 0; i < w->r; i++) {
        size_t limited = a->at->limited ? a->at->limited[(n * w->r + i) * w->s + s] : 0;
        double limit = limited ? a->limited[limited - 1] : 0;
        a->flows[i] = w->spent[at + n] * (a->output[at + i] - a->before[n] + limit + flow_seed(a, seed, n, i, s));
    }
}

/* What products within the imports of a block add, through its flows: to costs, and to wedges. */
static void back_block(dr_adjoint *a, const dr_seed *seed, size_t block)
{
    const dr_sweep *w = &a->at->w;
    size_t at = block / w->r * w->stride;
    double *x = a->of_products + block * w->stride, *wedges = a->back + w->unknowns - dr_limit_row(w->limit_count);
    memset(x, 0, w->stride * sizeof *x);
    block_flows(a, seed, block);
    dr_sweep_tier_back(w, block, a->flows, a->own ? a->own : seed->product, x, wedges, a->scratch);
    for (size_t i = 0; i < w->r; i++)
        a->back[at + i] += x[i];
}

static void back_products(dr_adjoint *a, const dr_seed *seed)
{
    const dr_sweep *w = &a->at->w;
    for (size_t block = 0; block < w->r * w->s; block++)
        if (dr_in_tier(w, block % w->r, block / w->r))
            back_block(a, seed, block);
}

/* The same of a product. */
static through product_through(const dr_adjoint *a, const dr_seed *seed, const dr_limited *c)
{
    const dr_sweep *w = &a->at->w;
    size_t buyer = c->s * w->stride + c->n, seller = c->s * w->stride + c->i;
    double own = w->spent[buyer] > 0 ? a->own[c->row] / w->spent[buyer] : 0;
    double of_flow = a->output[seller] - a->before[c->n] + flow_seed(a, seed, c->n, c->i, c->s);
    return (through){.price = w->power[buyer] * dr_sweep_tier_part(w, c) * a->power[buyer],
                     .basic = dr_limits_earned(w, c) * (of_flow + own)};
}

/* A wedge moves K by mu^-theta, and B too, but for what of the rent is in it. Prices of products act on their block as
 * those of one good with the theta of the sector. */
static void back_wedges(dr_adjoint *a, const dr_seed *seed)
{
    const dr_sweep *w = &a->at->w;
    double *wedges = a->back + w->unknowns - dr_limit_row(w->limit_count);
    for (size_t j = 0; j < w->limited_count; j++) {
        const dr_limited *c = &w->limited[j];
        bool whole = c->row == DR_WHOLE_FLOW;
        through t = whole ? flow_through(a, seed, c->n, c->i, c->s) : product_through(a, seed, c);
        double wedge = whole ? 1 : dr_limits_wedge(w, c->limit); /* that of a whole flow is in its seed */
        wedges[c->limit] -= w->model->theta[c->s] * t.price + c->theta * t.basic;
        wedges[c->limit] -= c->rent == DR_RENT_LOST ? 0 : t.basic;
        if (c->rent == DR_RENT_EXPORTER) /* flows cross the border at mu v */
            wedges[c->limit] += border_seed(a, seed, c->n, c->i, c->s) * wedge * dr_limits_earned(w, c);
    }
    for (size_t c = 0; c < w->limit_count; c++)
        if (limit_binds(w, c))
            wedges[c] += a->lambda[w->unknowns - dr_limit_row(w->limit_count) + c];
        else if (isnan(w->set_wedge[c]))
            wedges[c] = 0;
}

/* ---- The solve --------------------------------------------------------------------------------------------------- */

/* From what sales leave for cost, whose derivative `output` holds, to sales; the next ln c falls with their log by the
 * scale elasticity. */
static void back_output(dr_adjoint *a, const dr_seed *seed)
{
    const dr_point *p = a->at;
    const dr_sweep *w = &p->w;
    for (size_t j = 0; j < w->block; j++) {
        double grows = dr_scale_at(w, j) * a->lambda[j] * p->per_output[j];
        a->output[j] = dr_cost_part(w->model, j / w->stride) * a->output[j] - grows;
        a->overhead[j % w->stride] = -grows;             /* of the one good */
        a->output[j] += w->carbon ? 0 : seed->output[j]; /* with carbon prices: once net sales are sales */
    }
}

/* Profits are part of what a region earns. */
static void back_profits(dr_adjoint *a)
{
    const dr_sweep *w = &a->at->w;
    for (size_t j = 0; j < w->block && w->profit; j++)
        a->output[j] += (1 - dr_cost_part(w->model, j / w->stride)) * a->earned[j % w->stride];
}

/* back = G_x' lambda + J_x */
static void back_once(dr_adjoint *a, const dr_seed *seed)
{
    back_begin(a, seed);
    back_final(a);
    back_inputs(a);
    back_output(a, seed);
    back_wage_rows(a);
    for (size_t s = 0; s < a->at->w.s; s++)
        back_pay(a, s);
    dr_adjoint_back_labour(a, seed);
    back_incomes(a);
    back_profits(a);
    back_carbon(a, seed);
    back_caps(a, seed);
    back_trade(a);
    if (a->at->w.tier)
        back_products(a, seed);
    for (size_t j = 0; j < 2 * a->at->w.block; j++)
        a->back[j] += seed->unknown[j];
    dr_adjoint_back_market(a);
    if (a->at->w.limit_count)
        back_wedges(a, seed);
}

/* Flows in the result, X = B m b, through m and b. */
static void seed_flows(dr_adjoint *a, const dr_seed *seed)
{
    const dr_sweep *w = &a->at->w;
    memset(a->seed_bought, 0, w->block * sizeof(double));
    memset(a->seed_supply, 0, w->block * sizeof(double));
    for (size_t row = 0; row < w->r * w->s; row++) {
        size_t at = row / w->r * w->stride, n = row % w->r;
        for (size_t i = 0; i < w->r; i++) {
            double part = flow_seed(a, seed, n, i, row / w->r) * w->basic[row][i];
            a->seed_bought[at + n] += part * w->supply[at + i];
            a->seed_supply[at + i] += part * a->at->bought[at + n];
        }
    }
}

static double largest(const double *numbers, size_t count)
{
    double most = 0;
    for (size_t j = 0; j < count; j++)
        most = fmax(most, fabs(numbers[j]));
    return most;
}

/* Sweeps backwards until they rest. */
static dr_status sweep_back(dr_adjoint *a, const dr_seed *seed, int most, bool *rests)
{
    const dr_sweep *w = &a->at->w;
    dr_anderson_restart(a->anderson);
    double scale = 0;
    *rests = false;
    for (int sweep = 1; sweep <= most; sweep++) {
        DR_TRY(dr_cancel_check());
        a->sweeps++;
        back_once(a, seed);
        if (sweep % 8 == 1)
            scale = largest(a->back, w->unknowns);
        double change = w->kernels->change(w->unknowns, a->back, a->lambda, scale > 0 ? scale : 1, 0, a->back);
        *rests = change <= CONVERGED;
        if (*rests || !isfinite(change))
            break;
        if (a->response)
            dr_region_response_back(w->model->response, w, a->response, a->back);
        dr_anderson_step(a->anderson, a->lambda, a->back);
    }
    return DR_OK;
}

dr_status dr_adjoint_solve(dr_adjoint *a, const dr_seed *seed)
{
    bool rests = false;
    a->sweeps = 0;
    seed_flows(a, seed);
    if (a->own && seed->product)
        memcpy(a->own, seed->product, a->at->w.tier->tier->rows * sizeof(double));
    if (a->response) { /* that of the base, which far from it may be no help */
        DR_TRY(sweep_back(a, seed, MOST_RESPONSES, &rests));
        if (rests)
            return DR_OK;
        free(a->response);
        a->response = NULL;
        memset(a->lambda, 0, a->at->w.unknowns * sizeof *a->lambda);
    }
    DR_TRY(sweep_back(a, seed, MOST_SWEEPS, &rests));
    if (rests)
        return DR_OK;
    return dr_fail(DR_NO_SOLUTION,
                   "the derivatives do not converge in %d sweeps: the equilibrium is about to cease to exist",
                   MOST_SWEEPS);
}

/* A flow's part in what remains of supply in a thin market, K l / T, for K = pi kappa^-theta T / R. */
static double part_of_remains(const dr_adjoint *a, size_t n, size_t i, size_t s)
{
    const dr_sweep *w = &a->at->w;
    size_t limited = a->at->limited ? a->at->limited[(n * w->r + i) * w->s + s] : 0;
    const dr_limited *c = limited ? &w->limited[limited - 1] : NULL;
    return (c ? c->delivered * c->left : w->delivered[s * w->r + n][i]) / w->model->nests.thin;
}

/* The effect of a marginal increase of one flow's ln(K l) through the pooling of its market, d ln(T / R) on all of its
 * flows. */
static double through_pool(const dr_adjoint *a, const dr_seed *seed, size_t n, size_t i, size_t s)
{
    double all = 0;
    if (!dr_thin(&a->at->w, s * a->at->w.r + n))
        return 0;
    for (size_t j = 0; j < a->at->w.r; j++) {
        through t = flow_through(a, seed, n, j, s);
        all += t.price + t.basic;
    }
    return -all * part_of_remains(a, n, i, s);
}

/* What products add. */
static double of_products(const dr_adjoint *a, size_t n, size_t i, size_t s)
{
    const dr_sweep *w = &a->at->w;
    return w->tier ? a->of_products[(s * w->r + n) * w->stride + i] : 0;
}

/* The tariff is a part of a rent of the importer, which is no revenue. */
static double taxed_rent(const dr_adjoint *a, const dr_limited *c)
{
    double rent = (dr_limits_wedge(&a->at->w, c->limit) - 1) * dr_limits_earned(&a->at->w, c);
    return c->rent == DR_RENT_IMPORTER ? rent_part(a, c) * rent : 0;
}

double dr_adjoint_trade_cost(const dr_adjoint *a, const dr_seed *seed, size_t n, size_t i, size_t s)
{
    through t = flow_through(a, seed, n, i, s);
    double one_good = t.price + t.basic + through_pool(a, seed, n, i, s);
    return of_products(a, n, i, s) - a->at->w.model->theta[s] * one_good;
}

double dr_adjoint_tariff(const dr_adjoint *a, const dr_seed *seed, size_t n, size_t i, size_t s)
{
    const dr_sweep *w = &a->at->w;
    through t = flow_through(a, seed, n, i, s);
    size_t limited = a->at->limited ? a->at->limited[(n * w->r + i) * w->s + s] : 0;
    double more = limited ? taxed_rent(a, &w->limited[limited - 1]) : 0;
    return dr_reach(w->model, n) * dr_adjoint_trade_cost(a, seed, n, i, s) - t.basic + more;
}

/* A tariff moves the cost of a flow too, and takes what producers earn of what is spent on it. */
void dr_adjoint_products(dr_adjoint *a, const dr_seed *seed, double *trade_cost, double *tariff)
{
    const dr_sweep *w = &a->at->w;
    for (size_t block = 0; block < w->r * w->s; block++) {
        if (!dr_in_tier(w, block % w->r, block / w->r))
            continue;
        const dr_tier *tier = w->tier->tier;
        block_flows(a, seed, block);
        dr_sweep_tier_back_rows(w, block, a->flows, a->own ? a->own : seed->product,
                                a->price[block / w->r * w->stride + block % w->r], trade_cost, tariff, a->scratch);
        for (size_t row = dr_tier_first(tier, block); row < dr_tier_end(tier, block); row++)
            tariff[row] = trade_cost[row] - tariff[row];
    }
    for (size_t j = 0; j < w->limited_count; j++)
        if (w->limited[j].row != DR_WHOLE_FLOW)
            tariff[w->limited[j].row] += taxed_rent(a, &w->limited[j]);
}

/* It takes its ln from ln c, and the cost of inputs, which value added is a share of, is c times it (back_pay). */
double dr_adjoint_productivity(const dr_adjoint *a, size_t i, size_t s, double direct)
{
    const dr_point *p = a->at;
    const dr_sweep *w = &p->w;
    size_t at = s * w->stride + i;
    double all = 0;
    for (size_t f = 0; f < w->model->factors; f++)
        all += a->paid[dr_wage_row(w, f, at)] * p->factor_part[f * w->block + at] * w->pay[at];
    double own = (1 - dr_sweep_carbon_paid(w, at)) * a->lambda[at];
    return direct - own - (1 - w->model->nests.eta[s]) * all / (1 + dr_scale_at(w, at));
}

double dr_adjoint_limit(const dr_adjoint *a, const dr_seed *seed, size_t limit)
{
    const dr_sweep *w = &a->at->w;
    double sum = -limit_multiplier(a, limit);
    for (size_t j = 0; j < w->limited_count && w->pools; j++) {
        const dr_limited *c = &w->limited[j];
        sum += c->limit == limit && c->left < 1 ? through_pool(a, seed, c->n, c->i, c->s) : 0;
    }
    return sum;
}

double dr_adjoint_wedge(const dr_adjoint *a, size_t limit)
{
    return a->lambda[a->at->w.unknowns - dr_limit_row(a->at->w.limit_count) + limit];
}

/* It is a tariff whose revenue is the exporter's, and part of the value at the border: of what producers earn, v, the
 * revenue moves by the factor on the price, the wedge. What is left in a thin market is counted without wedges. */
double dr_adjoint_export_tax(const dr_adjoint *a, const dr_seed *seed, size_t n, size_t i, size_t s)
{
    const dr_sweep *w = &a->at->w;
    size_t row = s * w->stride, limited = a->at->limited ? a->at->limited[(n * w->r + i) * w->s + s] : 0;
    const dr_limited *c = limited ? &w->limited[limited - 1] : NULL;
    bool other = c && (isnan(w->set_wedge[c->limit]) || c->rent != DR_RENT_EXPORTER);
    if (other || w->tier || w->model->reach)
        return NAN;
    through t = flow_through(a, seed, n, i, s);
    double v = w->basic[s * w->r + n][i] * w->supply[row + i] * a->at->bought[row + n];
    double wedge = c ? dr_limits_wedge(w, c->limit) : 1, rent = wedge * (a->earned[i] - a->revenue[n]);
    return -w->model->theta[s] * (t.price + t.basic) - t.basic + v * (flow_seed(a, seed, n, i, s) + rent);
}
