#include "serve/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/memory.h"
#include "scenario/model_options.h"
#include "scenario/settings.h"
#include "world/economy.h"

/* ---- Economies --------------------------------------------------------------------------------------------------- */

typedef struct economy_request {
    serve_session *session;
    int year;
} economy_request;

static dr_status make_economy(void **out, void *user)
{
    const economy_request *request = user;
    dr_world *world = NULL;
    dr_economy *economy = NULL;
    DR_TRY(serve_world_take(request->session, &world));
    dr_status status = dr_economy_load(&economy, world, request->year);
    serve_world_give(request->session);
    *out = economy;
    return status;
}

static void free_economy(void *economy)
{
    dr_economy_free(economy);
}

static const serve_kind economies = {8, make_economy, free_economy};

dr_status serve_economy_take(serve_call *call, int year, serve_entry **out)
{
    char name[64];
    economy_request request = {call->session, year ? year : call->context->last_year};
    snprintf(name, sizeof name, "%zu %d", atomic_load(&call->context->replaced), request.year);
    return serve_cache_take(out, call->context->cache, &economies, name, &request);
}

/* ---- Models ------------------------------------------------------------------------------------------------------ */

/* A model, and the cache entry of the economy that must outlive it. */
typedef struct cached_model {
    dr_model *model;
    serve_cache *cache;
    serve_entry *economy;
} cached_model;

static void free_model(void *thing)
{
    cached_model *cached = thing;
    dr_model_free(cached->model);
    serve_cache_give(cached->cache, cached->economy);
    free(cached);
}

static dr_status make_model(void **out, void *user)
{
    const serve_problem *problem = user;
    cached_model *cached = dr_new(1, sizeof *cached);
    if (!cached)
        return dr_fail_memory();
    cached->cache = problem->call->context->cache;
    cached->economy = problem->economy_entry;
    serve_cache_share(cached->cache, cached->economy);
    dr_status status = dr_model_new(&cached->model, problem->economy, &problem->options);
    if (status == DR_OK)
        *out = cached;
    else
        free_model(cached);
    return status;
}

static const serve_kind models = {16, make_model, free_model};

/* Elasticities name no files of the server. */
static dr_status check_elasticities(const serve_problem *p, const dr_model_options *o)
{
    const struct {
        const char *option, *value;
    } numbers[] = {{"product elasticity", o->product_elasticity},
                   {"product substitution", o->product_substitution},
                   {"import elasticity", o->import_elasticity}};
    double number = 0;
    if (o->elasticity)
        DR_TRY(dr_elasticity_check(p->economy, o->elasticity));
    if (o->scale)
        DR_TRY(dr_scale_check(o->scale));
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        if (numbers[k].value && !dr_parse_number(numbers[k].value, &number))
            return dr_fail(DR_BAD_INPUT, "%s: '%.60s' is not a number", numbers[k].option, numbers[k].value);
    return DR_OK;
}

/* Whether a change of the document is of products: its model has them in a nest then, unless it says otherwise. */
static bool changes_products(const json_t *document)
{
    size_t index;
    const json_t *change, *keys;
    const char *instrument;
    json_array_foreach(json_object_get(document, "changes"), index, change)
    {
        json_object_foreach((json_t *)change, instrument, keys)
        {
            if (json_object_get(keys, "products"))
                return true;
        }
    }
    return false;
}

static dr_status take_model(serve_problem *p)
{
    const dr_model_options *o = &p->options;
    DR_TRY(check_elasticities(p, o));
    char *options = dr_options_name(o), *name = NULL;
    int made = options ? asprintf(&name, "%s\n%s", serve_entry_name(p->economy_entry), options) : -1;
    free(options);
    if (made < 0)
        return dr_fail_memory();
    dr_status status = serve_cache_take(&p->model_entry, p->call->context->cache, &models, name, p);
    free(name);
    if (status == DR_OK)
        p->model = ((const cached_model *)serve_entry_thing(p->model_entry))->model;
    return status;
}

/* ---- Problems ---------------------------------------------------------------------------------------------------- */

/* The document as text: JSON is YAML. Messages name lines and columns of JSON.stringify(document, null, 2). */
static dr_status write_document(serve_problem *p, const json_t *document, const char *name)
{
    if (document && !json_is_object(document))
        return dr_fail(DR_USAGE, "%s: expected an object", name);
    p->document = document ? json_dumps(document, JSON_INDENT(2)) : strdup("{}");
    return p->document ? DR_OK : dr_fail_memory();
}

/* An economy and a model for this document alone. */
static dr_status take_baseline(serve_problem *p, const char *name)
{
    const dr_model_options *o = &p->options;
    economy_request request = {p->call->session, p->economy->year};
    void *economy = NULL;
    DR_TRY(check_elasticities(p, o));
    DR_TRY(make_economy(&economy, &request));
    p->economy = p->own_economy = economy;
    DR_TRY(dr_baseline_parse(economy, o, p->document, strlen(p->document), name));
    DR_TRY(dr_model_new(&p->own_model, economy, o));
    p->model = p->own_model;
    return DR_OK;
}

dr_status serve_problem_take(serve_problem *p, serve_call *call, const json_t *document, const char *name)
{
    *p = (serve_problem){.call = call};
    DR_TRY(write_document(p, document, name));
    DR_TRY(dr_settings_parse(&p->settings, p->document, strlen(p->document), name));
    DR_TRY(serve_economy_take(call, dr_settings_year(p->settings), &p->economy_entry));
    p->economy = serve_entry_thing(p->economy_entry);
    p->options = *dr_settings_model(p->settings);
    if (!p->options.products && changes_products(document))
        p->options.products = dr_products_words[0];
    return document && json_object_get(document, "baseline") ? take_baseline(p, name) : take_model(p);
}

void serve_problem_free(serve_problem *p)
{
    dr_model_free(p->own_model);
    dr_economy_free(p->own_economy);
    serve_cache_give(p->call->context->cache, p->model_entry);
    serve_cache_give(p->call->context->cache, p->economy_entry);
    dr_settings_free(p->settings);
    free(p->document);
}

dr_status serve_problem_scenario(const serve_problem *p, dr_scenario **out)
{
    return dr_scenario_parse(out, p->economy, p->document, strlen(p->document), "scenario");
}

dr_status serve_note_scenario(serve_call *call, dr_table *table, const dr_scenario *scenario)
{
    dr_world *world = NULL;
    dr_status status = serve_world_take(call->session, &world);
    if (status == DR_OK) {
        status = dr_note_scenario(table, world, scenario);
        serve_world_give(call->session);
    }
    if (status != DR_OK)
        dr_table_free(table);
    return status;
}
