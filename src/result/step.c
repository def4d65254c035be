#include "result/step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/factors.h"
#include "model/labour.h"
#include "model/prices.h"
#include "model/tier.h"
#include "result/welfare.h"

/* ---- The parts of a step that many flows share ------------------------------------------------------------------- */

/* (b - a) / ln(b / a): the weight that makes a logarithmic change of what it is the mean of exact (Sato 1976; Vartia
 * 1976). `ratio` is ln(b / a). */
static double log_mean(double a, double b, double ratio)
{
    return fabs(ratio) < 1e-5 ? sqrt(a * b) : (b - a) / ratio;
}

/* ln of the price in thin markets over that without pooling, -ln(T / R) / theta (docs/model.md, "Thin markets"). */
static void add_pooled(const dr_solution *solution, double sign, double *log_pooled)
{
    const dr_model *m = solution->model;
    for (size_t j = 0; j < solution->thin_count; j++) {
        const dr_thin_market *thin = &solution->thin[j];
        log_pooled[thin->region * m->sectors + thin->sector] +=
            sign * log(thin->remains / m->nests.thin) / m->theta[thin->sector];
    }
}

/* Real income of region n before prices, in the solution `to` (1) or `from`. */
static double left(const dr_step *step, int to, size_t n)
{
    return step->real[to][n].left[1];
}

dr_status dr_step_new(dr_step *step, const dr_solution *from, const dr_solution *to)
{
    const dr_model *m = from->model;
    size_t r = m->regions, cells = r * m->sectors;
    *step = (dr_step){.from = from,
                      .to = to,
                      .welfare = dr_new(r, sizeof(double)),
                      .real = {dr_new(r, sizeof(dr_real_income)), dr_new(r, sizeof(dr_real_income))},
                      .log_income = dr_new(r, sizeof(double)),
                      .log_cost = dr_new(cells, sizeof(double)),
                      .log_pooled = dr_new(cells, sizeof(double))};
    bool all = step->welfare && step->real[0] && step->real[1] && step->log_income;
    if (!all || !step->log_cost || !step->log_pooled)
        return dr_fail_memory();
    for (size_t n = 0; n < r; n++) {
        step->real[0][n] = dr_solution_real_income(from, n);
        step->real[1][n] = dr_solution_real_income(to, n);
        if (!(left(step, 0, n) > 0 && left(step, 1, n) > 0))
            return dr_fail(DR_BAD_INPUT,
                           "the change of real income is not decomposed where the time worked is worth more than all "
                           "that is bought, as in %s; expected a smaller change or labour supply",
                           m->economy->region_codes.names[n]);
        double before = 1 + dr_solution_welfare(from, n) / 100, after = 1 + dr_solution_welfare(to, n) / 100;
        step->welfare[n] = log_mean(before, after, log(after / before));
        step->log_income[n] = log(left(step, 1, n) / left(step, 0, n));
    }
    for (size_t c = 0; c < cells; c++)
        step->log_cost[c] = log(to->cost[c] / from->cost[c]);
    add_pooled(from, -1, step->log_pooled);
    add_pooled(to, 1, step->log_pooled);
    return DR_OK;
}

void dr_step_free(dr_step *step)
{
    free(step->welfare);
    free(step->real[0]);
    free(step->real[1]);
    free(step->log_income);
    free(step->log_cost);
    free(step->log_pooled);
}

/* ---- A flow ------------------------------------------------------------------------------------------------------ */

/* What a solution puts in the way of a flow. */
typedef struct wedges {
    double taxed; /* 1 + tariff */
    double used;  /* of trade cost: what is used up on the way */
    double rent;  /* of the exporter, in the price at the border */
    double fee;   /* of the importer's rent, in the price of users */
} wedges;

/* `next` is the first barrier that is not before the flow, and is moved. */
static wedges wedges_of(const dr_solution *solution, size_t flow, const dr_barrier **next)
{
    wedges w = {1 + (solution->tariff ? solution->tariff[flow] : 0), 1, 1, 1};
    while (*next < solution->barriers + solution->barrier_count && (*next)->flow < flow)
        (*next)++;
    if (*next == solution->barriers + solution->barrier_count || (*next)->flow != flow)
        return w;
    w.used = (*next)->times;
    if ((*next)->limit) {
        const dr_limit_result *limit = &solution->limits[(*next)->limit - 1];
        double *to[] = {[DR_RENT_EXPORTER] = &w.rent, [DR_RENT_IMPORTER] = &w.fee, [DR_RENT_LOST] = &w.used};
        *to[limit->rent_to] *= dr_limit_mean_wedge(limit);
    }
    return w;
}

static double log_ratio(double to, double from)
{
    return to == from ? 0 : log(to / from);
}

/* The change of a flow: its value v at the border in both solutions, G of users, e of producers; logarithms of the
 * change of unit cost c, of what is used up d, of the exporter's rent mu, and of the quantity q. */
typedef struct change {
    double v[2], g[2], e[2], log_v, log_g, log_e, log_c, log_d, log_mu, log_q;
} change;

static change change_of(const dr_step *step, size_t n, size_t i, size_t s, const double v[2], const wedges *a,
                        const wedges *b)
{
    const dr_model *m = step->from->model;
    change c = {.v = {v[0], v[1]},
                .log_c = i == n ? 0 : step->log_cost[i * m->sectors + s],
                .log_d = log_ratio(b->used, a->used) + step->log_pooled[n * m->sectors + s],
                .log_mu = log_ratio(b->rent, a->rent)};
    c.log_v = log_ratio(c.v[1], c.v[0]);
    c.log_g = c.log_v + log_ratio(b->taxed * b->fee, a->taxed * a->fee);
    c.log_e = c.log_v - c.log_mu;
    c.log_q = c.log_e - step->log_cost[i * m->sectors + s];
    for (int t = 0; t < 2; t++) {
        const wedges *w = t ? b : a;
        c.g[t] = c.v[t] * w->taxed * w->fee;
        c.e[t] = c.v[t] / w->rent;
    }
    return c;
}

/* The mean share of a value in the real income of n before prices, times mean real income. */
static double weight(const dr_step *step, size_t n, const double value[2], double log_value)
{
    return step->welfare[n] *
           log_mean(value[0] / left(step, 0, n), value[1] / left(step, 1, n), log_value - step->log_income[n]);
}

/* A flow that stops: its tariff revenue is lost, and the consumer surplus on it, the area under the demand curve, which
 * is 1/theta of the spending on it (the limit of a trade cost that grows without bound), theta the elasticity with
 * which it is left. */
static void add_stopped(const dr_step *step, size_t n, double theta, const change *c, double *imported)
{
    double scale = step->welfare[n] / left(step, 0, n);
    imported[DR_TERM_VOLUME_OF_TRADE] -= scale * (c->g[0] - c->v[0]);
    imported[DR_TERM_TECHNICAL] -= scale * c->g[0] / theta;
}

static void add_import(const dr_step *step, size_t n, const change *c, double *imported)
{
    double v = weight(step, n, c->v, c->log_v), g = weight(step, n, c->g, c->log_g);
    imported[DR_TERM_TERMS_OF_TRADE] -= v * c->log_c;
    imported[DR_TERM_RENTS] -= v * c->log_mu;
    imported[DR_TERM_VOLUME_OF_TRADE] += (g - v) * c->log_q;
    imported[DR_TERM_TECHNICAL] -= g * c->log_d;
}

static void add_export(const dr_step *step, size_t i, const change *c, double *exported)
{
    double v = weight(step, i, c->v, c->log_v), e = weight(step, i, c->e, c->log_e);
    exported[DR_TERM_TERMS_OF_TRADE] += v * c->log_c;
    exported[DR_TERM_RENTS] += v * c->log_mu + (v - e) * c->log_q;
}

/* Where there are overhead and tariffs that are passed on in part, sellers abroad have what overhead leaves, labour of
 * the importer earns the rest, and prices move by (1 + t)^phi and by the (1 - phi)th power of the size of the market:
 * of what is spent, G, 1 - phi is saved at the rate of wages over the value of the flow. */
static void add_sellers(const dr_step *step, size_t n, size_t i, const change *c, double *imported, double *exported)
{
    const dr_model *m = step->from->model;
    double nu = dr_overhead(m, n), saved = 1 - dr_reach(m, n);
    double wage = log(step->to->factor_wage[n] / step->from->factor_wage[n]);
    if (c->v[1] == 0) {
        imported[DR_TERM_TECHNICAL] += saved * step->welfare[n] / left(step, 0, n) * c->g[0];
        return;
    }
    for (size_t k = 0; k < DR_TERMS; k++)
        exported[k] *= 1 - nu;
    double paid = nu * weight(step, n, c->v, c->log_v);
    imported[DR_TERM_TERMS_OF_TRADE] += i == n ? 0 : paid * wage;
    imported[DR_TERM_TECHNICAL] += i == n ? paid * (wage - step->log_cost[n]) : 0;
    imported[DR_TERM_TECHNICAL] += saved * weight(step, n, c->g, c->log_g) * (wage - c->log_v);
}

static bool untaxed(const wedges *w)
{
    return w->taxed == 1 && w->rent == 1 && w->fee == 1;
}

/* Unit cost less what is paid for emissions. */
static double used_cost(const dr_solution *solution, size_t cell)
{
    return solution->cost[cell] - (solution->carbon ? solution->carbon[cell] : 0);
}

/* The gain from productivity, of which scale economies are a part: its change in logs times sales (Hulten 1978). */
static double productivity_gain(const dr_step *step, size_t n, size_t s)
{
    const dr_solution *a = step->from, *b = step->to;
    size_t cell = n * a->model->sectors + s;
    if ((!b->productivity && !a->model->scale) || !(a->output[cell] > 0) || !(b->output[cell] > 0))
        return 0;
    double before = dr_solution_input_cost(a, n, s) / used_cost(a, cell);
    double after = dr_solution_input_cost(b, n, s) / used_cost(b, cell);
    const double costs[2] = {dr_solution_net_sales(a, cell), dr_solution_net_sales(b, cell)};
    return weight(step, n, costs, log(costs[1] / costs[0])) * log(after / before);
}

/* The gain from making more of what is sold above its cost: the change of its quantity in logs times the profit. */
static double profit_gain(const dr_step *step, size_t n, size_t s)
{
    const dr_solution *a = step->from, *b = step->to;
    size_t cell = n * a->model->sectors + s;
    if (!a->model->cost_part || !(a->output[cell] > 0) || !(b->output[cell] > 0))
        return 0;
    const double part = 1 - dr_cost_part(a->model, s), profits[2] = {part * a->output[cell], part * b->output[cell]};
    double sales = log(b->output[cell] / a->output[cell]);
    return weight(step, n, profits, sales) * (sales - log(b->cost[cell] / a->cost[cell]));
}

/* ---- Products ---------------------------------------------------------------------------------------------------- */

/* The elasticity with which spending leaves the last supplier of a product, or else one of several. */
static double leaving(const dr_solution *to, const dr_row_barrier *row)
{
    const dr_tier *t = to->model->tier;
    size_t s = row->flow % to->model->sectors;
    return isinf(to->product_price[row->cell]) ? t->sigma[s] - 1 : dr_tier_theta(t, row->cell);
}

/* The terms of a flow whose products have changes are those of its products. */
static bool add_products(dr_step *step, size_t n, size_t i, size_t s, double *imported, double *exported)
{
    const dr_model *m = step->from->model;
    const dr_solution *from = step->from, *to = step->to;
    size_t flow = (n * m->regions + i) * m->sectors + s, first = step->row;
    for (; step->row < to->row_count && to->rows[step->row].flow == flow; step->row++) {
        const dr_row_barrier *x = &from->rows[step->row], *z = &to->rows[step->row];
        const wedges a = {x->taxed, x->used, x->rent, x->fee}, b = {z->taxed, z->used, z->rent, z->fee};
        const double v[2] = {from->product_flow[x->row] * x->rent, to->product_flow[z->row] * z->rent};
        change c = change_of(step, n, i, s, v, &a, &b);
        if (v[0] > 0 && v[1] == 0) {
            add_stopped(step, n, leaving(to, z), &c, imported);
        } else if (v[0] > 0) {
            add_import(step, n, &c, imported);
            add_export(step, i, &c, exported);
        }
    }
    return step->row > first;
}

/* ---- All flows --------------------------------------------------------------------------------------------------- */

/* The terms of a flow; false: it has none. */
static bool add_flow(dr_step *step, size_t n, size_t i, size_t s, double *imported, double *exported)
{
    const dr_model *m = step->from->model;
    size_t flow = (n * m->regions + i) * m->sectors + s;
    wedges a = wedges_of(step->from, flow, &step->from_barrier);
    wedges b = wedges_of(step->to, flow, &step->to_barrier);
    bool home = i == n && untaxed(&a) && untaxed(&b) && a.used == b.used;
    double gain = i == n ? productivity_gain(step, n, s) : 0, profit = i == n ? profit_gain(step, n, s) : 0;
    home = home && step->log_pooled[n * m->sectors + s] == 0 && !m->reach;
    if (add_products(step, n, i, s, imported, exported))
        return true;
    if (gain == 0 && profit == 0 && (step->from->flow[flow] == 0 || home))
        return false;
    const double v[2] = {step->from->flow[flow], step->to->flow[flow]};
    change c = change_of(step, n, i, s, v, &a, &b);
    if (c.v[0] > 0 && c.v[1] == 0) {
        add_stopped(step, n, m->theta[s], &c, imported);
    } else if (c.v[0] > 0) {
        add_import(step, n, &c, imported);
        add_export(step, i, &c, exported);
    }
    if (m->reach && c.v[0] > 0)
        add_sellers(step, n, i, &c, imported, exported);
    imported[DR_TERM_TECHNICAL] += gain;
    imported[DR_TERM_RENTS] += profit;
    return true;
}

void dr_step_flows(dr_step *step, dr_flow_terms *take, void *user)
{
    const dr_model *m = step->from->model;
    step->from_barrier = step->from->barriers;
    step->to_barrier = step->to->barriers;
    step->row = 0;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions; i++)
            for (size_t s = 0; s < m->sectors; s++) {
                double imported[DR_TERMS] = {0}, exported[DR_TERMS] = {0};
                if (add_flow(step, n, i, s, imported, exported))
                    take(user, n, i, s, imported, exported);
            }
}

/* ---- Factors and transfers --------------------------------------------------------------------------------------- */

/* Factors that move between sectors, or are idle: w (L' - L) of each factor and sector, at the mean of both wages. */
static double reallocation(const dr_step *step, size_t n)
{
    const dr_model *m = step->from->model;
    const dr_solution *a = step->from, *b = step->to;
    double sum = 0;
    for (size_t f = 0; f < m->factors; f++)
        for (size_t s = 0; s < m->sectors; s++) {
            size_t at = (f * m->regions + n) * m->sectors + s;
            double before = a->factor_wage[at], after = b->factor_wage[at];
            if (dr_factor_base(m, f, n, s) > 0)
                sum += (before / left(step, 0, n) + after / left(step, 1, n)) / 2 *
                       (b->factor_pay[at] / after - a->factor_pay[at] / before);
        }
    return sum;
}

/* What the consumer price changes by the shift of its weights alone, in logs, at the mean of both prices. */
static double demand_shift(const dr_step *step, size_t n)
{
    const dr_solution *a = step->from, *b = step->to;
    double sum = 0;
    if (!b->final_share)
        return 0;
    for (int k = 0; k < 2; k++) {
        const double *prices = k ? b->price : a->price;
        sum += log(dr_final_price(a->model, b->final_share, prices, n) /
                   dr_final_price(a->model, a->final_share, prices, n));
    }
    return sum / 2;
}

/* Output that pays for its emissions: the payment times the change of quantity in logs, at the mean of both payments,
 * as a tariff times that of a flow. */
static double taxed_output(const dr_step *step, size_t n)
{
    const dr_solution *a = step->from, *b = step->to;
    double sum = 0;
    for (size_t cell = n * a->model->sectors; cell < (n + 1) * a->model->sectors && b->carbon; cell++)
        if (a->output[cell] > 0 && b->output[cell] > 0)
            sum += (dr_solution_carbon_paid(a, cell) / left(step, 0, n) +
                    dr_solution_carbon_paid(b, cell) / left(step, 1, n)) /
                   2 * log(b->output[cell] / b->cost[cell] / (a->output[cell] / a->cost[cell]));
    return sum;
}

/* The change of a value at the prices of consumers, over real income of the base. */
static double real_change(const dr_step *step, size_t n, double before, double after)
{
    double base = (step->real[0][n].left[0] + step->real[1][n].left[0]) / 2;
    return (after / dr_solution_consumer_price(step->to, n) - before / dr_solution_consumer_price(step->from, n)) /
           base;
}

/* The value of the time worked, which is no part of real income; and real income of the base, from which relief takes
 * its own. */
static double effort(const dr_step *step, size_t n)
{
    const dr_real_income *a = &step->real[0][n], *b = &step->real[1][n];
    if (step->from->model->labour_supply == 0)
        return 0;
    return real_change(step, n, a->effort[1], b->effort[1]) + step->welfare[n] * log(b->left[0] / a->left[0]);
}

/* Revenue that households do not have. */
static double kept(const dr_step *step, size_t n)
{
    if (step->from->model->revenue_use != DR_REVENUE_KEEP)
        return 0;
    return real_change(step, n, step->from->tariff_revenue[n], step->to->tariff_revenue[n]);
}

void dr_step_rest(const dr_step *step, size_t n, double terms[DR_TERMS])
{
    const dr_solution *a = step->from, *b = step->to;
    memset(terms, 0, DR_TERMS * sizeof *terms);
    terms[DR_TERM_REALLOCATION] = step->welfare[n] * (reallocation(step, n) + taxed_output(step, n)) - effort(step, n);
    terms[DR_TERM_TRANSFERS] =
        step->welfare[n] * (1 / left(step, 0, n) + 1 / left(step, 1, n)) / 2 * (b->deficit[n] - a->deficit[n]) -
        kept(step, n);
    double spent = (a->income[n] / left(step, 0, n) + b->income[n] / left(step, 1, n)) / 2;
    terms[DR_TERM_DEMAND] = -step->welfare[n] * spent * demand_shift(step, n);
}
