#include "world/groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"

enum { LEFT = 1, INCLUDED = 2 };

/* ---- Named groups ------------------------------------------------------------------------------------------------ */

static bool is_named(const dr_named *named, const char *name)
{
    for (size_t g = 0; g < named->count; g++)
        if (strcmp(named->group[g].name, name) == 0)
            return true;
    return false;
}

/* Makes room for one more; NULL without memory. */
static dr_group *next_group(dr_named *named, const char *name, size_t regions)
{
    if (!dr_grow((void **)&named->group, &named->capacity, named->count + 1, sizeof *named->group))
        return NULL;
    dr_group *group = &named->group[named->count];
    *group = (dr_group){.name = strdup(name), .member = dr_new(regions, sizeof *group->member)};
    named->count++;
    return group->name && group->member ? group : NULL;
}

dr_status dr_named_add(dr_named *named, const dr_economy *e, size_t index, int year)
{
    char name[DR_GROUP_NAMES_SIZE];
    const char *code = e->roster.groups.names[index];
    snprintf(name, sizeof name, year == e->year ? "%s" : "%s@%d", code, year);
    if (is_named(named, name))
        return DR_OK;
    dr_group *group = next_group(named, name, e->regions);
    if (!group)
        return dr_fail_memory();
    group->year = year;
    group->size = dr_roster_mark(&e->roster, index, year, e->region_parts, e->regions, group->member);
    return DR_OK;
}

dr_status dr_named_add_own(dr_named *named, const dr_economy *e, const char *name, const bool *member)
{
    if (is_named(named, name))
        return DR_OK;
    dr_group *group = next_group(named, name, e->regions);
    if (!group)
        return dr_fail_memory();
    group->year = e->year;
    for (size_t i = 0; i < e->regions; i++)
        group->size.here += group->member[i] = member[i];
    group->size.members = group->size.here;
    return DR_OK;
}

dr_status dr_named_merge(dr_named *named, const dr_named *more, size_t regions)
{
    for (size_t g = 0; g < more->count; g++) {
        const dr_group *from = &more->group[g];
        if (is_named(named, from->name))
            continue;
        dr_group *to = next_group(named, from->name, regions);
        if (!to)
            return dr_fail_memory();
        to->year = from->year;
        to->size = from->size;
        memcpy(to->member, from->member, regions * sizeof *to->member);
    }
    return DR_OK;
}

dr_status dr_named_all(dr_named *named, const dr_economy *e)
{
    for (size_t g = 0; g < e->roster.groups.count; g++)
        if (dr_names_find(&e->groups, e->roster.groups.names[g]) >= 0)
            DR_TRY(dr_named_add(named, e, g, e->year));
    return DR_OK;
}

void dr_named_free(dr_named *named)
{
    for (size_t g = 0; g < named->count; g++) {
        free(named->group[g].name);
        free(named->group[g].member);
    }
    free(named->group);
    *named = (dr_named){0};
}

bool dr_named_together(const dr_named *named, size_t a, size_t b)
{
    for (size_t g = 0; g < named->count; g++)
        if (named->group[g].member[a] && named->group[g].member[b])
            return true;
    return false;
}

const char *dr_named_list(char out[DR_GROUP_NAMES_SIZE], const dr_named *named)
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t g = 0; g < named->count && length < DR_GROUP_NAMES_SIZE; g++)
        length += (size_t)snprintf(out + length, DR_GROUP_NAMES_SIZE - length, "%s%s",
                                   g == 0                  ? ""
                                   : g + 1 == named->count ? " or "
                                                           : ", ",
                                   named->group[g].name);
    return out;
}

/* ---- Incomplete groups ------------------------------------------------------------------------------------------- */

void dr_group_tell(dr_table *table, const char *name, int first, int last, dr_group_size size, const char *here)
{
    char fact[DR_GROUP_NAMES_SIZE + 32], to[16] = "";
    if (size.here >= size.members)
        return;
    snprintf(fact, sizeof fact, "groups.%s.members", name);
    dr_table_add_fact(table, fact, (double)size.members);
    snprintf(fact, sizeof fact, "groups.%s.in_table", name);
    dr_table_add_fact(table, fact, (double)size.here);
    if (last > first)
        snprintf(to, sizeof to, " to %d", last);
    dr_table_add_note(table, "%s is incomplete: the table has %zu of its %zu members of %d%s%s%s", name, size.here,
                      size.members, first, to, *here ? ": " : "", here);
}

void dr_group_tell_changes(dr_table *table, const dr_roster *roster, size_t group, int first, int last,
                           const char *const *parts, size_t regions)
{
    char changes[400], fact[DR_GROUP_NAMES_SIZE + 32];
    const char *name = roster->groups.names[group];
    if (!dr_roster_changes(roster, group, first, last, parts, regions, changes, sizeof changes))
        return;
    snprintf(fact, sizeof fact, "groups.%.100s.changes", name);
    dr_table_add_fact_text(table, fact, changes);
    dr_table_add_note(table, "the members of %s change over these years (%s); %s@%d keeps them the same in every year",
                      name, changes, name, last);
}

static void tell_group(dr_table *table, const dr_economy *e, const dr_group *group)
{
    char here[256] = "";
    size_t length = 0;
    for (size_t i = 0; i < e->regions && length < sizeof here; i++)
        if (group->member[i])
            length += (size_t)snprintf(here + length, sizeof here - length, "%s%s", length ? " " : "",
                                       e->region_codes.names[i]);
    dr_group_tell(table, group->name, group->year, group->year, group->size, here);
}

void dr_named_tell(dr_table *table, const dr_economy *e, const dr_named *named)
{
    for (size_t g = 0; g < named->count; g++)
        tell_group(table, e, &named->group[g]);
}

void dr_named_tell_changes(dr_table *table, const dr_economy *e, const dr_named *named, int first, int last)
{
    for (size_t g = 0; g < named->count; g++) {
        int index = dr_names_find(&e->roster.groups, named->group[g].name);
        if (index >= 0) /* one without a year of its own */
            dr_group_tell_changes(table, &e->roster, (size_t)index, first, last, e->region_parts, e->regions);
    }
}

dr_status dr_groups_tell_all(dr_table *table, const dr_economy *e, const dr_named *told)
{
    dr_named named = {0};
    dr_status status = dr_named_all(&named, e);
    for (size_t g = 0; g < named.count && status == DR_OK; g++)
        if (!told || !is_named(told, named.group[g].name))
            dr_named_tell(table, e, &(dr_named){.group = &named.group[g], .count = 1});
    dr_named_free(&named);
    return status;
}

/* ---- Flows between members --------------------------------------------------------------------------------------- */

/* Whether any two different regions of `by` and `on` are together. */
static bool meet(const dr_group *group, const dr_economy *e, const bool *by, const bool *on)
{
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions && by[n] && group->member[n]; i++)
            if (on[i] && i != n && group->member[i])
                return true;
    return false;
}

/* Keeps the groups that the flows are inside of. */
static dr_status keep_groups(dr_insiders *insiders, const dr_economy *e, const bool *by, const bool *on,
                             const dr_named *named, bool *any)
{
    for (size_t g = 0; g < named->count; g++) {
        const dr_named one = {.group = &named->group[g], .count = 1};
        if (!meet(&named->group[g], e, by, on))
            continue;
        *any = true;
        DR_TRY(dr_named_merge(&insiders->named, &one, e->regions));
    }
    return DR_OK;
}

dr_status dr_insiders_add(dr_insiders *insiders, const dr_economy *e, const bool *by, const bool *on,
                          const bool *sectors, const dr_named *named, bool inside)
{
    bool any = false;
    DR_TRY(keep_groups(insiders, e, by, on, named, &any));
    if (!any)
        return DR_OK;
    if (!insiders->flow)
        insiders->flow = dr_new(e->regions * e->regions * e->sectors, sizeof *insiders->flow);
    if (!insiders->flow)
        return dr_fail_memory();
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions && by[n]; i++) {
            if (!on[i] || i == n || !dr_named_together(named, n, i))
                continue;
            for (size_t s = 0; s < e->sectors; s++)
                if (sectors[s])
                    insiders->flow[(n * e->regions + i) * e->sectors + s] |= inside ? INCLUDED : LEFT;
        }
    return DR_OK;
}

void dr_insiders_free(dr_insiders *insiders)
{
    free(insiders->flow);
    dr_named_free(&insiders->named);
    *insiders = (dr_insiders){0};
}

dr_status dr_insiders_note(char **note, const dr_insiders *insiders, const dr_economy *e, const double *flow,
                           bool included)
{
    char money[DR_MONEY_SIZE], names[DR_GROUP_NAMES_SIZE];
    size_t count = 0;
    double value = 0;
    *note = NULL;
    for (size_t j = 0; insiders->flow && j < e->regions * e->regions * e->sectors; j++)
        if (insiders->flow[j] & (included ? INCLUDED : LEFT) && flow[j] > 0) {
            count++;
            value += flow[j];
        }
    if (count == 0)
        return DR_OK;
    int size = asprintf(note, "trade between members of %s is %s: %zu flow%s, worth %s%s",
                        dr_named_list(names, &insiders->named), included ? "included" : "left alone", count,
                        count == 1 ? "" : "s", dr_money(money, value, e->unit),
                        included ? "" : " ('inside: true' includes them)");
    return size < 0 ? dr_fail_memory() : DR_OK;
}
