/* Memberships: the dated groups of a world, for each exporter and importer in each year of a panel. */
#define _GNU_SOURCE /* strdup, strsep */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rows.h"
#include "estimate/flow_panel.h"
#include "world/countries.h"
#include "world/world.h"

/* When a country was a member: days as YYYY-MM-DD, which compare as texts; "" for no end. */
typedef struct spell {
    const char *iso3, *since, *until;
} spell;

typedef struct spells {
    spell *spell;
    size_t count, capacity;
    dr_arena arena;
} spells;

static dr_status unknown_group(const dr_world *world, const dr_formula *formula, const dr_node *node)
{
    dr_names names = {0};
    char hint[DR_HINT_SIZE];
    dr_status status = dr_cursor_names(&names, &world->duck, "SELECT DISTINCT group_code FROM group_member ORDER BY 1");
    if (status == DR_OK)
        status = dr_formula_fail(formula, node->at, "%s has no group '%s'%s", world->path, node->name,
                                 dr_hint(hint, node->name, (const char *const *)names.names, names.count));
    dr_names_free(&names);
    return status;
}

static dr_status read_spells(spells *out, const dr_world *world, const dr_formula *formula, const dr_node *node)
{
    dr_cursor cursor;
    bool more = false;
    char *quoted = dr_duck_quote(node->name);
    if (!quoted)
        return dr_fail_memory();
    dr_status status = dr_cursor_open(&cursor, &world->duck,
                                      "SELECT iso3, since::VARCHAR, coalesce(until::VARCHAR, '') FROM group_member "
                                      "WHERE group_code = %s ORDER BY ALL",
                                      quoted);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        spell s = {dr_cursor_text(&cursor, 0, &out->arena), dr_cursor_text(&cursor, 1, &out->arena),
                   dr_cursor_text(&cursor, 2, &out->arena)};
        if (!s.iso3 || !s.since || !s.until ||
            !dr_grow((void **)&out->spell, &out->capacity, out->count + 1, sizeof *out->spell))
            status = dr_fail_memory();
        else
            out->spell[out->count++] = s;
    }
    dr_cursor_close(&cursor);
    free(quoted);
    return status == DR_OK && out->count == 0 ? unknown_group(world, formula, node) : status;
}

/* A member in a year is one on its 1 July. */
static bool is_member(const spells *s, const char *iso3, const char *day)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->spell[i].iso3, iso3) == 0 && strcmp(s->spell[i].since, day) <= 0 &&
            (!*s->spell[i].until || strcmp(s->spell[i].until, day) >= 0))
            return true;
    return false;
}

/* A region of several countries is a member while all of them are. */
static bool all_members(const spells *s, const char *parts, const char *day)
{
    char *copy = strdup(parts), *rest = copy;
    bool all = copy != NULL;
    for (char *part; all && (part = strsep(&rest, "|"));)
        all = is_member(s, part, day);
    free(copy);
    return all;
}

/* What an economy of the flows is made of: as the world says of its region, else the country that the code means; a number may be any
 * source's own. */
static const char *parts_of(const dr_world *world, const dr_countries *countries, const char *code)
{
    int region = dr_names_find(&world->layout.regions, code);
    if (region >= 0 && *world->layout.region_parts[region])
        return world->layout.region_parts[region];
    const dr_country *country = strspn(code, "0123456789") < strlen(code) ? dr_country_find(countries, code) : NULL;
    return country ? country->code : code;
}

/* Marks the levels of a field in the group's years. */
static unsigned char *mark(const dr_flow_panel *p, const dr_world *world, const spells *s, const dr_flow_panel_group *g,
                           int field)
{
    const dr_field *f = &p->field[field];
    size_t years = (size_t)g->years;
    const dr_countries *countries = NULL;
    if (dr_countries_read(&countries) != DR_OK)
        return NULL;
    unsigned char *marks = dr_new(f->levels.count * years + 1, 1);
    for (size_t i = 0; marks && i < f->levels.count; i++) {
        const char *parts = parts_of(world, countries, f->levels.names[i]);
        for (size_t k = 0; k < years; k++) {
            char day[32];
            snprintf(day, sizeof day, "%04d-07-01", g->first + (int)k);
            marks[i * years + k] = all_members(s, parts, day);
        }
    }
    return marks;
}

/* The years of the flows, and those that lags and leads may look at. */
static void span_years(dr_flow_panel_group *g, const dr_flow_panel *p)
{
    const dr_names *years = &p->field[p->year].levels; /* in order */
    int first = years->count ? (int)strtol(years->names[0], NULL, 10) : 0;
    int last = years->count ? (int)strtol(years->names[years->count - 1], NULL, 10) : 0;
    g->first = first - DR_MOST_SHIFT;
    g->years = last - first + 1 + 2 * DR_MOST_SHIFT;
}

/* Whether there is a member in a year of the flows. */
static bool has_member(const dr_flow_panel *p, const dr_flow_panel_group *g, int field, const unsigned char *marks)
{
    for (size_t i = 0; i < p->field[field].levels.count; i++)
        for (int k = DR_MOST_SHIFT; k < g->years - DR_MOST_SHIFT; k++)
            if (marks[i * (size_t)g->years + (size_t)k])
                return true;
    return false;
}

static dr_status add_group(dr_flow_panel *p, const dr_world *world, const spells *s, const dr_formula *formula,
                           const dr_node *node)
{
    size_t capacity = p->groups;
    if (!dr_grow((void **)&p->group, &capacity, p->groups + 1, sizeof *p->group))
        return dr_fail_memory();
    dr_flow_panel_group *g = &p->group[p->groups++];
    *g = (dr_flow_panel_group){.name = dr_arena_text(&p->arena, node->name)};
    span_years(g, p);
    g->exporter = mark(p, world, s, g, p->exporter);
    g->importer = mark(p, world, s, g, p->importer);
    if (!g->name || !g->exporter || !g->importer)
        return dr_fail_memory();
    if (!has_member(p, g, p->exporter, g->exporter) && !has_member(p, g, p->importer, g->importer))
        return dr_formula_fail(formula, node->at, "no exporter or importer is in %s in the years of the flows",
                               node->name);
    return DR_OK;
}

dr_status dr_flow_panel_group_find(dr_flow_panel *p, const dr_world *world, const dr_formula *formula, dr_node *node)
{
    spells s = {0};
    for (size_t i = 0; i < p->groups; i++)
        if (strcmp(p->group[i].name, node->name) == 0) {
            node->bound = (int)i;
            return DR_OK;
        }
    if (!world)
        return dr_formula_fail(formula, node->at, "the dates of '%s' are those of a world; name one with --world",
                               node->name);
    dr_status status = read_spells(&s, world, formula, node);
    if (status == DR_OK)
        status = add_group(p, world, &s, formula, node);
    node->bound = (int)p->groups - 1;
    free(s.spell);
    dr_arena_free(&s.arena);
    return status;
}
