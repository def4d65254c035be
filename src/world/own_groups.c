#include "world/own_groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "world/called.h"
#include "world/select.h"

const dr_own_group *dr_own_group_find(const dr_own_groups *own, const char *name)
{
    for (size_t g = 0; own && g < own->count; g++)
        if (strcmp(own->group[g].name, name) == 0)
            return &own->group[g];
    return NULL;
}

/* A name that means something in the world would hide it. */
static dr_status check_own_name(const dr_own_groups *own, const dr_economy *e, const char *name)
{
    int group = -1, year = e->year;
    const dr_countries *countries = NULL;
    DR_TRY(dr_countries_read(&countries));
    if (!*name || strpbrk(name, ",:@") || strstr(name, " except "))
        return dr_fail(DR_BAD_INPUT, "'%s' is no name for a group: expected a text without ',', ':', '@' and 'except'",
                       name);
    if (dr_own_group_find(own, name))
        return dr_fail(DR_BAD_INPUT, "the group '%s' is defined twice", name);
    DR_TRY(dr_roster_find(&e->roster, name, &group, &year));
    bool is_sector = dr_sectors_called(e, name, NULL, dr_sector_may_be), all = dr_same_name("all", name);
    const dr_country *country = dr_country_find(countries, name);
    if (group >= 0 || is_sector || all || dr_region_called(e, name, countries, country) >= 0)
        return dr_fail(DR_BAD_INPUT, "'%s' has a meaning in this world already: name the group otherwise", name);
    return DR_OK;
}

/* Regions where all names are names of regions, else sectors; where neither fits, the error is that of the regions. */
static dr_status fill_own(dr_own_group *group, const dr_own_groups *own, const dr_economy *e, const char *list)
{
    char what[1024];
    group->regions = dr_new(e->regions, sizeof *group->regions);
    if (!group->regions)
        return dr_fail_memory();
    dr_status status = dr_select_list(dr_select_region, e, own, list, group->regions, &group->named);
    if (status != DR_BAD_INPUT)
        return status;
    snprintf(what, sizeof what, "%s", dr_error_text());
    free(group->regions);
    group->regions = NULL;
    dr_named_free(&group->named);
    group->sectors = dr_new(e->sectors, sizeof *group->sectors);
    if (!group->sectors)
        return dr_fail_memory();
    status = dr_select_list(dr_select_sector, e, own, list, group->sectors, NULL);
    if (status == DR_BAD_INPUT)
        return dr_fail(DR_BAD_INPUT, "%s", what);
    return status;
}

static void free_own(dr_own_group *group)
{
    free(group->name);
    free(group->regions);
    free(group->sectors);
    dr_named_free(&group->named);
}

dr_status dr_own_groups_add(dr_own_groups *own, const dr_economy *e, const char *name, const char *list)
{
    DR_TRY(check_own_name(own, e, name));
    if (!dr_grow((void **)&own->group, &own->capacity, own->count + 1, sizeof *own->group))
        return dr_fail_memory();
    dr_own_group made = {.name = strdup(name)};
    dr_status status = made.name ? fill_own(&made, own, e, list) : dr_fail_memory();
    if (status == DR_OK)
        own->group[own->count++] = made;
    else
        free_own(&made);
    return status;
}

void dr_own_groups_free(dr_own_groups *own)
{
    for (size_t g = 0; g < own->count; g++)
        free_own(&own->group[g]);
    free(own->group);
    *own = (dr_own_groups){0};
}
