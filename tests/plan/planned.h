/* Random worlds in which A0 and A1 plan to depend less on A3. */
#ifndef DR_TESTS_PLAN_PLANNED_H
#define DR_TESTS_PLAN_PLANNED_H

#include "../solve/check.h"

#include <stdlib.h>
#include <string.h>

#include "../solve/synthetic.h"
#include "plan/plan.h"

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

static inline double fact(const dr_plan *plan, const char *name)
{
    dr_table *table = NULL;
    ok(dr_plan_sectors(&table, plan));
    double value = dr_table_fact(table, name);
    dr_table_free(table);
    return value;
}

#endif
