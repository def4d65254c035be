#include "estimate/variance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/names.h"
#include "estimate/dense.h"

void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
            const int *lwork, int *info);

typedef struct sandwich {
    const dr_fitting *f;
    size_t n;        /* regressors */
    double *meat;    /* [n, n] */
    uint32_t *group; /* [rows] numbered from 0: the intersection of some clusters */
    size_t groups;
    double *sums;  /* [groups, n] scores */
    size_t fewest; /* clusters of any one way */
} sandwich;

/* ---- Meat ---- */

/* meat += sign times the cross-products of the rows of `sums`. */
static void add_products(sandwich *s, double sign, const double *sums, size_t count)
{
    for (size_t g = 0; g < count; g++)
        for (size_t k = 0; k < s->n; k++)
            for (size_t l = 0; l < s->n; l++)
                s->meat[k * s->n + l] += sign * sums[g * s->n + k] * sums[g * s->n + l];
}

static dr_status add_groups(sandwich *s, dr_regression *out, double sign)
{
    s->sums = dr_new_doubles(s->groups * s->n);
    if (!s->sums)
        return dr_fail_memory();
    dr_status status = dr_leverage_scores(s->sums, &out->approximate, s->groups, s->group, s->f);
    if (status == DR_OK)
        add_products(s, sign, s->sums, s->groups);
    free(s->sums);
    return status;
}

static dr_status add_one_by_one(sandwich *s)
{
    double *score = dr_new_doubles(s->n);
    if (!score)
        return dr_fail_memory();
    for (size_t r = 0; r < s->f->sample->rows; r++) {
        double t = dr_fitting_score(s->f, r);
        if (dr_corrects_leverage(s->f))
            t *= dr_leverage_of_row(s->f, r, score);
        for (size_t k = 0; k < s->n; k++)
            score[k] = s->f->x[r * s->n + k] * t;
        add_products(s, 1, score, 1);
    }
    free(score);
    return DR_OK;
}

/* Without clusters. */
static dr_status add_rows(sandwich *s, dr_regression *out)
{
    bool by_rows = false, possible = false;
    if (!dr_corrects_leverage(s->f))
        return add_one_by_one(s);
    s->groups = s->f->sample->rows;
    s->group = dr_new(s->groups, sizeof *s->group);
    if (!s->group)
        return dr_fail_memory();
    for (size_t r = 0; r < s->groups; r++)
        s->group[r] = (uint32_t)r;
    dr_status status = dr_leverage_by_rows(&by_rows, &possible, s->groups, s->group, s->f);
    out->approximate = by_rows && !possible;
    if (status == DR_OK)
        status = by_rows && possible ? add_groups(s, out, 1) : add_one_by_one(s);
    free(s->group);
    return status;
}

/* By open addressing. */
dr_status dr_split_groups(uint32_t *group, size_t *groups, const dr_sample *sample, const dr_category *cluster)
{
    size_t slots = 16;
    while (slots < 2 * sample->rows && slots < 2 * *groups * cluster->levels)
        slots *= 2;
    uint64_t *key = dr_new(slots, sizeof *key); /* 0: free */
    uint32_t *number = dr_new(slots, sizeof *number);
    size_t count = 0;
    for (size_t r = 0; key && number && r < sample->rows; r++) {
        uint64_t pair = ((uint64_t)group[r] << 32 | cluster->level[sample->row[r]]) + 1;
        size_t at = (size_t)dr_hash(DR_HASH_SEED, &pair, sizeof pair) & (slots - 1);
        while (key[at] != 0 && key[at] != pair)
            at = (at + 1) & (slots - 1);
        if (key[at] == 0) {
            key[at] = pair;
            number[at] = (uint32_t)count++;
        }
        group[r] = number[at];
    }
    bool done = key && number;
    *groups = count;
    free(key);
    free(number);
    return done ? DR_OK : dr_fail_memory();
}

/* The clusters whose bits are set in `ways`, intersected: added if they are odd in number, else subtracted. */
static dr_status add_ways(sandwich *s, dr_regression *out, unsigned ways)
{
    const dr_regression_data *d = s->f->data;
    double sign = -1;
    s->groups = 1;
    memset(s->group, 0, s->f->sample->rows * sizeof *s->group);
    for (size_t c = 0; c < d->clusters; c++)
        if (ways >> c & 1) {
            sign = -sign;
            DR_TRY(dr_split_groups(s->group, &s->groups, s->f->sample, &d->cluster[c]));
            if (ways == 1U << c) {
                out->cluster_count[c] = s->groups;
                s->fewest = s->groups < s->fewest ? s->groups : s->fewest;
            }
        }
    return add_groups(s, out, sign);
}

static dr_status add_clusters(sandwich *s, dr_regression *out)
{
    s->group = dr_new(s->f->sample->rows, sizeof *s->group);
    if (!s->group)
        return dr_fail_memory();
    s->fewest = SIZE_MAX;
    dr_status status = DR_OK;
    for (unsigned ways = 1; status == DR_OK && ways < 1U << s->f->data->clusters; ways++)
        status = add_ways(s, out, ways);
    free(s->group);
    return status;
}

/* ---- Small samples ---- */

typedef struct counts {
    double rows, regressors, absorbed, not_nested, clusters; /* as in the header: N, K, A, A', G */
    double r_absorbed;                                       /* B */
} counts;

static dr_status find_nested(bool *nested, const dr_fitting *f)
{
    const dr_regression_data *d = f->data;
    for (size_t e = 0; e < d->effects; e++)
        for (size_t c = 0; c < d->clusters && !nested[e]; c++)
            DR_TRY(dr_nested(&nested[e], f->sample, &d->effect[e], &d->cluster[c]));
    return DR_OK;
}

static double r_absorbed(const dr_fitting *f, const bool *nested)
{
    size_t sum = 1, free_effects = 0;
    for (size_t e = 0; e < f->data->effects; e++) {
        sum += nested[e] ? 0 : dr_sample_levels(f->sample, e).count - !f->data->effect[e].slope;
        free_effects += !nested[e];
    }
    return free_effects > 0 ? (double)sum : 1;
}

static dr_status count(counts *c, dr_regression *out, const dr_fitting *f, size_t fewest)
{
    size_t not_nested = 0;
    bool *nested = dr_new(f->data->effects, sizeof *nested);
    if (!nested)
        return dr_fail_memory();
    dr_status status = dr_freedom(&out->absorbed, f->sample, f->data, NULL);
    if (status == DR_OK)
        status = find_nested(nested, f);
    if (status == DR_OK)
        status = dr_freedom(&not_nested, f->sample, f->data, nested);
    *c = (counts){.rows = (double)f->sample->rows,
                  .regressors = (double)(f->columns - f->data->constant), /* it is among what is absorbed */
                  .absorbed = (double)out->absorbed,
                  .not_nested = not_nested > 0 ? (double)not_nested : 1,
                  .clusters = (double)fewest,
                  .r_absorbed = r_absorbed(f, nested)};
    free(nested);
    return status;
}

static double factor(const counts *c, const dr_fitting *f)
{
    bool clustered = f->data->clusters > 0;
    double groups = clustered ? c->clusters : c->rows, by_groups = groups / (groups - 1);
    if (f->options.small_sample == DR_SMALL_SAMPLE_NONE || f->options.small_sample == DR_SMALL_SAMPLE_CR2)
        return 1;
    if (f->options.small_sample == DR_SMALL_SAMPLE_CR3)
        return clustered ? 1 / by_groups : 1;
    if (f->options.small_sample == DR_SMALL_SAMPLE_R)
        return (c->rows - 1) / (c->rows - c->regressors - c->r_absorbed) * by_groups;
    if (f->options.fit == DR_FIT_PPML)
        return by_groups;
    if (clustered)
        return (c->rows - 1) / (c->rows - c->regressors - c->not_nested) * by_groups;
    return c->rows / (c->rows - c->regressors - c->absorbed);
}

/* Degrees of freedom of Student's t: clusters less 1 or rows less parameters, the fewer. PPML has the normal
 * distribution, as other programs do, unless clusters are few. */
static double freedom(const counts *c, const dr_fitting *f)
{
    bool clustered = f->data->clusters > 0, few = clustered && c->clusters < DR_FEW_CLUSTERS;
    if (f->options.small_sample == DR_SMALL_SAMPLE_NONE)
        return INFINITY;
    if (f->options.fit == DR_FIT_PPML)
        return few || (clustered && dr_corrects_leverage(f)) ? c->clusters - 1 : INFINITY;
    double left = c->rows - c->regressors - (clustered ? c->not_nested : c->absorbed);
    return clustered ? fmin(c->clusters - 1, left) : left;
}

/* ---- The sandwich ---- */

/* v = a b for n x n. */
static void product(double *v, const double *a, const double *b, size_t n)
{
    memset(v, 0, n * n * sizeof *v);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            for (size_t j = 0; j < n; j++)
                v[i * n + j] += a[i * n + k] * b[k * n + j];
}

dr_status dr_change_eigenvalues(double *a, size_t size, double (*change)(double), double range[2])
{
    int n = (int)size, info = 0, work_size = 34 * n;
    double *vectors = dr_new_doubles(size * size), *values = dr_new_doubles(size + 1),
           *work = dr_new_doubles(34 * size);
    range[0] = range[1] = 0;
    if (vectors && values && work && size > 0) {
        memcpy(vectors, a, size * size * sizeof *a);
        memset(a, 0, size * size * sizeof *a);
        dsyev_("V", "L", &n, vectors, &n, values, work, &work_size, &info);
        range[0] = values[0];
        range[1] = values[size - 1];
        for (size_t e = 0; e < size; e++) {
            double value = info == 0 ? change(values[e]) : NAN;
            for (size_t i = 0; value != 0 && i < size; i++)
                for (size_t j = 0; j < size; j++)
                    a[i * size + j] += value * vectors[e * size + i] * vectors[e * size + j];
        }
    }
    bool done = vectors && values && work;
    free(vectors);
    free(values);
    free(work);
    return done ? DR_OK : dr_fail_memory();
}

static double not_negative(double eigenvalue)
{
    return fmax(0, eigenvalue);
}

/* Negative eigenvalues become zero; those that are more than rounding are told. */
static dr_status make_semidefinite(bool *repaired, double *v, size_t size)
{
    const double rounding = 1e-12;
    double range[2], *copy = dr_new_doubles(size * size);
    if (!copy)
        return dr_fail_memory();
    memcpy(copy, v, size * size * sizeof *v);
    dr_status status = dr_change_eigenvalues(copy, size, not_negative, range);
    if (status == DR_OK && range[0] < 0)
        memcpy(v, copy, size * size * sizeof *v);
    *repaired = range[0] < -rounding * fabs(range[1]);
    free(copy);
    return status;
}

dr_status dr_variance_assemble(dr_regression *out, const dr_fitting *f, const double *meat, double factor)
{
    size_t n = f->columns;
    double *bread = dr_new_doubles(n * n), *half = dr_new_doubles(n * n), *v = dr_new_doubles(n * n);
    dr_status status = bread && half && v ? DR_OK : dr_fail_memory();
    if (status == DR_OK) {
        dr_cholesky_inverse(bread, f->absorb->factor, n);
        product(half, bread, meat, n);
        product(v, half, bread, n);
        for (size_t k = 0; k < n; k++)
            for (size_t l = 0; l < n; l++)
                v[k * n + l] *= factor / (f->scale[k] * f->scale[l]);
        if (f->data->clusters > 1 &&
            n > 0) /* in the units of the regressors, as others do: what is mended depends on them */
            status = make_semidefinite(&out->repaired, v, n);
        for (size_t k = 0; k < n; k++)
            for (size_t l = 0; l < n; l++)
                out->variance[f->column[k] * out->regressors + f->column[l]] = v[k * n + l];
    }
    free(bread);
    free(half);
    free(v);
    return status;
}

static dr_status check_clusters(const dr_regression *r, const dr_fitting *f)
{
    if (f->data->clusters > 1 && dr_corrects_leverage(f))
        return dr_fail(DR_BAD_INPUT,
                       "CR2 and CR3 errors are by one kind of cluster, not by %zu: use one, or another kind of errors",
                       f->data->clusters);
    for (size_t c = 0; c < f->data->clusters; c++)
        if (r->cluster_count[c] < 2)
            return dr_fail(DR_BAD_INPUT, "%s has %zu cluster%s with rows: standard errors need at least 2",
                           f->data->cluster[c].name, r->cluster_count[c], r->cluster_count[c] == 1 ? "" : "s");
    return DR_OK;
}

/* A factor that is not positive has more parameters than rows behind it. */
static dr_status check_factor(double times, const counts *c)
{
    if (times > 0 && isfinite(times))
        return DR_OK;
    return dr_fail(
        DR_BAD_INPUT,
        "%.0f rows are too few for the small-sample factor of standard errors with %.0f regressor%s and %.0f "
        "levels of effects: none would do",
        c->rows, c->regressors, c->regressors == 1 ? "" : "s", c->absorbed);
}

dr_status dr_variance(dr_regression *out, const dr_fitting *f)
{
    sandwich s = {.f = f, .n = f->columns, .meat = dr_new_doubles(f->columns * f->columns)};
    counts c = {0};
    dr_status status = s.meat ? DR_OK : dr_fail_memory();
    if (status == DR_OK)
        status = f->options.small_sample == DR_SMALL_SAMPLE_CONLEY ? dr_conley_meat(s.meat, f)
                 : f->data->clusters > 0                           ? add_clusters(&s, out)
                                                                   : add_rows(&s, out);
    if (status == DR_OK)
        status = check_clusters(out, f);
    if (status == DR_OK)
        status = count(&c, out, f, s.fewest);
    if (status == DR_OK)
        status = check_factor(factor(&c, f), &c);
    if (status == DR_OK) {
        out->freedom = freedom(&c, f);
        out->factor = factor(&c, f);
        status = dr_variance_assemble(out, f, s.meat, out->factor);
    }
    free(s.meat);
    return status;
}
