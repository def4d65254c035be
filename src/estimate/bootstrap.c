#include "estimate/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "estimate/bootstrap_impl.h"
#include "estimate/dense.h"

static const double level = 0.05; /* of intervals */

/* ---- Setting up ---- */

static void free_drawing(dr_drawing *d)
{
    for (size_t way = 0; way < d->ways; way++)
        free(d->way[way].group);
    free(d->r);
    free(d->distance);
    free(d->forward);
    free(d->input);
    free(d->kept);
}

/* The hypothesis in the units of the fit's columns. False if it concerns a regressor without a coefficient. */
static bool take_hypothesis(dr_drawing *d)
{
    const dr_hypothesis *h = d->hypothesis;
    const dr_regression *r = d->regression;
    for (size_t i = 0; i < d->q; i++) {
        d->distance[i] = -h->value[i];
        for (size_t k = 0; k < r->regressors; k++) {
            if (h->r[i * r->regressors + k] == 0)
                continue;
            if (isnan(r->coefficient[k]))
                return false;
            d->distance[i] += h->r[i * r->regressors + k] * r->coefficient[k];
        }
        for (size_t k = 0; k < d->n; k++)
            d->r[i * d->n + k] = h->r[i * r->regressors + d->f->column[k]] / d->f->scale[k];
    }
    return true;
}

static dr_status add_way(dr_drawing *d, unsigned bits, double sign)
{
    const dr_regression_data *data = d->f->data;
    dr_way *w = &d->way[d->ways];
    w->group = dr_new(d->f->sample->rows, sizeof *w->group);
    if (!w->group)
        return dr_fail_memory();
    d->ways++;
    w->sign = sign;
    w->groups = 1;
    for (size_t r = 0; data->clusters == 0 && r < d->f->sample->rows; r++)
        w->group[r] = (uint32_t)r;
    if (data->clusters == 0)
        w->groups = d->f->sample->rows;
    for (size_t c = 0; c < data->clusters; c++)
        if (bits >> c & 1)
            DR_TRY(dr_split_groups(w->group, &w->groups, d->f->sample, &data->cluster[c]));
    return DR_OK;
}

/* The ways of the variance, each with a factor of its own where there are several: the factor of the whole is that of
 * the kind of cluster with the fewest. Signs are drawn for the last, the intersection of all kinds. */
static dr_status find_ways(dr_drawing *d)
{
    size_t clusters = d->f->data->clusters;
    double fewest = INFINITY;
    for (unsigned bits = clusters > 0; bits < 1U << clusters; bits++) {
        unsigned kinds = 0;
        for (size_t c = 0; c < clusters; c++)
            kinds += bits >> c & 1;
        DR_TRY(add_way(d, bits, kinds % 2 || clusters == 0 ? 1 : -1));
        const dr_way *w = &d->way[d->ways - 1];
        if (kinds <= 1)
            fewest = fmin(fewest, (double)w->groups);
        d->groups = w->groups;
        d->group = w->group;
    }
    double of_fewest = fewest / (fewest - 1);
    for (size_t i = 0; clusters > 1 && i < d->ways && d->f->options.small_sample != DR_SMALL_SAMPLE_NONE; i++) {
        double groups = (double)d->way[i].groups;
        d->way[i].sign *= groups / (groups - 1) / of_fewest;
    }
    return DR_OK;
}

/* V R' [n, q] and the inverse of R V R' [q, q], scaled columns. */
static dr_status invert(double *toward, double *inner, const dr_drawing *d)
{
    const double nothing = 1e-12;
    size_t n = d->n, q = d->q;
    double *factor = dr_new_doubles(q * q), *least = dr_new_doubles(q);
    bool done = factor && least;
    for (size_t i = 0; done && i < q; i++) {
        double *column = toward + i * n; /* [q][n] for now: a solution of the normal equations for each row of R */
        memcpy(column, d->r + i * n, n * sizeof *column);
        dr_cholesky_solve(d->f->absorb->factor, n, column);
        for (size_t j = 0; j < q; j++)
            for (size_t k = 0; k < n; k++)
                factor[i * q + j] += column[k] * d->r[j * n + k];
        least[i] = nothing * factor[i * q + i];
    }
    size_t rank = done ? dr_cholesky(factor, q, least) : 0;
    if (done && rank == q)
        dr_cholesky_inverse(inner, factor, q);
    free(factor);
    free(least);
    if (!done)
        return dr_fail_memory();
    return rank == q ? DR_OK
                     : dr_fail(DR_BAD_INPUT, "the hypotheses of a test depend on each other: state each only once");
}

/* R V x_r of each row, from toward [q][n]. */
static void find_forward(dr_drawing *d, const double *toward)
{
    size_t n = d->n, q = d->q;
    for (size_t r = 0; r < d->f->sample->rows; r++)
        for (size_t i = 0; i < q; i++) {
            d->forward[r * q + i] = 0;
            for (size_t k = 0; k < n; k++)
                d->forward[r * q + i] += d->f->x[r * n + k] * toward[i * n + k];
        }
}

/* Weighted residuals of least squares: of one equation at no distance and by unit of it, of several under the
 * hypothesis, where b becomes b - V R' (R V R')^-1 distance. */
static void find_inputs(dr_drawing *d, const double *inner)
{
    size_t q = d->q, rows = d->f->sample->rows;
    for (size_t r = 0; r < rows; r++) {
        double moved = 0, weight = d->f->prior ? d->f->prior[r] : 1;
        for (size_t i = 0; i < q; i++)
            for (size_t j = 0; j < q; j++)
                moved += d->forward[r * q + i] * inner[i * q + j] * (q == 1 ? 1 : d->distance[j]);
        d->input[r] = dr_fitting_score(d->f, r) + (q == 1 ? 0 : weight * moved);
        if (q == 1)
            d->input[rows + r] = weight * moved;
    }
}

static dr_status set_up(dr_drawing *d)
{
    const size_t most_combinations = 20; /* clusters whose signs are counted rather than drawn, at most */
    size_t rows = d->f->sample->rows;
    bool ols = d->f->options.fit == DR_FIT_OLS;
    DR_TRY(find_ways(d));
    d->every = d->plan->multiplier == DR_MULTIPLIER_RADEMACHER && d->groups <= most_combinations &&
               (size_t)1 << d->groups <= d->plan->replications && d->plan->how <= DR_BOOTSTRAP_SCORE;
    d->draws = d->every ? (size_t)1 << d->groups : d->plan->replications;
    d->inputs = ols && d->q == 1 ? 2 : 1;
    d->channels = d->inputs * d->q;
    d->forward = dr_new_doubles(rows * d->q);
    d->input = dr_new_doubles(rows * d->inputs);
    return d->forward && d->input ? DR_OK : dr_fail_memory();
}

/* ---- Statistics of draws ---- */

double dr_bootstrap_square(double *v, const double *distance, size_t q)
{
    double least[DR_MOST_WAYS] = {0}, solved[DR_MOST_WAYS], sum = 0;
    for (size_t i = 0; i < q; i++)
        least[i] = 1e-12 * fabs(v[i * q + i]);
    if (dr_cholesky(v, q, least) < q)
        return NAN;
    memcpy(solved, distance, q * sizeof *solved);
    dr_cholesky_solve(v, q, solved);
    for (size_t i = 0; i < q; i++)
        sum += distance[i] * solved[i];
    return sum;
}

/* t of one equation at a distance of R b from the value, F of several; NAN where the variance is not positive. */
static double statistic_of(const dr_drawing *d, size_t draw, double distance)
{
    size_t c = d->channels, q = d->q;
    const double *total = d->kept + draw * (c + c * c), *square = total + c;
    if (q == 1) {
        double slope = c > 1 ? total[1] : 0, sum = total[0] + distance * slope;
        double squares = square[0];
        if (c > 1)
            squares += distance * (square[1] + square[2]) + distance * distance * square[3];
        return squares > 0 ? sum / sqrt(d->regression->factor * squares) : NAN;
    }
    double v[DR_MOST_WAYS];
    memcpy(v, square, q * q * sizeof *v);
    return dr_bootstrap_square(v, total, q) / (d->regression->factor * (double)q);
}

/* The share of draws that are further from zero than the data's, or twice the smaller tail. Draws that equal it but for
 * rounding, as that of its own signs does, are not further. */
static double p_of(const dr_drawing *d, const double *statistic, double observed, bool equal_tails, size_t *counted)
{
    const double rounding = 1e-9;
    size_t above = 0, below = 0, further = 0, count = 0;
    double slack = rounding * fabs(observed);
    for (size_t i = 0; i < d->draws; i++) {
        double t = statistic[i];
        if (isnan(t))
            continue;
        count++;
        above += t > observed + slack;
        below += t < observed - slack;
        further += fabs(t) > fabs(observed) + slack;
    }
    *counted = count;
    if (count == 0 || isnan(observed))
        return NAN;
    if (equal_tails && d->q == 1)
        return fmin(1, 2 * (double)(above < below ? above : below) / (double)count);
    return (double)further / (double)count;
}

/* p at a distance, from draws that hold for all distances (least squares), or are made anew (PPML). */
static dr_status p_at(double *p, double *statistic, dr_drawing *d, double distance, double *observed, size_t *counted)
{
    bool ols = d->f->options.fit == DR_FIT_OLS, found = true;
    if (!ols) {
        double value = d->hypothesis->value[0] + d->distance[0] - distance;
        DR_TRY(dr_bootstrap_null(&found, d, d->q == 1 ? &value : d->hypothesis->value));
        *p = *observed = NAN;
        *counted = 0;
        if (!found)
            return DR_OK;
        double *toward = dr_new_doubles(d->n * d->q), *inner = dr_new_doubles(d->q * d->q);
        dr_status status = toward && inner ? invert(toward, inner, d) : dr_fail_memory();
        if (status == DR_OK)
            find_forward(d, toward);
        for (size_t r = 0; status == DR_OK && r < d->f->sample->rows; r++)
            d->input[r] = dr_fitting_score(d->f, r);
        free(toward);
        free(inner);
        DR_TRY(status);
        DR_TRY(dr_bootstrap_draw(d, false));
    }
    for (size_t i = 0; i < d->draws; i++)
        statistic[i] = statistic_of(d, i + 1, distance);
    *observed = statistic_of(d, 0, distance);
    *p = p_of(d, statistic, *observed, d->plan->equal_tails, counted);
    return DR_OK;
}

/* ---- Intervals ---- */

/* The distance at which p falls to 5%, on the side of `sign`: doubled until it is passed, then by halves. */
static dr_status find_end(double *end, double *statistic, dr_drawing *d, double sign, double error)
{
    const int most_doublings = 12;
    const double precision = d->f->options.fit == DR_FIT_OLS ? 1e-10 : 1e-3;
    double inside = 0, outside = sign * 2 * error, p = 1, observed = 0;
    size_t counted = 0;
    for (int i = 0; i < most_doublings; i++) {
        DR_TRY(p_at(&p, statistic, d, outside, &observed, &counted));
        if (!(p > level))
            break;
        inside = outside;
        outside *= 2;
    }
    *end = p > level ? sign * INFINITY : NAN;
    if (!(p <= level))
        return DR_OK;
    while (fabs(outside - inside) > precision * error) {
        double middle = (inside + outside) / 2;
        DR_TRY(p_at(&p, statistic, d, middle, &observed, &counted));
        *(p > level ? &inside : &outside) = middle;
    }
    *end = outside;
    return DR_OK;
}

static dr_status find_interval(dr_bootstrap_test *out, double *statistic, dr_drawing *d, double error)
{
    double estimate = d->hypothesis->value[0] + d->distance[0], end[2];
    DR_TRY(find_end(&end[0], statistic, d, 1, error)); /* distance is estimate less value */
    DR_TRY(find_end(&end[1], statistic, d, -1, error));
    out->low = estimate - end[0];
    out->high = estimate - end[1];
    return DR_OK;
}

/* ---- The kinds ---- */

/* The standard error of R b, one equation. */
static double error_of(const dr_drawing *d)
{
    const dr_regression *r = d->regression;
    const double *row = d->hypothesis->r;
    double variance = 0;
    for (size_t k = 0; k < r->regressors; k++)
        for (size_t l = 0; l < r->regressors; l++)
            if (row[k] != 0 && row[l] != 0)
                variance += row[k] * r->variance[k * r->regressors + l] * row[l];
    return sqrt(variance);
}

static dr_status test_by_signs(dr_bootstrap_test *out, double *statistic, dr_drawing *d)
{
    bool ols = d->f->options.fit == DR_FIT_OLS;
    if (ols) {
        double *toward = dr_new_doubles(d->n * d->q), *inner = dr_new_doubles(d->q * d->q);
        dr_status status = toward && inner ? invert(toward, inner, d) : dr_fail_memory();
        if (status == DR_OK) {
            find_forward(d, toward);
            find_inputs(d, inner);
        }
        free(toward);
        free(inner);
        DR_TRY(status);
        DR_TRY(dr_bootstrap_draw(d, d->plan->how == DR_BOOTSTRAP_WILD));
    }
    DR_TRY(p_at(&out->p, statistic, d, d->distance[0], &out->statistic, &out->draws));
    out->every = d->every;
    return d->q == 1 && out->draws > 0 ? find_interval(out, statistic, d, error_of(d)) : DR_OK;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The interval of t statistics around the estimate: percentile-t, symmetric or with equal tails. */
static void interval_of_draws(dr_bootstrap_test *out, double *statistic, const dr_drawing *d)
{
    double estimate = d->hypothesis->value[0] + d->distance[0], error = error_of(d);
    size_t count = 0;
    for (size_t i = 0; i < d->draws; i++)
        if (!isnan(statistic[i]))
            statistic[count++] = d->plan->equal_tails ? statistic[i] : fabs(statistic[i]);
    qsort(statistic, count, sizeof *statistic, ascending);
    double tail = d->plan->equal_tails ? level / 2 : level;
    size_t high = (size_t)ceil((1 - tail) * (double)count), low = (size_t)floor(tail * (double)count);
    if (count == 0)
        return;
    double upper = statistic[high > 0 ? high - 1 : 0];
    out->low = estimate - upper * error;
    out->high = estimate + (d->plan->equal_tails ? -statistic[low < count ? low : count - 1] : upper) * error;
}

static dr_status test_again(dr_bootstrap_test *out, double *statistic, dr_drawing *d)
{
    DR_TRY(dr_bootstrap_again(statistic, d));
    out->statistic = statistic[d->draws];
    out->p = p_of(d, statistic, out->statistic, d->plan->equal_tails, &out->draws);
    if (d->q == 1 && d->plan->how == DR_BOOTSTRAP_PAIRS)
        interval_of_draws(out, statistic, d);
    return DR_OK;
}

static dr_status check(const dr_drawing *d)
{
    const size_t most_equations = 16;
    const dr_regression_options *o = &d->f->options;
    if (d->q > most_equations)
        return dr_fail(DR_BAD_INPUT, "%zu hypotheses in one test; the bootstrap has at most %zu", d->q, most_equations);
    if (o->small_sample > DR_SMALL_SAMPLE_NONE || o->bias_correct)
        return dr_fail(DR_BAD_INPUT,
                       "the bootstrap is of errors stata, r or none, without bias correction: it stands in "
                       "for other corrections");
    if (d->f->data->instruments > 0 && d->plan->how <= DR_BOOTSTRAP_SCORE)
        return dr_fail(DR_BAD_INPUT, "estimates with instruments have no bootstrap of signs: take --bootstrap pairs");
    if (d->plan->how == DR_BOOTSTRAP_WILD && o->fit == DR_FIT_PPML)
        return dr_fail(DR_BAD_INPUT, "the wild bootstrap is of least squares: for PPML take --bootstrap score");
    return DR_OK;
}

static dr_status run(dr_bootstrap_test *out, dr_drawing *d)
{
    d->r = dr_new_doubles(d->q * d->n);
    d->distance = dr_new_doubles(d->q);
    if (!d->r || !d->distance)
        return dr_fail_memory();
    DR_TRY(check(d));
    if (d->q == 0 || !take_hypothesis(d))
        return DR_OK;
    DR_TRY(set_up(d));
    double *statistic = dr_new_doubles(d->draws + 1);
    if (!statistic)
        return dr_fail_memory();
    dr_status status =
        d->plan->how <= DR_BOOTSTRAP_SCORE ? test_by_signs(out, statistic, d) : test_again(out, statistic, d);
    free(statistic);
    return status;
}

/* The fit as it was before PPML was estimated under hypotheses. */
typedef struct before {
    double *predictor, *w;
} before;

static dr_status keep(before *b, const dr_fitting *f)
{
    size_t bytes = f->sample->rows * sizeof(double);
    b->predictor = dr_new_doubles(f->sample->rows);
    b->w = dr_new_doubles(f->sample->rows);
    if (!b->predictor || !b->w)
        return dr_fail_memory();
    memcpy(b->predictor, f->predictor, bytes);
    memcpy(b->w, f->w, bytes);
    return DR_OK;
}

static void put_back(before *b, dr_fitting *f)
{
    const double tolerance = 1e-10;
    size_t bytes = f->sample->rows * sizeof(double);
    if (b->predictor && b->w) {
        memcpy(f->predictor, b->predictor, bytes);
        memcpy(f->w, b->w, bytes);
        dr_fitting_clean(f, tolerance);
    }
    free(b->predictor);
    free(b->w);
}

dr_status dr_bootstrap_run(dr_bootstrap_test *out, const dr_bootstrap_plan *plan, const dr_hypothesis *hypothesis,
                           const dr_regression *r, dr_fitting *f)
{
    dr_drawing d = {.plan = plan, .hypothesis = hypothesis, .regression = r, .f = f, .n = f->columns};
    before b = {0};
    bool moves = f->options.fit == DR_FIT_PPML && plan->how == DR_BOOTSTRAP_SCORE;
    d.q = hypothesis->equations;
    *out = (dr_bootstrap_test){.statistic = NAN, .p = NAN, .low = NAN, .high = NAN};
    dr_status status = moves ? keep(&b, f) : DR_OK;
    if (status == DR_OK)
        status = run(out, &d);
    if (moves)
        put_back(&b, f);
    free_drawing(&d);
    return status;
}
