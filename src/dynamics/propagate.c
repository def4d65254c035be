#include "dynamics/propagate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/residual.h"

static const double days_of_year = 365;

/* ---- The base ---------------------------------------------------------------------------------------------------- */

static void drop_negative(double *cells, size_t count, size_t *dropped, double *sum)
{
    for (size_t i = 0; i < count; i++)
        if (cells[i] < 0) {
            ++*dropped;
            *sum += cells[i];
            cells[i] = 0;
        }
}

dr_status dr_dynamics_clean(dr_matrix **out, dr_matrix *table, size_t *cells, double *sum)
{
    dr_matrix *clean = NULL;
    *cells = 0;
    *sum = 0;
    drop_negative(table->inputs, table->size * table->size, cells, sum);
    drop_negative(table->final, table->size * table->regions, cells, sum);
    dr_status status = dr_matrix_new(&clean, table->regions, table->sectors, table->inputs, table->final);
    if (status == DR_OK) {
        clean->names = table->names;
        table->names = NULL;
        *out = clean;
    }
    dr_matrix_free(table);
    return status;
}

typedef struct array {
    double **numbers;
    size_t count;
    double start; /* what every number is at first */
} array;

enum { ARRAYS = 21 };

static void list_arrays(array out[ARRAYS], dr_dynamics *d)
{
    size_t rows = d->size, buyers = d->sectors * d->size, finals = d->sectors * d->regions, k = d->sectors;
    memcpy(out,
           (array[ARRAYS]){{&d->base, rows, 0},
                           {&d->need, buyers, 0},
                           {&d->final_need, finals, 0},
                           {&d->target, buyers, 0},
                           {&d->stock, buyers, 0},
                           {&d->order, buyers, 1},
                           {&d->capacity, rows, 1},
                           {&d->intact, rows, 1},
                           {&d->demand, rows, 0},
                           {&d->limit, rows, 0},
                           {&d->output, rows, 0},
                           {&d->filled, rows, 1},
                           {&d->open, rows * d->regions, 1},
                           {&d->redirect, buyers, 1},
                           {&d->final_redirect, finals, 1},
                           {&d->received, buyers, 0},
                           {&d->final_use, finals, 0},
                           {&d->gap, k, 0},
                           {&d->inflow, k, 0},
                           {&d->use, k, 0},
                           {&d->shares, d->shock->count + 1, 0}},
           ARRAYS * sizeof *out);
}

static dr_status allocate(dr_dynamics *d)
{
    array arrays[ARRAYS];
    list_arrays(arrays, d);
    for (size_t i = 0; i < ARRAYS; i++) {
        double *numbers = *arrays[i].numbers = dr_new_doubles(arrays[i].count);
        if (!numbers)
            return dr_fail_memory();
        for (size_t j = 0; j < arrays[i].count; j++)
            numbers[j] = arrays[i].start;
    }
    d->held_by = dr_new(d->size, sizeof *d->held_by);
    return d->held_by ? DR_OK : dr_fail_memory();
}

void dr_dynamics_free(dr_dynamics *d)
{
    array arrays[ARRAYS];
    if (!d->shock)
        return;
    list_arrays(arrays, d);
    for (size_t i = 0; i < ARRAYS; i++)
        free(*arrays[i].numbers);
    free(d->held_by);
}

/* ---- Passes over the table --------------------------------------------------------------------------------------- */

/* The deliveries of all sellers of product k to each column and to final users of each region, when seller i delivers
 * the part filled[i,k] (NULL: all) of what the table has: sum_i filled open Z, and the same of F. */
static void gather(const dr_dynamics *d, size_t k, const double *filled, double *columns, double *finals)
{
    memset(columns, 0, d->size * sizeof *columns);
    memset(finals, 0, d->regions * sizeof *finals);
    for (size_t row = k; row < d->size; row += d->sectors)
        for (size_t n = 0; n < d->regions; n++) {
            double part = d->open[row * d->regions + n] * (filled ? filled[row] : 1);
            const double *cells = d->table->inputs + row * d->size + n * d->sectors;
            double *into = columns + n * d->sectors;
#pragma omp simd
            for (size_t s = 0; s < d->sectors; s++)
                into[s] += part * cells[s];
            finals[n] += part * d->table->final[row * d->regions + n];
        }
}

/* Orders of a row: sum over columns of open Z order redirect, and of open F redirect. */
static double ordered(const dr_dynamics *d, size_t row)
{
    size_t k = row % d->sectors;
    double sum = 0;
    for (size_t n = 0; n < d->regions; n++) {
        size_t column = n * d->sectors;
        const double *cells = d->table->inputs + row * d->size + column;
        const double *order = d->order + k * d->size + column, *redirect = d->redirect + k * d->size + column;
        double part = d->table->final[row * d->regions + n] * d->final_redirect[k * d->regions + n];
#pragma omp simd reduction(+ : part)
        for (size_t s = 0; s < d->sectors; s++)
            part += cells[s] * order[s] * redirect[s];
        sum += d->open[row * d->regions + n] * part;
    }
    return sum;
}

enum { ROWS_AT_ONCE = 32 };

typedef struct orders {
    const dr_dynamics *dynamics;
    double *demand;
} orders;

static dr_status collect_some(void *work, size_t i, size_t thread)
{
    const orders *o = work;
    size_t from = i * ROWS_AT_ONCE, to = from + ROWS_AT_ONCE;
    (void)thread;
    for (size_t row = from; row < to && row < o->dynamics->size; row++)
        o->demand[row] = ordered(o->dynamics, row);
    return DR_OK;
}

static void collect_orders(const dr_dynamics *d, double *demand)
{
    orders o = {.dynamics = d, .demand = demand};
    (void)dr_parallel((d->size + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE, d->threads, collect_some, &o); /* cannot fail */
}

dr_status dr_dynamics_new(dr_dynamics *out, const dr_matrix *table, const dr_shock *shock, size_t days)
{
    const size_t few = 700; /* below this a step is over before threads are there */
    dr_dynamics *d = out;
    *d = (dr_dynamics){.table = table,
                       .shock = shock,
                       .regions = table->regions,
                       .sectors = table->sectors,
                       .size = table->size,
                       .threads = table->size < few ? 1 : 0,
                       .days = (double)days,
                       .expansion = shock->coping.expansion};
    DR_TRY(allocate(d));
    collect_orders(d, d->base);
    memcpy(d->output, d->base, d->size * sizeof *d->base);
    for (size_t k = 0; k < d->sectors; k++) {
        /* with less than that, a step at base output would find its inventories short */
        double least = d->days / shock->coping.caution;
        double years = fmax(shock->coping.inventories[k], least) / days_of_year;
        gather(d, k, NULL, d->need + k * d->size, d->final_need + k * d->regions);
        for (size_t at = k * d->size; at < (k + 1) * d->size; at++)
            d->stock[at] = d->target[at] = years * d->need[at];
    }
    return DR_OK;
}

/* ---- Stops ------------------------------------------------------------------------------------------------------- */

static void apply_stop(dr_dynamics *d, const dr_stop *stop, double share)
{
    for (size_t row = 0; row < d->size; row++) {
        size_t seller = row / d->sectors;
        if (!stop->by[seller] || !stop->sectors[row % d->sectors])
            continue;
        if (stop->production)
            d->intact[row] *= 1 - share;
        for (size_t n = 0; n < d->regions; n++)
            if (dr_stop_is_about(stop, seller, n))
                d->open[row * d->regions + n] *= 1 - share;
    }
}

/* Redirected orders to the sellers that still deliver: all that buyers lack, or the part that they redirect; none where
 * no seller is left. */
static double factor(const dr_dynamics *d, double need, double left)
{
    const double nothing = 1e-12;
    return left > nothing * need ? 1 + d->shock->coping.redirect * (need - left) / left : 1;
}

static dr_status redirect_orders(void *dynamics, size_t k, size_t thread)
{
    dr_dynamics *d = dynamics;
    double *columns = d->redirect + k * d->size, *finals = d->final_redirect + k * d->regions;
    (void)thread;
    gather(d, k, NULL, columns, finals);
    for (size_t column = 0; column < d->size; column++)
        columns[column] = factor(d, d->need[k * d->size + column], columns[column]);
    for (size_t n = 0; n < d->regions; n++)
        finals[n] = factor(d, d->final_need[k * d->regions + n], finals[n]);
    return DR_OK;
}

/* Opens and closes flows according to the stops on the days of the step. */
static void apply_stops(dr_dynamics *d, double day)
{
    bool changed = false;
    for (size_t i = 0; i < d->shock->count; i++) {
        double share = dr_stop_share(&d->shock->stops[i], day, (size_t)d->days);
        changed |= share != d->shares[i];
        d->shares[i] = share;
    }
    if (!changed)
        return;
    for (size_t i = 0; i < d->size * d->regions; i++)
        d->open[i] = 1;
    for (size_t row = 0; row < d->size; row++)
        d->intact[row] = 1;
    for (size_t i = 0; i < d->shock->count; i++)
        apply_stop(d, &d->shock->stops[i], d->shares[i]);
    (void)dr_parallel(d->sectors, d->threads, redirect_orders, d); /* cannot fail */
}

/* ---- Production -------------------------------------------------------------------------------------------------- */

/* The output that inventories allow, over base, and the scarcest input: min_k S[k,n,s] / (caution T[k,n,s]) over
 * essential inputs k, those with a share of at least `essential` in cost (docs/propagate.md). */
static void find_limits(dr_dynamics *d)
{
    const dr_coping *c = &d->shock->coping;
    for (size_t column = 0; column < d->size; column++) {
        d->limit[column] = INFINITY;
        d->held_by[column] = DR_HELD_BY_NOTHING;
    }
    for (size_t k = 0; k < d->sectors; k++)
        for (size_t column = 0; column < d->size; column++) {
            size_t at = k * d->size + column;
            bool essential = d->need[at] > 0 && d->need[at] >= c->essential * d->base[column];
            double allows = essential ? fmax(0, d->stock[at]) / (c->caution * d->target[at]) : INFINITY;
            if (allows < d->limit[column]) {
                d->limit[column] = allows;
                d->held_by[column] = (int)k;
            }
        }
}

static double possible(const dr_dynamics *d, size_t row)
{
    return fmin(d->demand[row], d->capacity[row] * d->intact[row] * d->base[row]);
}

static void produce(dr_dynamics *d)
{
    d->change = 0;
    find_limits(d);
    for (size_t row = 0; row < d->size; row++) {
        double before = d->output[row], could = possible(d, row), limit = d->limit[row] * d->base[row];
        if (d->base[row] <= 0)
            continue;
        d->output[row] = fmin(could, limit);
        if (could <= limit)
            d->held_by[row] = could < d->demand[row] ? DR_HELD_BY_CAPACITY : DR_HELD_BY_DEMAND;
        d->filled[row] = d->demand[row] > 0 ? d->output[row] / d->demand[row] : 1;
        d->change = dr_worse(d->change, (d->output[row] - before) / d->base[row]);
    }
}

/* ---- Delivery and orders ----------------------------------------------------------------------------------------- */

/* Inventories of product k: S' = S + (R - use) step / year, with R the deliveries received and use = A x / x0, at most
 * S. The gap is the violation of conservation, |output - final use - use - change of inventories| over output. */
static void stock_up(dr_dynamics *d, size_t k)
{
    double years = d->days / days_of_year, made = 0, in = 0, used = 0, before = 0, after = 0, final = 0;
    for (size_t column = 0; column < d->size; column++) {
        size_t at = k * d->size + column;
        double ratio = d->base[column] > 0 ? d->output[column] / d->base[column] : 0;
        double use = fmin(d->need[at] * ratio, d->stock[at] / years);
        before += d->stock[at];
        d->received[at] *= d->order[at] * d->redirect[at];
        d->stock[at] += years * (d->received[at] - use);
        after += d->stock[at];
        in += d->received[at];
        used += use;
    }
    for (size_t n = 0; n < d->regions; n++)
        final += d->final_use[k * d->regions + n] *= d->final_redirect[k * d->regions + n];
    for (size_t row = k; row < d->size; row += d->sectors)
        made += d->output[row];
    d->inflow[k] += years * in;
    d->use[k] += years * used;
    d->gap[k] = made > 0 ? fabs(made - final - used - (after - before) / years) / made : fabs(after - before);
}

/* Orders over base purchases A, o = max(0, min(D, a x0) / x0 + (T - S) / (A restock)): inputs of potential output, plus
 * the amount that closes the gap to the target T within the time to restock. */
static void place_orders(dr_dynamics *d, size_t k)
{
    double time = fmax(d->shock->coping.restock, d->days) / days_of_year;
    for (size_t column = 0; column < d->size; column++) {
        size_t at = k * d->size + column;
        if (d->need[at] > 0 && d->base[column] > 0)
            d->order[at] =
                fmax(0, possible(d, column) / d->base[column] + (d->target[at] - d->stock[at]) / (time * d->need[at]));
    }
}

static dr_status deliver(void *dynamics, size_t k, size_t thread)
{
    dr_dynamics *d = dynamics;
    (void)thread;
    gather(d, k, d->filled, d->received + k * d->size, d->final_use + k * d->regions);
    stock_up(d, k);
    place_orders(d, k);
    return DR_OK;
}

/* Capacity over base follows demand, a' = a + step / expansion (min(max(D / x0, 1), overproduction) - a). */
static void expand(dr_dynamics *d)
{
    double part = fmin(1, d->days / d->expansion);
    for (size_t row = 0; row < d->size; row++) {
        double wanted = d->base[row] > 0 ? d->demand[row] / d->base[row] : 1;
        double aim = fmin(fmax(wanted, 1), d->shock->coping.overproduction);
        d->capacity[row] += part * (aim - d->capacity[row]);
    }
}

void dr_dynamics_step(dr_dynamics *d, double day)
{
    apply_stops(d, day);
    collect_orders(d, d->demand);
    produce(d);
    (void)dr_parallel(d->sectors, d->threads, deliver, d); /* cannot fail */
    expand(d);
}

/* ---- Conservation ------------------------------------------------------------------------------------------------ */

/* Conservation of product k: output less deliveries to users of inputs and to final users, over output. */
static double lost(const dr_dynamics *d, size_t k)
{
    double made = 0, got = 0;
    for (size_t row = k; row < d->size; row += d->sectors)
        made += d->output[row];
    for (size_t at = k * d->size; at < (k + 1) * d->size; at++)
        got += d->received[at];
    for (size_t n = 0; n < d->regions; n++)
        got += d->final_use[k * d->regions + n];
    return made == 0 && got == 0 ? 0 : dr_missed((made - got) / fmax(made, got));
}

double dr_dynamics_residual(const dr_dynamics *d)
{
    double worst = 0;
    for (size_t k = 0; k < d->sectors; k++)
        worst = dr_worse(dr_worse(worst, d->gap[k]), lost(d, k));
    return worst;
}

double dr_dynamics_inventory_residual(const dr_dynamics *d)
{
    double worst = 0;
    for (size_t k = 0; k < d->sectors; k++) {
        double held = 0, first = 0;
        for (size_t at = k * d->size; at < (k + 1) * d->size; at++) {
            held += d->stock[at];
            first += d->target[at];
        }
        double through = first + d->inflow[k];
        if (through != 0)
            worst = dr_worse(worst, (held - first - d->inflow[k] + d->use[k]) / through);
    }
    return worst;
}
