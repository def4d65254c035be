/* Equilibria along a path: one after the other where nobody looks ahead, together where workers do. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cancel.h"
#include "base/parallel.h"
#include "dynamics/transition.h"
#include "equilibrium/anderson.h"
#include "equilibrium/certificate.h"
#include "equilibrium/equilibrium.h"
#include "model/factors.h"
#include "model/one_good.h"
#include "result/welfare.h"

/* ---- One point --------------------------------------------------------------------------------------------------- */

double dr_point_income(const dr_solution *solution, size_t n)
{
    dr_real_income real = dr_solution_real_income(solution, n);
    return real.left[1] / real.left[0] / dr_solution_consumer_price(solution, n);
}

/* What capital makes of the supply of a factor. */
static double capital_supply(const dr_transition *t, size_t f, double capital)
{
    const char *name = dr_factor_name(t->model, f);
    if (t->capital_kind == DR_CAPITAL_SHARE)
        return pow(capital, t->capital_share);
    return t->capital_kind == DR_CAPITAL_ACCOUNTS && strncasecmp(name, "capital", 7) == 0 ? capital : 1;
}

/* A shift of the scenario times the factors of the path, in memory of its own. */
static dr_status shift(dr_scenario *sc, size_t which, size_t cells)
{
    double *times = dr_new_doubles(cells);
    if (!times)
        return dr_fail_memory();
    for (size_t i = 0; i < cells; i++)
        times[i] = sc->shift[which].times ? sc->shift[which].times[i] : 1;
    sc->shift[which].times = times;
    return DR_OK;
}

static dr_status add_supply(dr_scenario *sc, const dr_transition *t, const double *capital, const double *labour)
{
    const dr_model *m = t->model;
    size_t cells = m->regions * m->sectors;
    DR_TRY(shift(sc, DR_SHIFT_SUPPLY, m->factors * cells));
    for (size_t i = 0; i < m->factors * cells; i++)
        sc->shift[DR_SHIFT_SUPPLY].times[i] *=
            (labour ? labour[i] : 1) * capital_supply(t, i / cells, capital[i / m->sectors % m->regions]);
    return DR_OK;
}

static dr_status add_growth(dr_scenario *sc, const dr_transition *t, size_t point)
{
    const dr_model *m = t->model;
    DR_TRY(shift(sc, DR_SHIFT_PRODUCTIVITY, m->regions * m->sectors));
    for (size_t n = 0; n < m->regions; n++)
        for (size_t s = 0; s < m->sectors; s++)
            sc->shift[DR_SHIFT_PRODUCTIVITY].times[n * m->sectors + s] *=
                dr_growth_productivity(&t->growth, m, dr_transition_year_of(t, point), n, s);
    return DR_OK;
}

static dr_status solve(dr_solution *solution, const dr_model *m, const dr_scenario *sc, const dr_scenario *given,
                       const dr_solution *near, bool certified)
{
    char heading[DR_HEADLINE_SIZE];
    if (near && near->limit_count != sc->limit_count)
        near = NULL;
    if (!certified)
        return dr_equilibrium_solve(solution, m, sc, 1, near);
    if (!(solution->scenario = strdup(given ? dr_scenario_heading(heading, given) : "")))
        return dr_fail_memory();
    DR_TRY(dr_equilibrium_solve(solution, m, sc, 1, near));
    DR_TRY(dr_certify(solution, sc));
    return dr_solution_keep(solution, sc, given);
}

/* The scenario at a point, with what has grown, accumulated and moved. */
static dr_status solve_shifted(dr_solution **out, const dr_transition *t, size_t point, const dr_scenario *of,
                               const dr_scenario *given, const double *capital, const double *labour,
                               const dr_solution *near, bool certified)
{
    dr_scenario sc = *of;
    dr_status status = DR_OK;
    bool supply = t->capital_kind != DR_CAPITAL_NONE || labour;
    if (supply)
        status = add_supply(&sc, t, capital, labour);
    bool grows = status == DR_OK && t->growth.level;
    if (grows)
        status = add_growth(&sc, t, point);
    dr_solution *solution = status == DR_OK ? dr_new(1, sizeof *solution) : NULL;
    if (status == DR_OK)
        status = solution ? solve(solution, &t->models[point], &sc, given, near, certified) : dr_fail_memory();
    for (size_t k = 0; k < DR_SHIFT_COUNT; k++)
        if (sc.shift[k].times != of->shift[k].times)
            free(sc.shift[k].times);
    if (status == DR_OK)
        *out = solution;
    else
        dr_solution_free(solution);
    return status;
}

dr_status dr_point_solve(dr_solution **out, const dr_transition *t, size_t point, const dr_scenario *scenario,
                         const double *capital, const double *labour, const dr_solution *near, bool certified)
{
    const dr_model *m = t->model;
    char year[32];
    dr_scenario *of_one_good = NULL;
    const dr_scenario *of = scenario ? scenario : t->none;
    if (scenario && scenario->economy != m->economy) {
        DR_TRY(dr_one_good_scenario(&of_one_good, m, scenario));
        of = of_one_good;
    }
    dr_status status = solve_shifted(out, t, point, of, scenario, capital, labour, near, certified);
    dr_scenario_free(of_one_good);
    if (status == DR_OK || status == DR_CANCELLED)
        return status;
    snprintf(year, sizeof year, "year %d", m->economy->year + 1 + (int)(point / t->steps));
    return dr_fail_at(status, year);
}

/* ---- One after the other ----------------------------------------------------------------------------------------- */

void dr_course_free(const dr_transition *t, dr_course *c)
{
    bool borrowed = c == &t->policy && t->baseline.solution;
    for (size_t p = borrowed ? c->first : 0; c->solution && p < t->points; p++)
        dr_solution_free(c->solution[p]);
    free((void *)c->solution);
    free(c->capital);
    free(c->labour);
    *c = (dr_course){0};
}

static size_t labour_cells(const dr_transition *t)
{
    return t->model->factors * t->model->regions * t->model->sectors;
}

static double *labour_at(const dr_transition *t, const dr_course *c, size_t point)
{
    return c->labour ? c->labour + point * labour_cells(t) : NULL;
}

static dr_status take_room(const dr_transition *t, dr_course *c)
{
    size_t r = t->model->regions, cells = labour_cells(t);
    c->solution = dr_new(t->points, sizeof(void *));
    c->capital = dr_new(t->points * r, sizeof(double));
    if (t->mobility.kind == DR_MOBILITY_COST)
        c->labour = dr_new(t->points * cells, sizeof(double));
    if (!c->solution || !c->capital || (t->mobility.kind == DR_MOBILITY_COST && !c->labour))
        return dr_fail_memory();
    for (size_t i = 0; i < t->points * r; i++)
        c->capital[i] = 1;
    for (size_t i = 0; i < t->points * cells && c->labour; i++)
        c->labour[i] = 1;
    return DR_OK;
}

static const dr_scenario *in_force(const dr_transition *t, const dr_course *c, size_t point)
{
    return c->in_force ? c->in_force[dr_transition_year_of(t, point)] : NULL;
}

/* Capital at the next point. */
static void accumulate(const dr_transition *t, dr_course *c, size_t point)
{
    size_t r = t->model->regions;
    double kept = pow(1 - t->horizons.depreciation, 1.0 / (double)t->steps);
    if (t->capital_kind == DR_CAPITAL_NONE || point + 1 == t->points)
        return;
    for (size_t n = 0; n < r; n++)
        c->capital[(point + 1) * r + n] =
            pow(c->capital[point * r + n], kept) * pow(dr_point_income(c->solution[point], n), 1 - kept);
}

/* The points up to the first at which the course differs from the one before it, and the state there. */
static dr_status begin(const dr_transition *t, dr_course *c, const dr_course *before)
{
    size_t r = t->model->regions, cells = labour_cells(t);
    if (before) {
        memcpy((void *)c->solution, (void *)before->solution, c->first * sizeof(void *));
        memcpy(c->capital, before->capital, (c->first + 1) * r * sizeof(double));
        if (c->labour)
            memcpy(c->labour, before->labour, (c->first + 1) * cells * sizeof(double));
        return DR_OK;
    }
    for (size_t p = 0; p < c->first; p++)
        DR_TRY(dr_point_solve(&c->solution[p], t, p, NULL, c->capital + p * r, labour_at(t, c, p),
                              p ? c->solution[p - 1] : NULL, true));
    return DR_OK;
}

static dr_status follow(const dr_transition *t, dr_course *c)
{
    size_t r = t->model->regions;
    for (size_t p = c->first; p < t->points; p++) {
        DR_TRY(dr_point_solve(&c->solution[p], t, p, in_force(t, c, p), c->capital + p * r, NULL,
                              p ? c->solution[p - 1] : NULL, true));
        accumulate(t, c, p);
        if (t->progress)
            t->progress("years", p + 1, t->points, t->user);
    }
    return DR_OK;
}

/* ---- Together ---------------------------------------------------------------------------------------------------- */

/* The unknowns are the logs of labour and capital at all points after the first; at each, real wages follow, from these
 * values, from the last point backward, and from these moves, forward: a fixed point. */
typedef struct foresight {
    const dr_transition *t;
    dr_course *c;
    size_t cells, regions, from, count; /* labour and regions of a point; the first point; unknowns */
    double *x, *f;                      /* [count] */
    double *real_wage, *value;          /* [point, cells] */
    double *labour, *capital;           /* [cells], [n] at a point, as they follow */
    double *base, *moved;               /* [s] labour of a sector in the base, and at the next point */
    double *weight;                     /* [s] */
    dr_tastes tastes;
    dr_anderson *anderson;
    bool certified; /* the rounds are over: the equilibria get their certificates */
} foresight;

/* After the end real wages stay: a contraction with the factor beta. */
static const double SETTLED = 1e-14;
enum { MOST_SETTLING = 20000, MOST_ROUNDS = 400 };
static const double FOUND = 1e-9, MIXED = 0.3;

static dr_status solve_piece(void *work, size_t i, size_t thread)
{
    const foresight *w = work;
    dr_course *c = w->c;
    size_t p = w->from + i;
    dr_solution *solution = NULL;
    (void)thread;
    DR_TRY(dr_point_solve(&solution, w->t, p, in_force(w->t, c, p), c->capital + p * w->regions, labour_at(w->t, c, p),
                          c->solution[p], w->certified));
    dr_solution_free(c->solution[p]);
    c->solution[p] = solution;
    return DR_OK;
}

static void take_wages(foresight *w, size_t p)
{
    const dr_solution *solution = w->c->solution[p];
    const dr_model *m = w->t->model;
    for (size_t i = 0; i < w->cells; i++) {
        size_t n = i / m->sectors % m->regions, s = i % m->sectors, f = i / m->sectors / m->regions;
        w->real_wage[p * w->cells + i] =
            dr_factor_base(m, f, n, s) > 0 ? solution->factor_wage[i] / dr_solution_consumer_price(solution, n) : 1;
    }
}

/* Values at a point from those at the next. */
static void take_values(foresight *w, const double *real_wage, const double *next, double *value)
{
    size_t s = w->t->model->sectors;
    for (size_t i = 0; i < w->cells; i += s)
        dr_mobility_value(w->t->mobility.share + i * s, s, w->tastes, real_wage + i, next + i, w->weight, value + i);
}

/* Values at the last point, if real wages stay as they are there. */
static void settle(foresight *w)
{
    size_t last = w->t->points - 1;
    double *value = w->value + last * w->cells, change = INFINITY;
    for (int k = 0; k < MOST_SETTLING && change > SETTLED; k++) {
        memcpy(w->labour, value, w->cells * sizeof(double));
        take_values(w, w->real_wage + last * w->cells, w->labour, value);
        change = 0;
        for (size_t i = 0; i < w->cells; i++)
            change = fmax(change, fabs(value[i] / w->labour[i] - 1));
    }
}

/* From labour and capital at a point to those at the next, in place, and how far they are from the unknowns there. */
static double move(foresight *w, size_t p)
{
    const dr_transition *t = w->t;
    const dr_model *m = t->model;
    size_t s = m->sectors;
    double kept = 1 - t->horizons.depreciation, worst = 0;
    double *x = w->x + (p - w->from) * (w->cells + w->regions), *f = w->f + (x - w->x);
    const double *next = w->value + (p + 1) * w->cells;
    for (size_t i = 0; i < w->cells; i += s) {
        for (size_t k = 0; k < s; k++)
            w->base[k] = dr_factor_base(m, i / s / m->regions, i / s % m->regions, k);
        dr_mobility_move(t->mobility.share + i * s, s, w->tastes, w->base, w->labour + i, next + i, w->weight,
                         w->moved);
        memcpy(w->labour + i, w->moved, s * sizeof(double));
    }
    for (size_t n = 0; n < w->regions && t->capital_kind != DR_CAPITAL_NONE; n++)
        w->capital[n] = pow(w->capital[n], kept) * pow(dr_point_income(w->c->solution[p], n), 1 - kept);
    for (size_t i = 0; i < w->cells + w->regions; i++) {
        f[i] = log(i < w->cells ? w->labour[i] : w->capital[i - w->cells]) - x[i];
        worst = fmax(worst, isfinite(f[i]) ? fabs(f[i]) : INFINITY);
    }
    return worst;
}

static void unpack(foresight *w)
{
    size_t row = w->cells + w->regions;
    for (size_t p = w->from + 1; p < w->t->points; p++) {
        const double *x = w->x + (p - w->from - 1) * row;
        for (size_t i = 0; i < w->cells; i++)
            w->c->labour[p * w->cells + i] = exp(x[i]);
        for (size_t n = 0; n < w->regions; n++)
            w->c->capital[p * w->regions + n] = exp(x[w->cells + n]);
    }
}

/* One round: equilibria at all points, values backward, moves forward; the largest residual. */
static dr_status round_of(foresight *w, double *worst)
{
    const dr_transition *t = w->t;
    unpack(w);
    DR_TRY(dr_parallel(t->points - w->from, 0, solve_piece, w));
    for (size_t p = w->from; p < t->points; p++)
        take_wages(w, p);
    settle(w);
    for (size_t p = t->points - 1; p-- > w->from;)
        take_values(w, w->real_wage + p * w->cells, w->value + (p + 1) * w->cells, w->value + p * w->cells);
    memcpy(w->labour, labour_at(t, w->c, w->from), w->cells * sizeof(double));
    memcpy(w->capital, w->c->capital + w->from * w->regions, w->regions * sizeof(double));
    *worst = 0;
    for (size_t p = w->from; p + 1 < t->points; p++)
        *worst = fmax(*worst, move(w, p));
    return DR_OK;
}

static dr_status take_foresight(foresight *w)
{
    size_t points = w->t->points, s = w->t->model->sectors;
    size_t unknowns = (points - w->from) * (w->cells + w->regions);
    w->count = (unknowns + 7) / 8 * 8;
    w->x = dr_new_doubles(w->count);
    w->f = dr_new_doubles(w->count);
    w->real_wage = dr_new(points * w->cells, sizeof(double));
    w->value = dr_new(points * w->cells, sizeof(double));
    w->labour = dr_new(w->cells, sizeof(double));
    w->capital = dr_new(w->regions, sizeof(double));
    w->base = dr_new(s, sizeof(double));
    w->moved = dr_new(s, sizeof(double));
    w->weight = dr_new(s, sizeof(double));
    if (!w->x || !w->f || !w->real_wage || !w->value || !w->labour || !w->capital || !w->base || !w->moved ||
        !w->weight)
        return dr_fail_memory();
    for (size_t i = 0; i < points * w->cells; i++)
        w->value[i] = 1;
    return dr_anderson_new(&w->anderson, w->count, dr_kernels_best());
}

/* The equilibria of a round are as precise as its place among the rounds deserves, at the end as the model's. */
static void set_tolerance(const foresight *w, double worst)
{
    const double part = 1e-3, loosest = 1e-7;
    for (size_t p = w->from; p < w->t->points; p++)
        w->t->models[p].options.tolerance = fmax(w->t->model->options.tolerance, fmin(loosest, part * worst));
}

static dr_status iterate(foresight *w)
{
    double worst = INFINITY;
    for (int k = 0; k < MOST_ROUNDS; k++) {
        set_tolerance(w, worst);
        DR_TRY(round_of(w, &worst));
        if (w->t->progress)
            w->t->progress("rounds", (size_t)k + 1, MOST_ROUNDS, w->t->user);
        if (worst <= FOUND) {
            w->certified = true;
            set_tolerance(w, 0);
            return dr_parallel(w->t->points - w->from, 0, solve_piece, w);
        }
        for (size_t i = 0; i < w->count; i++)
            w->f[i] *= MIXED;
        dr_anderson_step(w->anderson, w->x, w->f);
    }
    return dr_fail(DR_NO_SOLUTION,
                   "the moves of workers who look ahead did not converge in %d rounds (they still "
                   "change labour by %.2g)",
                   MOST_ROUNDS, worst);
}

static dr_status look_ahead(const dr_transition *t, dr_course *c)
{
    foresight w = {.t = t, .c = c, .cells = labour_cells(t), .regions = t->model->regions, .from = c->first};
    w.tastes = (dr_tastes){t->horizons.nu, 1 / (1 + t->discount)};
    dr_status status = take_foresight(&w);
    /* the first guess is that all stays as at the first point */
    for (size_t p = w.from + 1; p < t->points && status == DR_OK; p++) {
        double *x = w.x + (p - w.from - 1) * (w.cells + w.regions);
        for (size_t i = 0; i < w.cells; i++)
            x[i] = log(labour_at(t, c, w.from)[i]);
        for (size_t n = 0; n < w.regions; n++)
            x[w.cells + n] = log(c->capital[w.from * w.regions + n]);
    }
    if (status == DR_OK)
        status = iterate(&w);
    double *arrays[] = {w.x, w.f, w.real_wage, w.value, w.labour, w.capital, w.base, w.moved, w.weight};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
        free(arrays[k]);
    dr_anderson_free(w.anderson);
    return status;
}

dr_status dr_course_solve(dr_transition *t, dr_course *course, const dr_course *before)
{
    DR_TRY(take_room(t, course));
    DR_TRY(begin(t, course, before));
    return t->mobility.kind == DR_MOBILITY_COST ? look_ahead(t, course) : follow(t, course);
}
