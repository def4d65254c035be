/* The machine's limit for a sweep: its exps, logs and multiply-adds alone, by the same kernels on arrays of the same
 * sizes. */
#ifndef DR_BENCH_BARE_H
#define DR_BENCH_BARE_H

#include "base/memory.h"
#include "bench.h"
#include "equilibrium/kernels.h"

/* The arrays of a sweep, with zeros in them: the time is that of any numbers. */
typedef struct bare {
    const dr_kernels *kernels;
    size_t r, s, stride, block;
    double *trade, *input, *x, *y, *z;
    const double **rows;
} bare;

static inline bare bare_new(size_t regions, size_t sectors)
{
    bare b = {.kernels = dr_kernels_best(), .r = regions, .s = sectors, .stride = (regions + 7) / 8 * 8};
    b.block = b.s * b.stride;
    b.trade = dr_new_doubles(b.block * b.r);
    b.input = dr_new_doubles(b.block * b.s);
    b.x = dr_new_doubles(b.block);
    b.y = dr_new_doubles(b.block);
    b.z = dr_new_doubles(b.block);
    b.rows = dr_new(b.r * b.s, sizeof *b.rows);
    if (!b.trade || !b.input || !b.x || !b.y || !b.z || !b.rows)
        exit(1);
    for (size_t row = 0; row < b.r * b.s; row++)
        b.rows[row] = b.trade + row * b.stride;
    return b;
}

static inline void bare_free(bare *b)
{
    free(b->trade);
    free(b->input);
    free(b->x);
    free(b->y);
    free(b->z);
    free((void *)b->rows);
}

static inline void bare_exps(void *user)
{
    const bare *b = user;
    b->kernels->exp(b->block, b->x, b->y);
    b->kernels->log(b->block, b->y, b->y);
}

/* R R S products for prices and as many for output, S S R for unit costs and as many for demand. */
static inline void bare_products(void *user)
{
    const bare *b = user;
    for (size_t s = 0; s < b->s; s++) {
        b->kernels->dots(b->r, b->stride, b->rows + s * b->r, b->x + s * b->stride, b->y + s * b->stride);
        b->kernels->combine(b->r, b->stride, b->rows + s * b->r, b->x + s * b->stride, b->z + s * b->stride);
    }
    b->kernels->inputs(b->s, b->s, b->stride, b->input, b->x, b->x, b->y, b->z);
}

typedef struct bare_times {
    double exps, products; /* seconds */
} bare_times;

static inline bare_times bare_measure(size_t regions, size_t sectors)
{
    const int runs = 1000;
    bare b = bare_new(regions, sectors);
    bare_times times = {bench_best(runs, bare_exps, &b), bench_best(runs, bare_products, &b)};
    bare_free(&b);
    return times;
}

#endif
