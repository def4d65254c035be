/* POST simulate: a scenario solved, and its tables. */
#include "result/result_tables.h"
#include "serve/endpoints.h"
#include "serve/problem.h"

enum { SCENARIO, TABLES, SENSITIVITY, WHY, TIE, STORE, KEYS };
const char *const serve_simulate_keys[] = {"scenario", "tables", "sensitivity", "why", "tie", "store", NULL};

typedef struct order {
    bool wanted[DR_RESULT_TABLES];
    const char *sensitivity, *why, *of, *with, *store;
} order;

static dr_status read_tie(json_t *tie, order *out)
{
    static const char *const keys[] = {"of", "with", NULL};
    json_t *v[2] = {NULL};
    if (!tie)
        return DR_OK;
    DR_TRY(serve_keys(tie, "tie", keys, v));
    DR_TRY(serve_text(v[0], "of", &out->of));
    DR_TRY(serve_text(v[1], "with", &out->with));
    if (!out->of || !out->with)
        return dr_fail(DR_USAGE, "tie: the key '%s' was expected", out->of ? "with" : "of");
    return DR_OK;
}

static dr_status read_tables(const json_t *list, order *out)
{
    const char *names[DR_RESULT_TABLES + 1] = {NULL};
    size_t kind;
    for (size_t k = 0; k < DR_RESULT_TABLES; k++)
        names[k] = dr_result_tables[k].name;
    if (list && !json_is_array(list))
        return dr_fail(DR_USAGE, "tables: an array was expected, such as [\"regions\"]");
    out->wanted[0] = !list;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = NULL;
        DR_TRY(serve_text(json_array_get(list, i), "tables", &name));
        DR_TRY(serve_word(name, "tables", names, &kind));
        out->wanted[kind] = true;
    }
    return DR_OK;
}

static dr_status read_order(const serve_call *call, order *out, json_t **scenario)
{
    json_t *v[KEYS] = {NULL};
    DR_TRY(serve_keys(call->body, "the body", serve_simulate_keys, v));
    DR_TRY(read_tables(v[TABLES], out));
    DR_TRY(serve_text(v[SENSITIVITY], "sensitivity", &out->sensitivity));
    DR_TRY(serve_text(v[WHY], "why", &out->why));
    DR_TRY(read_tie(v[TIE], out));
    DR_TRY(serve_text(v[STORE], "store", &out->store));
    *scenario = v[SCENARIO];
    if (!v[SCENARIO])
        return dr_fail(DR_USAGE, "the body: the key 'scenario' was expected");
    return DR_OK;
}

/* Before anything is solved. */
static dr_status check_store(serve_call *call, const char *name)
{
    bool found = false;
    if (!name)
        return DR_OK;
    if (!call->core->store)
        return dr_fail(DR_USAGE, "store: this server only reads its world; 'derisk serve --store' may write to it");
    DR_TRY(serve_find_run(call, name, &found));
    if (!found)
        return DR_OK;
    call->http = 409;
    return dr_fail(DR_BAD_INPUT, "store: the run '%s' already exists; choose another name", name);
}

static dr_status write_answer(serve_call *call, const order *o, const dr_solution *solution,
                              const dr_scenario *scenario)
{
    serve_members members = {.call = call, .command = "simulate"};
    dr_table *table = NULL;
    for (size_t k = 0; k < DR_RESULT_TABLES; k++)
        if (o->wanted[k]) {
            DR_TRY(dr_result_tables[k].make(&table, solution));
            DR_TRY(serve_write_member(&members, dr_result_tables[k].name, table));
        }
    if (o->sensitivity) {
        DR_TRY(dr_solution_sensitivity(&table, solution, scenario, o->sensitivity, 0));
        DR_TRY(serve_write_member(&members, "sensitivity", table));
    }
    if (o->why) {
        DR_TRY(dr_solution_why(&table, solution, o->why, 0));
        DR_TRY(serve_write_member(&members, "why", table));
    }
    if (o->of) {
        DR_TRY(dr_solution_tie(&table, solution, o->of, o->with));
        DR_TRY(serve_write_member(&members, "tie", table));
    }
    serve_end_members(&members);
    return DR_OK;
}

static dr_status solve(serve_call *call, const order *o, const serve_problem *problem)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    DR_TRY(serve_problem_scenario(problem, &scenario));
    dr_status status = dr_model_solve(&solution, problem->model, scenario);
    if (status == DR_OK)
        status = write_answer(call, o, solution, scenario);
    if (status == DR_OK && o->store)
        status = serve_store(call->desk, solution, o->store);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return status;
}

dr_status serve_answer_simulate(serve_call *call)
{
    order o = {0};
    json_t *scenario = NULL;
    serve_problem problem;
    DR_TRY(read_order(call, &o, &scenario));
    DR_TRY(check_store(call, o.store));
    dr_status status = serve_problem_take(&problem, call, scenario, "scenario");
    if (status == DR_OK)
        status = solve(call, &o, &problem);
    serve_problem_free(&problem);
    return status;
}
