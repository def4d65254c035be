/* GET balance, exposure, ties: measured on the world, as the commands do. */
#include <math.h>

#include "base/csv.h"
#include "serve/endpoints.h"
#include "serve/problem.h"
#include "world/select.h"

const char *const serve_balance_keys[] = {"of", "with", "by", "value-added", "year", NULL};
const char *const serve_exposure_keys[] = {"of", "to", "table", "routes", "year", NULL};
const char *const serve_ties_keys[] = {"measure", "sectors", "year", NULL};

/* Refuses names that are none by what is in memory: the world would be read for it, and DuckDB keeps some of each query. */
static dr_status check_sides(serve_call *call, int year, const char *of, const char *to)
{
    dr_sides sides = {0};
    serve_kept *kept = NULL;
    DR_TRY(serve_economy_take(call, year, &kept));
    dr_status status = dr_sides_read(&sides, serve_kept_thing(kept), of, to);
    dr_sides_free(&sides);
    serve_cache_give(call->core->cache, kept);
    return status;
}

dr_status serve_answer_balance(serve_call *call)
{
    static const char *const breakdowns[] = {"total", "sector", "year", NULL};
    static const dr_balance_by values[] = {DR_BALANCE_TOTAL, DR_BALANCE_BY_SECTOR, DR_BALANCE_BY_YEAR};
    const char *of = NULL;
    size_t by = 0;
    dr_balance_options options = {.size = sizeof(dr_balance_options)};
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_parameter_need(call, "of", &of));
    DR_TRY(serve_parameter_word(call, "by", breakdowns, &by));
    DR_TRY(serve_parameter_truth(call, "value-added", &options.value_added));
    DR_TRY(serve_parameter_year(call, &options.year));
    options.by = values[by];
    if (options.by != DR_BALANCE_BY_YEAR) /* a group may be without a member in the last year */
        DR_TRY(check_sides(call, options.year, of, serve_parameter(call, "with")));
    DR_TRY(serve_world_take(call->desk, &world));
    dr_status status = dr_balance(&table, world, of, serve_parameter(call, "with"), &options);
    serve_world_give(call->desk);
    return status == DR_OK ? serve_write_table(call, table, "balance") : status;
}

dr_status serve_answer_ties(serve_call *call)
{
    static const char *const measures[] = {"gross", "value-added", NULL};
    size_t measure = 0;
    dr_ties_options options = {.size = sizeof(dr_ties_options), .sectors = serve_parameter(call, "sectors")};
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_parameter_word(call, "measure", measures, &measure));
    DR_TRY(serve_parameter_year(call, &options.year));
    options.value_added = measure == 1;
    DR_TRY(serve_world_take(call->desk, &world));
    dr_status status = dr_ties(&table, world, &options);
    serve_world_give(call->desk);
    return status == DR_OK ? serve_write_table(call, table, "ties") : status;
}

/* ---- Exposure --------------------------------------------------------------------------------------------------------- */

enum { DIRECT, PARTNERS, HIDDEN, ROUTES };

/* Measured on an economy in memory. */
static dr_status measure_flows(dr_table **out, serve_call *call, int year, const char *of, const char *to, size_t kind)
{
    serve_kept *kept = NULL;
    DR_TRY(serve_economy_take(call, year, &kept));
    const dr_economy *economy = serve_kept_thing(kept);
    dr_status status =
        kind == PARTNERS ? dr_exposure_partners(out, economy, of) : dr_exposure_direct(out, economy, of, to);
    serve_cache_give(call->core->cache, kept);
    return status;
}

static dr_status count_routes(const serve_call *call, size_t *count)
{
    const char *text = serve_parameter(call, "routes");
    double number = 20;
    if (text && (!dr_parse_number(text, &number) || !(number >= 1 && number <= 1000) || number != floor(number)))
        return dr_fail(DR_USAGE, "routes: '%.40s' is not a number from 1 to 1000", text);
    *count = (size_t)number;
    return DR_OK;
}

static dr_status measure_chains(dr_table **out, serve_call *call, int year, const char *of, const char *to, size_t kind)
{
    dr_world *world = NULL;
    size_t count = 0;
    DR_TRY(count_routes(call, &count));
    DR_TRY(check_sides(call, year, of, to));
    DR_TRY(serve_world_take(call->desk, &world));
    dr_status status = kind == HIDDEN ? dr_exposure_hidden(out, world, year, of, to)
                                      : dr_exposure_routes(out, world, year, of, to, count);
    serve_world_give(call->desk);
    return status;
}

dr_status serve_answer_exposure(serve_call *call)
{
    static const char *const tables[] = {"direct", "partners", "hidden", "routes", NULL};
    const char *of = NULL, *to = serve_parameter(call, "to");
    size_t kind = 0;
    int year = 0;
    dr_table *table = NULL;
    DR_TRY(serve_parameter_need(call, "of", &of));
    DR_TRY(serve_parameter_word(call, "table", tables, &kind));
    DR_TRY(serve_parameter_year(call, &year));
    if (kind == PARTNERS && to)
        return dr_fail(DR_USAGE, "table: partners are all others, without 'to'");
    if (kind != ROUTES && serve_parameter(call, "routes"))
        return dr_fail(DR_USAGE, "routes: goes with 'table=routes'");
    DR_TRY(kind == HIDDEN || kind == ROUTES ? measure_chains(&table, call, year, of, to, kind)
                                            : measure_flows(&table, call, year, of, to, kind));
    return serve_write_table(call, table, "exposure");
}
