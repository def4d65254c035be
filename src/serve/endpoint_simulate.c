/* POST simulate: a scenario solved, and its tables. */
#include <string.h>

#include "options/path_rows.h"
#include "result/result_tables.h"
#include "serve/endpoints.h"
#include "serve/problem.h"

static const option_row of_simulate[] = {
    {"scenario", .kind = OPTION_JSON, .required = true, .help = "document of a scenario"},
    {"tables", .kind = OPTION_JSON, .help = "tables of the answer"},
    {"pick", .kind = OPTION_JSON, .help = "rows of the tables: names for a table"},
    {"sensitivity", .kind = OPTION_TEXT, .help = "result whose sensitivity to all instruments is computed"},
    {"why", .kind = OPTION_REGION, .help = "region or group whose change of real income is explained"},
    {"tie", .kind = OPTION_JSON, .help = "two sides whose bilateral trade is shown"},
    {"social-cost", .kind = OPTION_NUMBER,
     .help = "damage of a tonne of emissions, which the table emissions takes from welfare"},
    {"store", .kind = OPTION_TEXT, .help = "name under which the run is stored"},
    {0},
};
const option_group serve_simulate_options[] = {{.rows = of_simulate}, {.rows = option_path_rows}, {0}};

/* The parts of the answer. */
typedef struct answer_parts {
    bool wanted[DR_RESULT_TABLES];
    option_values picks;             /* one for each table of which only rows are wanted, and */
    size_t picked[DR_RESULT_TABLES]; /* which of them, counted from 1; 0: all rows are */
    const char *sensitivity, *why, *of, *with, *store;
    double social_cost; /* 0: none */
} answer_parts;

static dr_status read_tie(json_t *tie, answer_parts *out)
{
    static const char *const keys[] = {"of", "with", NULL};
    if (!tie)
        return DR_OK;
    DR_TRY(serve_check_keys(tie, "tie", keys));
    DR_TRY(serve_need_text(tie, "tie", "of", &out->of));
    return serve_need_text(tie, "tie", "with", &out->with);
}

/* Reads {table: names}. */
static dr_status read_picks(json_t *pick, const char *const *names, answer_parts *out)
{
    static const option_row row = {"pick", .kind = OPTION_REGION, .many = true};
    const char *key;
    json_t *value;
    size_t k = 0;
    if (!pick)
        return DR_OK;
    if (!json_is_object(pick))
        return dr_fail(DR_USAGE, "pick: expected an object such as {\"sectors\": \"EU\"}");
    json_object_foreach(pick, key, value)
    {
        for (k = 0; names[k] && strcmp(names[k], key) != 0; k++) {
        }
        if (!names[k] || !out->wanted[k])
            return dr_fail(DR_USAGE, "pick: '%.60s' is not among the tables of the answer", key);
        DR_TRY(serve_add_json(&out->picks, &row, value));
        out->picked[k] = out->picks.count;
    }
    return DR_OK;
}

static dr_status read_parts(const serve_call *call, answer_parts *out)
{
    const char *names[DR_RESULT_TABLES + 1] = {NULL};
    for (size_t k = 0; k < DR_RESULT_TABLES; k++)
        names[k] = dr_result_tables[k].name;
    DR_TRY(serve_read_words(serve_json_of(call, "tables"), "tables", names, 1, out->wanted));
    DR_TRY(read_picks(serve_json_of(call, "pick"), names, out));
    out->sensitivity = serve_text_of(call, "sensitivity");
    out->why = serve_text_of(call, "why");
    out->store = serve_text_of(call, "store");
    out->social_cost = option_number(&call->values, "social-cost");
    return read_tie(serve_json_of(call, "tie"), out);
}

/* Checked before the solve. */
static dr_status check_store(serve_call *call, const char *name)
{
    bool found = false;
    if (!name)
        return DR_OK;
    if (!call->context->store)
        return dr_fail(DR_USAGE,
                       "store: this server only reads its world; 'derisk serve --store' allows it to store runs");
    DR_TRY(serve_find_run(call, name, &found));
    if (!found)
        return DR_OK;
    call->http = 409;
    return dr_fail(DR_BAD_INPUT, "store: the run '%s' already exists; choose another name", name);
}

static dr_status make_table(dr_table **out, size_t k, const answer_parts *parts, const dr_solution *solution,
                            const dr_scenario *scenario)
{
    dr_table *table = NULL;
    if (strcmp(dr_result_tables[k].name, "emissions") == 0)
        DR_TRY(dr_solution_emissions(&table, solution, parts->social_cost));
    else
        DR_TRY(dr_result_make(&table, k, solution, scenario));
    dr_status status = parts->picked[k] ? dr_table_pick(table, parts->picks.given[parts->picked[k] - 1].text) : DR_OK;
    if (status == DR_OK)
        *out = table;
    else
        dr_table_free(table);
    return status;
}

static dr_status write_noted(serve_members *members, const char *name, dr_table *table, const dr_scenario *scenario)
{
    DR_TRY(serve_note_scenario(members->call, table, scenario));
    return serve_write_member(members, name, table);
}

static dr_status write_answer(serve_call *call, const answer_parts *parts, const dr_solution *solution,
                              const dr_scenario *scenario)
{
    serve_members members = {.call = call, .command = "simulate"};
    dr_table *table = NULL;
    for (size_t k = 0; k < DR_RESULT_TABLES; k++)
        if (parts->wanted[k]) {
            DR_TRY(make_table(&table, k, parts, solution, scenario));
            DR_TRY(write_noted(&members, dr_result_tables[k].name, table, scenario));
        }
    if (parts->sensitivity) {
        DR_TRY(dr_solution_sensitivity(&table, solution, scenario, parts->sensitivity, 0));
        DR_TRY(write_noted(&members, "sensitivity", table, scenario));
    }
    if (parts->why) {
        DR_TRY(dr_solution_why(&table, solution, scenario, parts->why, 0));
        DR_TRY(write_noted(&members, "why", table, scenario));
    }
    if (parts->of) {
        DR_TRY(dr_solution_tie(&table, solution, parts->of, parts->with));
        DR_TRY(write_noted(&members, "tie", table, scenario));
    }
    serve_end_members(&members);
    return DR_OK;
}

static dr_status solve(serve_call *call, const answer_parts *parts, const serve_problem *problem)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    DR_TRY(serve_problem_scenario(problem, &scenario));
    dr_status status = dr_model_solve(&solution, problem->model, scenario);
    if (status == DR_OK)
        status = write_answer(call, parts, solution, scenario);
    if (status == DR_OK && parts->store)
        status = serve_store(call->session, solution, scenario, parts->store);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return status;
}

static dr_status answer(serve_call *call, answer_parts *parts)
{
    serve_problem problem;
    if (option_given(&call->values, "years"))
        return serve_answer_years(call);
    DR_TRY(read_parts(call, parts));
    DR_TRY(check_store(call, parts->store));
    dr_status status = serve_problem_take(&problem, call, serve_json_of(call, "scenario"), "scenario");
    if (status == DR_OK)
        status = solve(call, parts, &problem);
    serve_problem_free(&problem);
    return status;
}

dr_status serve_answer_simulate(serve_call *call)
{
    answer_parts parts = {0};
    dr_status status = answer(call, &parts);
    option_values_free(&parts.picks);
    return status;
}
