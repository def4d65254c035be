/* What a world holds, as rows of text: each query gives some of them. */
#include "base/rows.h"
#include "world/estimates.h"
#include "world/products.h"
#include "world/walk.h"

/* The names of the queries' columns. */
static const dr_column_spec columns[] = {
    {"what", DR_SHOW_TEXT}, {"name", DR_SHOW_TEXT}, {"title", DR_SHOW_TEXT}, {"detail", DR_SHOW_TEXT}};

static const char years_icio[] =
    "WITH o AS (SELECT year, sum(value) AS output FROM output GROUP BY year),"
    " v AS (SELECT year, sum(value) AS value_added FROM value_added GROUP BY year),"
    " f AS (SELECT year, sum(value) AS final, sum(value) FILTER (origin <> destination) AS abroad FROM final GROUP BY "
    "year),"
    " i AS (SELECT year, sum(value) FILTER (origin <> destination) AS abroad FROM intermediate GROUP BY year)"
    "SELECT 'year', y.year::VARCHAR, y.unit || CASE WHEN EXISTS (SELECT 1 FROM finding n WHERE n.year = y.year AND "
    "n.subject ="
    " 'unit' AND n.done LIKE 'assumed%') THEN ' (assumed)' ELSE '' END, format('output {:,}, value added {:,}, final "
    "use {:,}, trade between "
    "regions {:,}',"
    " coalesce(o.output, 0)::HUGEINT, coalesce(v.value_added, 0)::HUGEINT, coalesce(f.final, 0)::HUGEINT,"
    " (coalesce(f.abroad, 0) + coalesce(i.abroad, 0))::HUGEINT)"
    "FROM year y LEFT JOIN o USING (year) LEFT JOIN v USING (year) LEFT JOIN f USING (year) LEFT JOIN i USING (year) "
    "ORDER BY y.year";

static const char years_long[] =
    "WITH v AS (SELECT year, sum(value) AS value_added FROM value_added GROUP BY year),"
    " f AS (SELECT year, sum(value) AS final FROM final_demand GROUP BY year),"
    " t AS (SELECT year, sum(value) AS sales, sum(value) FILTER (exporter <> importer) AS abroad FROM flow GROUP BY "
    "year)"
    "SELECT 'year', y.year::VARCHAR, y.unit, format('sales {:,}, value added {:,}, final use {:,}, trade between "
    "regions {:,}',"
    " coalesce(t.sales, 0)::HUGEINT, coalesce(v.value_added, 0)::HUGEINT, coalesce(f.final, 0)::HUGEINT,"
    " coalesce(t.abroad, 0)::HUGEINT)"
    "FROM year y LEFT JOIN v USING (year) LEFT JOIN f USING (year) LEFT JOIN t USING (year) ORDER BY y.year";

static const char regions[] =
    "SELECT 'region', code::VARCHAR, name, CASE WHEN parts = '' THEN 'no country of its own'"
    " WHEN parts = code::VARCHAR THEN '' ELSE replace(parts, '|', ' ') END FROM region ORDER BY code";

static const char sectors[] =
    "SELECT 'sector', code::VARCHAR, name, concat_ws('; ', nullif(slug, ''), nullif(kind, ''),"
    " 'ISIC Rev. 3 ' || nullif(isic_rev3, '')) FROM sector ORDER BY code";

static const char uses[] = "SELECT 'final use', code::VARCHAR, '', '' FROM final_use ORDER BY code";

/* In the last year, how many of a group's members are in the world; then who came and went within the world's years. */
static const char groups[] =
    "WITH last AS (SELECT max(year) AS year FROM year),"
    " all_of AS (SELECT m.group_code, count(DISTINCT m.iso3) AS n FROM group_member m, last WHERE m.since <= "
    "make_date(last.year, 7, 1)"
    "  AND (m.until IS NULL OR m.until >= make_date(last.year, 7, 1)) GROUP BY ALL),"
    " here AS (SELECT m.group_code, count(DISTINCT p.iso3) AS n, string_agg(DISTINCT m.region::VARCHAR, ' ' ORDER BY "
    "m.region::VARCHAR)"
    "  AS regions FROM membership m JOIN last USING (year) JOIN region_part p ON p.region = m.region GROUP BY ALL)"
    "SELECT 'group', g.code, g.name, format('{} of {} members are in this world in {}', coalesce(h.n, 0), "
    "coalesce(a.n, 0), last.year)"
    " || coalesce(': ' || h.regions, '') FROM last, region_group g LEFT JOIN all_of a ON a.group_code = g.code"
    " LEFT JOIN here h ON h.group_code = g.code ORDER BY g.code";

static const char changes[] =
    "WITH span AS (SELECT make_date(min(year), 1, 1) AS a, make_date(max(year), 12, 31) AS z FROM year),"
    " change AS (SELECT group_code, 'joined' AS what, since AS day, iso3 FROM group_member"
    "  UNION ALL SELECT group_code, 'left after', until, iso3 FROM group_member WHERE until IS NOT NULL)"
    "SELECT 'group change', c.group_code, c.what || ' ' || c.day::VARCHAR,"
    " string_agg(DISTINCT p.region::VARCHAR, ' ' ORDER BY p.region::VARCHAR)"
    " FROM change c JOIN region_part p ON p.iso3 = c.iso3, span WHERE c.day BETWEEN span.a AND span.z"
    " GROUP BY c.group_code, c.what, c.day ORDER BY c.group_code, c.day, c.what";

/* Of the groups' sources those that say something about this world's regions. */
static const char sources[] =
    "SELECT 'source', s.id, s.title, concat_ws('; ', nullif(s.publisher, ''), nullif(s.licence, ''),"
    " 'year ' || s.year::VARCHAR, 'retrieved ' || nullif(s.retrieved, ''), 'SHA-256 ' || left(s.sha256, 16))"
    " FROM source s WHERE s.year IS NOT NULL OR s.id IN (SELECT source_id FROM region_group UNION"
    " SELECT m.source_id FROM group_member m JOIN region_part p USING (iso3)) ORDER BY s.year NULLS LAST, s.id";

static const char checks[] =
    "SELECT 'check', year::VARCHAR, concat_ws(': ', subject, nullif(place, '')), found || '; ' || done FROM finding"
    " WHERE subject <> 'shape' AND done NOT LIKE 'nothing%' ORDER BY ALL";

static const char runs[] = "SELECT 'run', name, title, 'stored ' || stored::VARCHAR FROM run ORDER BY stored, name";

static dr_status fill_tables(dr_table *table, const dr_world *world)
{
    bool is_long = world->layout.is_long;
    const char *const queries[] = {
        is_long ? years_long : years_icio, regions, sectors, is_long ? NULL : uses, groups, changes, sources, checks};
    dr_table_set_title(table, "%s: %s of %zu regions and %zu sectors", world->path,
                       is_long ? "tables in the long format" : "input-output tables", world->layout.regions.count,
                       world->layout.sectors.count);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        if (queries[i])
            DR_TRY(dr_cursor_fill(table, &world->duck, queries[i]));
    return DR_OK;
}

static dr_status fill(dr_table *table, const dr_world *world)
{
    dr_table_set_title(table, "%s: product flows", world->path);
    if (world->layout.regions.count > 0)
        DR_TRY(fill_tables(table, world));
    DR_TRY(dr_products_info(table, world));
    DR_TRY(dr_stored_info(table, world));
    return dr_cursor_fill(table, &world->duck, runs);
}

dr_status dr_world_info(dr_table **out, dr_world *world)
{
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_status status = dr_walk_check(world, 0);
    if (status == DR_OK)
        status = fill(table, world);
    if (status == DR_OK)
        *out = table;
    else
        dr_table_free(table);
    return status;
}
