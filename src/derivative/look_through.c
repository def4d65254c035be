#include "derivative/look_through.h"
#include "equilibrium/rebase.h"
#include "equilibrium/sweep_scale.h"
#include "model/prices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The sum over stages ends where the next one adds less than this fraction of it; with value added of 1% of output, the
 * least that the model admits, that takes 3,300 stages. */
static const double SETTLED = 1e-15;
enum { MOST_STAGES = 100000 };

static size_t block_of(const dr_look *l)
{
    return l->model->sectors * l->model->stride;
}

void dr_look_free(dr_look *look)
{
    if (!look)
        return;
    free(look->from);
    free((void *)look->rows);
    free(look->numbers);
    free(look);
}

static dr_status take_arrays(dr_look *l)
{
    size_t r = l->model->regions, s = l->model->sectors, block = block_of(l);
    const dr_array places[] = {
        {&l->coefficient, s * block}, {&l->part, r * block},   {&l->made_all, block}, {&l->made_from, block},
        {&l->taken_all, block},       {&l->taken_from, block}, {&l->base_all, block}, {&l->base_from, block},
        {&l->bought, block},          {&l->next, block},       {&l->zero, block},     {&l->spread, block}};
    l->from = dr_new(r, sizeof *l->from);
    l->rows = dr_new(r * s, sizeof *l->rows);
    l->numbers = dr_new_arrays(places, sizeof places / sizeof *places);
    if (!l->from || !l->rows || !l->numbers)
        return dr_fail_memory();
    for (size_t row = 0; row < r * s; row++)
        l->rows[row] = l->part + row * l->model->stride;
    return DR_OK;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

/* From the sales to n and the payments of n at purchaser prices, each [n, ...] as in the public header. */
static void fill_parts(dr_look *l, const double *flow, const double *spending)
{
    size_t r = l->model->regions, s = l->model->sectors;
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                double spent = spending[n * s + k];
                l->part[(k * r + n) * l->model->stride + i] = spent > 0 ? flow[(n * r + i) * s + k] / spent : 0;
            }
}

/* Inputs are a part of cost, and that one of output. */
static void fill_coefficients(dr_look *l, const dr_solution *solution)
{
    const dr_model *m = l->model;
    if (!solution || m->nests.cobb_douglas) {
        for (size_t j = 0; j < m->sectors * block_of(l); j++)
            l->coefficient[j] = dr_cost_part(m, j / block_of(l)) * m->input_share[j];
        return;
    }
    for (size_t n = 0; n < m->regions; n++)
        for (size_t s = 0; s < m->sectors; s++) {
            double bundle = dr_bundle_price(m, solution->price, n, s);
            for (size_t k = 0; k < m->sectors; k++)
                l->coefficient[(s * m->sectors + k) * m->stride + n] =
                    dr_cost_part(m, s) * dr_input_share(solution, n, k, s, bundle);
        }
}

/* made = mark (I - A)^-1, as mark + made A. */
static dr_status content(dr_look *l, double *made, const bool *mark)
{
    const dr_model *m = l->model;
    size_t block = block_of(l);
    memset(made, 0, block * sizeof(double));
    for (int stage = 0; stage < MOST_STAGES; stage++) {
        for (size_t k = 0; k < m->sectors; k++)
            l->kernels->dots(m->regions, m->stride, l->rows + k * m->regions, made + k * m->stride,
                             l->bought + k * m->stride);
        for (size_t j = 0; j < block; j++)
            l->next[j] = j % m->stride < m->regions && (!mark || mark[j % m->stride]);
        l->kernels->inputs(m->sectors, m->sectors, m->stride, l->coefficient, l->bought, l->zero, l->next, l->spread);
        double change = l->kernels->change(block, l->next, made, 1e-300, 1, l->spread);
        memcpy(made, l->next, block * sizeof(double));
        memset(l->spread, 0, block * sizeof(double));
        if (change <= SETTLED)
            return DR_OK;
        if (!isfinite(change))
            break;
    }
    return dr_fail(DR_NO_SOLUTION, "the sum of inputs over all stages of production does not converge: some sectors "
                                   "use (almost) all of their own output as inputs");
}

static dr_status measure(dr_look *l, const double *output)
{
    const dr_model *m = l->model;
    DR_TRY(content(l, l->made_all, NULL));
    DR_TRY(content(l, l->made_from, l->from));
    for (size_t n = 0; n < m->regions; n++)
        for (size_t s = 0; s < m->sectors; s++) {
            size_t at = s * m->stride + n;
            l->taken_all[at] = (l->made_all[at] - 1) * output[n * m->sectors + s];
            l->taken_from[at] = (l->made_from[at] - l->from[n]) * output[n * m->sectors + s];
        }
    return DR_OK;
}

static dr_status begin(dr_look *l, const bool *from)
{
    const dr_base *b = &l->model->base;
    DR_TRY(take_arrays(l));
    memcpy(l->from, from, l->model->regions * sizeof *from);
    fill_parts(l, b->flow, b->spending);
    fill_coefficients(l, NULL);
    DR_TRY(measure(l, b->output));
    memcpy(l->base_all, l->taken_all, block_of(l) * sizeof(double));
    memcpy(l->base_from, l->taken_from, block_of(l) * sizeof(double));
    return DR_OK;
}

dr_status dr_look_new(dr_look **out, const dr_model *model, const bool *from)
{
    dr_look *l = dr_new(1, sizeof *l);
    if (!l)
        return dr_fail_memory();
    l->model = model;
    l->kernels = dr_kernels_best();
    dr_status status = begin(l, from);
    if (status == DR_OK)
        *out = l;
    else
        dr_look_free(l);
    return status;
}

dr_status dr_look_at(dr_look *l, const dr_solution *solution)
{
    if (solution->carbon)
        return dr_fail(DR_BAD_INPUT,
                       "look-through shares are not yet possible under a price of carbon; expected a share "
                       "of imports (share) or of use (use)");
    fill_parts(l, solution->flow, solution->spending);
    fill_coefficients(l, solution);
    return measure(l, solution->output);
}

/* The sums that the share is a part of. */
static void sums(const dr_look *l, const bool *of, const bool *sectors, bool base, double *from, double *all)
{
    *from = *all = 0;
    for (size_t at = 0; at < block_of(l); at++) {
        size_t n = at % l->model->stride;
        if (n >= l->model->regions || !of[n] || !sectors[at / l->model->stride])
            continue;
        *from += base ? l->base_from[at] : l->taken_from[at];
        *all += base ? l->base_all[at] : l->taken_all[at];
    }
}

double dr_look_share(const dr_look *l, const bool *of, const bool *sectors, bool base)
{
    double from, all;
    sums(l, of, sectors, base, &from, &all);
    return all > 0 ? from / all : NAN;
}

/* ---- Derivatives ------------------------------------------------------------------------------------------------- */

/* needed = (I - A)^-1 wanted, as wanted + A needed; asked: what the users of n then buy of each good. */
static void requirement(const dr_look *l, const double *wanted, double *needed, double *asked, double *next)
{
    const dr_model *m = l->model;
    size_t block = block_of(l);
    memset(needed, 0, block * sizeof(double));
    for (int stage = 0; stage < MOST_STAGES; stage++) {
        memset(asked, 0, block * sizeof(double));
        memset(next, 0, block * sizeof(double));
        l->kernels->inputs(m->sectors, m->sectors, m->stride, l->coefficient, l->zero, needed, next, asked);
        memcpy(next, wanted, block * sizeof(double));
        for (size_t k = 0; k < m->sectors; k++)
            l->kernels->combine(m->regions, m->stride, l->rows + k * m->regions, asked + k * m->stride,
                                next + k * m->stride);
        double change = 0;
        for (size_t j = 0; j < block; j++)
            change = fmax(change, fabs(next[j] - needed[j]) - SETTLED * next[j]);
        memcpy(needed, next, block * sizeof(double));
        if (change <= 0)
            return;
    }
}

/* d share = made dA needed, by the coefficients a: d ln a = (1 - rho) (d ln P[k] - d ln m) + (1 - eta) (d ln m - d ln
 * b), with b the price of what production uses, ln b = (ln c + mu ln Y) / (1 + mu). `bought`: sum over i of b made. */
static void seed_coefficients(dr_seed *seed, const dr_look *l, const double *bought, const double *needed,
                              const dr_point *point)
{
    const dr_model *m = l->model;
    for (size_t s = 0; s < m->sectors; s++)
        for (size_t n = 0; n < m->regions; n++) {
            const double *a = l->coefficient + s * block_of(l) + n;
            double eta = m->nests.eta[s], rho = m->nests.rho[s], sum = 0, inputs = 0, x = needed[s * m->stride + n];
            for (size_t k = 0; k < m->sectors; k++) {
                double one = a[k * m->stride] * bought[k * m->stride + n] * x;
                seed->price[k * m->stride + n] += (1 - rho) * one;
                inputs += a[k * m->stride];
                sum += one;
            }
            for (size_t k = 0; k < m->sectors && inputs > 0; k++)
                seed->price[k * m->stride + n] += (rho - eta) * sum * a[k * m->stride] / inputs;
            double mu = dr_scale_at(&point->w, s * m->stride), of_cost = (1 - eta) * sum / (1 + mu);
            seed->unknown[s * m->stride + n] -= of_cost;
            seed->output[s * m->stride + n] -= mu * of_cost * point->per_output[s * m->stride + n];
        }
}

/* And by the parts b = X / E, `asked` the sum over s of a needed. */
static void seed_parts(dr_seed *seed, const dr_look *l, const dr_point *point, const double *made, const double *bought,
                       const double *asked)
{
    const dr_model *m = l->model;
    for (size_t at = 0; at < block_of(l); at++) {
        size_t n = at % m->stride, k = at / m->stride;
        double spent = point->w.spent[at];
        if (n >= m->regions || !(spent > 0))
            continue;
        for (size_t i = 0; i < m->regions; i++)
            seed->flow[(k * m->regions + n) * m->stride + i] += asked[at] / spent * made[k * m->stride + i];
        seed->unknown[block_of(l) + at] -= asked[at] * bought[at] * m->spending[at] / spent;
    }
}

/* share = from / all, so that its derivative is that of (made_from - share made_all) / all. */
void dr_look_seed(dr_seed *seed, const dr_look *l, const bool *of, const bool *sectors, const dr_point *point)
{
    const dr_model *m = l->model;
    size_t block = block_of(l);
    double *made = seed->space, *needed = made + block, *asked = needed + block, *next = asked + block;
    double *wanted = next + block, *bought = wanted + block, from, all;
    sums(l, of, sectors, false, &from, &all);
    if (!(all > 0))
        return;
    for (size_t at = 0; at < block; at++) {
        size_t n = at % m->stride, s = at / m->stride;
        bool counts = n < m->regions && of[n] && sectors[s];
        made[at] = (l->made_from[at] - from / all * l->made_all[at]) / all;
        wanted[at] = counts ? point->w.output[at] : 0;
        seed->output[at] += counts ? made[at] - (l->from[n] - from / all) / all : 0;
    }
    requirement(l, wanted, needed, asked, next);
    for (size_t k = 0; k < m->sectors; k++)
        l->kernels->dots(m->regions, m->stride, l->rows + k * m->regions, made + k * m->stride, bought + k * m->stride);
    seed_coefficients(seed, l, bought, needed, point);
    seed_parts(seed, l, point, made, bought, asked);
}
