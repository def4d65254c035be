/* GET balance, exposure, ties, footprint, position: the measures of the commands. */
#include "options/measure_rows.h"
#include "serve/endpoints.h"
#include "serve/problem.h"
#include "world/sides.h"

static const char *const breakdowns[] = {"total", "sector", "year", NULL};
static const char *const tables[] = {"direct", "partners", "hidden", "routes", NULL};
static const char *const measures[] = {"gross", "value-added", NULL};

#define OF                                                                                                             \
    {                                                                                                                  \
        "of", .kind = OPTION_REGION, .required = true, .help = "regions and groups, separated by commas"               \
    }

static const option_row of_balance[] = {
    OF,
    {"with", .kind = OPTION_REGION, .fallback = "all others", .help = "the partners"},
    {"by", .kind = OPTION_WORD, .words = breakdowns, .fallback = "total", .help = "breakdown of the balance"},
    {0},
};
static const option_row of_exposure[] = {
    OF,
    {"table", .kind = OPTION_WORD, .words = tables, .fallback = "direct", .help = "table of exposure"},
    {"routes", .kind = OPTION_COUNT, .least = 1, .most = 1000, .fallback = "20", .needs = "table=routes",
     .help = "number of supply chains"},
    {0},
};
static const option_row of_ties[] = {
    {"measure", .kind = OPTION_WORD, .words = measures, .fallback = "gross", .help = "gross sales, or value added"},
    {0},
};
static const option_row of_any[] = {
    {"of", .kind = OPTION_REGION, .fallback = "all", .help = "regions and groups, separated by commas"},
    {0},
};
const option_group serve_balance_options[] = {{.rows = of_balance}, {.rows = option_balance_rows}, {0}};
const option_group serve_exposure_options[] = {{.rows = of_exposure}, {.rows = option_exposure_rows}, {0}};
const option_group serve_ties_options[] = {{.rows = of_ties}, {.rows = option_ties_rows}, {0}};
const option_group serve_footprint_options[] = {{.rows = of_any}, {.rows = option_footprint_rows}, {0}};
const option_group serve_position_options[] = {{.rows = of_any}, {.rows = option_position_rows}, {0}};

/* Refuses unknown names by the economy in memory, which spares a query of the world: DuckDB keeps some memory of
 * each. */
static dr_status check_sides(serve_call *call, int year, const char *of, const char *to)
{
    dr_sides sides = {0};
    serve_entry *entry = NULL;
    DR_TRY(serve_economy_take(call, year, &entry));
    dr_status status = dr_sides_read(&sides, serve_entry_thing(entry), NULL, of, to);
    dr_sides_free(&sides);
    serve_cache_give(call->context->cache, entry);
    return status;
}

dr_status serve_answer_balance(serve_call *call)
{
    static const dr_balance_by values[] = {DR_BALANCE_TOTAL, DR_BALANCE_BY_SECTOR, DR_BALANCE_BY_YEAR};
    const char *of = serve_text_of(call, "of"), *with = serve_text_of(call, "with");
    const dr_balance_options options = {.size = sizeof(dr_balance_options),
                                        .by = values[option_word(&call->values, "by")],
                                        .value_added = option_given(&call->values, "value-added"),
                                        .account = serve_text_of(call, "account"),
                                        .year = serve_year_of(call)};
    dr_world *world = NULL;
    dr_table *table = NULL;
    if (options.by != DR_BALANCE_BY_YEAR) /* a group may be without a member in the last year */
        DR_TRY(check_sides(call, options.year, of, with));
    DR_TRY(serve_world_take(call->session, &world));
    dr_status status = dr_balance(&table, world, of, with, &options);
    serve_world_give(call->session);
    return status == DR_OK ? serve_write_table(call, table, "balance") : status;
}

dr_status serve_answer_ties(serve_call *call)
{
    const dr_ties_options options = {.size = sizeof(dr_ties_options),
                                     .sectors = serve_text_of(call, "sectors"),
                                     .value_added = option_word(&call->values, "measure") == 1,
                                     .year = serve_year_of(call)};
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_world_take(call->session, &world));
    dr_status status = dr_ties(&table, world, &options);
    serve_world_give(call->session);
    return status == DR_OK ? serve_write_table(call, table, "ties") : status;
}

dr_status serve_answer_footprint(serve_call *call)
{
    const dr_footprint_options options = {.size = sizeof(dr_footprint_options),
                                          .account = serve_text_of(call, "account"),
                                          .year = serve_year_of(call),
                                          .by = (dr_footprint_by)option_word(&call->values, "by")};
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_world_take(call->session, &world));
    dr_status status = dr_footprint(&table, world, serve_text_of(call, "of"), &options);
    serve_world_give(call->session);
    return status == DR_OK ? serve_write_table(call, table, "footprint") : status;
}

dr_status serve_answer_position(serve_call *call)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_world_take(call->session, &world));
    dr_status status = dr_position(&table, world, serve_text_of(call, "of"), serve_year_of(call),
                                   option_word(&call->values, "by") == 1);
    serve_world_give(call->session);
    return status == DR_OK ? serve_write_table(call, table, "position") : status;
}

/* ---- Exposure ---------------------------------------------------------------------------------------------------- */

enum { DIRECT, PARTNERS, HIDDEN, ROUTES };

static dr_status note_exposure(dr_table *table, serve_call *call, const dr_economy *economy, const char *of,
                               const char *to)
{
    dr_world *world = NULL;
    DR_TRY(serve_world_take(call->session, &world));
    dr_status status = dr_note_exposure(table, world, economy, of, to);
    serve_world_give(call->session);
    return status;
}

/* Measured on an economy in memory. */
static dr_status measure_flows(dr_table **out, serve_call *call, int year, const char *of, const char *to, size_t kind)
{
    serve_entry *entry = NULL;
    DR_TRY(serve_economy_take(call, year, &entry));
    const dr_economy *economy = serve_entry_thing(entry);
    dr_status status =
        kind == PARTNERS ? dr_exposure_partners(out, economy, of) : dr_exposure_direct(out, economy, of, to);
    if (status == DR_OK)
        status = note_exposure(*out, call, economy, of, to);
    serve_cache_give(call->context->cache, entry);
    return status;
}

static dr_status measure_chains(dr_table **out, serve_call *call, int year, const char *of, const char *to, size_t kind)
{
    dr_world *world = NULL;
    DR_TRY(check_sides(call, year, of, to));
    DR_TRY(serve_world_take(call->session, &world));
    dr_status status =
        kind == HIDDEN ? dr_exposure_hidden(out, world, year, of, to)
                       : dr_exposure_routes(out, world, year, of, to, (size_t)option_number(&call->values, "routes"));
    serve_world_give(call->session);
    return status;
}

static dr_status measure_account(dr_table **out, serve_call *call, int year, const char *of, const char *to,
                                 const char *account)
{
    dr_world *world = NULL;
    DR_TRY(check_sides(call, year, of, to));
    DR_TRY(serve_world_take(call->session, &world));
    dr_status status = dr_exposure_account(out, world, year, of, to, account);
    serve_world_give(call->session);
    return status;
}

dr_status serve_answer_exposure(serve_call *call)
{
    const char *of = serve_text_of(call, "of"), *to = serve_text_of(call, "to");
    const char *account = serve_text_of(call, "account");
    size_t kind = option_word(&call->values, "table");
    int year = serve_year_of(call);
    dr_table *table = NULL;
    if (account)
        DR_TRY(measure_account(&table, call, year, of, to, account));
    else
        DR_TRY(kind == HIDDEN || kind == ROUTES ? measure_chains(&table, call, year, of, to, kind)
                                                : measure_flows(&table, call, year, of, to, kind));
    return serve_write_table(call, table, "exposure");
}
