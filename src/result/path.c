#include "result/path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/solve.h"
#include "model/one_good.h"
#include "result/welfare.h"

/* Of the change of real income: what may remain in all, and the part of the whole that a short piece may have of it,
 * which is above the precision of the solutions. */
static const double REMAINS = 1e-10, LEAST_PART = 0.125;
static const double SHORTEST = 1.0 / (1 << 20);
static const double PRECISE = 1e-13;

enum { NODES = 5, STEPS = 7, MOST_SOLVES = 600 };

/* The steps between the nodes of a piece, and their weights. */
static const struct {
    size_t from, to;
    double weight;
} steps[STEPS] = {{0, 4, 1.0 / 45},  {0, 2, -20.0 / 45}, {2, 4, -20.0 / 45}, {0, 1, 64.0 / 45},
                  {1, 2, 64.0 / 45}, {2, 3, 64.0 / 45},  {3, 4, 64.0 / 45}};

typedef struct path {
    dr_model model; /* the solution's, solved more precisely */
    const dr_solution *end;
    const dr_scenario *scenario;
    const bool *of;
    dr_path_step *take;
    void *user;
    double *explained; /* [n] on the piece at hand */
    size_t solves;
} path;

static dr_status solve_part(path *p, double part, const dr_solution *near, dr_solution **out)
{
    p->solves++;
    DR_TRY(dr_model_solve_part(out, &p->model, p->scenario, part, near));
    if ((*out)->replaced_products == 0)
        return DR_OK;
    dr_solution_free(*out);
    *out = NULL;
    return dr_fail(DR_BAD_INPUT, "the change of real income is not decomposed where a product loses its last supplier "
                                 "and buyers do without it; expected changes that leave a supplier");
}

static void explain(void *user, size_t n, size_t i, size_t s, const double *imported, const double *exported)
{
    path *p = user;
    (void)s;
    for (size_t k = 0; k < DR_TERMS; k++) {
        p->explained[n] += imported[k];
        p->explained[i] += exported[k];
    }
}

/* Adds weight times the terms of a step to what is explained; `scratch` [n]. */
static dr_status add_step(path *p, const dr_solution *from, const dr_solution *to, double weight, double *sum)
{
    dr_step step;
    size_t regions = p->model.regions;
    memset(p->explained, 0, regions * sizeof *p->explained);
    dr_status status = dr_step_new(&step, from, to);
    if (status == DR_OK)
        dr_step_flows(&step, explain, p);
    for (size_t n = 0; n < regions && status == DR_OK; n++) {
        double rest[DR_TERMS];
        dr_step_rest(&step, n, rest);
        sum[n] +=
            weight * (p->explained[n] + rest[DR_TERM_REALLOCATION] + rest[DR_TERM_TRANSFERS] + rest[DR_TERM_DEMAND]);
    }
    dr_step_free(&step);
    return status;
}

/* The largest difference between the change of real income on a piece and what its terms explain. */
static dr_status remainder_of(path *p, dr_solution *const nodes[NODES], double *most)
{
    size_t regions = p->model.regions;
    double *sum = dr_new(regions, sizeof *sum);
    dr_status status = sum ? DR_OK : dr_fail_memory();
    for (size_t k = 0; k < STEPS && status == DR_OK; k++)
        status = add_step(p, nodes[steps[k].from], nodes[steps[k].to], steps[k].weight, sum);
    *most = 0;
    for (size_t n = 0; n < regions && status == DR_OK; n++) {
        double change = dr_solution_welfare(nodes[4], n) - dr_solution_welfare(nodes[0], n);
        if (!p->of || p->of[n])
            *most = fmax(*most, fabs(change / 100 - sum[n]));
    }
    free(sum);
    return status;
}

static dr_status take_piece(path *p, dr_solution *const nodes[NODES])
{
    for (size_t k = 0; k < STEPS; k++) {
        dr_step step;
        dr_status status = dr_step_new(&step, nodes[steps[k].from], nodes[steps[k].to]);
        if (status == DR_OK)
            status = p->take(p->user, &step, steps[k].weight);
        dr_step_free(&step);
        DR_TRY(status);
    }
    return DR_OK;
}

static dr_status follow(path *p, double start, double end, dr_solution *const three[3]);

/* Halves of a piece have its nodes 0 to 2, and 2 to 4. */
static dr_status follow_halves(path *p, double start, double end, dr_solution *const nodes[NODES])
{
    double middle = (start + end) / 2;
    DR_TRY(follow(p, start, middle, (dr_solution *[]){nodes[0], nodes[1], nodes[2]}));
    return follow(p, middle, end, (dr_solution *[]){nodes[2], nodes[3], nodes[4]});
}

/* Follows a piece of the path, given the solutions at its ends and in the middle. */
static dr_status follow(path *p, double start, double end, dr_solution *const three[3])
{
    double width = end - start, remains = 0;
    dr_solution *nodes[NODES] = {three[0], NULL, three[1], NULL, three[2]};
    dr_status status = solve_part(p, start + width / 4, nodes[0], &nodes[1]);
    if (status == DR_OK)
        status = solve_part(p, end - width / 4, nodes[2], &nodes[3]);
    if (status == DR_OK)
        status = remainder_of(p, nodes, &remains);
    bool done = remains <= REMAINS * fmax(width, LEAST_PART) || width <= SHORTEST || p->solves >= MOST_SOLVES;
    if (status == DR_OK)
        status = done ? take_piece(p, nodes) : follow_halves(p, start, end, nodes);
    dr_solution_free(nodes[1]);
    dr_solution_free(nodes[3]);
    return status;
}

static dr_status follow_all(path *p)
{
    dr_solution *base = NULL, *middle = NULL, *end = NULL;
    dr_status status = solve_part(p, 0, NULL, &base);
    if (status == DR_OK)
        status = solve_part(p, 0.5, base, &middle);
    if (status == DR_OK)
        status = solve_part(p, 1, p->end, &end);
    if (status == DR_OK)
        status = follow(p, 0, 1, (dr_solution *[]){base, middle, end});
    dr_solution_free(base);
    dr_solution_free(middle);
    dr_solution_free(end);
    return status;
}

dr_status dr_path_follow(const dr_solution *solution, const dr_scenario *scenario, const bool *of, dr_path_step *take,
                         void *user)
{
    const dr_model *m = solution->model;
    dr_scenario *of_one_good = NULL;
    path p = {.model = *m, .end = solution, .scenario = scenario, .of = of, .take = take, .user = user};
    p.model.options.tolerance = fmin(m->options.tolerance, PRECISE);
    p.explained = dr_new(m->regions, sizeof *p.explained);
    dr_status status = p.explained ? DR_OK : dr_fail_memory();
    if (status == DR_OK && scenario && scenario->economy != m->economy) {
        status = dr_one_good_scenario(&of_one_good, m, scenario);
        p.scenario = of_one_good;
    }
    if (status == DR_OK)
        status = follow_all(&p);
    dr_scenario_free(of_one_good);
    free(p.explained);
    return status;
}
