/* POST plan and curve: the least-cost plan, and the frontier of dependence against cost. */
#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "options/draw_rows.h"
#include "options/plan_rows.h"
#include "scenario/settings.h"
#include "serve/endpoints.h"
#include "serve/problem.h"

static const char *const tables[] = {"sectors", "regions", "flows", "costs", "summary", "products", "suppliers", NULL};

static const option_row of_both[] = {
    {"of", .kind = OPTION_REGION, .required = true, .help = "regions and groups that diversify"},
    {"from", .kind = OPTION_REGION, .required = true, .help = "regions and groups to diversify away from"},
    {"settings", .kind = OPTION_JSON, .help = "settings of the model"},
    {"changes", .kind = OPTION_JSON, .excludes = "max-loss risk",
     .help = "changes that hold with and without the plan, which is measured from the equilibrium under them"},
    {0},
};
static const option_row of_plan[] = {
    {"caps", .kind = OPTION_JSON, .excludes = "sectors budget",
     .help = "a cap for each sector or, with products, for products by code or list"},
    {"tables", .kind = OPTION_JSON, .help = "tables of the answer"},
    {"products", .kind = OPTION_TEXT, .example = "strategic",
     .help = "the cap is on each supplier, one region of from, of each of these products: HS codes or the lists "
             "strategic, critical or chpl; the settings need products: nest"},
    {0},
};
static const option_row of_curve[] = {
    {"points", .kind = OPTION_COUNT, .least = 2, .most = 1000, .fallback = "25", .help = "number of plans"},
    {0},
};
const option_group serve_plan_options[] = {{.rows = of_both},          {.rows = of_plan},
                                           {.rows = option_plan_aims}, {.rows = option_plan_rows},
                                           {.rows = option_draw_rows}, {0}};
const option_group serve_curve_options[] = {{.rows = of_both}, {.rows = of_curve}, {.rows = option_plan_rows}, {0}};

/* A plan or frontier that is asked for. */
typedef struct plan_request {
    const char *of, *from;
    char *caps; /* owned: the CSV that the options point to */
    dr_plan_options options;
    bool wanted[7];
    dr_draw_options draws;
    size_t points;    /* of a frontier; 0: a plan */
    json_t *document; /* the settings and changes */
    serve_problem problem;
    dr_scenario *changes; /* NULL: none */
} plan_request;

static void request_free(plan_request *r)
{
    dr_scenario_free(r->changes);
    serve_problem_free(&r->problem);
    json_decref(r->document);
    free(r->caps);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* Writes {sector: share}, or {product: share}, as the CSV of dr_plan_options. */
static dr_status write_caps(FILE *stream, json_t *caps, const char *of)
{
    static const option_row cap = {"caps",    .kind = OPTION_RATE, .above = true,
                                   .most = 1, .example = "40%",    .many = true};
    const char *key;
    json_t *value;
    option_values values = {0};
    dr_status status = DR_OK;
    fprintf(stream, "%s,cap\n", of);
    json_object_foreach(caps, key, value)
    {
        if (status == DR_OK && strpbrk(key, "\",\n\r"))
            status = dr_fail(DR_USAGE, "caps: '%.60s' is not a %s", key, of);
        if (status == DR_OK)
            status = serve_add_json(&values, &cap, value);
        if (status == DR_OK)
            dr_print(stream, "%s,%.17g\n", key, values.given[values.count - 1].number);
    }
    option_values_free(&values);
    return status;
}

static dr_status read_caps(plan_request *r, json_t *caps)
{
    size_t size = 0;
    if (!caps)
        return DR_OK;
    if (!json_is_object(caps) || json_object_size(caps) == 0)
        return dr_fail(DR_USAGE, "caps: expected an object such as {\"electrical-optical\": \"40%%\"}");
    FILE *stream = open_memstream(&r->caps, &size);
    if (!stream)
        return dr_fail_memory();
    dr_status status = write_caps(stream, caps, r->options.products ? "product" : "sector");
    if (fclose(stream) != 0 && status == DR_OK)
        status = dr_fail_memory();
    r->options.caps = r->caps;
    return status;
}

/* The problem of the settings, and the changes, which are a scenario with them. */
static dr_status read_problem(plan_request *r, serve_call *call)
{
    static const char *const keys[] = {DR_SETTINGS_KEYS, NULL};
    json_t *settings = serve_json_of(call, "settings"), *changes = serve_json_of(call, "changes");
    DR_TRY(serve_check_keys(settings, "settings", keys));
    if (!changes)
        return serve_problem_take(&r->problem, call, settings, "settings");
    r->document = settings ? json_copy(settings) : json_object();
    if (!r->document || json_object_set(r->document, "changes", changes) != 0)
        return dr_fail_memory();
    DR_TRY(serve_problem_take(&r->problem, call, r->document, "settings"));
    DR_TRY(serve_problem_scenario(&r->problem, &r->changes));
    r->options.changes = r->changes;
    return DR_OK;
}

static dr_status read_request(plan_request *r, serve_call *call)
{
    DR_TRY(serve_draws_of(&r->draws, call));
    r->of = serve_text_of(call, "of");
    r->from = serve_text_of(call, "from");
    r->options = option_plan(&call->values);
    if (r->options.products && strstr(r->options.products, ".csv"))
        return dr_fail(DR_USAGE, "products: a file; expected codes and lists of products");
    r->options.threads = 1;
    r->options.progress = call->progress;
    r->options.user = call->user;
    DR_TRY(read_caps(r, serve_json_of(call, "caps")));
    return read_problem(r, call);
}

/* ---- Answering --------------------------------------------------------------------------------------------------- */

static dr_status make_table(dr_table **out, const char *name, const dr_plan *plan)
{
    if (strcmp(name, "regions") == 0)
        return dr_solution_regions(out, dr_plan_solution(plan));
    if (strcmp(name, "flows") == 0)
        return dr_solution_flows(out, dr_plan_solution(plan));
    if (strcmp(name, "costs") == 0)
        return dr_plan_costs(out, plan);
    if (strcmp(name, "summary") == 0)
        return dr_plan_summary(out, plan);
    if (strcmp(name, "products") == 0)
        return dr_plan_products(out, plan);
    return strcmp(name, "suppliers") == 0 ? dr_plan_suppliers(out, plan) : dr_plan_sectors(out, plan);
}

static dr_status write_plan(serve_call *call, const plan_request *r, const dr_plan *plan)
{
    serve_members members = {.call = call, .command = "plan"};
    dr_table *table = NULL;
    for (size_t k = 0; tables[k]; k++) {
        if (!r->wanted[k])
            continue;
        DR_TRY(r->draws.draws > 0 ? dr_plan_bands(&table, plan, tables[k], &r->draws)
                                  : make_table(&table, tables[k], plan));
        DR_TRY(serve_write_member(&members, tables[k], table));
    }
    serve_end_members(&members);
    return DR_OK;
}

static dr_status solve(serve_call *call, const plan_request *r)
{
    serve_members members = {.call = call, .command = "plan"};
    dr_plan *plan = NULL;
    dr_table *table = NULL;
    if (r->points > 0) {
        DR_TRY(dr_plan_curve(&table, r->problem.model, r->of, r->from, &r->options, r->points));
        DR_TRY(serve_write_member(&members, "curve", table));
        serve_end_members(&members);
        return DR_OK;
    }
    DR_TRY(dr_plan_new(&plan, r->problem.model, r->of, r->from, &r->options));
    dr_status status = write_plan(call, r, plan);
    dr_plan_free(plan);
    return status;
}

static dr_status answer(serve_call *call, plan_request *r)
{
    dr_status status = read_request(r, call);
    if (status == DR_OK)
        status = solve(call, r);
    request_free(r);
    return status;
}

dr_status serve_answer_plan(serve_call *call)
{
    plan_request r = {.problem.call = call};
    const json_t *asked = serve_json_of(call, "tables");
    bool of_products = !asked && serve_text_of(call, "products");
    DR_TRY(serve_read_words(asked, "tables", tables, of_products ? 0 : 2, r.wanted));
    r.wanted[5] |= of_products;
    r.wanted[6] |= of_products;
    return answer(call, &r);
}

dr_status serve_answer_curve(serve_call *call)
{
    plan_request r = {.problem.call = call, .points = (size_t)option_number(&call->values, "points")};
    return answer(call, &r);
}
