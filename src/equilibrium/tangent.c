#include "equilibrium/tangent.h"
#include "equilibrium/sweep_carbon.h"
#include "equilibrium/sweep_labour.h"
#include "equilibrium/sweep_scale.h"
#include "equilibrium/sweep_tier.h"
#include "equilibrium/tangent_nests.h"
#include "model/factors.h"
#include "model/labour.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static dr_status labour_arrays(dr_tangent *t)
{
    const dr_sweep *w = t->equations->sweep;
    const dr_array wanted[] = {
        {&t->hours, w->model->factors * w->stride}, {&t->overhead, w->stride}, {&t->rented, w->stride}};
    t->labour_numbers = dr_new_arrays(wanted, sizeof wanted / sizeof *wanted);
    return t->labour_numbers ? DR_OK : dr_fail_memory();
}

static dr_status tier_arrays(dr_tangent *t)
{
    const dr_sweep *w = t->equations->sweep;
    if (!w->tier)
        return DR_OK;
    const dr_array wanted[] = {
        {&t->moved_cost, w->stride}, {&t->moved_flow, w->stride}, {&t->scratch, dr_sweep_tier_scratch(w)}};
    t->tier_numbers = dr_new_arrays(wanted, sizeof wanted / sizeof *wanted);
    return t->tier_numbers ? DR_OK : dr_fail_memory();
}

dr_status dr_tangent_new(dr_tangent *t, const dr_equations *equations)
{
    const dr_sweep *w = equations->sweep;
    size_t block = w->block, row = w->stride, wages = w->wages * row, limits = dr_limit_row(w->limit_count),
           factors = w->model->factors;
    *t = (dr_tangent){.equations = equations};
    const dr_array wanted[] = {{&t->bundle_power, block},
                               {&t->use, block},
                               {&t->used, block},
                               {&t->final, block},
                               {&t->pay_share, block},
                               {&t->wage_share, wages},
                               {&t->falls, wages},
                               {&t->factor_share, factors > 1 ? factors * block : 0},
                               {&t->primary, block},
                               {&t->factor_income, row},
                               {&t->v, w->unknowns},
                               {&t->supply, block},
                               {&t->moved, block},
                               {&t->power, block},
                               {&t->price, block},
                               {&t->from, row},
                               {&t->sold, row},
                               {&t->output, block},
                               {&t->exports, row},
                               {&t->imports, row},
                               {&t->earned, row},
                               {&t->income, row},
                               {&t->mean_wage, factors * row},
                               {&t->market, wages > block ? wages : block},
                               {&t->bundle, block},
                               {&t->cost, block},
                               {&t->wanted, block},
                               {&t->spend, block},
                               {&t->ignored, block},
                               {&t->zero, block},
                               {&t->volume, limits},
                               {&t->wedge, limits},
                               {&t->input_price, block},
                               {&t->abroad, row},
                               {&t->bought, row},
                               {&t->deficit, row},
                               {&t->limited_more, (w->limited_count + 7) / 8 * 8}};
    t->numbers = dr_new_arrays(wanted, sizeof wanted / sizeof *wanted);
    DR_TRY(t->numbers ? labour_arrays(t) : dr_fail_memory());
    return tier_arrays(t);
}

void dr_tangent_free(dr_tangent *t)
{
    free(t->tier_numbers);
    free(t->labour_numbers);
    free(t->numbers);
}

/* The shares of a factor's wages in what it earns in a region, and of factors in the price of value added. */
static void factor_at(dr_tangent *t, size_t f)
{
    const dr_sweep *w = t->equations->sweep;
    const double psi = dr_factor_mobility(w->model, f), *floor = dr_factor_is_labour(w->model, f) ? w->floor : NULL;
    for (size_t j = w->first[f] * w->stride; j < (w->first[f] + w->rows[f]) * w->stride; j++) {
        size_t n = j % w->stride, of = f * w->stride + n;
        double x = w->x[2 * w->block + j];
        t->falls[j] = floor && x < floor[n] ? 0 : 1;
        t->wage_share[j] = w->labour[j] > 0 ? w->labour[j] / w->all_labour[of] : 0;
        if (w->rows[f] > 1)
            t->wage_share[j] *= exp((1 + psi) * (x - log(w->mean_wage[of])));
    }
    for (size_t j = 0; j < w->block && w->model->factors > 1; j++)
        t->factor_share[f * w->block + j] =
            w->pay[j] > 0 ? w->factor_pay[f * w->block + j] / w->pay[j] : w->model->factor_share[f * w->block + j];
}

void dr_tangent_at(dr_tangent *t)
{
    for (size_t f = 0; f < t->equations->sweep->model->factors; f++)
        factor_at(t, f);
    dr_tangent_nests_at(t);
}

/* d ln of what a unit of factor f is paid in sector s of region n: none while it stays at a floor. */
static double paid_wage(const dr_tangent *t, size_t f, size_t j)
{
    const dr_sweep *w = t->equations->sweep;
    size_t at = w->first[f] * w->stride + (w->rows[f] > 1 ? j : j % w->stride);
    return t->falls[at] * t->v[2 * w->block + at] - t->hours[f * w->stride + j % w->stride];
}

/* From wages to the price of value added. */
static void primary(dr_tangent *t)
{
    const dr_sweep *w = t->equations->sweep;
    memset(t->primary, 0, w->block * sizeof(double));
    for (size_t f = 0; f < w->model->factors; f++)
        for (size_t j = 0; j < w->block; j++)
            t->primary[j] += (w->model->factors > 1 ? t->factor_share[f * w->block + j] : 1) * paid_wage(t, f, j);
}

/* Wedges that rise with their unknown: those above 0, and those at 0 that are to rise; none that is set. */
static void wedges(dr_tangent *t, const double *v)
{
    const dr_sweep *w = t->equations->sweep;
    size_t at = 2 * w->block + w->wages * w->stride;
    for (size_t c = 0; c < w->limit_count; c++) {
        double x = w->x[at + c];
        bool rises = x > 0 || (x == 0 && w->next[at + c] > 0);
        bool falls = x < w->most[c] || (x == w->most[c] && w->next[at + c] < w->most[c]);
        t->wedge[c] = isnan(w->set_wedge[c]) && rises && falls ? v[at + c] : 0;
    }
}

/* The elasticity of the earnings of producers on a flow under a limit to the wedge, at given costs and price powers. */
static double less_earned(const dr_limited *c)
{
    return -c->theta - (c->used ? 0 : 1);
}

/* That of the price power of the buyer to it. */
static double of_power(const dr_sweep *w, const dr_limited *c)
{
    size_t to = c->s * w->stride + c->n, by = c->s * w->stride + c->i;
    double bought = c->row == DR_WHOLE_FLOW ? w->delivered[c->s * w->r + c->n][c->i] * w->supply[by]
                                            : w->power[to] * dr_sweep_tier_part(w, c);
    return -w->model->theta[c->s] * bought;
}

/* One sector: from the changes of supply and spending to those of prices, output, exports, imports and what importers
 * keep as tariff revenue (into `earned`). */
static void sector_trade(dr_tangent *t, size_t s, const double *spending)
{
    const dr_equations *q = t->equations;
    const dr_sweep *w = q->sweep;
    size_t at = s * w->stride;
    const double *const *delivered = q->delivered + s * w->r, *const *basic = q->basic + s * w->r;
    double *abroad = t->abroad, *bought = t->bought, theta = w->model->theta[s];
    w->kernels->dots(w->r, w->stride, delivered, t->moved + at, t->from);
    for (size_t n = 0; n < w->r; n++) {
        size_t j = at + n;
        t->power[j] = (t->power[j] + t->from[n] + q->home[j] * t->moved[j]) / w->power[j];
        t->price[j] = -t->power[j] / theta;
        bought[n] = q->bought[j] * (spending[j] - t->power[j]);
        if (basic[n] == delivered[n])
            abroad[n] = t->from[n];
        else
            w->kernels->dots(1, w->stride, basic + n, t->moved + at, abroad + n);
    }
    memset(t->sold, 0, w->stride * sizeof(double));
    w->kernels->combine(w->r, w->stride, basic, bought, t->sold);
    for (size_t n = 0; n < w->r; n++) {
        size_t j = at + n;
        double home = q->home_basic[j] * (w->supply[j] * bought[n] + t->moved[j] * q->bought[j]);
        double imports = bought[n] * q->at_basic[j] + q->bought[j] * abroad[n];
        double exports = w->supply[j] * t->sold[n] + t->supply[j] * q->sold[j];
        t->output[j] = exports + home;
        t->exports[n] += exports;
        t->imports[n] += imports;
        if (basic[n] != delivered[n])
            t->earned[n] += w->spent[j] * spending[j] - imports - home;
    }
}

/* d ln of what producers earn on a flow under a limit. */
static double more_earned(const dr_tangent *t, const dr_limited *c, const double *spending)
{
    const dr_sweep *w = t->equations->sweep;
    size_t to = c->s * w->stride + c->n, by = c->s * w->stride + c->i;
    double of_products = c->earned > 0 ? t->limited_more[c - w->limited] / c->earned : 0;
    return less_earned(c) * t->wedge[c->limit] + t->supply[by] + spending[to] - t->power[to] + of_products;
}

/* d of the volumes of limits. */
static void limited_volumes(dr_tangent *t, const double *spending)
{
    const dr_sweep *w = t->equations->sweep;
    memset(t->volume, 0, w->limit_count * sizeof(double));
    for (size_t k = 0; k < w->limited_count; k++) {
        const dr_limited *c = &w->limited[k];
        double used = c->used ? t->wedge[c->limit] : 0, cost = t->v[c->s * w->stride + c->i];
        t->volume[c->limit] += c->volume * (more_earned(t, c, spending) - cost - used);
    }
}

/* The direct effects of wedges, beyond those through price powers. */
static void capped_trade(dr_tangent *t, const double *spending)
{
    const dr_sweep *w = t->equations->sweep;
    limited_volumes(t, spending);
    for (size_t k = 0; k < w->limited_count; k++) {
        const dr_limited *c = &w->limited[k];
        size_t by = c->s * w->stride + c->i;
        double wedge = t->wedge[c->limit], direct = less_earned(c) * wedge, part = w->in_quota[c->limit];
        double earned = more_earned(t, c, spending);
        double keeps = c->used ? 0 : c->border || c->basic == 0 ? part : part * c->delivered / c->basic;
        double rent = c->scarcity * earned + (c->scarcity + keeps * c->earned) * wedge;
        if (part < 1)
            rent -= c->scarcity * t->volume[c->limit] / w->volume[c->limit];
        t->output[by] += c->earned * direct + (c->rent == DR_RENT_LOST ? rent : 0);
        t->exports[c->i] += c->earned * direct;
        t->imports[c->n] += c->earned * direct;
        t->earned[c->n] -= c->earned * direct + rent;
        if (c->rent != DR_RENT_LOST) {
            t->earned[c->border ? c->i : c->n] += rent;
            t->rented[c->border ? c->i : c->n] += rent;
        }
        if (c->border) {
            t->exports[c->i] += rent;
            t->imports[c->n] += rent;
        }
    }
}

/* What products within the imports of a block add. */
static void tier_trade(dr_tangent *t, size_t block)
{
    const dr_sweep *w = t->equations->sweep;
    const dr_sweep_tier *tier = w->tier;
    size_t n = block % w->r, at = block / w->r * w->stride;
    double *x = t->moved_cost, *more = t->moved_flow, all = 0, spent = w->spent[at + n];
    memcpy(x, t->v + at, w->stride * sizeof *x);
    for (size_t j = tier->limited[block]; j < tier->limited[block + 1]; j++) {
        const dr_limited *c = &w->limited[tier->limit_of[j]];
        x[c->i] += c->row == DR_WHOLE_FLOW ? t->wedge[c->limit] : 0;
    }
    dr_sweep_tier_move(w, block, x, t->wedge, more, t->limited_more, t->scratch);
    for (size_t i = 0; i < w->r; i++) {
        t->output[at + i] += spent * more[i];
        t->exports[i] += i == n ? 0 : spent * more[i];
        t->imports[n] += i == n ? 0 : spent * more[i];
        all += spent * more[i];
    }
    t->earned[n] -= all;
    for (size_t j = tier->limited[block]; j < tier->limited[block + 1]; j++)
        t->limited_more[tier->limit_of[j]] *= spent;
}

/* From costs, spending and wedges to prices, output and trade. */
static void trade(dr_tangent *t)
{
    const dr_sweep *w = t->equations->sweep;
    const double *spending = t->v + w->block;
    memset(t->power, 0, w->block * sizeof(double));
    memset(t->exports, 0, w->stride * sizeof(double));
    memset(t->imports, 0, w->stride * sizeof(double));
    memset(t->earned, 0, w->stride * sizeof(double));
    memset(t->rented, 0, w->stride * sizeof(double));
    for (size_t s = 0; s < w->s; s++)
        for (size_t j = s * w->stride; j < (s + 1) * w->stride; j++) {
            t->supply[j] = -w->model->theta[s] * t->v[j];
            t->moved[j] = w->supply[j] * t->supply[j];
        }
    for (size_t k = 0; k < w->limited_count; k++) {
        const dr_limited *c = &w->limited[k];
        t->power[c->s * w->stride + c->n] += of_power(w, c) * t->wedge[c->limit];
    }
    for (size_t s = 0; s < w->s; s++)
        sector_trade(t, s, spending);
    for (size_t block = 0; block < w->r * w->s && w->tier; block++)
        if (dr_in_tier(w, block % w->r, block / w->r))
            tier_trade(t, block);
    if (w->limit_count)
        capped_trade(t, spending);
    for (size_t n = 0; n < w->r && w->model->reach; n++) {
        double spent = w->spent[n] * spending[n], nu = dr_overhead(w->model, n);
        double before = (spent - t->earned[n]) / (1 - nu);
        t->earned[n] = spent - before;
        t->overhead[n] = nu * before;
    }
}

/* The deficit that the closure decides. */
static double closed(const dr_sweep *w, size_t n)
{
    return w->deficit[n] - (w->given ? w->given[n] : 0);
}

/* From the earnings of regions to their deficits (closure.c). */
static void deficits(dr_tangent *t)
{
    const dr_sweep *w = t->equations->sweep;
    double taken = 0, given = 0, more_taken = 0, more_given = 0;
    memset(t->deficit, 0, w->stride * sizeof(double));
    if (w->model->options.closure != DR_CLOSURE_INCOME_SHARE)
        return;
    for (size_t n = 0; n < w->r; n++) {
        double deficit = closed(w, n), more = deficit * t->earned[n] / w->earned[n];
        t->deficit[n] = more;
        taken += fmax(deficit, 0);
        given += fmax(-deficit, 0);
        more_taken += deficit > 0 ? more : 0;
        more_given -= deficit < 0 ? more : 0;
    }
    for (size_t n = 0; n < w->r && given > 0; n++)
        if (closed(w, n) < 0)
            t->deficit[n] += closed(w, n) * (more_taken / taken - more_given / given);
}

/* From wages, revenue and rents to incomes. */
static void incomes(dr_tangent *t)
{
    const dr_sweep *w = t->equations->sweep;
    size_t factors = w->model->factors;
    memset(t->mean_wage, 0, factors * w->stride * sizeof(double));
    for (size_t f = 0; f < factors; f++)
        for (size_t j = w->first[f] * w->stride; j < (w->first[f] + w->rows[f]) * w->stride; j++)
            t->mean_wage[f * w->stride + j % w->stride] += t->wage_share[j] * t->v[2 * w->block + j];
    for (size_t n = 0; n < w->r; n++) {
        t->rented[n] = t->earned[n] - t->rented[n]; /* revenue, from here on */
        t->factor_income[n] = 0;
        for (size_t of = n; of < factors * w->stride; of += w->stride)
            t->factor_income[n] += w->mean_wage[of] * w->all_labour[of] * t->mean_wage[of];
        t->earned[n] += t->factor_income[n];
    }
    for (size_t j = 0; j < w->block && w->profit; j++)
        t->earned[j % w->stride] += (1 - w->model->cost_part[j / w->stride]) * t->output[j];
    deficits(t);
    for (size_t n = 0; n < w->r; n++) {
        bool held = w->income[n] > w->earned[n] + w->deficit[n]; /* at the floor */
        t->income[n] = held ? w->income[n] / w->earned[n] * t->earned[n] : t->earned[n] + t->deficit[n];
    }
}

/* From incomes and prices to labour, and to the price in a larger market (sweep_labour.h). */
static void labour(dr_tangent *t)
{
    const dr_sweep *w = t->equations->sweep;
    const dr_model *m = w->model;
    double response = dr_labour_response(m);
    for (size_t n = 0; n < w->r && w->hours; n++) {
        double relief = 0, price = 0, more = 1 - dr_reach(m, n), income = dr_equations_factor_income(t->equations, n);
        if (m->revenue_use == DR_REVENUE_INCOME_TAX)
            relief = (t->rented[n] - w->revenue[n] / income * t->factor_income[n]) / (income - w->revenue[n]);
        if (m->reach)
            t->price[n] = (t->price[n] + more * (t->v[w->block + n] - t->falls[n] * (1 - response) * t->mean_wage[n] +
                                                 response * relief)) /
                          (1 + more * response);
        for (size_t j = n; j < w->block; j += w->stride)
            price += t->final[j] / w->income[n] * t->price[j];
        for (size_t f = 0; f < m->factors; f++)
            if (dr_factor_is_labour(m, f) && w->all_labour[f * w->stride + n] > 0)
                t->hours[f * w->stride + n] = response * (t->mean_wage[f * w->stride + n] - price + relief);
    }
}

/* d ln of both sides of the trade balance of a region. */
static double balance(const dr_tangent *t, size_t n)
{
    const dr_equations *q = t->equations;
    double deficit = q->sweep->deficit[n];
    return (t->exports[n] + (deficit > 0 ? t->deficit[n] : 0)) / dr_equations_sources(q, n) -
           (t->imports[n] - (deficit < 0 ? t->deficit[n] : 0)) / dr_equations_uses(q, n);
}

double dr_tangent_grows(const dr_tangent *t, size_t j)
{
    const dr_sweep *w = t->equations->sweep;
    double all = w->carbon ? w->made[j] : w->output[j];
    if (w->model->reach)
        return all > 0 ? (t->output[j] + t->overhead[j]) / (all + w->overhead[j]) : 0;
    return all > 0 ? t->output[j] / all : 0;
}

/* From wages, costs and output to the gap of a factor market; adds to the means over a region. */
static void factor_market(dr_tangent *t, size_t f, double *mean)
{
    const dr_sweep *w = t->equations->sweep;
    const dr_model *m = w->model;
    const double *v = t->v + 2 * w->block, psi = dr_factor_mobility(m, f);
    for (size_t j = 0; j < w->block; j++) {
        size_t at = w->first[f] * w->stride + (w->rows[f] > 1 ? j : j % w->stride);
        double pay = m->factors > 1 ? w->factor_pay[f * w->block + j] : w->pay[j];
        double mu = dr_scale_at(w, j), cost = t->v[j] / (1 - dr_sweep_carbon_paid(w, j));
        double bundle = (cost + mu * dr_tangent_grows(t, j)) / (1 + mu);
        double more = (1 - m->nests.eta[j / w->stride]) * (t->primary[j] - bundle);
        if (m->factors > 1)
            more += (1 - m->nests.sigma) * (paid_wage(t, f, j) - t->primary[j]);
        if (w->output[j] > 0)
            t->market[at] += pay * (more + dr_tangent_grows(t, j));
    }
    for (size_t j = w->first[f] * w->stride; j < (w->first[f] + w->rows[f]) * w->stride; j++) {
        size_t n = j % w->stride;
        if (w->labour[j] == 0)
            continue;
        t->market[j] = w->paid[j] > DR_VANISHED * w->labour[j] ? t->market[j] / w->paid[j] : 0;
        t->market[j] -= v[j] + (w->rows[f] > 1 && psi > 0 ? psi * (v[j] - t->mean_wage[f * w->stride + n]) : 0);
        mean[n] += w->labour[j] / t->equations->supply[n] * t->market[j];
    }
}

/* The equations of wages. */
static void wages(dr_tangent *t, double *out)
{
    const dr_equations *q = t->equations;
    const dr_sweep *w = q->sweep;
    double now = 0, more = 0, *mean = t->from, *gap = t->sold;
    memset(t->market, 0, w->wages * w->stride * sizeof(double));
    memset(mean, 0, w->stride * sizeof(double));
    for (size_t f = 0; f < w->model->factors; f++)
        factor_market(t, f, mean);
    for (size_t n = 0; n < w->r; n++) {
        now += dr_equations_factor_income(q, n);
        more += t->factor_income[n];
    }
    for (size_t n = 0; n < w->r; n++)
        gap[n] = (dr_equations_trades(q, n) ? balance(t, n) : mean[n]) - more / now;
    for (size_t j = 0; j < w->wages * w->stride; j++) {
        size_t n = j % w->stride;
        out[j] = w->labour[j] > 0 ? gap[n] + t->market[j] - mean[n] : -t->v[2 * w->block + j];
    }
}

static void limits(const dr_tangent *t, double *out)
{
    const dr_sweep *w = t->equations->sweep;
    size_t at = 2 * w->block + w->wages * w->stride;
    for (size_t c = 0; c < w->limit_count; c++) {
        bool binds = isnan(w->set_wedge[c]) && w->next[at + c] > 0 && w->next[at + c] < w->most[c];
        out[c] = -t->v[at + c];
        if (binds && w->volume[c] > 0)
            out[c] += (w->x[at + c] >= 0 ? t->wedge[c] : 0) + w->limit_step[c] * t->volume[c] / w->volume[c];
    }
}

/* What is paid for emissions, t Y / c, and net sales, which `output` is the change of from here on. */
static void carbon(dr_tangent *t)
{
    const dr_sweep *w = t->equations->sweep;
    for (size_t j = 0; j < w->block && w->carbon; j++) {
        double paid = w->carbon_part[j] * (t->output[j] - w->output[j] * t->v[j]);
        t->earned[j % w->stride] += paid;
        t->output[j] -= paid;
    }
}

void dr_tangent_product(dr_tangent *t, const double *v, double *out)
{
    const dr_equations *q = t->equations;
    const dr_sweep *w = q->sweep;
    size_t block = w->block;
    memcpy(t->v, v, q->count * sizeof *v);
    wedges(t, v);
    trade(t);
    carbon(t);
    incomes(t);
    labour(t);
    primary(t);
    dr_tangent_nests(t);
    for (size_t j = 0; j < block; j++) {
        bool there = w->model->spending[j] > 0 && q->wanted[j] > DR_VANISHED;
        double mu = dr_scale_at(w, j), used = 1 - dr_sweep_carbon_part(w, j, w->next[j]);
        out[j] = used * (1 + mu) * t->cost[j] - mu * dr_tangent_grows(t, j) - v[j];
        out[block + j] = (there ? t->wanted[j] / (q->wanted[j] * w->model->spending[j]) : 0) - v[block + j];
    }
    wages(t, out + 2 * block);
    memset(out + 2 * block + w->wages * w->stride, 0, (q->count - 2 * block - w->wages * w->stride) * sizeof *out);
    limits(t, out + 2 * block + w->wages * w->stride);
}
