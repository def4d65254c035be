#include "serve/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/model_options.h"
#include "scenario/settings.h"
#include "world/economy.h"

/* ---- Economies --------------------------------------------------------------------------------------------------------- */

typedef struct economy_order {
    serve_desk *desk;
    int year;
} economy_order;

static dr_status make_economy(void **out, void *user)
{
    const economy_order *order = user;
    dr_world *world = NULL;
    dr_economy *economy = NULL;
    DR_TRY(serve_world_take(order->desk, &world));
    dr_status status = dr_economy_load(&economy, world, order->year);
    serve_world_give(order->desk);
    *out = economy;
    return status;
}

static void free_economy(void *economy)
{
    dr_economy_free(economy);
}

static const serve_kind economies = {8, make_economy, free_economy};

dr_status serve_economy_take(serve_call *call, int year, serve_kept **out)
{
    char name[32];
    economy_order order = {call->desk, year ? year : call->core->last_year};
    snprintf(name, sizeof name, "%d", order.year);
    return serve_cache_take(out, call->core->cache, &economies, name, &order);
}

/* ---- Models ------------------------------------------------------------------------------------------------------------ */

/* A model, and the economy that must outlive it. */
typedef struct kept_model {
    dr_model *model;
    serve_cache *cache;
    serve_kept *economy;
} kept_model;

static void free_model(void *thing)
{
    kept_model *kept = thing;
    dr_model_free(kept->model);
    serve_cache_give(kept->cache, kept->economy);
    free(kept);
}

static dr_status make_model(void **out, void *user)
{
    const serve_problem *problem = user;
    kept_model *kept = dr_new(1, sizeof *kept);
    if (!kept)
        return dr_fail_memory();
    kept->cache = problem->call->core->cache;
    dr_status status = serve_economy_take(problem->call, dr_settings_year(problem->settings), &kept->economy);
    if (status == DR_OK)
        status = dr_model_new(&kept->model, problem->economy, dr_settings_model(problem->settings));
    if (status == DR_OK)
        *out = kept;
    else
        free_model(kept);
    return status;
}

static const serve_kind models = {16, make_model, free_model};

static dr_status take_model(serve_problem *p)
{
    const dr_model_options *o = dr_settings_model(p->settings);
    if (o->elasticity)
        DR_TRY(dr_elasticity_check(p->economy, o->elasticity));
    char *options = dr_options_name(o), *name = NULL;
    int made = options ? asprintf(&name, "%d\n%s", p->economy->year, options) : -1;
    free(options);
    if (made < 0)
        return dr_fail_memory();
    dr_status status = serve_cache_take(&p->model_kept, p->call->core->cache, &models, name, p);
    free(name);
    if (status == DR_OK)
        p->model = ((const kept_model *)serve_kept_thing(p->model_kept))->model;
    return status;
}

/* ---- Problems ---------------------------------------------------------------------------------------------------------- */

/* JSON is YAML. Places in messages are those in the document as JSON.stringify(document, null, 2) writes it. */
static dr_status write_document(serve_problem *p, const json_t *document, const char *name)
{
    if (document && !json_is_object(document))
        return dr_fail(DR_USAGE, "%s: an object was expected", name);
    p->document = document ? json_dumps(document, JSON_INDENT(2)) : strdup("{}");
    return p->document ? DR_OK : dr_fail_memory();
}

dr_status serve_problem_take(serve_problem *p, serve_call *call, const json_t *document, const char *name)
{
    *p = (serve_problem){.call = call};
    DR_TRY(write_document(p, document, name));
    DR_TRY(dr_settings_parse(&p->settings, p->document, strlen(p->document), name));
    DR_TRY(serve_economy_take(call, dr_settings_year(p->settings), &p->economy_kept));
    p->economy = serve_kept_thing(p->economy_kept);
    return take_model(p);
}

void serve_problem_free(serve_problem *p)
{
    serve_cache_give(p->call->core->cache, p->model_kept);
    serve_cache_give(p->call->core->cache, p->economy_kept);
    dr_settings_free(p->settings);
    free(p->document);
}

dr_status serve_problem_scenario(const serve_problem *p, dr_scenario **out)
{
    return dr_scenario_parse(out, p->economy, p->document, strlen(p->document), "scenario");
}
