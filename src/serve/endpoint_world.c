/* GET world: regions, sectors, groups, years, settings and limits. */
#include "world/world.h"
#include <stdio.h>
#include <string.h>

#include "base/rows.h"
#include "result/result.h"
#include "scenario/settings.h"
#include "serve/endpoints.h"
#include "serve/worlds.h"
#include "world/accounts.h"
#include "world/economy.h"

static json_t *words(const char *const *list)
{
    json_t *array = json_array();
    for (size_t i = 0; list[i]; i++)
        json_array_append_new(array, json_string(list[i]));
    return array;
}

/* "DEU|AUT" as ["DEU", "AUT"]. */
static json_t *split(const char *text)
{
    json_t *array = json_array();
    while (*text) {
        size_t length = strcspn(text, "|");
        json_array_append_new(array, json_stringn(text, length));
        text += length + (text[length] == '|');
    }
    return array;
}

static json_t *regions(const dr_world *world)
{
    json_t *array = json_array();
    for (size_t i = 0; i < dr_world_regions(world); i++)
        json_array_append_new(array, json_pack("{s:s, s:s, s:o}", "code", dr_world_region_code(world, i), "name",
                                               dr_world_region_name(world, i), "parts",
                                               split(dr_world_region_parts(world, i))));
    return array;
}

static json_t *sectors(const dr_world *world)
{
    const dr_layout *layout = &world->layout;
    json_t *array = json_array();
    for (size_t s = 0; s < layout->sectors.count; s++)
        json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s}", "code", layout->sectors.names[s], "name",
                                               layout->sector_names[s], "slug", layout->sector_slugs[s], "kind",
                                               layout->sector_kinds[s]));
    return array;
}

/* The columns of a query, all texts, as an array of objects. */
static dr_status rows(json_t **out, dr_world *world, const char *const *names, size_t count, const char *sql)
{
    dr_column_spec columns[8];
    dr_table *table = NULL;
    for (size_t j = 0; j < count; j++)
        columns[j] = (dr_column_spec){names[j], DR_SHOW_TEXT};
    DR_TRY(dr_table_new(&table, columns, count));
    dr_status status = dr_cursor_fill(table, &world->duck, sql);
    *out = json_array();
    for (size_t i = 0; i < table->rows && status == DR_OK; i++) {
        json_t *row = json_object();
        for (size_t j = 0; j < count; j++)
            json_object_set_new(row, names[j], json_string(dr_table_text(table, i, j)));
        json_array_append_new(*out, row);
    }
    dr_table_free(table);
    return status;
}

/* Adds the members of the group in the year of the economy. */
static void add_members(json_t *group, const dr_economy *e)
{
    json_t *members = json_array();
    int g = dr_names_find(&e->groups, json_string_value(json_object_get(group, "code")));
    for (size_t n = 0; n < e->regions && g >= 0; n++)
        if (e->member[(size_t)g * e->regions + n])
            json_array_append_new(members, json_string(e->region_codes.names[n]));
    json_object_set_new(group, "members", members);
}

static dr_status add_groups(json_t *body, dr_world *world, const dr_economy *e)
{
    static const char *const names[] = {"code", "name"};
    json_t *all = NULL, *groups = json_array(), *group;
    size_t i;
    dr_status status = rows(&all, world, names, 2, "SELECT code, name FROM region_group ORDER BY code");
    json_array_foreach(all, i, group)
    {
        add_members(group, e);
        if (json_array_size(json_object_get(group, "members")) > 0)
            json_array_append(groups, group);
    }
    json_decref(all);
    json_object_set_new(body, "groups", groups);
    return status;
}

/* Sources of the numbers of the year. */
static dr_status add_sources(json_t *body, dr_world *world, int year)
{
    static const char *const names[] = {"id", "title", "publisher", "licence", "url"};
    char sql[256];
    json_t *array = NULL;
    snprintf(
        sql, sizeof sql,
        "SELECT DISTINCT id, title, publisher, licence, coalesce(url, '') FROM source WHERE year = %d ORDER BY ALL",
        year);
    dr_status status = rows(&array, world, names, 5, sql);
    json_object_set_new(body, "sources", array);
    return status;
}

/* Whether the account has emissions of a sector of the region. */
static bool emits(const dr_account_year *account, size_t region, size_t sectors)
{
    for (size_t s = 0; s < sectors; s++)
        if (account->value[region * sectors + s] != 0)
            return true;
    return false;
}

/* The account of emissions of the year, from which carbon prices and carbon duties follow, with the regions that it is
 * of; null: none. */
static dr_status add_emissions(json_t *body, const dr_world *world, int year)
{
    dr_account_year *account = NULL;
    DR_TRY(dr_account_of_emissions(&account, world, year));
    json_t *of = account ? json_array() : NULL;
    for (size_t n = 0; account && n < dr_world_regions(world); n++)
        if (emits(account, n, world->layout.sectors.count))
            json_array_append_new(of, json_string(dr_world_region_code(world, n)));
    json_object_set_new(body, "emissions",
                        account ? json_pack("{s:s, s:o}", "account", account->name, "regions", of) : json_null());
    dr_account_free(account);
    return DR_OK;
}

static dr_status add_runs(json_t *body, dr_world *world)
{
    json_t *array = json_array();
    dr_table *table = NULL;
    dr_status status = dr_world_runs(&table, world);
    for (size_t i = 0; status == DR_OK && i < table->rows; i++)
        json_array_append_new(array, json_string(dr_table_text(table, i, 0)));
    dr_table_free(table);
    json_object_set_new(body, "runs", array);
    return status;
}

/* The columns of tables of economies that are changes, which the page offers before there is an answer. */
static dr_status add_changes(json_t *body)
{
    json_t *changes = json_object();
    dr_table *table = NULL;
    dr_status status = dr_regions_table_new(&table, true);
    for (size_t j = 0; j < dr_table_columns(table); j++)
        if (dr_table_column_type(table, j) == DR_COLUMN_PERCENT)
            json_object_set_new(changes, dr_table_column(table, j),
                                json_pack("{s:s, s:s, s:s, s:s}", "heading", dr_table_column_heading(table, j), "type",
                                          "percent", "unit", dr_table_column_unit(table, j), "description",
                                          dr_table_column_description(table, j)));
    dr_table_free(table);
    json_object_set_new(body, "changes", changes);
    return status;
}

static void add_choices(json_t *body, const serve_context *context, const dr_world *world)
{
    json_t *years = json_array();
    for (size_t i = 0; i < dr_world_years(world); i++)
        json_array_append_new(years, json_integer(dr_world_year(world, i)));
    json_object_set_new(body, "years", years);
    json_object_set_new(body, "horizons", words(dr_horizons));
    json_object_set_new(body, "models", words(dr_models));
    json_object_set_new(body, "closures", words(dr_closures));
    json_object_set_new(body, "revenue_uses", words(dr_revenue_uses));
    json_object_set_new(body, "store", json_boolean(context->store));
    json_object_set_new(body, "limits",
                        json_pack("{s:I, s:f, s:I, s:I}", "body", (json_int_t)context->limits.body, "seconds",
                                  context->limits.seconds, "queue", (json_int_t)context->limits.queue, "draws",
                                  (json_int_t)context->limits.draws));
}

/* Sets that are built in, and sets that are stored in the world. */
static json_t *elasticity_sets(const dr_economy *e)
{
    json_t *array = words(dr_elasticity_sets);
    for (size_t i = 0; i < e->stored_elasticities.count; i++) {
        const dr_stored *row = e->stored_elasticities.row;
        if (i == 0 || strcmp(row[i].name, row[i - 1].name) != 0)
            json_array_append_new(array, json_string(row[i].name));
    }
    return array;
}

/* The names by which paths call the worlds of this server. */
static json_t *worlds(const serve_context *context)
{
    json_t *array = json_array();
    for (size_t i = 0; i < context->all->count; i++)
        json_array_append_new(array, json_string(context->all->of[i]->word));
    return array;
}

static dr_status fill(json_t *body, const serve_call *call, dr_world *world, const dr_economy *e)
{
    json_object_set_new(body, "title", json_string(call->context->name));
    json_object_set_new(body, "world", json_string(call->context->word));
    json_object_set_new(body, "worlds", worlds(call->context));
    json_object_set_new(body, "version", json_string(dr_version()));
    json_object_set_new(body, "unit", json_string(e->unit));
    json_object_set_new(body, "year", json_integer(e->year));
    add_choices(body, call->context, world);
    json_object_set_new(body, "elasticity_sets", elasticity_sets(e));
    json_object_set_new(body, "regions", regions(world));
    json_object_set_new(body, "sectors", sectors(world));
    DR_TRY(add_changes(body));
    DR_TRY(add_groups(body, world, e));
    DR_TRY(add_sources(body, world, e->year));
    DR_TRY(add_emissions(body, world, e->year));
    return add_runs(body, world);
}

dr_status serve_answer_world(serve_call *call)
{
    dr_world *world = NULL;
    dr_economy *names = NULL;
    DR_TRY(serve_world_take(call->session, &world));
    json_t *body = json_object();
    dr_status status = dr_economy_load_names(&names, world, serve_year_of(call));
    if (status == DR_OK)
        status = fill(body, call, world, names);
    dr_economy_free(names);
    serve_world_give(call->session);
    if (status == DR_OK)
        return serve_write_json(call, body);
    json_decref(body);
    return status;
}

/* ---- The checks of the world ---- */

dr_status serve_answer_check(serve_call *call)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_world_take(call->session, &world));
    dr_status status = dr_check(&table, world);
    serve_world_give(call->session);
    return status == DR_OK ? serve_write_table(call, table, "check") : status;
}
