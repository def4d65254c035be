#include "r_functions.h"

#define TABLE ((dr_table **)out)

/* ---- Models and solutions ---------------------------------------------------------------------------------------- */

typedef struct model_call {
    dr_economy *economy;
    dr_model_options options;
    const char *usual; /* options.products, where neither the document nor the user says something else */
} model_call;

static const rd_field model_fields[] = {RD_GIVE(model_call, economy, "economy", ECONOMY),
                                        RD_MODEL_OPTIONS(model_call),
                                        RD_FIELD(model_call, usual, "usual", TEXT),
                                        {0}};

RD_RUN(model, model_call)
{
    (void)job;
    c->options.size = sizeof c->options;
    if (!c->options.products)
        c->options.products = c->usual;
    return dr_model_new((dr_model **)out, c->economy, &c->options);
}

typedef struct solve_call {
    dr_model *model;
    dr_scenario *scenario;
} solve_call;

static const rd_field solve_fields[] = {
    RD_GIVE(solve_call, model, "model", MODEL), RD_GIVE(solve_call, scenario, "scenario", SCENARIO), {0}};

RD_RUN(solve, solve_call)
{
    (void)job;
    return dr_model_solve((dr_solution **)out, c->model, c->scenario);
}

typedef enum solution_table {
    REGIONS,
    MONEY,
    SECTOR_TABLE,
    PROTECTION,
    FLOWS,
    TIES,
    CURBS,
    FACTORS,
    PRODUCTS,
    EMISSIONS,
    JOBS,
    DECOMPOSITION,
    OVERVIEW,
    SUMMARY,
    PARTIAL,
    SENSITIVITY,
    WHY,
    TIE
} solution_table;

typedef struct solution_call {
    dr_solution *solution;
    dr_scenario *scenario; /* of which the result is the answer; NULL: of none, but of a plan or game */
    dr_world *world;
    solution_table table;
    const char *of, *with;
    size_t most;
} solution_call;

static const rd_field solution_fields[] = {
    RD_GIVE(solution_call, solution, "solution", SOLUTION),
    RD_FIELD(solution_call, scenario, "scenario", OBJECT, .kind = RD_SCENARIO),
    RD_FIELD(solution_call, world, "world", OBJECT, .kind = RD_WORLD),
    RD_FIELD(solution_call, table, "table", WORD,
             RD_WORDS("regions", "money", "sectors", "protection", "flows", "ties", "curbs", "factors", "products",
                      "emissions", "jobs", "decomposition", "overview", "summary", "partial", "sensitivity", "why",
                      "tie")),
    RD_FIELD(solution_call, of, "of", TEXT),
    RD_FIELD(solution_call, with, "with", TEXT),
    RD_FIELD(solution_call, most, "most", SIZE),
    {0}};

static dr_status emissions(dr_table **out, const dr_solution *solution)
{
    return dr_solution_emissions(out, solution, 0);
}

static dr_status make_solution_table(dr_table **out, const solution_call *c)
{
    static dr_status (*const plain[])(dr_table **, const dr_solution *) = {
        dr_solution_regions,  dr_solution_money, dr_solution_sectors, dr_solution_protection,
        dr_solution_flows,    dr_solution_ties,  dr_solution_curbs,   dr_solution_factors,
        dr_solution_products, emissions,         dr_solution_jobs};
    static dr_status (*const follow[])(dr_table **, const dr_solution *, const dr_scenario *) = {
        dr_solution_decomposition, dr_solution_overview, dr_solution_summary, dr_solution_partial};
    if (c->table < DECOMPOSITION)
        return plain[c->table](out, c->solution);
    if (c->table < SENSITIVITY)
        return follow[c->table - DECOMPOSITION](out, c->solution, c->scenario);
    if (c->table == SENSITIVITY)
        return dr_solution_sensitivity(out, c->solution, c->scenario, c->of, c->most);
    return c->table == WHY ? dr_solution_why(out, c->solution, c->scenario, c->of, c->most)
                           : dr_solution_tie(out, c->solution, c->of, c->with);
}

RD_RUN(solution, solution_call)
{
    (void)job;
    dr_status status = make_solution_table(TABLE, c);
    return status == DR_OK && c->scenario ? dr_note_scenario(*TABLE, c->world, c->scenario) : status;
}

typedef struct draws_call {
    dr_model *model;
    dr_scenario *scenario;
    dr_world *world;
    bool all;
    dr_draw_options options;
} draws_call;

static const rd_field draws_fields[] = {RD_GIVE(draws_call, model, "model", MODEL),
                                        RD_GIVE(draws_call, scenario, "scenario", SCENARIO),
                                        RD_GIVE(draws_call, world, "world", WORLD),
                                        RD_FIELD(draws_call, all, "all", FLAG),
                                        RD_DRAWS(draws_call, options),
                                        RD_FIELD(draws_call, options.threads, "threads", COUNT),
                                        {0}};

void rd_draws_complete(dr_draw_options *draws, int threads, rd_job *job)
{
    draws->size = sizeof *draws;
    draws->threads = threads;
    draws->progress = rd_job_progress;
    draws->user = job;
}

RD_RUN(draws, draws_call)
{
    rd_draws_complete(&c->options, c->options.threads, job);
    dr_status status = (c->all ? dr_draw_all : dr_draw_bands)(TABLE, c->model, c->scenario, &c->options);
    return status == DR_OK ? dr_note_scenario(*TABLE, c->world, c->scenario) : status;
}

typedef struct part_call {
    dr_model *model;
    dr_scenario *scenario;
    const char *path;
    dr_draw_options options;
    int part, parts;
} part_call;

static const rd_field part_fields[] = {RD_GIVE(part_call, model, "model", MODEL),
                                       RD_GIVE(part_call, scenario, "scenario", SCENARIO),
                                       RD_FIELD(part_call, path, "path", TEXT, .required = true),
                                       RD_FIELD(part_call, part, "part", COUNT, .required = true),
                                       RD_FIELD(part_call, parts, "parts", COUNT, .required = true),
                                       RD_DRAWS(part_call, options),
                                       RD_FIELD(part_call, options.threads, "threads", COUNT),
                                       {0}};

RD_RUN(draw_part, part_call)
{
    (void)out;
    rd_draws_complete(&c->options, c->options.threads, job);
    return dr_draw_part(NULL, c->path, c->model, c->scenario, &c->options, (size_t)c->part, (size_t)c->parts);
}

typedef struct combine_call {
    const char *path;
} combine_call;

static const rd_field combine_fields[] = {RD_FIELD(combine_call, path, "path", TEXT, .required = true), {0}};

RD_RUN(combine, combine_call)
{
    (void)job;
    return dr_draw_combine(TABLE, &c->path, 1);
}

typedef struct run_call {
    dr_solution *solution;
    dr_scenario *scenario;
    const char *path, *name;
} run_call;

static const rd_field run_fields[] = {RD_GIVE(run_call, solution, "solution", SOLUTION),
                                      RD_GIVE(run_call, scenario, "scenario", SCENARIO),
                                      RD_FIELD(run_call, path, "path", TEXT, .required = true),
                                      RD_FIELD(run_call, name, "name", TEXT, .required = true),
                                      {0}};

RD_RUN(store_run, run_call)
{
    (void)job;
    (void)out;
    return dr_solution_store(c->solution, c->scenario, c->path, c->name);
}

const rd_function rd_models[] = {RD_FUNCTION("model", MODEL, model_call, model_fields, model),
                                 RD_FUNCTION("solve", SOLUTION, solve_call, solve_fields, solve),
                                 RD_FUNCTION("solution", TABLE, solution_call, solution_fields, solution),
                                 RD_FUNCTION("draws", TABLE, draws_call, draws_fields, draws),
                                 RD_FUNCTION("draw_part", NOTHING, part_call, part_fields, draw_part),
                                 RD_FUNCTION("combine", TABLE, combine_call, combine_fields, combine),
                                 RD_FUNCTION("store_run", NOTHING, run_call, run_fields, store_run),
                                 {0}};
