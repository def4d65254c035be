#include "world/describe.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "world/countries.h"

void dr_describe(dr_table *table, const char *world, int year, const char *unit, const char *source)
{
    dr_table_add_fact_text(table, "world", world);
    if (year)
        dr_table_add_fact(table, "year", year);
    dr_table_add_fact_text(table, "unit", unit);
    dr_table_add_fact_text(table, "source", source);
}

void dr_describe_title(dr_table *table, int year, const char *format, ...)
{
    char title[512];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(title, sizeof title, format, arguments);
    va_end(arguments);
    if (year)
        dr_table_set_title(table, "%s, %d", title, year);
    else
        dr_table_set_title(table, "%s", title);
}

/* ---- Names of codes ---------------------------------------------------------------------------------------------- */

static const char *const of_regions[] = {
    "region",   "importer",     "exporter", "partner",  "player",   "by",           "on",
    "of",       "to",           "with",     "producer", "consumer", "first_source", "first_market",
    "supplier", "supplier_new", "held_by",  "rent_to",  NULL};
static const char *const of_sectors[] = {"sector", "held_by", NULL};

static bool is_among(const char *const *list, const char *name)
{
    while (*list && strcmp(*list, name) != 0)
        list++;
    return *list != NULL;
}

/* A group's name without what explains it: "European Union (until 1993 ...)", "Belt and Road Initiative: states ...".
 * */
static char *group_name(dr_arena *arena, const char *name)
{
    size_t length = strcspn(name, "(:");
    while (length > 0 && name[length - 1] == ' ')
        length--;
    return dr_arena_format(arena, "%.*s", (int)length, name);
}

/* The members of a group as a list with a comma before and after each. */
static char *member_list(dr_arena *arena, const dr_economy *e, size_t group)
{
    size_t size = 2;
    for (size_t n = 0; n < e->regions; n++)
        size += e->member[group * e->regions + n] ? strlen(e->region_codes.names[n]) + 1 : 0;
    char *list = dr_arena_take(arena, size), *at = list;
    if (!list)
        return NULL;
    *at++ = ',';
    for (size_t n = 0; n < e->regions; n++)
        if (e->member[group * e->regions + n])
            at += sprintf(at, "%s,", e->region_codes.names[n]);
    return list;
}

static size_t spell_regions(dr_code *codes, dr_arena *arena, const dr_economy *e)
{
    size_t count = 0;
    for (size_t n = 0; n < e->regions; n++)
        codes[count++] = (dr_code){e->region_codes.names[n], e->region_names[n], NULL};
    for (size_t g = 0; g < e->groups.count; g++) {
        int known = dr_names_find(&e->roster.groups, e->groups.names[g]);
        const char *name = known >= 0 ? group_name(arena, e->roster.names[known]) : "";
        codes[count++] = (dr_code){e->groups.names[g], name ? name : "", member_list(arena, e, g)};
    }
    return count;
}

static size_t spell_sectors(dr_code *codes, const dr_economy *e)
{
    size_t count = 0;
    for (size_t s = 0; s < e->sectors; s++) {
        codes[count++] = (dr_code){e->sector_codes.names[s], e->sector_names[s], NULL};
        if (*e->sector_slugs[s])
            codes[count++] = (dr_code){e->sector_slugs[s], e->sector_names[s], NULL};
    }
    return count;
}

static size_t spell_countries(dr_code *codes, const dr_countries *countries)
{
    for (size_t i = 0; i < countries->count; i++)
        codes[i] = (dr_code){countries->list[i].code, countries->list[i].name, NULL};
    return countries->count;
}

/* The spelling of regions and of sectors, in this order; of sectors none where there are no names. */
static dr_status spell(const dr_spelling *out[2], dr_table *table, const dr_economy *names)
{
    dr_arena arena = {0};
    const dr_countries *countries = NULL;
    if (!names)
        DR_TRY(dr_countries_read(&countries));
    dr_code *codes = dr_new((names ? names->regions + names->groups.count + 2 * names->sectors : countries->count) + 1,
                            sizeof *codes);
    if (!codes)
        return dr_fail_memory();
    size_t regions = names ? spell_regions(codes, &arena, names) : spell_countries(codes, countries);
    out[0] = dr_table_spelling(table, codes, regions);
    if (names)
        out[1] = dr_table_spelling(table, codes, spell_sectors(codes, names));
    free(codes);
    dr_arena_free(&arena);
    return DR_OK;
}

void dr_describe_names(dr_table *table, const dr_economy *names)
{
    const dr_spelling *spelling[2] = {0};
    if (spell(spelling, table, names) != DR_OK)
        table->failed = true;
    for (size_t j = 0; j < table->column_count; j++) {
        dr_column *column = &table->columns[j];
        if (column->show == DR_SHOW_TEXT)
            column->spelling = is_among(of_regions, column->name)   ? spelling[0]
                               : is_among(of_sectors, column->name) ? spelling[1]
                                                                    : NULL;
    }
}
