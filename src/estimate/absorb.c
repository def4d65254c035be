#include "estimate/absorb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "estimate/dense.h"

enum { KEPT = 256 }; /* values of a segment that are kept rather than computed twice */

/* A function for the cases that matter with their counts known to the compiler, and for all others. */
#define INLINE static inline __attribute__((always_inline))
#define DISPATCH(others, columns, call)                                                                                \
    switch ((others)*3 + ((columns) > 1 ? 2 : (columns))) {                                                            \
    case 0:                                                                                                            \
        call(0, 0);                                                                                                    \
        break;                                                                                                         \
    case 1:                                                                                                            \
        call(0, 1);                                                                                                    \
        break;                                                                                                         \
    case 3:                                                                                                            \
        call(1, 0);                                                                                                    \
        break;                                                                                                         \
    case 4:                                                                                                            \
        call(1, 1);                                                                                                    \
        break;                                                                                                         \
    case 5:                                                                                                            \
        call(1, columns);                                                                                              \
        break;                                                                                                         \
    case 6:                                                                                                            \
        call(2, 0);                                                                                                    \
        break;                                                                                                         \
    case 7:                                                                                                            \
        call(2, 1);                                                                                                    \
        break;                                                                                                         \
    case 8:                                                                                                            \
        call(2, columns);                                                                                              \
        break;                                                                                                         \
    default:                                                                                                           \
        call(others, columns);                                                                                         \
    }

void dr_absorb_free(dr_absorb *a)
{
    if (!a)
        return;
    free(a->weight);
    free(a->total);
    free(a->level);
    free(a->inverse);
    free(a->gram);
    free(a->factor);
    free(a->least);
    free(a->solution);
    free(a->left);
    free(a->direction);
    free(a->product);
    free(a->scaled);
    free(a->sums);
    free(a);
}

dr_status dr_absorb_new(dr_absorb **out, const dr_sample *sample, size_t columns)
{
    const int most = 20000;
    size_t vector = columns + sample->unknowns;
    dr_absorb *a = dr_new(1, sizeof *a);
    if (!a)
        return dr_fail_memory();
    a->sample = sample;
    a->most = most;
    a->size = columns * columns + vector;
    a->weight = dr_new_doubles(sample->segments);
    a->total = dr_new_doubles(sample->segments);
    a->level = dr_new_doubles(sample->segments);
    a->inverse = dr_new_doubles(sample->unknowns);
    a->gram = dr_new_doubles(columns * columns);
    a->factor = dr_new_doubles(columns * columns);
    a->least = dr_new_doubles(columns);
    a->solution = dr_new_doubles(vector);
    a->left = dr_new_doubles(vector);
    a->direction = dr_new_doubles(vector);
    a->product = dr_new_doubles(vector);
    a->scaled = dr_new_doubles(vector);
    a->sums = dr_new_doubles(sample->blocks * a->size);
    if (a->weight && a->total && a->level && a->inverse && a->gram && a->factor && a->least && a->solution && a->left &&
        a->direction && a->product && a->scaled && a->sums) {
        *out = a;
        return DR_OK;
    }
    dr_absorb_free(a);
    return dr_fail_memory();
}

/* ---- Passes over the rows: each block of segments adds to sums of its own, which are then added in order ---- */

/* The input of a pass over the rows. */
typedef struct pass {
    dr_absorb *a;
    size_t columns; /* regressors that take part */
    const double *in;
    double *out;
} pass;

static void run_pass(dr_absorb *a, dr_piece piece, pass work)
{
    work.a = a;
    (void)dr_parallel(a->sample->blocks, a->sample->threads, piece, &work); /* cannot fail */
}

/* The sums of block `b`, of which there are `count`, at zero. */
static double *empty_sums(const dr_absorb *a, size_t b, size_t count)
{
    return memset(a->sums + b * a->size, 0, count * sizeof *a->sums);
}

static void add_stretch(void *work, size_t from, size_t to)
{
    const pass *p = work;
    const dr_absorb *a = p->a;
    const size_t chunk = 2048;
    for (; from < to; from += chunk) {
        size_t end = from + chunk < to ? from + chunk : to;
        memcpy(p->out + from, a->sums + from, (end - from) * sizeof *p->out);
        for (size_t b = 1; b < a->sample->blocks; b++)
            for (size_t i = from; i < end; i++)
                p->out[i] += a->sums[b * a->size + i];
    }
}

static void add_sums(dr_absorb *a, size_t count, double *out)
{
    const size_t few = 10000;
    pass work = {.a = a, .out = out};
    dr_parallel_stretches(count, count < few ? 1 : a->sample->threads, add_stretch, &work);
}

/* A row's unknowns [others], what each is multiplied by (NULL: 1), and its regressors [columns]. */
typedef struct row {
    const uint32_t *place;
    const double *factor, *x;
} row;

INLINE row row_at(const dr_absorb *a, size_t r, size_t others, size_t columns)
{
    const double *factor = a->sample->factor;
    return (row){a->sample->place + r * others, factor ? factor + r * others : NULL, a->x + r * columns};
}

INLINE double value(size_t others, size_t columns, row at, const double *v)
{
    double u = 0;
    for (size_t k = 0; k < columns; k++)
        u += at.x[k] * v[k];
    for (size_t j = 0; j < others; j++)
        u += at.factor ? at.factor[j] * v[columns + at.place[j]] : v[columns + at.place[j]];
    return u;
}

INLINE void spread(size_t others, size_t columns, row at, double t, double *sums)
{
    for (size_t k = 0; k < columns; k++)
        sums[k] += at.x[k] * t;
    for (size_t j = 0; j < others; j++)
        sums[columns + at.place[j]] += at.factor ? at.factor[j] * t : t;
}

/* sums = M' W (I - P) M v, with M the regressors and the other effects, P the projection on the first effect. */
INLINE void multiply_block(const dr_absorb *a, size_t b, const double *v, double *sums, size_t others, size_t columns)
{
    const dr_sample *s = a->sample;
    double kept[KEPT];
    for (size_t g = s->block[b]; g < s->block[b + 1]; g++) {
        size_t from = s->start[g], count = s->start[g + 1] - from;
        const double *w = a->w + from;
        double sum = 0;
        for (size_t i = 0; i < count; i++) {
            double u = value(others, columns, row_at(a, from + i, others, columns), v);
            kept[i % KEPT] = u;
            sum += w[i] * u;
        }
        double mean = sum / a->weight[g];
        for (size_t i = 0; i < count; i++) {
            row at = row_at(a, from + i, others, columns);
            double u = count <= KEPT ? kept[i] : value(others, columns, at, v);
            spread(others, columns, at, w[i] * (u - mean), sums);
        }
    }
}

static dr_status multiply_one(void *work, size_t b, size_t thread)
{
    const pass *p = work;
    const dr_sample *s = p->a->sample;
    double *sums = empty_sums(p->a, b, p->columns + s->unknowns);
    (void)thread;
#define CALL(o, c) multiply_block(p->a, b, p->in, sums, o, c)
    DISPATCH(s->others, p->columns, CALL)
#undef CALL
    return DR_OK;
}

static void multiply(dr_absorb *a, size_t columns, const double *v, double *out)
{
    run_pass(a, multiply_one, (pass){.columns = columns, .in = v});
    add_sums(a, columns + a->sample->unknowns, out);
    a->sweeps++;
}

/* sums = M' (I - P)' t for t = w target. */
INLINE void project_block(const dr_absorb *a, size_t b, const double *t, double *sums, size_t others, size_t columns)
{
    const dr_sample *s = a->sample;
    for (size_t g = s->block[b]; g < s->block[b + 1]; g++) {
        double total = 0;
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++)
            total += t[r];
        double mean = total / a->weight[g];
        a->total[g] = total;
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++)
            spread(others, columns, row_at(a, r, others, columns), t[r] - a->w[r] * mean, sums);
    }
}

static dr_status project_one(void *work, size_t b, size_t thread)
{
    const pass *p = work;
    const dr_sample *s = p->a->sample;
    double *sums = empty_sums(p->a, b, p->columns + s->unknowns);
    (void)thread;
#define CALL(o, c) project_block(p->a, b, p->in, sums, o, c)
    DISPATCH(s->others, p->columns, CALL)
#undef CALL
    return DR_OK;
}

static void project(dr_absorb *a, size_t columns, const double *t, double *out)
{
    run_pass(a, project_one, (pass){.columns = columns, .in = t});
    add_sums(a, columns + a->sample->unknowns, out);
}

INLINE void fitted_block(const dr_absorb *a, size_t b, double *fitted, size_t others, size_t columns)
{
    const dr_sample *s = a->sample;
    for (size_t g = s->block[b]; g < s->block[b + 1]; g++) {
        double sum = 0;
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) {
            fitted[r] = value(others, columns, row_at(a, r, others, columns), a->solution);
            sum += a->w[r] * fitted[r];
        }
        a->level[g] = (a->total[g] - sum) / a->weight[g];
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++)
            fitted[r] += a->level[g];
    }
}

static dr_status fit_one(void *work, size_t b, size_t thread)
{
    const pass *p = work;
    (void)thread;
#define CALL(o, c) fitted_block(p->a, b, p->out, o, c)
    DISPATCH(p->a->sample->others, p->columns, CALL)
#undef CALL
    return DR_OK;
}

void dr_absorb_fitted(dr_absorb *a, bool joint, double *fitted)
{
    run_pass(a, fit_one, (pass){.columns = joint ? a->columns : 0, .out = fitted});
}

/* The regressors' block about the means of segments, and the diagonal of the others': of level l it is sum of w (1 -
 * w / weight of the segment), if no segment has two rows of the level. Sums: the block, then means of one segment,
 * then the diagonal. */
static void prepare_block(const dr_absorb *a, size_t b, double *sums)
{
    const dr_sample *s = a->sample;
    size_t n = a->columns;
    double *mean = sums + n * n, *diagonal = mean + n;
    for (size_t g = s->block[b]; g < s->block[b + 1]; g++) {
        double weight = 0;
        memset(mean, 0, n * sizeof *mean);
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) {
            weight += a->w[r];
            for (size_t k = 0; k < n; k++)
                mean[k] += a->w[r] * a->x[r * n + k];
        }
        a->weight[g] = weight;
        for (size_t k = 0; k < n; k++)
            mean[k] /= weight;
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) {
            for (size_t j = 0; j < s->others; j++) {
                double z = s->factor ? s->factor[r * s->others + j] : 1;
                diagonal[s->place[r * s->others + j]] += a->w[r] * (1 - a->w[r] / weight) * z * z;
            }
            for (size_t k = 0; k < n; k++) {
                double distance = a->w[r] * (a->x[r * n + k] - mean[k]);
                for (size_t l = 0; l <= k; l++)
                    sums[k * n + l] += distance * (a->x[r * n + l] - mean[l]);
            }
        }
    }
}

static dr_status prepare_one(void *work, size_t b, size_t thread)
{
    const dr_absorb *a = ((const pass *)work)->a;
    size_t n = a->columns;
    double *sums = empty_sums(a, b, n * n + n + a->sample->unknowns);
    (void)thread;
    prepare_block(a, b, sums);
    return DR_OK;
}

void dr_absorb_prepare(dr_absorb *a, const double *w, const double *x, size_t columns)
{
    const double nothing = 1e-14;
    const dr_sample *s = a->sample;
    size_t n = columns;
    a->w = w;
    a->x = x;
    a->columns = columns;
    a->direct = NULL;
    run_pass(a, prepare_one, (pass){0});
    add_sums(a, n * n, a->gram);
    for (size_t b = 0; b < s->blocks; b++) /* the diagonal comes to where add_sums looks */
        memmove(a->sums + b * a->size, a->sums + b * a->size + n * n + n, s->unknowns * sizeof *a->sums);
    add_sums(a, s->unknowns, a->inverse);
    for (size_t i = 0; i < s->unknowns; i++)
        a->inverse[i] = a->inverse[i] > 0 ? 1 / a->inverse[i] : 0;
    for (size_t k = 0; k < n; k++) {
        a->least[k] = nothing * a->gram[k * n + k];
        for (size_t l = 0; l < k; l++)
            a->gram[l * n + k] = a->gram[k * n + l];
    }
    memcpy(a->factor, a->gram, n * n * sizeof *a->factor);
    dr_cholesky(a->factor, n, a->least);
}

/* ---- Conjugate gradients ---- */

/* Four sums that the processor can add to at the same time. */
static double dot(size_t count, const double *x, const double *y)
{
    double sum[4] = {0};
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (size_t j = 0; j < 4; j++)
            sum[j] += x[i + j] * y[i + j];
    for (; i < count; i++)
        sum[0] += x[i] * y[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void precondition(const dr_absorb *a, size_t columns)
{
    memcpy(a->scaled, a->left, columns * sizeof *a->scaled);
    dr_cholesky_solve(a->factor, columns, a->scaled);
    for (size_t i = 0; i < a->sample->unknowns; i++)
        a->scaled[columns + i] = a->inverse[i] * a->left[columns + i];
}

/* The sum of squares that the means of segments explain by themselves. */
static double explained_by_first(const dr_absorb *a)
{
    double sum = 0;
    for (size_t g = 0; g < a->sample->segments; g++)
        sum += a->total[g] * a->total[g] / a->weight[g];
    return sum;
}

/* Returns what the effects but the first explain more than it does. */
static double solve_directly(dr_absorb *a)
{
    size_t n = a->sample->unknowns;
    for (size_t i = 0; i < n; i++)
        a->solution[i] = dot(n, a->direct + i * n, a->left);
    return dot(n, a->solution, a->left);
}

double dr_absorb_solve(dr_absorb *a, bool joint, const double *weighted_target, double relative, double absolute)
{
    size_t columns = joint ? a->columns : 0, count = columns + a->sample->unknowns;
    project(a, columns, weighted_target, a->left);
    double explained = explained_by_first(a);
    if (a->direct && !joint)
        return explained + solve_directly(a);
    memset(a->solution, 0, count * sizeof *a->solution);
    precondition(a, columns);
    memcpy(a->direction, a->scaled, count * sizeof *a->direction);
    double norm = dot(count, a->left, a->scaled), least = fmax(relative * relative * norm, absolute * absolute);
    for (int i = 0; i < a->most && norm > least; i++) {
        multiply(a, columns, a->direction, a->product);
        double curvature = dot(count, a->direction, a->product);
        if (!(curvature > 0)) /* rounding: nothing is left to find */
            break;
        double step = norm / curvature;
        explained += step * norm;
        for (size_t j = 0; j < count; j++) {
            a->solution[j] += step * a->direction[j];
            a->left[j] -= step * a->product[j];
        }
        precondition(a, columns);
        double next = dot(count, a->left, a->scaled);
        for (size_t j = 0; j < count; j++)
            a->direction[j] = a->scaled[j] + next / norm * a->direction[j];
        norm = next;
    }
    return explained;
}
