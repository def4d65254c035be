/* dr_world_info: the contents of a world as rows of text. Each query gives some of them. */
#include <string.h>

#include "base/check.h"
#include "base/sql.h"
#include "world/accounts.h"
#include "world/estimates.h"
#include "world/products.h"
#include "world/tariffs.h"
#include "world/walk.h"
#include "world/world_sql.h"

/* The names of the queries' columns. */
static const dr_column_spec columns[] = {
    {"what", DR_SHOW_TEXT}, {"name", DR_SHOW_TEXT}, {"title", DR_SHOW_TEXT}, {"detail", DR_SHOW_TEXT}};

static dr_status fill_tables(dr_table *table, const dr_world *world)
{
    bool is_long = world->layout.is_long;
    const char *const queries[] = {
        is_long ? dr_world_sql.info.years_long : dr_world_sql.info.years_icio,
        dr_world_sql.info.regions,
        dr_world_sql.info.sectors,
        is_long ? NULL : dr_world_sql.info.uses,
        dr_world_sql.info.groups,
        dr_world_sql.info.changes,
        dr_world_sql.info.sources,
        dr_world_sql.info.checks,
    };
    dr_table_set_title(table, "%s: %s of %zu regions and %zu sectors", world->path,
                       is_long ? "tables in the long format" : "input-output tables", world->layout.regions.count,
                       world->layout.sectors.count);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        if (queries[i])
            DR_TRY(dr_sql_table(table, &world->duck, queries[i], NULL));
    return DR_OK;
}

static dr_status fill(dr_table *table, const dr_world *world)
{
    dr_table_set_title(table, "%s: product flows", world->path);
    if (world->layout.regions.count > 0)
        DR_TRY(fill_tables(table, world));
    DR_TRY(dr_accounts_info(table, world));
    DR_TRY(dr_tariffs_info(table, world));
    DR_TRY(dr_products_info(table, world));
    DR_TRY(dr_stored_info(table, world));
    return dr_sql_table(table, &world->duck, dr_world_sql.info.runs, NULL);
}

/* How many rows are of a kind, such as "region". */
static size_t rows_of(const dr_table *table, const char *what)
{
    size_t count = 0;
    for (size_t row = 0; row < table->rows; row++)
        count += strcmp(dr_table_text(table, row, 0), what) == 0;
    return count;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void answer(dr_table *table)
{
    const char *first = "", *last = "";
    size_t years = rows_of(table, "year"), regions = rows_of(table, "region"), sectors = rows_of(table, "sector");
    size_t groups = rows_of(table, "group");
    for (size_t row = 0; row < table->rows; row++)
        if (strcmp(dr_table_text(table, row, 0), "year") == 0) {
            last = dr_table_text(table, row, 1);
            first = *first ? first : last;
        }
    if (years > 0 && regions > 0)
        dr_table_say(table,
                     "The world has %zu region%s, %zu sector%s and %zu group%s of regions in %zu year%s: %s%s%s.",
                     regions, plural(regions), sectors, plural(sectors), groups, plural(groups), years, plural(years),
                     first, years > 1 ? " to " : "", years > 1 ? last : "");
}

dr_status dr_world_info(dr_table **out, dr_world *world)
{
    DR_TRY(DR_GIVEN(out, world));
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_table_keep_rows(table);
    dr_status status = dr_walk_check(world, 0);
    if (status == DR_OK)
        status = fill(table, world);
    if (status == DR_OK)
        answer(table);
    if (status == DR_OK)
        *out = table;
    else
        dr_table_free(table);
    return status;
}
