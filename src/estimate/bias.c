#include "estimate/bias.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/portable.h"
#include "estimate/dense.h"
#include "estimate/panel.h"
#include "estimate/variance.h"

/* LAPACK, as Fortran has it: everything by reference, matrices by column. */
void dgesv_(const int *n, const int *count, double *a, const int *lda, int *pivots, double *b, const int *ldb,
            int *info);

typedef struct bias {
    const dr_fitting *f;
    dr_panel panel;
    size_t n;       /* regressors */
    double *bread;  /* [n, n] (P W)^-1 */
    double *sum[2]; /* [n] the traces, added over exporters and over importers */
} bias;

/* ---- One exporter, or one importer ---- */

/* The sums over its pairs: matrices [times, times]. */
typedef struct side {
    size_t times;
    double *h, *ss, *inverse, *half; /* half: inverse times a matrix */
    double *hxs, *gx;                /* [n] of them */
} side;

static void side_free(side *s)
{
    free(s->h);
    free(s->ss);
    free(s->inverse);
    free(s->half);
    free(s->hxs);
    free(s->gx);
}

static dr_status side_new(side *s, size_t times, size_t n)
{
    size_t cells = times * times;
    *s = (side){.h = dr_new_doubles(cells),
                .ss = dr_new_doubles(cells),
                .inverse = dr_new_doubles(cells),
                .half = dr_new_doubles(cells),
                .hxs = dr_new_doubles(n * cells),
                .gx = dr_new_doubles(n * cells)};
    return s->h && s->ss && s->inverse && s->half && s->hxs && s->gx ? DR_OK : dr_fail_memory();
}

static void side_clear(side *s, size_t times, size_t n)
{
    size_t bytes = times * times * sizeof(double);
    s->times = times;
    memset(s->h, 0, bytes);
    memset(s->ss, 0, bytes);
    memset(s->hxs, 0, n * bytes);
    memset(s->gx, 0, n * bytes);
}

/* H of two rows of a pair. */
static double h(const bias *b, size_t pair, size_t q, size_t r)
{
    double mu = b->panel.mu[q];
    return (q == r ? mu : 0) - (b->panel.three_way ? mu * b->panel.mu[r] / b->panel.pair_mu[pair] : 0);
}

static void add_pair(side *s, const bias *b, size_t pair, size_t way)
{
    const dr_panel *p = &b->panel;
    size_t n = b->n, cells = s->times * s->times;
    for (size_t q = p->start[pair]; q < p->start[pair + 1]; q++)
        for (size_t r = p->start[pair]; r < p->start[pair + 1]; r++) {
            size_t cell = p->time[way][q] * s->times + p->time[way][r];
            double hqr = h(b, pair, q, r);
            s->h[cell] += hqr;
            s->ss[cell] += p->score[q] * p->score[r];
            for (size_t k = 0; k < n; k++) { /* H x of row q is mu x, as the sum of mu x is zero */
                double xq = p->x[q][k], xr = p->x[r][k];
                s->hxs[k * cells + cell] += p->mu[q] * xq * p->score[r];
                s->gx[k * cells + cell] -= hqr * (xq + xr);
            }
        }
}

/* The trace of a b' for matrices of n x n. */
static double trace(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n * n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void multiply(double *out, const double *a, const double *b, size_t n)
{
    memset(out, 0, n * n * sizeof *out);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            for (size_t j = 0; j < n; j++)
                out[i * n + j] += a[i * n + k] * b[k * n + j];
}

static dr_status add_traces(side *s, const bias *b, double *sum)
{
    size_t times = s->times, cells = times * times;
    memcpy(s->inverse, s->h, cells * sizeof *s->h);
    DR_TRY(dr_generalised_inverse(s->inverse, times));
    for (size_t k = 0; k < b->n; k++) {
        sum[k] -= trace(s->inverse, s->hxs + k * cells, times);
        multiply(s->half, s->inverse, s->gx + k * cells, times);
        multiply(s->h, s->half, s->inverse, times);
        sum[k] += trace(s->h, s->ss, times) / 2;
    }
    return DR_OK;
}

static dr_status add_sides(bias *b, size_t way)
{
    const dr_panel *p = &b->panel;
    side s;
    dr_status status = side_new(&s, p->most_times[way], b->n);
    for (size_t i = 0; status == DR_OK && i < p->sides[way]; i++) {
        side_clear(&s, p->times[way][i], b->n);
        for (size_t at = p->side_start[way][i]; at < p->side_start[way][i + 1]; at++)
            add_pair(&s, b, p->side_pair[way][at], way);
        status = add_traces(&s, b, b->sum[way]);
    }
    side_free(&s);
    return status;
}

/* ---- Variance ---- */

/* The generalised inverse of sum over pairs of d' H d [unknowns, unknowns], exporter-times before importer-times. */
static dr_status effects_inverse(double **out, const bias *b)
{
    const dr_panel *p = &b->panel;
    size_t size = p->effects[0] + p->effects[1];
    double bytes = 2. * (double)size * (double)size * sizeof(double);
    if (size > INT32_MAX || bytes > dr_memory_available())
        return dr_fail(DR_MACHINE,
                       "the corrected variance needs %.1f GB of memory for %zu exporter-times and importer-times",
                       bytes / 1e9, size);
    double *a = dr_new_doubles(size * size);
    if (!a)
        return dr_fail_memory();
    for (size_t pair = 0; pair < p->pairs; pair++)
        for (size_t q = p->start[pair]; q < p->start[pair + 1]; q++)
            for (size_t r = p->start[pair]; r < p->start[pair + 1]; r++) {
                double hqr = h(b, pair, q, r);
                for (size_t e = 0; e < 4; e++)
                    a[p->effect[e / 2][q] * size + p->effect[e % 2][r]] += hqr;
            }
    dr_status status = dr_generalised_inverse(a, size);
    if (status == DR_OK)
        *out = a;
    else
        free(a);
    return status;
}

typedef struct leverage {
    const double *effects; /* the inverse */
    double *m, *a, *s;     /* [times, times] x V x' + d U d'; I - H m, by column; the corrected scores */
    int *pivots;
} leverage;

static void fill_leverage(leverage *l, const bias *b, size_t pair, size_t times)
{
    const dr_panel *p = &b->panel;
    size_t from = p->start[pair], size = p->effects[0] + p->effects[1];
    for (size_t q = 0; q < times; q++)
        for (size_t r = 0; r < times; r++) {
            double sum = 0;
            for (size_t e = 0; e < 4; e++)
                sum += l->effects[p->effect[e / 2][from + q] * size + p->effect[e % 2][from + r]];
            for (size_t k = 0; k < b->n; k++)
                for (size_t j = 0; j < b->n; j++)
                    sum += p->x[from + q][k] * b->bread[k * b->n + j] * p->x[from + r][j];
            l->m[q * times + r] = sum;
        }
    for (size_t q = 0; q < times; q++)
        for (size_t r = 0; r < times; r++) {
            double sum = q == r;
            for (size_t t = 0; t < times; t++)
                sum -= h(b, pair, from + q, from + t) * l->m[t * times + r];
            l->a[r * times + q] = sum;
        }
}

/* meat += (x'(I - H m)^-1 S) (S'x), made symmetric. */
static void add_leveraged(double *meat, leverage *l, const bias *b, size_t pair)
{
    const dr_panel *p = &b->panel;
    size_t from = p->start[pair], times = p->start[pair + 1] - from, n = b->n;
    int order = (int)times, one = 1, info = 0;
    fill_leverage(l, b, pair, times);
    memcpy(l->s, p->score + from, times * sizeof *l->s);
    dgesv_(&order, &one, l->a, &order, l->pivots, l->s, &order, &info);
    for (size_t k = 0; k < n; k++)
        for (size_t j = 0; j < n; j++) {
            double corrected[2] = {0}, plain[2] = {0};
            for (size_t t = 0; t < times; t++) {
                corrected[0] += p->x[from + t][k] * l->s[t];
                corrected[1] += p->x[from + t][j] * l->s[t];
                plain[0] += p->x[from + t][k] * p->score[from + t];
                plain[1] += p->x[from + t][j] * p->score[from + t];
            }
            meat[k * n + j] += (corrected[0] * plain[1] + plain[0] * corrected[1]) / 2;
        }
}

static dr_status leveraged_meat(double *meat, const bias *b)
{
    size_t most = b->panel.most_rows;
    double *inverse = NULL, bytes = 2. * (double)most * (double)most * sizeof(double);
    if (most > INT32_MAX || bytes > dr_memory_available())
        return dr_fail(DR_MACHINE, "the corrected variance needs %.1f GB of memory for %zu rows of one cluster",
                       bytes / 1e9, most);
    DR_TRY(effects_inverse(&inverse, b));
    leverage l = {.effects = inverse,
                  .m = dr_new_doubles(most * most),
                  .a = dr_new_doubles(most * most),
                  .s = dr_new_doubles(most),
                  .pivots = dr_new(most, sizeof(int))};
    bool done = l.m && l.a && l.s && l.pivots;
    for (size_t pair = 0; done && pair < b->panel.pairs; pair++)
        add_leveraged(meat, &l, b, pair);
    free(inverse);
    free(l.m);
    free(l.a);
    free(l.s);
    free(l.pivots);
    return done ? DR_OK : dr_fail_memory();
}

static dr_status correct_variance(dr_regression *out, const bias *b)
{
    const dr_fitting *f = b->f;
    double pairs = (double)b->panel.pairs;
    double factor = f->options.small_sample == DR_SMALL_SAMPLE_NONE ? 1 : pairs / (pairs - 1);
    double *meat = dr_new_doubles(b->n * b->n);
    dr_status status = meat ? leveraged_meat(meat, b) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_variance_assemble(out, f, meat, factor);
    free(meat);
    return status;
}

/* ---- All of it ---- */

static dr_status correct_coefficients(dr_regression *out, bias *b)
{
    const dr_fitting *f = b->f;
    out->uncorrected = dr_new_doubles(out->regressors);
    b->sum[0] = dr_new_doubles(b->n);
    b->sum[1] = dr_new_doubles(b->n);
    if (!out->uncorrected || !b->sum[0] || !b->sum[1])
        return dr_fail_memory();
    memcpy(out->uncorrected, out->coefficient, out->regressors * sizeof *out->uncorrected);
    for (size_t way = 0; way < 2; way++)
        DR_TRY(add_sides(b, way));
    double sides[2] = {(double)b->panel.sides[0], (double)b->panel.sides[1]};
    for (size_t k = 0; k < b->n; k++) {
        double off = 0;
        /* P cancels: bread is (P W)^-1, and B / (P / I) is the sum over exporters over P */
        for (size_t j = 0; j < b->n; j++)
            for (size_t way = 0; way < 2; way++)
                off += b->bread[k * b->n + j] * sides[way] / (sides[way] - 1) * b->sum[way][j];
        out->coefficient[f->column[k]] -= off / f->scale[k];
    }
    return DR_OK;
}

static dr_status correct(dr_regression *out, bias *b)
{
    size_t n = b->n;
    b->bread = dr_new_doubles(n * n);
    if (!b->bread)
        return dr_fail_memory();
    dr_cholesky_inverse(b->bread, b->f->absorb->factor, n);
    if (b->panel.three_way)
        DR_TRY(correct_coefficients(out, b));
    return correct_variance(out, b);
}

/* A cluster is a pair, and a pair a cluster. */
static dr_status check_cluster(const dr_fitting *f)
{
    const dr_regression_data *d = f->data;
    bool pairs_within = true, clusters_within = true;
    for (size_t c = 0; d->effects == 3 && c < d->clusters; c++) {
        DR_TRY(dr_nested(&pairs_within, f->sample, &d->effect[2], &d->cluster[c]));
        DR_TRY(dr_nested(&clusters_within, f->sample, &d->cluster[c], &d->effect[2]));
    }
    if (pairs_within && clusters_within)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "bias correction has standard errors by %s, not by %s", d->effect[2].name,
                   d->cluster[0].name);
}

dr_status dr_bias_correct(dr_regression *out, const dr_fitting *f)
{
    bias b = {.f = f, .n = f->columns};
    DR_TRY(check_cluster(f));
    DR_TRY(dr_panel_new(&b.panel, f));
    dr_status status = correct(out, &b);
    dr_panel_free(&b.panel);
    free(b.bread);
    free(b.sum[0]);
    free(b.sum[1]);
    return status;
}

dr_status dr_bias_check(const dr_regression_data *data, dr_fit fit)
{
    if (fit != DR_FIT_PPML || (data->effects != 3 && data->effects != 2))
        return dr_fail(DR_BAD_INPUT,
                       "bias correction is for PPML with two or three effects: exporter-time, importer-time, pair");
    for (size_t e = 0; e < data->effects; e++)
        if (data->effect[e].slope)
            return dr_fail(DR_BAD_INPUT, "bias correction is not for slopes: %s", data->effect[e].name);
    if (data->weight)
        return dr_fail(DR_BAD_INPUT, "bias correction is not for weighted rows");
    if (data->clusters > 1)
        return dr_fail(DR_BAD_INPUT, "bias correction has standard errors by pair only, not in %zu ways",
                       data->clusters);
    return DR_OK;
}
