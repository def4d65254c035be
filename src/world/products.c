#define _GNU_SOURCE /* strdup, strsep */
#include "world/products.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rows.h"

dr_status dr_products_create(dr_writer *writer)
{
    writer->prefix = "product_";
    dr_status status = dr_tables_create(&writer->duck, DR_OF_PRODUCTS);
    if (status == DR_OK)
        status = dr_views_create(&writer->duck, DR_OF_PRODUCTS, false);
    return dr_writer_at(writer, status);
}

dr_status dr_products_table(const dr_duck *duck, const char *name, bool *there)
{
    dr_cursor cursor;
    dr_status status =
        dr_cursor_open(&cursor, duck, "SELECT 1 FROM system.main.duckdb_tables() WHERE table_name = '%s'", name);
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, there);
    dr_cursor_close(&cursor);
    return status;
}

/* ---- A year ---- */

/* Fails with the years that there are, where `year` is none of them. */
static dr_status no_year(const dr_world *world, int year)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    dr_status status = dr_cursor_open(
        &cursor, &world->duck, "SELECT coalesce(string_agg(year::VARCHAR, ', ' ORDER BY year), '') FROM product_year");
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    if (status == DR_OK) {
        const char *years = more ? dr_cursor_text(&cursor, 0, &texts) : "";
        status =
            dr_fail(DR_BAD_INPUT, "%s: holds no product flows of %d; it holds those of %s", world->path, year, years);
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

static dr_status take_year(dr_product_year *out, const dr_cursor *cursor)
{
    const char **texts[] = {&out->classification, &out->unit, &out->quantity_unit, &out->source};
    out->year = (int)dr_cursor_index(cursor, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!(*texts[i] = dr_cursor_text(cursor, i + 1, &out->arena)))
            return dr_fail_memory();
    out->whole = dr_cursor_index(cursor, 5) == 1;
    return DR_OK;
}

static dr_status read_year(dr_product_year *out, const dr_world *world, int year)
{
    dr_cursor cursor;
    bool more = false;
    dr_status status = dr_cursor_open(
        &cursor, &world->duck,
        "SELECT year, classification, unit, quantity_unit, (SELECT coalesce(string_agg(DISTINCT title, '; ' ORDER BY "
        "title), '')"
        " FROM product_source s WHERE s.year = y.year), whole::INTEGER FROM product_year y WHERE %d IN (0, year)"
        " ORDER BY year DESC LIMIT 1",
        year);
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    if (status == DR_OK)
        status = more ? take_year(out, &cursor) : no_year(world, year);
    dr_cursor_close(&cursor);
    return status;
}

dr_status dr_product_year_read(dr_product_year *out, const dr_world *world, int year)
{
    bool there = false;
    *out = (dr_product_year){0};
    DR_TRY(dr_products_table(&world->duck, "product_year", &there));
    if (!there)
        return dr_fail(DR_BAD_INPUT,
                       "%s: holds no product flows; 'derisk import baci', 'comtrade' or 'comext' reads them",
                       world->path);
    return read_year(out, world, year);
}

void dr_product_year_free(dr_product_year *year)
{
    dr_arena_free(&year->arena);
    *year = (dr_product_year){0};
}

/* ---- Groups ---- */

/* Marks the group's members; *known tells whether there is such a group, *count how many of them are here. */
static dr_status mark_group(bool *mask, const dr_world *world, int year, const dr_names *codes, const char *name,
                            bool *known, size_t *count)
{
    dr_names members = {0};
    char *quoted = dr_duck_quote(name);
    if (!quoted)
        return dr_fail_memory();
    dr_status status =
        dr_cursor_names(&members, &world->duck,
                        "SELECT DISTINCT iso3 FROM group_member WHERE group_code = %s AND"
                        " since <= make_date(%d, 7, 1) AND (until IS NULL OR until >= make_date(%d, 7, 1))",
                        quoted, year, year);
    for (size_t i = 0; status == DR_OK && i < members.count; i++) {
        int index = dr_names_find(codes, members.names[i]);
        if (index >= 0) {
            mask[index] = true;
            ++*count;
        }
    }
    dr_names_free(&members);
    dr_names groups = {0};
    if (status == DR_OK)
        status = dr_cursor_names(&groups, &world->duck, "SELECT code FROM region_group WHERE code = %s", quoted);
    *known = groups.count > 0;
    dr_names_free(&groups);
    free(quoted);
    return status;
}

static dr_status unknown_name(const dr_world *world, const dr_names *codes, const char *name, int year)
{
    dr_names candidates = {0};
    char hint[DR_HINT_SIZE];
    dr_status status = dr_cursor_names(&candidates, &world->duck, "SELECT code FROM region_group ORDER BY code");
    for (size_t i = 0; status == DR_OK && i < codes->count; i++)
        if (dr_names_add(&candidates, codes->names[i]) < 0)
            status = dr_fail_memory();
    if (status == DR_OK)
        status = dr_fail(DR_BAD_INPUT, "%s: '%s' is no group, nor an economy in the product flows of %d%s", world->path,
                         name, year, dr_hint(hint, name, (const char *const *)candidates.names, candidates.count));
    dr_names_free(&candidates);
    return status;
}

static dr_status mark_name(bool *mask, const dr_world *world, int year, const dr_names *codes, const char *name)
{
    bool known = false;
    size_t count = 0;
    int index = dr_names_find(codes, name);
    if (index >= 0) {
        mask[index] = true;
        return DR_OK;
    }
    DR_TRY(mark_group(mask, world, year, codes, name, &known, &count));
    if (!known)
        return unknown_name(world, codes, name, year);
    if (count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: the group '%s' has no member among the economies in the product flows of %d",
                       world->path, name, year);
    return DR_OK;
}

dr_status dr_product_members(bool **mask, const dr_world *world, int year, const dr_names *codes, const char *list)
{
    char *copy = strdup(list), *rest = copy;
    bool *marks = dr_new(codes->count, sizeof *marks);
    dr_status status = copy && marks ? DR_OK : dr_fail_memory();
    for (char *name; status == DR_OK && (name = strsep(&rest, ","));)
        status = mark_name(marks, world, year, codes, name);
    free(copy);
    if (status == DR_OK)
        *mask = marks;
    else
        free(marks);
    return status;
}

/* ---- What there is ---- */

static const char info[] =
    "SELECT 'product flows', y.year::VARCHAR, y.unit, format('{:,} flows of {:,} products between {:,} economies, in "
    "all {:,}; {}{}',"
    " count(*), count(DISTINCT f.product), (SELECT count(DISTINCT id) FROM (SELECT exporter AS id FROM product_flow g"
    " WHERE g.year = y.year UNION SELECT importer FROM product_flow g WHERE g.year = y.year)), sum(f.value)::HUGEINT,"
    " y.classification, CASE WHEN y.whole THEN '' ELSE '; as some economies report them' END)"
    " FROM product_year y JOIN product_flow f ON f.year = y.year"
    " GROUP BY y.year, y.unit, y.classification, y.whole ORDER BY y.year";

static const char info_sources[] =
    "SELECT 'source', s.id, s.title, concat_ws('; ', nullif(s.publisher, ''), nullif(s.licence, ''), 'product flows, "
    "year '"
    " || s.year::VARCHAR, 'retrieved ' || nullif(s.retrieved, ''), 'SHA-256 ' || left(s.sha256, 16))"
    " FROM product_source s ORDER BY s.year, s.id";

static const char info_checks[] = "SELECT 'check', year::VARCHAR, concat_ws(': ', subject, nullif(place, '')), found "
                                  "|| '; ' || done FROM product_finding"
                                  " WHERE subject <> 'flows' AND done NOT LIKE 'nothing%' ORDER BY ALL";

dr_status dr_products_info(dr_table *table, const dr_world *world)
{
    bool there = false;
    DR_TRY(dr_products_table(&world->duck, "product_year", &there));
    if (!there)
        return DR_OK;
    DR_TRY(dr_cursor_fill(table, &world->duck, info));
    DR_TRY(dr_cursor_fill(table, &world->duck, info_sources));
    return dr_cursor_fill(table, &world->duck, info_checks);
}
