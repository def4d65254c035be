#include "world/products.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "world/countries.h"
#include "world/groups.h"
#include "world/supplements.h"
#include "world/world_sql.h"

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
    return dr_sql_any(there, duck, dr_world_sql.contents.has_table, DR_VALUES(dr_sql_text("table", name)));
}

/* ---- A year ---- */

/* Fails with the years that there are, where `year` is none of them. */
static dr_status no_year(const dr_world *world, int year)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    dr_status status = dr_sql_open(&cursor, &world->duck, dr_world_sql.products.year_list, NULL);
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    if (status == DR_OK) {
        const char *years = more ? dr_cursor_text(&cursor, 0, &texts) : "";
        status = dr_fail(DR_BAD_INPUT, "%s: has no product flows of %d; it has those of %s", world->path, year, years);
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
    dr_status status =
        dr_sql_open(&cursor, &world->duck, dr_world_sql.products.year, DR_VALUES(dr_sql_integer("year", year)));
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
                       "%s: has no product flows; 'derisk import baci', 'comtrade' or 'comext' reads them",
                       world->path);
    return read_year(out, world, year);
}

void dr_product_year_free(dr_product_year *year)
{
    dr_arena_free(&year->arena);
    *year = (dr_product_year){0};
}

/* ---- Groups ---- */

/* Marks the group's members; fails if none is here. */
static dr_status mark_group(bool *mask, const dr_roster *roster, size_t group, int year, const dr_names *codes,
                            const dr_world *world, const char *name)
{
    bool *members = dr_new(codes->count, sizeof *members);
    if (!members)
        return dr_fail_memory();
    dr_group_size size = dr_roster_mark(roster, group, year, (const char *const *)codes->names, codes->count, members);
    for (size_t i = 0; i < codes->count; i++)
        mask[i] = mask[i] || members[i];
    free(members);
    if (size.here > 0)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s: the group '%s' has no member among the economies in the product flows of %d",
                   world->path, name, year);
}

static dr_status unknown_name(const dr_world *world, const dr_roster *roster, const dr_names *codes, const char *name,
                              int year)
{
    char hint[DR_HINT_SIZE];
    size_t count = 0;
    const char **candidates = dr_new(roster->groups.count + codes->count, sizeof *candidates);
    if (!candidates)
        return dr_fail_memory();
    for (size_t g = 0; g < roster->groups.count; g++)
        candidates[count++] = roster->groups.names[g];
    for (size_t i = 0; i < codes->count; i++)
        candidates[count++] = codes->names[i];
    dr_status status = dr_fail(DR_BAD_INPUT, "%s: '%s' is neither a group nor an economy in the product flows of %d%s",
                               world->path, name, year, dr_hint(hint, name, candidates, count));
    free(candidates);
    return status;
}

/* A code; a group; or a name of a country. */
static dr_status mark_name(bool *mask, const dr_world *world, const dr_roster *roster, int year, const dr_names *codes,
                           const char *name)
{
    const dr_countries *countries = NULL;
    int index = dr_names_find(codes, name), group = -1, composed = year;
    if (index < 0)
        DR_TRY(dr_roster_find(roster, name, &group, &composed));
    if (group >= 0)
        return mark_group(mask, roster, (size_t)group, composed, codes, world, name);
    DR_TRY(dr_countries_read(&countries));
    const dr_country *country = index < 0 ? dr_country_find(countries, name) : NULL;
    if (country)
        index = dr_names_find(codes, country->code);
    if (index < 0 && country)
        return dr_fail(DR_BAD_INPUT, "%s: %s (%s) has no product flows in %d", world->path, country->name,
                       country->code, year);
    if (index < 0)
        return unknown_name(world, roster, codes, name, year);
    mask[index] = true;
    return DR_OK;
}

dr_status dr_product_members(bool **mask, const dr_world *world, int year, const dr_names *codes, const char *list)
{
    dr_roster roster = {0};
    char *copy = strdup(list), *rest = copy;
    bool *marks = dr_new(codes->count, sizeof *marks);
    dr_status status = copy && marks ? dr_roster_read(&roster, &world->duck) : dr_fail_memory();
    for (char *name; status == DR_OK && (name = strsep(&rest, ","));)
        status = mark_name(marks, world, &roster, year, codes, name + strspn(name, " "));
    free(copy);
    dr_roster_free(&roster);
    if (status == DR_OK)
        *mask = marks;
    else
        free(marks);
    return status;
}

/* The notes on each group in the list: how many of its members have flows, if not all, and which join and leave from
 * `first` on. */
dr_status dr_product_tell_groups(dr_table *table, const dr_world *world, int first, int year, const dr_names *codes,
                                 const char *list)
{
    dr_roster roster = {0};
    char *copy = strdup(list), *rest = copy;
    bool *mask = dr_new(codes->count, sizeof *mask);
    dr_status status = copy && mask ? dr_roster_read(&roster, &world->duck) : dr_fail_memory();
    const char *const *parts = (const char *const *)codes->names;
    for (char *name; status == DR_OK && (name = strsep(&rest, ","));) {
        int group = -1, composed = year;
        if (dr_names_find(codes, name) < 0)
            status = dr_roster_find(&roster, name + strspn(name, " "), &group, &composed);
        if (group < 0)
            continue;
        const char *code = roster.groups.names[group];
        dr_group_size there = dr_roster_mark(&roster, (size_t)group, composed, parts, codes->count, mask);
        dr_group_tell(table, composed == year ? code : name, composed, composed, there, "");
        if (!strchr(name, '@') && first < year)
            dr_group_tell_changes(table, &roster, (size_t)group, first, year, parts, codes->count);
    }
    dr_roster_free(&roster);
    free(copy);
    free(mask);
    return status;
}

/* ---- The contents of a world ---- */

dr_status dr_products_info(dr_table *table, const dr_world *world)
{
    bool there = false;
    DR_TRY(dr_products_table(&world->duck, "product_year", &there));
    if (!there)
        return DR_OK;
    DR_TRY(dr_sql_table(table, &world->duck, dr_world_sql.info.product_years, NULL));
    return dr_supplement_info(table, world, "product", "product flows", "flows");
}
