/* POST plan and curve: the cheapest way down, and the frontier of dependence against cost. */
#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "scenario/settings.h"
#include "serve/endpoints.h"
#include "serve/problem.h"

enum {
    OF,
    FROM,
    CAP,
    CAPS,
    BUDGET,
    MAX_LOSS,
    RISK,
    STOCK,
    STOCK_COST,
    STARTS,
    SECTORS,
    SHARE,
    LEVERS,
    MOST_TARIFF,
    MOST_SUPPORT,
    SETTINGS,
    INSIDE,
    CURVE_KEYS,
    TABLES = CURVE_KEYS,
    POINTS = CURVE_KEYS,
    KEYS
};
#define PLAN_KEYS                                                                                                      \
    "of", "from", "cap", "caps", "budget", "max-loss", "risk", "stock", "stock-cost", "starts", "sectors", "share",    \
        "levers", "most-tariff", "most-support", "settings", "inside"
const char *const serve_plan_keys[] = {PLAN_KEYS, "tables", NULL};
const char *const serve_curve_keys[] = {PLAN_KEYS, "points", NULL};

static const char *const tables[] = {"sectors", "regions", "flows", NULL};

/* What is asked for, and the texts that the options point to. */
typedef struct order {
    char *of, *from, *sectors, *levers, *caps;
    dr_plan_options options;
    bool wanted[3];
    size_t points; /* of a frontier; 0: a plan */
    serve_problem problem;
} order;

static void order_free(order *o)
{
    serve_problem_free(&o->problem);
    free(o->of);
    free(o->from);
    free(o->sectors);
    free(o->levers);
    free(o->caps);
}

/* ---- Reading ---------------------------------------------------------------------------------------------------------- */

/* {sector: share} as the CSV that --cap-file takes. */
static dr_status read_caps(json_t *caps, char **out)
{
    size_t size = 0;
    const char *key;
    json_t *value;
    dr_status status = DR_OK;
    if (!caps)
        return DR_OK;
    if (!json_is_object(caps) || json_object_size(caps) == 0)
        return dr_fail(DR_USAGE, "caps: an object was expected, such as {\"electrical-optical\": \"40%%\"}");
    FILE *stream = open_memstream(out, &size);
    if (!stream)
        return dr_fail_memory();
    fputs("sector,cap\n", stream);
    json_object_foreach(caps, key, value)
    {
        double rate = 0;
        if (status == DR_OK && strpbrk(key, "\",\n\r"))
            status = dr_fail(DR_USAGE, "caps: '%.60s' is no sector", key);
        if (status == DR_OK)
            status = serve_rate(value, "caps", &rate);
        dr_print(stream, "%s,%.17g\n", key, rate);
    }
    return fclose(stream) == 0 ? status : dr_fail_memory();
}

/* "5%/year", "5%" or 0.05. */
static dr_status read_risk(const json_t *value, double *out)
{
    static const char unit[] = "/year";
    const char *text = json_string_value(value);
    size_t length = text ? strlen(text) : 0, tail = sizeof unit - 1;
    if (length <= tail || strcmp(text + length - tail, unit) != 0)
        return serve_rate(value, "risk", out);
    json_t *rate = json_stringn(text, length - tail);
    dr_status status = rate ? serve_rate(rate, "risk", out) : dr_fail_memory();
    json_decref(rate);
    return status;
}

static dr_status read_numbers(json_t *const v[KEYS], dr_plan_options *out)
{
    double starts = 0;
    const struct {
        size_t key;
        const char *name;
        double *to;
    } rates[] = {{CAP, "cap", &out->cap},
                 {BUDGET, "budget", &out->budget},
                 {MAX_LOSS, "max-loss", &out->max_loss},
                 {STOCK_COST, "stock-cost", &out->stock_cost},
                 {MOST_TARIFF, "most-tariff", &out->most_tariff},
                 {MOST_SUPPORT, "most-support", &out->most_support}};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        DR_TRY(serve_rate(v[rates[i].key], rates[i].name, rates[i].to));
    out->budget *= 100;
    out->max_loss *= 100;
    DR_TRY(read_risk(v[RISK], &out->risk));
    DR_TRY(serve_number(v[STOCK], "stock", 0, 12, &out->stock));
    DR_TRY(serve_whole(v[STARTS], "starts", 1, 1000, &starts));
    out->starts = (size_t)starts;
    return DR_OK;
}

static dr_status read_share(const json_t *value, dr_share *out)
{
    static const char *const shares[] = {"imports", "use", "look-through", NULL};
    const char *text = shares[0];
    size_t share = 0;
    DR_TRY(serve_text(value, "share", &text));
    DR_TRY(serve_word(text, "share", shares, &share));
    *out = (dr_share)share;
    return DR_OK;
}

static dr_status read_tables(const json_t *list, order *o)
{
    size_t found;
    if (list && !json_is_array(list))
        return dr_fail(DR_USAGE, "tables: an array was expected, such as [\"sectors\"]");
    o->wanted[0] = o->wanted[1] = !list;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = NULL;
        DR_TRY(serve_text(json_array_get(list, i), "tables", &name));
        DR_TRY(serve_word(name, "tables", tables, &found));
        o->wanted[found] = true;
    }
    return DR_OK;
}

/* One thing to aim at; a frontier has none. */
static dr_status check_aims(json_t *const v[KEYS], const order *o)
{
    int goals = (v[CAP] != NULL) + (v[CAPS] != NULL) + (v[BUDGET] != NULL);
    if (o->points > 0)
        return goals > 0 || v[MAX_LOSS]
                   ? dr_fail(DR_USAGE, "a frontier goes without 'cap', 'caps', 'budget' and 'max-loss'")
                   : DR_OK;
    if (goals > 1 || (goals == 0 && !v[MAX_LOSS] && !v[RISK]))
        return dr_fail(DR_USAGE, "one of 'cap', 'caps', 'budget', 'max-loss' and 'risk' was expected");
    if (v[CAPS] && v[SECTORS])
        return dr_fail(DR_USAGE, "'caps' names its sectors: 'sectors' does not go with it");
    return DR_OK;
}

static dr_status read_order(order *o, serve_call *call, json_t *const v[KEYS])
{
    static const char *const settings[] = {DR_SETTINGS_KEYS, NULL};
    json_t *ignored[DR_SETTINGS];
    if (!v[OF] || !v[FROM])
        return dr_fail(DR_USAGE, "the body: the key '%s' was expected", v[OF] ? "from" : "of");
    if (v[SETTINGS])
        DR_TRY(serve_keys(v[SETTINGS], "settings", settings, ignored));
    DR_TRY(check_aims(v, o));
    DR_TRY(serve_list(v[OF], "of", &o->of));
    DR_TRY(serve_list(v[FROM], "from", &o->from));
    DR_TRY(serve_list(v[SECTORS], "sectors", &o->sectors));
    DR_TRY(serve_list(v[LEVERS], "levers", &o->levers));
    DR_TRY(read_caps(v[CAPS], &o->caps));
    o->options = DR_OPTIONS(dr_plan_options, .sectors = o->sectors, .levers = o->levers, .caps = o->caps, .threads = 1,
                            .progress = call->progress, .user = call->user);
    DR_TRY(read_share(v[SHARE], &o->options.share));
    DR_TRY(serve_truth(v[INSIDE], "inside", &o->options.inside));
    DR_TRY(read_numbers(v, &o->options));
    return serve_problem_take(&o->problem, call, v[SETTINGS], "settings");
}

/* ---- Answering -------------------------------------------------------------------------------------------------------- */

static dr_status write_plan(serve_call *call, const order *o, const dr_plan *plan)
{
    serve_members members = {.call = call, .command = "plan"};
    dr_table *table = NULL;
    for (size_t k = 0; tables[k]; k++) {
        if (!o->wanted[k])
            continue;
        DR_TRY(k == 0   ? dr_plan_sectors(&table, plan)
               : k == 1 ? dr_solution_regions(&table, dr_plan_solution(plan))
                        : dr_solution_flows(&table, dr_plan_solution(plan)));
        DR_TRY(serve_write_member(&members, tables[k], table));
    }
    serve_end_members(&members);
    return DR_OK;
}

static dr_status solve(serve_call *call, const order *o)
{
    serve_members members = {.call = call, .command = "plan"};
    dr_plan *plan = NULL;
    dr_table *table = NULL;
    if (o->points > 0) {
        DR_TRY(dr_plan_curve(&table, o->problem.model, o->of, o->from, &o->options, o->points));
        DR_TRY(serve_write_member(&members, "curve", table));
        serve_end_members(&members);
        return DR_OK;
    }
    DR_TRY(dr_plan_new(&plan, o->problem.model, o->of, o->from, &o->options));
    dr_status status = write_plan(call, o, plan);
    dr_plan_free(plan);
    return status;
}

dr_status serve_answer_plan(serve_call *call)
{
    order o = {.problem.call = call};
    json_t *v[KEYS] = {NULL};
    DR_TRY(serve_keys(call->body, "the body", serve_plan_keys, v));
    DR_TRY(read_tables(v[TABLES], &o));
    dr_status status = read_order(&o, call, v);
    if (status == DR_OK)
        status = solve(call, &o);
    order_free(&o);
    return status;
}

dr_status serve_answer_curve(serve_call *call)
{
    order o = {.problem.call = call};
    json_t *v[KEYS] = {NULL};
    double points = 25;
    DR_TRY(serve_keys(call->body, "the body", serve_curve_keys, v));
    DR_TRY(serve_whole(v[POINTS], "points", 2, 1000, &points));
    o.points = (size_t)points;
    dr_status status = read_order(&o, call, v);
    if (status == DR_OK)
        status = solve(call, &o);
    order_free(&o);
    return status;
}
