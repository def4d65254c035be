/* Memberships: the dated groups of a world, for each exporter and importer in each year of a panel. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/flow_panel_impl.h"
#include "world/countries.h"
#include "world/roster.h"
#include "world/world.h"

static dr_status unknown_group(const dr_world *world, const dr_roster *roster, const dr_formula *formula,
                               const dr_node *node)
{
    char hint[DR_HINT_SIZE];
    return dr_formula_fail(formula, node->at, "%s has no group '%s'%s", world->path, node->name,
                           dr_hint(hint, node->name, (const char *const *)roster->groups.names, roster->groups.count));
}

/* A group of the formula: that of each year, or of one year. */
typedef struct meant {
    const dr_roster *roster;
    size_t group;
    int year; /* 0: each */
} meant;

/* The countries that a code or name of the flows stands for. */
static dr_status parts_of(const char **out, const dr_world *world, const char *code)
{
    const dr_countries *countries = NULL;
    int region = dr_names_find(&world->layout.regions, code);
    *out = code;
    if (region >= 0 && *world->layout.region_parts[region]) {
        *out = world->layout.region_parts[region];
        return DR_OK;
    }
    DR_TRY(dr_countries_read(&countries));
    const dr_country *country = dr_country_find(countries, code);
    if (country)
        *out = country->code;
    return DR_OK;
}

/* Marks the levels of a field in the group's years. */
static dr_status mark(unsigned char **out, const dr_flow_panel *p, const dr_world *world, const meant *m,
                      const dr_flow_panel_group *g, int field)
{
    const dr_field *f = &p->field[field];
    size_t years = (size_t)g->years;
    const char *parts = NULL;
    unsigned char *marks = *out = dr_new(f->levels.count * years + 1, 1);
    if (!marks)
        return dr_fail_memory();
    for (size_t i = 0; i < f->levels.count; i++) {
        DR_TRY(parts_of(&parts, world, f->levels.names[i]));
        for (size_t k = 0; k < years; k++)
            marks[i * years + k] = dr_roster_has(m->roster, m->group, m->year ? m->year : g->first + (int)k, parts);
    }
    return DR_OK;
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

/* ---- Members without flows --------------------------------------------------------------------------------------- */

/* Marks the years of the rows that the filter keeps, and the codes that are members in the year of such a row. */
static void find_kept(const dr_flow_panel *p, const dr_flow_panel_group *g, bool *kept, dr_names *codes, bool *memory)
{
    const int fields[] = {p->exporter, p->importer};
    const unsigned char *const marks[] = {g->exporter, g->importer};
    for (size_t row = 0; row < p->rows; row++) {
        double year = p->field[p->year].number[row] - g->first;
        if (!(year >= 0 && year < g->years)) /* or missing */
            continue;
        size_t k = (size_t)year;
        kept[k] = true;
        for (size_t side = 0; side < 2; side++) {
            const dr_field *f = &p->field[fields[side]];
            uint32_t level = f->level[row];
            if (level != DR_NO_LEVEL && marks[side][level * (size_t)g->years + k] &&
                dr_names_find(codes, f->levels.names[level]) < 0)
                *memory = *memory && dr_names_add(codes, f->levels.names[level]) >= 0;
        }
    }
}

/* Whether an earlier spell of the group is of the same country. */
static bool is_again(const dr_roster *r, size_t spell)
{
    for (size_t j = 0; j < spell; j++)
        if (r->spell[j].group == r->spell[spell].group && strcmp(r->spell[j].country, r->spell[spell].country) == 0)
            return true;
    return false;
}

static bool is_member(const meant *m, const dr_flow_panel_group *g, const bool *kept, const char *country)
{
    if (m->year)
        return dr_roster_has(m->roster, m->group, m->year, country);
    for (int k = 0; k < g->years; k++)
        if (kept[k] && dr_roster_has(m->roster, m->group, g->first + k, country))
            return true;
    return false;
}

/* Counts the members, and those that are among the codes. */
static dr_status count_members(dr_flow_panel_group *g, const dr_world *world, const meant *m, const bool *kept,
                               const dr_names *codes)
{
    const dr_roster *r = m->roster;
    for (size_t j = 0; j < r->count; j++) {
        const char *country = r->spell[j].country, *parts = "";
        bool here = false;
        if (r->spell[j].group != m->group || is_again(r, j) || !is_member(m, g, kept, country))
            continue;
        for (size_t i = 0; i < codes->count && !here; i++) {
            DR_TRY(parts_of(&parts, world, codes->names[i]));
            here = dr_roster_lists(parts, country);
        }
        g->told.size.members++;
        g->told.size.here += here;
    }
    return DR_OK;
}

/* "DEU FRA" */
static const char *list_codes(dr_arena *arena, const dr_names *codes)
{
    size_t size = 0;
    char *text = NULL;
    FILE *to = open_memstream(&text, &size);
    for (size_t i = 0; to && i < codes->count; i++)
        fprintf(to, "%s%s", i ? " " : "", codes->names[i]);
    const char *kept = to && fclose(to) == 0 ? dr_arena_text(arena, text) : NULL;
    free(text);
    return kept;
}

static void date_group(dr_flow_panel_group *g, const bool *kept, int year)
{
    int first = 0, last = g->years - 1;
    while (first < last && !kept[first])
        first++;
    while (last > first && !kept[last])
        last--;
    g->told.first = year ? year : g->first + first;
    g->told.last = year ? year : g->first + last;
}

/* Counts the members of the group, and those in the sample. */
static dr_status size_group(dr_flow_panel *p, dr_flow_panel_group *g, const dr_world *world, const meant *m)
{
    const char *code = m->roster->groups.names[m->group];
    dr_names codes = {0};
    bool memory = true, *kept = dr_new((size_t)g->years, sizeof *kept);
    if (!kept)
        return dr_fail_memory();
    find_kept(p, g, kept, &codes, &memory);
    date_group(g, kept, m->year);
    dr_status status = count_members(g, world, m, kept, &codes);
    g->told.name = m->year ? dr_arena_format(&p->arena, "%s@%d", code, m->year) : dr_arena_text(&p->arena, code);
    g->told.here = list_codes(&p->arena, &codes);
    if (status == DR_OK && !(memory && g->told.name && g->told.here))
        status = dr_fail_memory();
    dr_names_free(&codes);
    free(kept);
    return status;
}

/* ---- Groups ------------------------------------------------------------------------------------------------------ */

static dr_status add_group(dr_flow_panel *p, const dr_world *world, const meant *m, const dr_formula *formula,
                           const dr_node *node)
{
    size_t capacity = p->groups;
    if (!dr_grow((void **)&p->group, &capacity, p->groups + 1, sizeof *p->group))
        return dr_fail_memory();
    dr_flow_panel_group *g = &p->group[p->groups++];
    *g = (dr_flow_panel_group){.name = dr_arena_text(&p->arena, node->name)};
    if (!g->name)
        return dr_fail_memory();
    span_years(g, p);
    DR_TRY(mark(&g->exporter, p, world, m, g, p->exporter));
    DR_TRY(mark(&g->importer, p, world, m, g, p->importer));
    if (!has_member(p, g, p->exporter, g->exporter) && !has_member(p, g, p->importer, g->importer))
        return dr_formula_fail(formula, node->at, "no exporter or importer is in %s in the years of the flows",
                               node->name);
    return size_group(p, g, world, m);
}

/* Adds the group that a node of a formula names. */
static dr_status find_group(dr_flow_panel *p, const dr_world *world, const dr_formula *formula, const dr_node *node)
{
    dr_roster roster = {0};
    int group = -1, year = 0;
    dr_status status = dr_roster_read(&roster, &world->duck);
    if (status == DR_OK && dr_roster_find(&roster, node->name, &group, &year) != DR_OK)
        status = dr_formula_fail(formula, node->at, "'%s': expected a year of four digits after the @", node->name);
    if (status == DR_OK && group < 0)
        status = unknown_group(world, &roster, formula, node);
    if (status == DR_OK)
        status = add_group(p, world, &(meant){&roster, (size_t)group, year}, formula, node);
    dr_roster_free(&roster);
    return status;
}

dr_status dr_flow_panel_group_find(dr_flow_panel *p, const dr_world *world, const dr_formula *formula, dr_node *node)
{
    for (size_t i = 0; i < p->groups; i++)
        if (strcmp(p->group[i].name, node->name) == 0) {
            node->bound = (int)i;
            return DR_OK;
        }
    if (!world)
        return dr_formula_fail(formula, node->at,
                               "the membership dates of '%s' come from a world: name one with --world", node->name);
    dr_status status = find_group(p, world, formula, node);
    node->bound = (int)p->groups - 1;
    return status;
}
