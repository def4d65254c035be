#include "estimate/gravity_joint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/names.h"
#include "base/parallel.h"
#include "estimate/dense.h"
#include "estimate/gravity_cohorts.h"
#include "estimate/variance.h"

void dr_joint_free(dr_joint *joint)
{
    if (!joint)
        return;
    for (size_t w = 0; joint->way && w < joint->ways; w++) {
        free(joint->way[w].key);
        free(joint->way[w].psi);
    }
    free(joint->way);
    free(joint->own);
    free(joint);
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

size_t dr_stored_lines(const dr_gravity *g, const dr_fitted *fit)
{
    return !fit->regression ? 0 : g->cohort ? 1 : dr_fit_lines(g, fit);
}

dr_status dr_stored_line(dr_estimate_line *out, const dr_gravity *g, const dr_fitted *fit, size_t line)
{
    if (g->cohort)
        return dr_cohort_average(out, g, fit);
    dr_fit_line(out, g, fit, line);
    return DR_OK;
}

const char *dr_stored_label(char text[600], const dr_gravity *g, const dr_fitted *fit, const char *label)
{
    const char *level = dr_fit_level(g, fit);
    snprintf(text, 600, "%s%s%s", level, *level ? ": " : "", label);
    return text;
}

/* The gradient [regressor] of a line by the coefficients; zero where it has none. */
static void gradient_of(double *gradient, const dr_gravity *g, const dr_fitted *fit, const dr_regression *r,
                        size_t line)
{
    if (g->cohort) {
        dr_cohort_gradient(gradient, r, fit, &fit->cohorts->effect[0]);
        return;
    }
    memset(gradient, 0, r->regressors * sizeof *gradient);
    if (line < fit->variables)
        gradient[fit->variable[line].at] = 1;
    else
        dr_coefficients_value(fit, g->function[line - fit->variables].term[0].factor[0], r->coefficient, gradient);
}

/* turn [lines][columns]: what the scores of a cluster are multiplied by to give psi. */
static dr_status turn_of(double *turn, const dr_sampling *s, const dr_regression *r, const dr_fitting *f, size_t lines)
{
    size_t n = f->columns;
    double *bread = dr_new_doubles(n * n), *gradient = dr_new_doubles(r->regressors);
    bool done = bread && gradient;
    if (done)
        dr_cholesky_inverse(bread, f->absorb->factor, n);
    for (size_t line = 0; done && line < lines; line++) {
        gradient_of(gradient, s->gravity, s->fit, r, line);
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; isfinite(gradient[f->column[j]]) && k < n; k++)
                turn[line * n + k] += gradient[f->column[j]] / f->scale[j] * bread[j * n + k];
    }
    free(bread);
    free(gradient);
    return done ? DR_OK : dr_fail_memory();
}

/* ---- Influence --------------------------------------------------------------------------------------------------- */

typedef struct keyed {
    uint64_t key;
    size_t group;
} keyed;

static int by_key(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

/* The clusters of the bits of `ways` that a row is in: the level itself, or a hash of several. */
static uint64_t key_of(const dr_sampling *s, const dr_fitting *f, unsigned ways, size_t r)
{
    const dr_regression_data *d = f->data;
    uint64_t key = DR_HASH_SEED;
    if (ways == 0)
        return s->row[f->sample->row[r]];
    for (size_t c = 0; c < d->clusters; c++)
        if (ways == 1U << c)
            return d->cluster[c].level[f->sample->row[r]];
        else if (ways >> c & 1)
            key = dr_hash(key, &d->cluster[c].level[f->sample->row[r]], sizeof(uint32_t));
    return key;
}

/* Puts the groups in the order of their keys, and turns their scores into influence. */
static dr_status fill(dr_influence *way, const keyed *order, const double *sums, const double *turn, size_t columns,
                      size_t lines)
{
    way->key = dr_new(way->groups, sizeof *way->key);
    way->psi = dr_new_doubles(way->groups * lines);
    if (!way->key || !way->psi)
        return dr_fail_memory();
    for (size_t i = 0; i < way->groups; i++) {
        way->key[i] = order[i].key;
        for (size_t line = 0; line < lines; line++)
            for (size_t k = 0; k < columns; k++)
                way->psi[i * lines + line] += turn[line * columns + k] * sums[order[i].group * columns + k];
    }
    return DR_OK;
}

/* The clusters whose bits are set, intersected; of none, each row by itself. */
static dr_status take_way(dr_joint *j, const dr_sampling *s, const dr_fitting *f, unsigned ways, const double *turn)
{
    size_t rows = f->sample->rows, n = f->columns;
    dr_influence *way = &j->way[j->ways++];
    *way = (dr_influence){.sign = ways == 0 || __builtin_popcount(ways) % 2 == 1 ? 1 : -1, .groups = 1};
    uint32_t *group = dr_new(rows, sizeof *group);
    dr_status status = group ? DR_OK : dr_fail_memory();
    for (size_t c = 0; status == DR_OK && c < f->data->clusters; c++)
        if (ways >> c & 1)
            status = dr_split_groups(group, &way->groups, f->sample, &f->data->cluster[c]);
    if (status == DR_OK && ways == 0) {
        way->groups = rows;
        for (size_t r = 0; r < rows; r++)
            group[r] = (uint32_t)r;
    }
    keyed *order = status == DR_OK ? dr_new(way->groups, sizeof *order) : NULL;
    bool approximate = false; /* which the variance of each says */
    double *sums = status == DR_OK ? dr_new_doubles(way->groups * n) : NULL;
    if (status == DR_OK && (!order || !sums))
        status = dr_fail_memory();
    if (status == DR_OK) {
        for (size_t r = 0; r < rows; r++)
            order[group[r]] = (keyed){key_of(s, f, ways, r), group[r]};
        status = dr_leverage_scores(sums, &approximate, way->groups, group, f);
    }
    if (status == DR_OK) {
        qsort(order, way->groups, sizeof *order, by_key);
        status = fill(way, order, sums, turn, n, j->lines);
    }
    free(group);
    free(order);
    free(sums);
    return status;
}

dr_status dr_joint_take(dr_sampling *s, const dr_regression *r, const dr_fitting *f)
{
    const dr_gravity *g = s->gravity;
    bool alone = f->options.small_sample == DR_SMALL_SAMPLE_CONLEY || (f->data->clusters == 0 && !g->options.split);
    dr_joint *j = s->fit->joint = dr_new(1, sizeof *j);
    if (!j)
        return dr_fail_memory();
    j->lines = g->cohort ? 1 : s->fit->variables + g->options.function_count;
    if (alone || (g->cohort && s->fit->cohorts->effects == 0)) /* no rows are of several fits */
        return DR_OK;
    unsigned least = f->data->clusters == 0 ? 0 : 1, end = f->data->clusters == 0 ? 1 : 1U << f->data->clusters;
    j->way = dr_new(end, sizeof *j->way);
    j->own = dr_new_doubles(j->lines);
    double *turn = dr_new_doubles(j->lines * f->columns);
    dr_status status = j->way && j->own && turn ? turn_of(turn, s, r, f, j->lines) : dr_fail_memory();
    for (unsigned ways = least; status == DR_OK && ways < end; ways++)
        status = take_way(j, s, f, ways, turn);
    for (size_t w = 0; status == DR_OK && w < j->ways; w++)
        for (size_t i = 0; i < j->way[w].groups * j->lines; i++)
            j->own[i % j->lines] += j->way[w].sign * j->way[w].psi[i] * j->way[w].psi[i];
    free(turn);
    return status;
}

/* ---- Covariances ------------------------------------------------------------------------------------------------- */

/* A line of the fits that have an estimate. */
typedef struct place {
    const dr_fitted *fit;
    size_t line;
    const char *label;
    double error;
} place;

typedef struct places {
    place *place;
    size_t count;
    const dr_gravity *gravity;
    double **covariance; /* [count][those before and itself of which one is wanted] */
} places;

/* Of the same fit, or of the same name. */
static bool is_wanted(const place *a, const place *b)
{
    return a->fit == b->fit || strcmp(a->label, b->label) == 0;
}

/* Of one fit, from its variance. */
static dr_status within(double *out, const dr_gravity *g, const place *a, const place *b)
{
    const dr_regression *r = a->fit->regression;
    size_t n = r->regressors;
    double *gradient = dr_new_doubles(2 * n);
    if (!gradient)
        return dr_fail_memory();
    gradient_of(gradient, g, a->fit, r, a->line);
    gradient_of(gradient + n, g, b->fit, r, b->line);
    *out = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            if (gradient[i] != 0 && gradient[n + k] != 0) /* those that are left out have no variance */
                *out += gradient[i] * r->variance[i * n + k] * gradient[n + k];
    free(gradient);
    return DR_OK;
}

static double correlation(const place *a, const place *b)
{
    const dr_joint *x = a->fit->joint, *y = b->fit->joint;
    double sum = 0;
    if (!x || !y)
        return 0;
    for (size_t w = 0; w < x->ways && w < y->ways; w++) {
        const dr_influence *p = &x->way[w], *q = &y->way[w];
        double part = 0;
        for (size_t i = 0, j = 0; i < p->groups && j < q->groups;) {
            if (p->key[i] == q->key[j])
                part += p->psi[i * x->lines + a->line] * q->psi[j * y->lines + b->line];
            bool first = p->key[i] <= q->key[j], second = q->key[j] <= p->key[i];
            i += first;
            j += second;
        }
        sum += p->sign * part;
    }
    double scale = x->own && y->own ? x->own[a->line] * y->own[b->line] : 0;
    return scale > 0 && isfinite(sum) ? fmax(-1, fmin(1, sum / sqrt(scale))) : 0;
}

static dr_status fill_row(void *work, size_t i, size_t thread)
{
    (void)thread;
    places *p = work;
    const place *a = &p->place[i];
    size_t count = 0;
    for (size_t k = 0; k <= i; k++)
        count += is_wanted(a, &p->place[k]);
    double *row = p->covariance[i] = dr_new_doubles(count);
    if (!row)
        return dr_fail_memory();
    for (size_t k = 0; k <= i; k++) {
        const place *b = &p->place[k];
        if (!is_wanted(a, b))
            continue;
        if (a->fit == b->fit)
            DR_TRY(within(row, p->gravity, a, b));
        else
            *row = correlation(a, b) * a->error * b->error;
        row++;
    }
    return DR_OK;
}

static dr_status list_places(places *p, const dr_gravity *g)
{
    size_t most = 0;
    for (size_t i = 0; i < g->fits; i++)
        most += dr_stored_lines(g, &g->fit[i]);
    p->place = dr_new(most, sizeof *p->place);
    if (!p->place)
        return dr_fail_memory();
    for (size_t i = 0; i < g->fits; i++)
        for (size_t line = 0; line < dr_stored_lines(g, &g->fit[i]); line++) {
            dr_estimate_line e;
            DR_TRY(dr_stored_line(&e, g, &g->fit[i], line));
            if (!*e.why && strcmp(e.label, DR_CONSTANT) != 0)
                p->place[p->count++] = (place){&g->fit[i], line, e.label, e.error};
        }
    return DR_OK;
}

static void add_row(dr_table *table, const dr_gravity *g, const places *p, size_t i)
{
    char text[600];
    const place *a = &p->place[i];
    const double *covariance = p->covariance[i];
    for (size_t k = 0; k <= i; k++) {
        const place *b = &p->place[k];
        if (!is_wanted(a, b))
            continue;
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, dr_stored_label(text, g, a->fit, a->label));
        dr_table_set_text(table, row, 1, dr_stored_label(text, g, b->fit, b->label));
        dr_table_set_number(table, row, 2, *covariance++);
    }
}

dr_status dr_gravity_joint(dr_table **out, const dr_gravity *gravity)
{
    static const dr_column_spec columns[] = {
        {"variable", DR_SHOW_TEXT}, {"other", DR_SHOW_TEXT}, {"covariance", DR_SHOW_NUMBER}};
    DR_TRY(DR_GIVEN(out, gravity));
    dr_table *table = NULL;
    places p = {.gravity = gravity};
    if (!gravity->options.joint || gravity->formulas != 1)
        return dr_fail(DR_USAGE, "covariances of several estimates need one formula, and the option 'joint'");
    dr_status status = list_places(&p, gravity);
    if (status == DR_OK && !(p.covariance = dr_new(p.count, sizeof *p.covariance)))
        status = dr_fail_memory();
    if (status == DR_OK)
        status = dr_parallel(p.count, gravity->options.threads, fill_row, &p);
    if (status == DR_OK)
        status = dr_table_new(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; status == DR_OK && i < p.count; i++)
        add_row(table, gravity, &p, i);
    for (size_t i = 0; p.covariance && i < p.count; i++)
        free(p.covariance[i]);
    free(p.covariance);
    free(p.place);
    return status == DR_OK ? dr_table_finish(out, table, DR_OK) : status;
}
