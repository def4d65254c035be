#include "result/bands.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"

enum { BINS = 4096 };

struct dr_bands {
    size_t figures, kept;  /* kept: places for the first draws */
    double *first;         /* [figure, draw]; in ascending order once settled */
    bool *there;           /* [draw]: it did not fail */
    size_t *count;         /* [figure] numbers among the first that did not fail */
    double *low, *width;   /* [figure] of the bins */
    atomic_uint *counts;   /* [figure, bin]; NULL: there are no other draws */
    atomic_size_t *others; /* [figure] numbers among the others */
};

void dr_bands_free(dr_bands *b)
{
    if (!b)
        return;
    free(b->first);
    free(b->there);
    free(b->count);
    free(b->others);
    free(b->low);
    free(b->width);
    free(b->counts);
    free(b);
}

dr_status dr_bands_new(dr_bands **out, size_t figures, size_t draws)
{
    dr_bands *b = dr_new(1, sizeof *b);
    if (!b)
        return dr_fail_memory();
    b->figures = figures;
    b->kept = draws < DR_BANDS_KEPT ? draws : DR_BANDS_KEPT;
    b->first = dr_new(figures * b->kept, sizeof *b->first);
    b->there = dr_new(b->kept, sizeof *b->there);
    b->count = dr_new(figures, sizeof *b->count);
    b->others = dr_new(figures, sizeof *b->others);
    b->low = dr_new(figures, sizeof *b->low);
    b->width = dr_new(figures, sizeof *b->width);
    b->counts = draws > DR_BANDS_KEPT ? dr_new(figures * BINS, sizeof *b->counts) : NULL;
    if (!b->first || !b->there || !b->count || !b->others || !b->low || !b->width ||
        (draws > DR_BANDS_KEPT && !b->counts)) {
        dr_bands_free(b);
        return dr_fail_memory();
    }
    *out = b;
    return DR_OK;
}

/* Counts a number in the bin where it belongs; what is beyond them is in the outermost. */
static void count(dr_bands *b, size_t figure, double number)
{
    double bin = b->width[figure] > 0 ? (number - b->low[figure]) / b->width[figure] : 0;
    size_t place = bin > 0 ? (size_t)fmin(bin, BINS - 1) : 0;
    atomic_fetch_add_explicit(&b->counts[figure * BINS + place], 1, memory_order_relaxed);
}

void dr_bands_add(dr_bands *b, size_t draw, const double *figures)
{
    for (size_t f = 0; f < b->figures; f++)
        if (draw < b->kept) {
            b->first[f * b->kept + draw] = figures[f];
        } else if (!isnan(figures[f])) {
            count(b, f, figures[f]);
            atomic_fetch_add_explicit(&b->others[f], 1, memory_order_relaxed);
        }
    if (draw < b->kept)
        b->there[draw] = true;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile_of(const double *sorted, size_t count, double p)
{
    if (count == 0)
        return NAN;
    double rank = p * (double)(count - 1), whole = floor(rank);
    size_t below = (size_t)whole, above = below + 1 < count ? below + 1 : below;
    double part = rank - whole;
    return part > 0 ? sorted[below] + part * (sorted[above] - sorted[below]) : sorted[below];
}

/* Sorts the first draws of a figure, and begins its bins with them. */
static void settle_figure(dr_bands *b, size_t figure)
{
    double *first = b->first + figure * b->kept;
    size_t numbers = 0;
    for (size_t d = 0; d < b->kept; d++)
        if (b->there[d] && !isnan(first[d]))
            first[numbers++] = first[d];
    b->count[figure] = numbers;
    qsort(first, numbers, sizeof *first, compare);
    if (!b->counts || numbers == 0)
        return;
    double low = quantile_of(first, numbers, 0.01), high = quantile_of(first, numbers, 0.99);
    b->low[figure] = low - (high - low) / 4;
    b->width[figure] = 1.5 * (high - low) / BINS;
    for (size_t d = 0; d < numbers; d++)
        count(b, figure, first[d]);
}

bool dr_bands_settle(dr_bands *b)
{
    bool any = false;
    for (size_t d = 0; d < b->kept; d++)
        any |= b->there[d];
    for (size_t f = 0; f < b->figures && any; f++)
        settle_figure(b, f);
    return any;
}

double dr_bands_quantile(const dr_bands *b, size_t figure, double p)
{
    size_t below = 0;
    const double *first = b->first + figure * b->kept;
    if (b->others[figure] == 0 || !(b->width[figure] > 0))
        return quantile_of(first, b->count[figure], p);
    double rank = p * (double)(b->count[figure] + b->others[figure] - 1);
    for (size_t bin = 0; bin < BINS; bin++) {
        size_t here = b->counts[figure * BINS + bin];
        if ((double)(below + here) > rank)
            return b->low[figure] + b->width[figure] * ((double)bin + (rank - (double)below + 0.5) / (double)here);
        below += here;
    }
    return b->low[figure] + b->width[figure] * BINS;
}
