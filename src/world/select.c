#include "world/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world/called.h"
#include "world/sector_words.h"
#include "world/unknown_name.h"

/* ---- One name ---- */

/* Marks the group that the text names; *found is whether it names one. */
static dr_status select_group(const dr_economy *e, const char *name, bool *mask, dr_named *named, bool *found)
{
    int group = -1, year = e->year;
    DR_TRY(dr_roster_find(&e->roster, name, &group, &year));
    *found = group >= 0;
    if (!*found)
        return DR_OK;
    dr_named one = {0};
    dr_status status = dr_named_add(&one, e, (size_t)group, year);
    if (status == DR_OK && one.group[0].size.here == 0)
        status = one.group[0].size.members == 0
                     ? dr_fail(DR_BAD_INPUT, "'%s' had no members in %d", name, year)
                     : dr_fail(DR_BAD_INPUT, "'%s' has no member in this world in %d, of %zu in all", name, year,
                               one.group[0].size.members);
    for (size_t i = 0; i < e->regions && status == DR_OK; i++)
        mask[i] |= one.group[0].member[i];
    if (status == DR_OK && named)
        status = dr_named_merge(named, &one, e->regions);
    dr_named_free(&one);
    return status;
}

/* By a name in any case, or by that of its country. */
static dr_status select_named_region(const dr_economy *e, const char *name, bool *mask)
{
    const dr_countries *countries = NULL;
    DR_TRY(dr_countries_read(&countries));
    const dr_country *country = dr_country_find(countries, name);
    int region = dr_region_called(e, name, countries, country);
    if (region >= 0) {
        mask[region] = true;
        return DR_OK;
    }
    if (country && country->kind == DR_COUNTRY && dr_has_countries(e, countries))
        return dr_fail_country(e, name, countries, country);
    return dr_fail_region(e, name);
}

dr_status dr_select_region(const dr_economy *e, const char *name, bool *mask, dr_named *named)
{
    int region = dr_names_find(&e->region_codes, name);
    bool group = false, all = region < 0 && dr_same_name("all", name);
    if (region < 0 && !all)
        DR_TRY(select_group(e, name, mask, named, &group));
    if (region < 0 && !all && !group)
        return select_named_region(e, name, mask);
    if (region >= 0)
        mask[region] = true;
    for (size_t i = 0; i < e->regions && all; i++)
        mask[i] = true;
    return DR_OK;
}

dr_status dr_select_sector(const dr_economy *e, const char *name, bool *mask, dr_named *named)
{
    (void)named; /* groups are of regions */
    if (dr_sectors_called(e, name, mask, dr_sector_is))
        return DR_OK;
    for (size_t s = 0; s < e->sectors && dr_same_name("all", name); s++)
        mask[s] = true;
    if (dr_same_name("all", name) || dr_sectors_called(e, name, mask, dr_sector_may_be))
        return DR_OK;
    bool group = false;
    DR_TRY(dr_sectors_under_word(mask, &group, e, name));
    if (group)
        return DR_OK;
    if (e->summed && (dr_sectors_called(e->summed, name, NULL, dr_sector_is) ||
                      dr_sectors_called(e->summed, name, NULL, dr_sector_may_be)))
        return dr_fail(DR_BAD_INPUT, "the armington model has one good: give the sectors as 'all', not as '%s'", name);
    return dr_fail_sector(e, name);
}

/* ---- Lists of names ---- */

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t size = strlen(text);
    while (size > 0 && strchr(" \t", text[size - 1]))
        text[--size] = '\0';
    return text;
}

/* A set of regions or sectors being marked. */
typedef struct marking {
    dr_select *select;
    const dr_economy *economy;
    const dr_own_groups *own;
    bool *mask;
    dr_named *named; /* NULL: not wanted */
} marking;

/* The size of what is marked. */
static size_t mask_size(const marking *m)
{
    return m->select == dr_select_region ? m->economy->regions : m->economy->sectors;
}

static dr_status mark_own(const marking *m, const dr_own_group *group)
{
    bool of_regions = m->select == dr_select_region;
    const bool *members = of_regions ? group->regions : group->sectors;
    if (!members)
        return dr_fail(DR_BAD_INPUT, "'%s' is a group of %s, where %s are named", group->name,
                       of_regions ? "sectors" : "regions", of_regions ? "regions" : "sectors");
    for (size_t i = 0; i < mask_size(m); i++)
        m->mask[i] |= members[i];
    if (!of_regions || !m->named)
        return DR_OK;
    DR_TRY(dr_named_add_own(m->named, m->economy, group->name, members));
    return dr_named_merge(m->named, &group->named, m->economy->regions);
}

/* Of a name that means nothing in the world, the groups of the document are possible meanings too. */
static dr_status mark_name(const marking *m, const char *name)
{
    const dr_own_group *group = dr_own_group_find(m->own, name);
    char hint[DR_HINT_SIZE], what[1024];
    if (group)
        return mark_own(m, group);
    dr_status status = m->select(m->economy, name, m->mask, m->named);
    if (status != DR_BAD_INPUT || !m->own || m->own->count == 0)
        return status;
    const char **names = dr_new(m->own->count, sizeof *names);
    if (!names)
        return dr_fail_memory();
    for (size_t g = 0; g < m->own->count; g++)
        names[g] = m->own->group[g].name;
    snprintf(what, sizeof what, "%s", dr_error_text());
    dr_hint(hint, name, names, m->own->count);
    free(names);
    return dr_fail(DR_BAD_INPUT, "%s%s", what, strstr(what, "did you mean") ? "" : hint);
}

/* Names with commas between; a name may itself hold a comma. */
static dr_status mark_names(const marking *m, const char *list)
{
    if (!strchr(list, ',') || m->select(m->economy, list, m->mask, m->named) == DR_OK)
        return mark_name(m, list);
    char *copy = strdup(list), *rest = copy;
    if (!copy)
        return dr_fail_memory();
    dr_status status = DR_OK;
    for (char *name; status == DR_OK && (name = strsep(&rest, ","));)
        status = mark_name(m, trim(name));
    free(copy);
    return status;
}

/* The names before " except " without those after it. */
static dr_status mark_except(const marking *m, const char *list, const char *except, size_t word)
{
    bool any = false;
    char *base = strndup(list, (size_t)(except - list));
    bool *out = dr_new(mask_size(m), sizeof *out);
    marking in = *m, left_out = *m;
    in.mask = dr_new(mask_size(m), sizeof *in.mask);
    left_out.mask = out;
    dr_status status = base && out && in.mask ? mark_names(&in, trim(base)) : dr_fail_memory();
    if (status == DR_OK)
        status = mark_names(&left_out, except + word);
    for (size_t i = 0; i < mask_size(m) && status == DR_OK; i++)
        if (in.mask[i] && !out[i])
            any = m->mask[i] = true;
    free(base);
    free(out);
    free(in.mask);
    if (status == DR_OK && !any)
        return dr_fail(DR_BAD_INPUT, "'%s' leaves no %s", list, m->select == dr_select_region ? "region" : "sector");
    return status;
}

dr_status dr_select_list(dr_select *select, const dr_economy *economy, const dr_own_groups *own, const char *list,
                         bool *mask, dr_named *named)
{
    static const char word[] = " except ";
    const marking m = {select, economy, own, mask, named};
    const char *except = strstr(list, word);
    if (!except || select(economy, list, mask, named) == DR_OK) /* a name may itself hold the word */
        return mark_names(&m, list);
    return mark_except(&m, list, except, strlen(word));
}

dr_status dr_select_goods(const dr_economy *e, const char *list, bool *mask)
{
    for (size_t s = 0; s < e->sectors && !list; s++)
        if (strcmp(e->sector_kinds[s], "goods") == 0)
            list = "goods";
    return dr_select_list(dr_select_sector, e, NULL, list ? list : "all", mask, NULL);
}

dr_status dr_select_yaml(dr_select *select, const dr_economy *economy, const dr_own_groups *own, dr_yaml *yaml,
                         const yaml_node_t *node, bool *mask, dr_named *named)
{
    if (node->type == YAML_SCALAR_NODE) {
        DR_TRY(dr_yaml_need_text(yaml, node, "a name or a list of names"));
        return dr_yaml_at(yaml, node, dr_select_list(select, economy, own, dr_yaml_text(node), mask, named));
    }
    if (node->type != YAML_SEQUENCE_NODE || node->data.sequence.items.start == node->data.sequence.items.top)
        return dr_yaml_fail(yaml, node, "expected a name or a list of names");
    for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
        const yaml_node_t *name = dr_yaml_node(yaml, *item);
        DR_TRY(dr_yaml_need_text(yaml, name, "a name"));
        DR_TRY(dr_yaml_at(yaml, name, dr_select_list(select, economy, own, dr_yaml_text(name), mask, named)));
    }
    return DR_OK;
}
