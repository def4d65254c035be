/* POST simulate with years: the path from the short to the long run. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "options/path_rows.h"
#include "scenario/settings.h"
#include "serve/endpoints.h"
#include "serve/problem.h"
#include "world/economy.h"

static const struct {
    const char *name;
    dr_status (*make)(dr_table **out, const dr_transition *path);
} tables[] = {
    {"lifetime", dr_transition_lifetime}, {"years", dr_transition_years}, {"horizons", dr_transition_horizons}};

enum { TABLES = sizeof tables / sizeof *tables };

/* What is solved for a request, freed together. */
typedef struct work {
    serve_problem problem;
    dr_model *model;
    dr_scenario **in_force; /* [year] */
    size_t years;
    dr_transition *path;
} work;

/* The model with the elasticities of the path where the document asks for no others. */
static dr_status make_model(work *w)
{
    dr_model_options options = *dr_settings_model(w->problem.settings);
    if (!options.elasticity)
        options.elasticity = dr_transition_elasticity();
    return dr_model_new(&w->model, w->problem.economy, &options);
}

static dr_status read_scenarios(work *w)
{
    const dr_economy *e = w->problem.economy;
    const char *document = w->problem.document;
    w->in_force = dr_new(w->years, sizeof(void *));
    if (!w->in_force)
        return dr_fail_memory();
    for (size_t y = 0; y < w->years; y++)
        DR_TRY(dr_scenario_parse_dated(&w->in_force[y], e, document, strlen(document), "scenario", e->year + 1 + (int)y,
                                       e->year + (int)w->years));
    return DR_OK;
}

/* A matrix of moves would be a file of the server. */
static dr_status check_mobility(const char *text)
{
    double share = 0;
    if (!text || strcmp(text, "free") == 0 || strcmp(text, "fixed") == 0 || dr_parse_rate(text, &share) == DR_OK)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "mobility: '%.60s' is neither free nor fixed nor a share such as 95%%", text);
}

static dr_status solve(work *w, const serve_call *call)
{
    dr_transition_options options = option_path(&call->values);
    options.progress = call->progress;
    options.user = call->user;
    DR_TRY(check_mobility(options.mobility));
    DR_TRY(make_model(w));
    DR_TRY(read_scenarios(w));
    return dr_transition_solve(&w->path, w->model, (const dr_scenario *const *)w->in_force, w->years, &options);
}

static dr_status write_answer(serve_call *call, const bool wanted[TABLES], const dr_transition *path)
{
    serve_members members = {.call = call, .command = "simulate"};
    for (size_t k = 0; k < TABLES; k++) {
        dr_table *table = NULL;
        if (!wanted[k])
            continue;
        DR_TRY(tables[k].make(&table, path));
        DR_TRY(serve_write_member(&members, tables[k].name, table));
    }
    serve_end_members(&members);
    return DR_OK;
}

dr_status serve_answer_years(serve_call *call)
{
    const char *names[TABLES + 1] = {NULL};
    bool wanted[TABLES] = {false};
    work w = {.years = (size_t)option_number(&call->values, "years")};
    for (size_t k = 0; k < TABLES; k++)
        names[k] = tables[k].name;
    DR_TRY(serve_read_words(serve_json_of(call, "tables"), "tables", names, 1, wanted));
    dr_status status = serve_problem_take(&w.problem, call, serve_json_of(call, "scenario"), "scenario");
    if (status == DR_OK)
        status = solve(&w, call);
    if (status == DR_OK)
        status = write_answer(call, wanted, w.path);
    dr_transition_free(w.path);
    for (size_t y = 0; w.in_force && y < w.years; y++)
        dr_scenario_free(w.in_force[y]);
    free((void *)w.in_force);
    dr_model_free(w.model);
    serve_problem_free(&w.problem);
    return status;
}
