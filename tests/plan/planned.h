/* Random worlds in which A0 and A1 plan to diversify away from A3. */
#ifndef DR_TESTS_PLAN_PLANNED_H
#define DR_TESTS_PLAN_PLANNED_H

#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "support/synthetic.h"

typedef struct world {
    synthetic data;
    dr_economy *economy;
    dr_model *model;
} world;

/* R regions, S sectors. */
static inline world world_new(size_t r, size_t s, unsigned long long seed, dr_model_options options)
{
    world w = {.data = synthetic_new(r, s, seed, true, true)};
    options.tolerance = 1e-12;
    w.economy = synthetic_economy(&w.data);
    ok(dr_model_new(&w.model, w.economy, &options));
    return w;
}

static inline void world_free(world *w)
{
    dr_model_free(w->model);
    dr_economy_free(w->economy);
    synthetic_free(&w->data);
}

static inline dr_plan *plan_of(const world *w, const dr_plan_options *options)
{
    dr_plan *plan = NULL;
    ok(dr_plan_new(&plan, w->model, "A0,A1", "A3", options));
    return plan;
}

/* With the objective of A0 and A1 alone. */
static inline dr_plan *own_plan_of(const world *w, const dr_plan_options *options)
{
    dr_plan_options own = *options;
    own.objective = DR_OBJECTIVE_OWN;
    return plan_of(w, &own);
}

static inline double fact(const dr_plan *plan, const char *name)
{
    dr_table *table = NULL;
    ok(dr_plan_sectors(&table, plan));
    double value = dr_table_fact(table, name);
    dr_table_free(table);
    return value;
}

/* The number in a column of the row of a sector. */
static inline double planned(const dr_plan *plan, const char *sector, const char *column)
{
    double value = NAN;
    dr_table *table = NULL;
    ok(dr_plan_sectors(&table, plan));
    int at = dr_table_find(table, column);
    assert_true(at >= 0);
    for (size_t row = 0; row < dr_table_rows(table); row++)
        if (strcmp(dr_table_text(table, row, 0), sector) == 0)
            value = dr_table_number(table, row, (size_t)at);
    dr_table_free(table);
    return value;
}

/* The tariffs of A0 and A1 on a good of A3 are raised by a rate: percentage points on the base's. */
static inline dr_scenario *tariff_on(const world *w, size_t good, double rate)
{
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, w->economy));
    ok(dr_scenario_tariff(scenario, "A0,A1", "A3", w->data.sector_names[good], rate, DR_RATE_ADD));
    return scenario;
}

/* A share as a result, and the welfare of A0 and A1, under it. */
static inline double share_under(const world *w, size_t good, const char *share, double rate, double *welfare)
{
    dr_scenario *scenario = tariff_on(w, good, rate);
    dr_solution *solution = NULL;
    dr_gradient gradient = {0};
    ok(dr_model_solve(&solution, w->model, scenario));
    ok(dr_solution_gradient(&gradient, solution, scenario, "welfare:A0,A1"));
    *welfare = gradient.value;
    ok(dr_solution_gradient(&gradient, solution, scenario, share));
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return gradient.value;
}

#endif
