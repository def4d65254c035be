#define _GNU_SOURCE /* strdup, strsep */
#include "world/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fails with the nearest of `count` candidates. */
static dr_status unknown(const char *what, const char *name, const char **candidates, size_t count)
{
    char hint[DR_HINT_SIZE];
    dr_hint(hint, name, candidates, count);
    return dr_fail(DR_BAD_INPUT, "'%s' is no %s%s", name, what, hint);
}

static dr_status unknown_region(const dr_economy *e, const char *name)
{
    char what[96] = "region or group of this world";
    size_t count = 0;
    const char **candidates = dr_new(2 * e->regions + e->groups.count + 1, sizeof *candidates);
    if (!candidates)
        return dr_fail_memory();
    candidates[count++] = "all";
    for (size_t i = 0; i < e->groups.count; i++)
        candidates[count++] = e->groups.names[i];
    for (size_t i = 0; i < e->regions; i++)
        candidates[count++] = e->region_codes.names[i];
    if (e->year)
        snprintf(what, sizeof what, "region of this world, nor a group with a member in it in %d", e->year);
    dr_status status = unknown(what, name, candidates, count);
    free(candidates);
    return status;
}

static dr_status unknown_sector(const dr_economy *e, const char *name)
{
    size_t count = 0;
    const char **candidates = dr_new(3 * e->sectors + 1, sizeof *candidates);
    if (!candidates)
        return dr_fail_memory();
    candidates[count++] = "all";
    for (size_t i = 0; i < e->sectors; i++) {
        candidates[count++] = e->sector_codes.names[i];
        candidates[count++] = e->sector_slugs[i];
        candidates[count++] = e->sector_kinds[i];
    }
    dr_status status = unknown("sector, slug or kind of sector of this world", name, candidates, count);
    free(candidates);
    return status;
}

/* Marks the group that the text names, if it names one; *found tells. */
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
        status = dr_fail(DR_BAD_INPUT, "'%s' has no member in this world in %d; in all it had %zu then", name, year,
                         one.group[0].size.members);
    for (size_t i = 0; i < e->regions && status == DR_OK; i++)
        mask[i] |= one.group[0].member[i];
    if (status == DR_OK && named)
        status = dr_named_merge(named, &one, e->regions);
    dr_named_free(&one);
    return status;
}

dr_status dr_select_region(const dr_economy *e, const char *name, bool *mask, dr_named *named)
{
    int region = dr_names_find(&e->region_codes, name);
    bool group = false, all = strcmp(name, "all") == 0;
    if (region < 0 && !all)
        DR_TRY(select_group(e, name, mask, named, &group));
    if (region < 0 && !all && !group)
        return unknown_region(e, name);
    if (region >= 0)
        mask[region] = true;
    for (size_t i = 0; i < e->regions && all; i++)
        mask[i] = true;
    return DR_OK;
}

static bool is_called(const dr_economy *e, size_t s, const char *name)
{
    return strcmp(name, e->sector_codes.names[s]) == 0 || (*name && strcmp(name, e->sector_slugs[s]) == 0) ||
           (*name && strcmp(name, e->sector_kinds[s]) == 0);
}

static bool is_sector(const dr_economy *e, const char *name)
{
    for (size_t s = 0; s < e->sectors; s++)
        if (is_called(e, s, name))
            return true;
    return false;
}

dr_status dr_select_sector(const dr_economy *e, const char *name, bool *mask, dr_named *named)
{
    bool found = false;
    (void)named; /* groups are of regions */
    for (size_t s = 0; s < e->sectors; s++)
        if (is_called(e, s, name) || strcmp(name, "all") == 0)
            mask[s] = found = true;
    if (!found && e->summed && is_sector(e->summed, name))
        return dr_fail(DR_BAD_INPUT,
                       "the armington model has one good, so that all sectors were expected in place of '%s'", name);
    return found ? DR_OK : unknown_sector(e, name);
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t size = strlen(text);
    while (size > 0 && strchr(" \t", text[size - 1]))
        text[--size] = '\0';
    return text;
}

dr_status dr_select_list(dr_select *select, const dr_economy *economy, const char *list, bool *mask, dr_named *named)
{
    if (!strchr(list, ',') || select(economy, list, mask, named) == DR_OK) /* a name may itself hold a comma */
        return select(economy, list, mask, named);
    char *copy = strdup(list), *rest = copy;
    if (!copy)
        return dr_fail_memory();
    dr_status status = DR_OK;
    for (char *name; status == DR_OK && (name = strsep(&rest, ","));)
        status = select(economy, trim(name), mask, named);
    free(copy);
    return status;
}

dr_status dr_select_goods(const dr_economy *e, const char *list, bool *mask)
{
    for (size_t s = 0; s < e->sectors && !list; s++)
        if (strcmp(e->sector_kinds[s], "goods") == 0)
            list = "goods";
    return dr_select_list(dr_select_sector, e, list ? list : "all", mask, NULL);
}

dr_status dr_select_yaml(dr_select *select, const dr_economy *economy, dr_yaml *yaml, const yaml_node_t *node,
                         bool *mask, dr_named *named)
{
    if (node->type == YAML_SCALAR_NODE) {
        DR_TRY(dr_yaml_need_text(yaml, node, "a name or a list of names"));
        return dr_yaml_at(yaml, node, select(economy, dr_yaml_text(node), mask, named));
    }
    if (node->type != YAML_SEQUENCE_NODE || node->data.sequence.items.start == node->data.sequence.items.top)
        return dr_yaml_fail(yaml, node, "a name or a list of names was expected");
    for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
        const yaml_node_t *name = dr_yaml_node(yaml, *item);
        DR_TRY(dr_yaml_need_text(yaml, name, "a name"));
        DR_TRY(dr_yaml_at(yaml, name, select(economy, dr_yaml_text(name), mask, named)));
    }
    return DR_OK;
}

dr_status dr_sides_read(dr_sides *out, const dr_economy *e, const char *of, const char *to)
{
    size_t others = 0;
    *out = (dr_sides){.of = dr_new(e->regions, sizeof *out->of), .to = dr_new(e->regions, sizeof *out->to)};
    if (!out->of || !out->to)
        return dr_fail_memory();
    DR_TRY(dr_select_list(dr_select_region, e, of, out->of, &out->named));
    DR_TRY(dr_select_list(dr_select_region, e, to ? to : "all", out->to, &out->named));
    for (size_t i = 0; i < e->regions; i++)
        others += out->to[i] = out->to[i] && !out->of[i];
    if (others == 0 && to)
        return dr_fail(DR_BAD_INPUT, "'%s' has no region outside '%s': somebody else was expected", to, of);
    if (others == 0)
        return dr_fail(DR_BAD_INPUT, "'%s' is the whole world: nobody is left to be exposed to", of);
    return DR_OK;
}

void dr_sides_free(dr_sides *sides)
{
    free(sides->of);
    free(sides->to);
    dr_named_free(&sides->named);
}

dr_status dr_sides_apart(const dr_sides *sides, const dr_economy *e, const char *of, const char *to)
{
    char names[DR_GROUP_NAMES_SIZE];
    size_t pairs = 0, together = 0;
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions && sides->of[n]; i++) {
            pairs += sides->to[i];
            together += sides->to[i] && dr_named_together(&sides->named, n, i);
        }
    if (together == 0)
        return DR_OK;
    dr_named_list(names, &sides->named);
    if (together == pairs)
        return dr_fail(DR_BAD_INPUT,
                       "all trade of %s with %s is between members of %s; 'inside: true' (or --inside) "
                       "includes it",
                       of, to, names);
    return dr_fail(DR_BAD_INPUT,
                   "part of the trade of %s with %s (%zu of %zu pairs) is between members of %s; 'inside: true' (or "
                   "--inside) includes it, or name the others one by one",
                   of, to, together, pairs, names);
}
