#include "equilibrium/region_response.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "model/factors.h"

enum { LANES = DR_LANES };

/* A home market smaller than this part of sales counts as one of it, so that spending follows from sales. */
static const double LEAST_HOME = 0.02;

/* Where eta + psi is smaller, the wage of a sector answers to its sales so steeply that the base says little. */
static const double LEAST_HOLD = 0.05;

/* The largest element of an inverse that is no sign of a singular system. */
static const float LARGEST = 1e4F;

/* What a chunk keeps besides its matrices, [s] lanes each. In a sector's own wage,
 * w = hold (Y - (1 - eta) c) + whole W + own f_w, f_w the step of the sweep. */
enum {
    KAPPA,  /* theta (1 - sum_m phi_m pi_m): what sales lose by the own cost */
    HOME,   /* phi: the home market in sales; 0 where there is no spending */
    RATIO,  /* 1 / phi, or 0 where there is no spending */
    STAY,   /* 1 - eta */
    HOLD,   /* 1 / (eta + psi) */
    WHOLE,  /* psi / (eta + psi) */
    OWN,    /* (1 + psi) / (eta + psi) over the step of the sweep */
    PASS,   /* of f_w in cost: the sweep's cost is that of the next wage */
    BACK,   /* of sales in cost, by the wage: g / (eta + psi) */
    EARNED, /* of Y in W, with what spending does to world income, the numeraire */
    LOST,   /* and less that of c */
    LABOUR, /* of a sector's wage in W */
    COSTS,  /* c and */
    SALES,  /* Y where W is 1, and no residual */
    VECTORS
};

struct dr_region_response {
    size_t sectors, regions, chunks, matrices, size; /* size: numbers of a chunk */
    bool by_sector;                                  /* each sector has a wage of its own */
    double psi;
    float *numbers; /* of the same piece of memory: the chunks */
};

/* Eight regions side by side: X of c = X r, T of Y = T (phi r - K c), [s][s] lanes; K, or NULL where it is its diagonal
 * kappa; vectors; 1 - what W does to itself. */
typedef struct chunk {
    float *costs, *sales, *moved, *vector[VECTORS], *slope;
} chunk;

static size_t lanes_of(const dr_region_response *r)
{
    return r->sectors * LANES;
}

static chunk chunk_at(const dr_region_response *r, size_t c)
{
    float *at = r->numbers + c * r->size;
    size_t square = r->sectors * lanes_of(r);
    chunk k = {.costs = at, .sales = at + square, .moved = r->matrices > 2 ? at + 2 * square : NULL};
    at += r->matrices * square;
    for (int v = 0; v < VECTORS; v++, at += lanes_of(r))
        k.vector[v] = at;
    k.slope = at;
    return k;
}

/* ---- Making it --------------------------------------------------------------------------------------------------- */

typedef struct builder {
    const dr_model *model;
    const dr_kernels *kernels;
    dr_region_response *response;
    double world; /* factor income */
    bool *failed; /* [chunk] */
} builder;

/* A chunk while it is made: what only its matrices need. */
typedef struct draft {
    const builder *b;
    chunk of;
    size_t first, count;         /* regions */
    float *uses;                 /* U: of input k of sector s in spending on k [k][s] lanes */
    float *inputs;               /* A: input k in the cost of s [s][k] lanes */
    float *home, *final, *goods; /* h; final use in spending; goods in final use [s] lanes */
    float *bundle;               /* inputs in cost */
    float *x, *y;                /* [s] lanes */
} draft;

static float over(double a, double b)
{
    return b > 0 ? (float)(a / b) : 0;
}

/* Its part in the spending of all buyers, weighted by what it sells to them. */
static double own_part(const dr_model *m, size_t n, size_t s)
{
    double sum = 0;
    for (size_t to = 0; to < m->regions; to++)
        sum += m->base.flow[(to * m->regions + n) * m->sectors + s] *
               m->import_share[(s * m->regions + to) * m->stride + n];
    return sum;
}

static void draft_cell(draft *d, size_t lane, size_t s)
{
    const dr_model *m = d->b->model;
    const dr_base *b = &m->base;
    const dr_region_response *r = d->b->response;
    size_t n = d->first + lane, cell = n * m->sectors + s, j = s * m->stride + n, at = s * LANES + lane;
    float *const *v = d->of.vector, g = (float)m->value_added_share[j], psi = (float)r->psi;
    float eta = (float)m->nests.eta[s], pay = over(b->value_added[cell], b->factor_income[n]);
    d->home[at] = (float)m->import_share[(s * m->regions + n) * m->stride + n];
    d->final[at] = over(m->final_share[j] * b->income[n], m->spending[j]);
    d->goods[at] = (float)m->final_share[j];
    d->bundle[at] = (float)m->bundle_share[j];
    v[KAPPA][at] = (float)m->theta[s] * (1 - over(own_part(m, n, s), b->output[cell]));
    float home = over(b->flow[(n * m->regions + n) * m->sectors + s], b->output[cell]);
    v[HOME][at] = m->spending[j] > 0 ? fmaxf(home, (float)LEAST_HOME) : 0;
    v[RATIO][at] = m->spending[j] > 0 ? 1 / v[HOME][at] : 0;
    v[STAY][at] = 1 - eta;
    v[HOLD][at] = r->by_sector && pay > 0 ? 1 / (eta + psi) : 0;
    v[WHOLE][at] = psi * v[HOLD][at];
    v[OWN][at] = (1 + psi) * v[HOLD][at] / (float)DR_WAGE_STEP;
    v[PASS][at] = g * (v[OWN][at] - 1);
    v[BACK][at] = g * v[HOLD][at];
    v[LABOUR][at] = pay;
    float world = r->by_sector ? 0 : g * v[RATIO][at] * over(m->spending[j], d->b->world);
    v[EARNED][at] = pay * (r->by_sector ? v[HOLD][at] : 1) - world;
    v[LOST][at] = pay * v[STAY][at] * (r->by_sector ? v[HOLD][at] : 1) + world * v[KAPPA][at];
    v[COSTS][at] = r->by_sector ? g * v[WHOLE][at] : g;
    v[SALES][at] = v[HOME][at] * d->final[at] * over(b->factor_income[n], b->income[n]);
}

/* A and U, and X before it is inverted: 1 + what a sector's wage answers to its cost - A H. */
static void draft_inputs(draft *d)
{
    const dr_model *m = d->b->model;
    size_t sectors = m->sectors;
    for (size_t s = 0; s < sectors; s++)
        for (size_t k = 0; k < sectors; k++)
            for (size_t lane = 0; lane < d->count; lane++) {
                size_t at = (s * sectors + k) * LANES + lane, n = d->first + lane;
                double a = m->input_share[(s * sectors + k) * m->stride + n];
                double made = m->base.output[n * sectors + s];
                d->inputs[at] = (float)a;
                d->uses[(k * sectors + s) * LANES + lane] = over(a * made, m->spending[k * m->stride + n]);
                d->of.costs[at] = -(float)a * d->home[k * LANES + lane];
            }
    for (size_t s = 0; s < sectors; s++)
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t at = s * LANES + lane;
            d->of.costs[s * sectors * LANES + at] += 1 + d->of.vector[BACK][at] * d->of.vector[STAY][at];
        }
}

/* Column s of K, where inputs replace each other: what sales lose by cost c[s], with what demand moves among inputs and
 * among final goods, E[k] = sum_j U[k,j] ((rho_j - eta_j) M_j - (1 - eta_j) c_j) + h_k c_k (sum_j U[k,j] (1 - rho_j) +
 * f_k (1 - phi)) - f_k (1 - phi) sum_l alpha_l h_l c_l, M the price of a sector's inputs. */
static void draft_moved(draft *d, size_t s)
{
    const dr_model *m = d->b->model;
    const dr_nests *nests = &m->nests;
    size_t sectors = m->sectors;
    float goods = (float)(1 - nests->phi);
    for (size_t j = 0; j < sectors; j++)
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t at = j * LANES + lane, of = s * LANES + lane;
            float in = d->bundle[at] > 0 ? d->inputs[j * sectors * LANES + of] / d->bundle[at] : 0;
            d->x[at] = (float)(nests->rho[j] - nests->eta[j]) * in * d->home[of];
            d->x[at] -= j == s ? d->of.vector[STAY][at] : 0;
        }
    d->b->kernels->lanes_product(sectors, d->uses, d->x, d->y);
    for (size_t j = 0; j < sectors; j++)
        for (size_t lane = 0; lane < LANES; lane++) /* what is spent on s, where its own price moves */
            d->y[s * LANES + lane] +=
                d->home[s * LANES + lane] * d->uses[(s * sectors + j) * LANES + lane] * (float)(1 - nests->rho[j]);
    for (size_t k = 0; k < sectors; k++)
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t at = k * LANES + lane, of = s * LANES + lane;
            float own = k == s ? 1 : 0;
            float final = goods * d->final[at] * d->home[of] * (own - d->goods[of]);
            d->of.moved[k * sectors * LANES + of] =
                own * d->of.vector[KAPPA][at] - d->of.vector[HOME][at] * (d->y[at] + final);
        }
}

/* y = K x. */
static void move(const dr_kernels *kernels, size_t sectors, const chunk *c, const float *x, float *y)
{
    if (c->moved)
        kernels->lanes_product(sectors, c->moved, x, y);
    else
        for (size_t j = 0; j < sectors * LANES; j++)
            y[j] = c->vector[KAPPA][j] * x[j];
}

/* T before it is inverted: 1 - phi U + K X back. */
static void draft_sales(draft *d)
{
    size_t sectors = d->b->model->sectors, row = sectors * LANES;
    float *const *v = d->of.vector;
    for (size_t k = 0; k < sectors; k++)
        for (size_t s = 0; s < sectors; s++)
            for (size_t lane = 0; lane < LANES; lane++) {
                size_t at = k * row + s * LANES + lane;
                d->of.sales[at] = (k == s ? 1 : 0) - v[HOME][k * LANES + lane] * d->uses[at];
            }
    for (size_t s = 0; s < sectors && d->b->response->by_sector; s++) {
        for (size_t j = 0; j < row; j++)
            d->x[j] = d->of.costs[j / LANES * row + s * LANES + j % LANES] * v[BACK][s * LANES + j % LANES];
        move(d->b->kernels, sectors, &d->of, d->x, d->y);
        for (size_t j = 0; j < row; j++)
            d->of.sales[j / LANES * row + s * LANES + j % LANES] += d->y[j];
    }
}

/* Sales Y and costs c from what stands in them: c for r of the first equation, Y for the residual of spending times
 * phi. `x` and `y` are scratch. */
static void solve(const dr_kernels *kernels, const dr_region_response *r, const chunk *c, float *costs, float *sales,
                  float *x, float *y)
{
    size_t row = lanes_of(r);
    kernels->lanes_product(r->sectors, c->costs, costs, x);
    move(kernels, r->sectors, c, x, y);
    for (size_t j = 0; j < row; j++)
        y[j] = sales[j] - y[j];
    kernels->lanes_product(r->sectors, c->sales, y, sales);
    memcpy(costs, x, row * sizeof *x);
    if (!r->by_sector)
        return;
    for (size_t j = 0; j < row; j++)
        x[j] = c->vector[BACK][j] * sales[j];
    kernels->lanes_product(r->sectors, c->costs, x, y);
    for (size_t j = 0; j < row; j++)
        costs[j] += y[j];
}

/* What the region's wage sets off, and what of that comes back to it. */
static void draft_wage(draft *d)
{
    const dr_region_response *r = d->b->response;
    float *const *v = d->of.vector;
    solve(d->b->kernels, r, &d->of, v[COSTS], v[SALES], d->x, d->y);
    for (size_t lane = 0; lane < LANES; lane++)
        d->of.slope[lane] = 1;
    for (size_t j = 0; j < lanes_of(r); j++) {
        float own = r->by_sector ? v[WHOLE][j] : v[STAY][j];
        d->of.slope[j % LANES] -= v[EARNED][j] * v[SALES][j] - v[LOST][j] * v[COSTS][j] + v[LABOUR][j] * own;
    }
}

static bool sound(const draft *d)
{
    const dr_region_response *r = d->b->response;
    bool all = true;
    for (size_t j = 0; j < r->sectors * lanes_of(r); j++)
        all &= fabsf(d->of.costs[j]) < LARGEST && fabsf(d->of.sales[j]) < LARGEST;
    for (size_t lane = 0; lane < d->count; lane++)
        all &= d->of.slope[lane] > 1 / LARGEST;
    return all;
}

static dr_status make_chunk(void *work, size_t c, size_t thread)
{
    const builder *b = work;
    const dr_model *m = b->model;
    size_t row = lanes_of(b->response), square = m->sectors * row;
    float *numbers = (float *)dr_new_doubles(square + 3 * row); /* as many floats again */
    (void)thread;
    if (!numbers)
        return dr_fail_memory();
    draft d = {.b = b, .of = chunk_at(b->response, c), .first = c * LANES};
    d.count = m->regions - d.first < LANES ? m->regions - d.first : LANES;
    d.uses = numbers;
    d.inputs = d.uses + square;
    float **rows[] = {&d.home, &d.final, &d.goods, &d.bundle, &d.x, &d.y};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        *rows[i] = d.inputs + square + i * row;
    for (size_t s = 0; s < m->sectors; s++)
        for (size_t lane = 0; lane < d.count; lane++)
            draft_cell(&d, lane, s);
    draft_inputs(&d);
    b->kernels->lanes_invert(m->sectors, d.of.costs);
    for (size_t s = 0; s < m->sectors && d.of.moved; s++)
        draft_moved(&d, s);
    draft_sales(&d);
    b->kernels->lanes_invert(m->sectors, d.of.sales);
    draft_wage(&d);
    b->failed[c] = !sound(&d);
    free(numbers);
    return DR_OK;
}

/* Whether the system is that of the header. */
static bool fits(const dr_model *m)
{
    double psi = dr_factor_mobility(m, 0);
    bool all = m->factors == 1 && !m->cost_part;
    for (size_t s = 0; s < m->sectors; s++)
        all &= !(m->scale && m->scale[s] > 0) && m->nests.eta[s] + psi >= LEAST_HOLD;
    return all;
}

static dr_region_response *take_memory(const dr_model *m)
{
    const size_t head = 64 / sizeof(double);
    size_t square = m->sectors * m->sectors * LANES, matrices = m->nests.cobb_douglas ? 2 : 3;
    size_t size = matrices * square + VECTORS * m->sectors * LANES + LANES, chunks = m->stride / LANES;
    double *memory = dr_new_doubles(head + chunks * size / 2);
    dr_region_response *r = (dr_region_response *)(void *)memory;
    if (!r)
        return NULL;
    double psi = dr_factor_mobility(m, 0);
    *r = (dr_region_response){.sectors = m->sectors, .regions = m->regions, .chunks = chunks, .matrices = matrices};
    r->size = size;
    r->by_sector = isfinite(psi);
    r->psi = r->by_sector ? psi : 0;
    r->numbers = (float *)(memory + head);
    return r;
}

dr_status dr_region_response_new(dr_region_response **out, const dr_model *model)
{
    builder b = {.model = model, .kernels = dr_kernels_best()};
    if (!fits(model))
        return DR_OK;
    b.response = take_memory(model);
    b.failed = b.response ? dr_new(b.response->chunks, sizeof *b.failed) : NULL;
    dr_status status = b.failed ? DR_OK : dr_fail_memory();
    for (size_t n = 0; n < model->regions; n++)
        b.world += model->base.factor_income[n];
    if (status == DR_OK)
        status = dr_parallel(b.response->chunks, 0, make_chunk, &b);
    bool failed = status != DR_OK;
    for (size_t c = 0; !failed && c < b.response->chunks; c++)
        failed = b.failed[c];
    free(b.failed);
    if (failed)
        free(b.response);
    else
        *out = b.response;
    return status;
}

/* ---- Applying it ------------------------------------------------------------------------------------------------- */

bool dr_region_response_fits(const dr_region_response *r, const dr_sweep *w)
{
    bool wages = !w->floor && !w->hours && w->wages == (r->by_sector ? r->sectors : 1);
    return wages && w->s == r->sectors && w->r == r->regions;
}

size_t dr_region_response_scratch(const dr_region_response *r)
{
    return 5 * lanes_of(r);
}

/* A row of lanes from one of the sweep, and back. */
static void take(const double *from, float *to)
{
    for (size_t lane = 0; lane < LANES; lane++)
        to[lane] = (float)from[lane];
}

static void give(const float *from, double *to)
{
    for (size_t lane = 0; lane < LANES; lane++)
        to[lane] = (double)from[lane];
}

/* The unit costs, spending and wages of eight regions, of a vector of the sweep; wages are of the region, the same in
 * each sector, or of sectors. */
static void take_all(const dr_region_response *r, const dr_sweep *w, const double *of, float *costs, float *spending,
                     float *wages)
{
    for (size_t s = 0; s < r->sectors; s++) {
        take(of + s * w->stride, costs + s * LANES);
        take(of + w->block + s * w->stride, spending + s * LANES);
        take(of + 2 * w->block + (r->by_sector ? s * w->stride : 0), wages + s * LANES);
    }
}

/* The other way: `wages` has one row, or one for each sector. */
static void give_all(const dr_region_response *r, const dr_sweep *w, const float *costs, const float *spending,
                     const float *wages, double *of)
{
    for (size_t s = 0; s < r->sectors; s++) {
        give(costs + s * LANES, of + s * w->stride);
        give(spending + s * LANES, of + w->block + s * w->stride);
        if (r->by_sector || s == 0)
            give(wages + s * LANES, of + 2 * w->block + s * w->stride);
    }
}

/* The wage of each region over the base [lane], from the residuals of wages and what costs and sales do. */
static void region_wage(const dr_region_response *r, const chunk *c, const float *costs, const float *sales,
                        const float *step, float *wage)
{
    float *const *v = c->vector;
    for (size_t lane = 0; lane < LANES; lane++)
        wage[lane] = r->by_sector ? 0 : step[lane] / (float)DR_WAGE_STEP;
    for (size_t s = 0; s < r->sectors; s++)
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t j = s * LANES + lane;
            wage[lane] += v[EARNED][j] * sales[j] - v[LOST][j] * costs[j];
            wage[lane] += r->by_sector ? v[LABOUR][j] * v[OWN][j] * step[j] : 0;
        }
    for (size_t lane = 0; lane < LANES; lane++)
        wage[lane] /= c->slope[lane];
}

void dr_region_response_apply(const dr_region_response *r, const dr_sweep *w, float *scratch, double *f)
{
    size_t row = lanes_of(r);
    float *costs = scratch, *sales = costs + row, *step = sales + row, *x = step + row, *y = x + row;
    float wage[LANES];
    for (size_t i = 0; i < r->chunks; i++) {
        chunk c = chunk_at(r, i);
        float *const *v = c.vector;
        double *of = f + i * LANES;
        take_all(r, w, of, costs, sales, step);
        for (size_t j = 0; j < row; j++) {
            costs[j] += v[PASS][j] * step[j];
            sales[j] *= v[HOME][j];
        }
        solve(w->kernels, r, &c, costs, sales, x, y);
        region_wage(r, &c, costs, sales, step, wage);
        for (size_t j = 0; j < row; j++) {
            costs[j] += v[COSTS][j] * wage[j % LANES];
            sales[j] += v[SALES][j] * wage[j % LANES];
            x[j] = v[RATIO][j] * (sales[j] + v[KAPPA][j] * costs[j]);
            y[j] =
                v[HOLD][j] * (sales[j] - v[STAY][j] * costs[j]) + v[WHOLE][j] * wage[j % LANES] + v[OWN][j] * step[j];
        }
        give_all(r, w, costs, x, r->by_sector ? y : wage, of);
    }
}

/* ---- The transpose: the same steps backwards, line by line ------------------------------------------------------- */

static void move_back(const dr_kernels *kernels, size_t sectors, const chunk *c, const float *x, float *y)
{
    if (c->moved)
        kernels->lanes_transposed(sectors, c->moved, x, y);
    else
        for (size_t j = 0; j < sectors * LANES; j++)
            y[j] = c->vector[KAPPA][j] * x[j];
}

/* The transpose of `solve`. */
static void solve_back(const dr_kernels *kernels, const dr_region_response *r, const chunk *c, float *costs,
                       float *sales, float *x, float *y)
{
    size_t row = lanes_of(r);
    if (r->by_sector)
        kernels->lanes_transposed(r->sectors, c->costs, costs, x);
    for (size_t j = 0; j < row && r->by_sector; j++)
        sales[j] += c->vector[BACK][j] * x[j];
    kernels->lanes_transposed(r->sectors, c->sales, sales, y);
    memcpy(sales, y, row * sizeof *y);
    move_back(kernels, r->sectors, c, sales, x);
    for (size_t j = 0; j < row; j++)
        x[j] = costs[j] - x[j];
    kernels->lanes_transposed(r->sectors, c->costs, x, costs);
}

/* From the multipliers of costs, of spending (in `sales`) and of wages (`step`) to those of costs and sales before the
 * wage of the region moves, and of wages; `wage` is space. */
static void wage_back(const dr_region_response *r, const chunk *c, float *costs, float *sales, float *step, float *wage)
{
    float *const *v = c->vector;
    for (size_t lane = 0; lane < LANES; lane++)
        wage[lane] = r->by_sector ? 0 : step[lane];
    for (size_t j = 0; j < lanes_of(r); j++) {
        float spent = v[RATIO][j] * sales[j];
        sales[j] = spent + v[HOLD][j] * step[j];
        costs[j] += v[KAPPA][j] * spent - v[HOLD][j] * v[STAY][j] * step[j];
        wage[j % LANES] += v[COSTS][j] * costs[j] + v[SALES][j] * sales[j] + v[WHOLE][j] * step[j];
    }
    for (size_t lane = 0; lane < LANES; lane++)
        wage[lane] /= c->slope[lane];
    for (size_t j = 0; j < lanes_of(r); j++) {
        float moved = wage[j % LANES];
        sales[j] += v[EARNED][j] * moved;
        costs[j] -= v[LOST][j] * moved;
        step[j] = r->by_sector ? v[OWN][j] * (step[j] + v[LABOUR][j] * moved) : 0;
    }
}

void dr_region_response_back(const dr_region_response *r, const dr_sweep *w, float *scratch, double *f)
{
    size_t row = lanes_of(r);
    float *costs = scratch, *sales = costs + row, *step = sales + row, *x = step + row, *y = x + row;
    float wage[LANES];
    for (size_t i = 0; i < r->chunks; i++) {
        chunk c = chunk_at(r, i);
        double *of = f + i * LANES;
        take_all(r, w, of, costs, sales, step);
        wage_back(r, &c, costs, sales, step, wage);
        solve_back(w->kernels, r, &c, costs, sales, x, y);
        for (size_t lane = 0; lane < LANES; lane++)
            wage[lane] /= (float)DR_WAGE_STEP;
        for (size_t j = 0; j < row; j++) {
            sales[j] *= c.vector[HOME][j];
            step[j] += c.vector[PASS][j] * costs[j];
            wage[j % LANES] += step[j];
        }
        give_all(r, w, costs, sales, r->by_sector ? step : wage, of);
    }
}
