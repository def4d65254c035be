#include "world/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "world/countries.h"
#include "world/sector_words.h"

/* ---- Regions by any name ----------------------------------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
    return *a && strcasecmp(a, b) == 0;
}

/* Whether a region is this country and nothing else; regions of arrays have no parts, but perhaps its code. */
static bool is_country(const dr_economy *e, size_t region, const dr_countries *countries, const dr_country *country)
{
    const char *parts = e->region_parts[region];
    return *parts ? strcmp(parts, country->code) == 0
                  : dr_country_find(countries, e->region_codes.names[region]) == country;
}

/* The region of that code or name, in any case, or that is the country; -1: none. */
static int find_region(const dr_economy *e, const char *name, const dr_countries *countries, const dr_country *country)
{
    for (size_t i = 0; i < e->regions; i++)
        if (same(e->region_codes.names[i], name))
            return (int)i;
    for (size_t i = 0; i < e->regions; i++)
        if (same(e->region_names[i], name))
            return (int)i;
    for (size_t i = 0; i < e->regions && country; i++)
        if (is_country(e, i, countries, country))
            return (int)i;
    return -1;
}

/* Whether a region is what is left of the world. */
static bool is_rest(const dr_economy *e, size_t region, const dr_countries *countries)
{
    const char *parts = e->region_parts[region];
    const dr_country *entry = *parts ? dr_country_find(countries, parts) : NULL;
    return !*parts || (entry && entry->kind == DR_COUNTRY_REST);
}

/* Whether the regions are countries: then the message about a country that is not one of them says which region
 * includes it. */
static bool has_countries(const dr_economy *e, const dr_countries *countries)
{
    for (size_t i = 0; i < e->regions; i++)
        if (*e->region_parts[i] || dr_country_find(countries, e->region_codes.names[i]))
            return true;
    return false;
}

/* A country that is no region of its own: says where it is, and never names another one in its place. */
static dr_status no_region_of_its_own(const dr_economy *e, const char *name, const dr_countries *countries,
                                      const dr_country *country)
{
    char who[160];
    size_t rest = e->regions, whole = e->regions;
    if (same(country->code, name) || same(country->name, name))
        snprintf(who, sizeof who, "%s (%s)", country->name, country->code);
    else
        snprintf(who, sizeof who, "'%.40s', %s (%s),", name, country->name, country->code);
    for (size_t i = 0; i < e->regions; i++) {
        const char *parts = e->region_parts[i];
        if (dr_roster_lists(parts, country->code))
            whole = i;
        else if (is_rest(e, i, countries))
            rest = i;
    }
    if (whole < e->regions)
        return dr_fail(DR_BAD_INPUT, "%s is part of %s%s%s%s in this world, which has no separate data for it", who,
                       e->region_codes.names[whole], *e->region_names[whole] ? " (" : "", e->region_names[whole],
                       *e->region_names[whole] ? ")" : "");
    if (rest < e->regions)
        return dr_fail(
            DR_BAD_INPUT,
            "%s is not a region of this world: it is included in %s%s%s%s, with all countries that are not listed", who,
            e->region_codes.names[rest], *e->region_names[rest] ? " (" : "", e->region_names[rest],
            *e->region_names[rest] ? ")" : "");
    return dr_fail(DR_BAD_INPUT, "%s is not in this world", who);
}

/* The nearest of the codes and names, for a text that is no country; of a name its code too. */
static dr_status region_hint(char hint[2 * DR_HINT_SIZE], const dr_economy *e, const char *name)
{
    size_t count = 0;
    const char **candidates = dr_new(2 * e->regions + e->groups.count + 1, sizeof *candidates), *nearest = NULL;
    if (!candidates)
        return dr_fail_memory();
    candidates[count++] = "all";
    for (size_t i = 0; i < e->groups.count; i++)
        candidates[count++] = e->groups.names[i];
    for (size_t i = 0; i < e->regions; i++)
        candidates[count++] = e->region_codes.names[i];
    for (size_t i = 0; i < e->regions; i++)
        candidates[count++] = e->region_names[i];
    nearest = dr_nearest(name, candidates, count);
    hint[0] = '\0';
    if (nearest)
        snprintf(hint, 2 * DR_HINT_SIZE, "; did you mean '%s'?", nearest);
    for (size_t i = 0; i < e->regions && nearest; i++)
        if (nearest == e->region_names[i])
            snprintf(hint, 2 * DR_HINT_SIZE, "; did you mean '%s' (%.100s)?", e->region_codes.names[i], nearest);
    free(candidates);
    return DR_OK;
}

static dr_status unknown_region(const dr_economy *e, const char *name)
{
    char hint[2 * DR_HINT_SIZE];
    DR_TRY(region_hint(hint, e, name));
    if (strchr(name, '@'))
        return dr_fail(DR_BAD_INPUT, "'%s' is not a group of this world with a year, such as EU@2020", name);
    if (e->year)
        return dr_fail(DR_BAD_INPUT, "'%s' is neither a region of this world nor a group with a member in it in %d%s",
                       name, e->year, hint);
    return dr_fail(DR_BAD_INPUT, "'%s' is not a region or group of this world%s", name, hint);
}

/* ---- Sectors by any name ----------------------------------------------------------------------------------------- */

/* How alike two words are: twice the pairs of neighbouring letters that they share, over all of theirs (Dice 1945). */
static double alike(const char *a, size_t length_a, const char *b, size_t length_b)
{
    double shared = 0;
    bool used[64] = {false};
    if (length_a < 2 || length_b < 2 || length_b > 64)
        return 0;
    for (size_t i = 0; i + 1 < length_a; i++)
        for (size_t j = 0; j + 1 < length_b; j++)
            if (!used[j] && strncasecmp(a + i, b + j, 2) == 0) {
                used[j] = true;
                shared++;
                break;
            }
    return 2 * shared / ((double)length_a - 1 + (double)length_b - 1);
}

/* The most alike of the words of a text. */
static double alike_words(const char *word, const char *text)
{
    static const char between[] = " ,;-/()&.";
    double best = 0;
    for (const char *at = text; *at; at += strspn(at, between)) {
        size_t length = strcspn(at, between);
        double one = alike(word, strlen(word), at, length);
        best = one > best ? one : best;
        at += length;
    }
    return best;
}

/* The sector whose name or slug has the word most alike. */
static size_t nearest_sector(const dr_economy *e, const char *name)
{
    const double enough = 0.5;
    double best = enough;
    size_t found = e->sectors;
    for (size_t s = 0; s < e->sectors; s++) {
        double slug = alike_words(name, e->sector_slugs[s]), full = alike_words(name, e->sector_names[s]);
        double one = slug > full ? slug : full;
        if (one > best) {
            best = one;
            found = s;
        }
    }
    return found;
}

/* "; did you mean 'electrical-optical' (ELE: Electrical and optical equipment)?" of the nearest; "" if none is near. */
static void sector_hint(char hint[2 * DR_HINT_SIZE], const dr_economy *e, const char *nearest, size_t found)
{
    hint[0] = '\0';
    for (size_t s = 0; s < e->sectors && nearest; s++)
        if (nearest == e->sector_codes.names[s] || nearest == e->sector_slugs[s] || nearest == e->sector_names[s])
            found = s;
    if (found == e->sectors) {
        if (nearest)
            snprintf(hint, 2 * DR_HINT_SIZE, "; did you mean '%s'?", nearest);
        return;
    }
    const char *code = e->sector_codes.names[found], *slug = e->sector_slugs[found], *full = e->sector_names[found];
    bool by_code = (nearest && nearest == code) || !*slug, both = *slug && strcmp(slug, code) != 0,
         named = !nearest || nearest == full;
    snprintf(hint, 2 * DR_HINT_SIZE, "; did you mean '%s'%s%s%s%.100s%s?", by_code ? code : slug,
             both || named ? " (" : "", both ? by_code ? slug : code : "", both && named && *full ? ": " : "",
             named ? full : "", both || named ? ")" : "");
}

static dr_status unknown_sector(const dr_economy *e, const char *name)
{
    char hint[2 * DR_HINT_SIZE];
    size_t count = 0;
    const char **candidates = dr_new(4 * e->sectors + 1, sizeof *candidates);
    if (!candidates)
        return dr_fail_memory();
    candidates[count++] = "all";
    for (size_t i = 0; i < e->sectors; i++) {
        candidates[count++] = e->sector_codes.names[i];
        candidates[count++] = e->sector_slugs[i];
        candidates[count++] = e->sector_kinds[i];
        candidates[count++] = e->sector_names[i];
    }
    size_t found = e->sectors;
    const char *nearest = NULL;
    dr_status status = dr_sector_of_word(&found, e, name);
    if (found == e->sectors) {
        nearest = dr_nearest(name, candidates, count);
        found = nearest ? e->sectors : nearest_sector(e, name);
    }
    sector_hint(hint, e, nearest, found);
    free(candidates);
    DR_TRY(status);
    return dr_fail(DR_BAD_INPUT, "'%s' is not a sector of this world, by code, slug or kind%s", name, hint);
}

/* ---- Regions and sectors of a name ------------------------------------------------------------------------------- */

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
    int region = find_region(e, name, countries, country);
    if (region >= 0) {
        mask[region] = true;
        return DR_OK;
    }
    if (country && country->kind == DR_COUNTRY && has_countries(e, countries))
        return no_region_of_its_own(e, name, countries, country);
    return unknown_region(e, name);
}

dr_status dr_select_region(const dr_economy *e, const char *name, bool *mask, dr_named *named)
{
    int region = dr_names_find(&e->region_codes, name);
    bool group = false, all = region < 0 && same("all", name);
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

static bool is_called(const dr_economy *e, size_t s, const char *name)
{
    return strcmp(name, e->sector_codes.names[s]) == 0 || (*name && strcmp(name, e->sector_slugs[s]) == 0) ||
           (*name && strcmp(name, e->sector_kinds[s]) == 0);
}

/* The same in any case, and by the sector's name. */
static bool is_meant(const dr_economy *e, size_t s, const char *name)
{
    return same(e->sector_codes.names[s], name) || same(e->sector_slugs[s], name) || same(e->sector_kinds[s], name) ||
           same(e->sector_names[s], name);
}

static bool mark_sectors(const dr_economy *e, const char *name, bool *mask,
                         bool (*is)(const dr_economy *e, size_t s, const char *name))
{
    bool found = false;
    for (size_t s = 0; s < e->sectors; s++)
        if (is(e, s, name)) {
            found = true;
            if (mask)
                mask[s] = true;
        }
    return found;
}

dr_status dr_select_sector(const dr_economy *e, const char *name, bool *mask, dr_named *named)
{
    (void)named; /* groups are of regions */
    if (mark_sectors(e, name, mask, is_called))
        return DR_OK;
    for (size_t s = 0; s < e->sectors && same("all", name); s++)
        mask[s] = true;
    if (same("all", name) || mark_sectors(e, name, mask, is_meant))
        return DR_OK;
    bool group = false;
    DR_TRY(dr_sectors_under_word(mask, &group, e, name));
    if (group)
        return DR_OK;
    if (e->summed && (mark_sectors(e->summed, name, NULL, is_called) || mark_sectors(e->summed, name, NULL, is_meant)))
        return dr_fail(DR_BAD_INPUT, "the armington model has one good: give the sectors as 'all', not as '%s'", name);
    return unknown_sector(e, name);
}

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

static const dr_own_group *find_own(const dr_own_groups *own, const char *name)
{
    for (size_t g = 0; own && g < own->count; g++)
        if (strcmp(own->group[g].name, name) == 0)
            return &own->group[g];
    return NULL;
}

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
    const dr_own_group *group = find_own(m->own, name);
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

/* ---- Groups of a document ---------------------------------------------------------------------------------------- */

/* A name that means something in the world would hide it. */
static dr_status check_own_name(const dr_own_groups *own, const dr_economy *e, const char *name)
{
    int group = -1, year = e->year;
    const dr_countries *countries = NULL;
    DR_TRY(dr_countries_read(&countries));
    if (!*name || strpbrk(name, ",:@") || strstr(name, " except "))
        return dr_fail(DR_BAD_INPUT, "'%s' is no name for a group: expected a text without ',', ':', '@' and 'except'",
                       name);
    if (find_own(own, name))
        return dr_fail(DR_BAD_INPUT, "the group '%s' is defined twice", name);
    DR_TRY(dr_roster_find(&e->roster, name, &group, &year));
    bool is_sector = mark_sectors(e, name, NULL, is_meant), all = same("all", name);
    const dr_country *country = dr_country_find(countries, name);
    if (group >= 0 || is_sector || all || find_region(e, name, countries, country) >= 0)
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

dr_status dr_sides_read(dr_sides *out, const dr_economy *e, const dr_own_groups *own, const char *of, const char *to)
{
    size_t others = 0;
    *out = (dr_sides){.of = dr_new(e->regions, sizeof *out->of), .to = dr_new(e->regions, sizeof *out->to)};
    if (!out->of || !out->to)
        return dr_fail_memory();
    DR_TRY(dr_select_list(dr_select_region, e, own, of, out->of, &out->named));
    DR_TRY(dr_select_list(dr_select_region, e, own, to ? to : "all", out->to, &out->named));
    for (size_t i = 0; i < e->regions; i++)
        others += out->to[i] = out->to[i] && !out->of[i];
    if (others == 0 && to)
        return dr_fail(DR_BAD_INPUT, "'%s' has no region outside '%s': name another partner", to, of);
    if (others == 0)
        return dr_fail(DR_BAD_INPUT, "'%s' is the whole world: there is no partner left", of);
    return DR_OK;
}

void dr_sides_free(dr_sides *sides)
{
    free(sides->of);
    free(sides->to);
    dr_named_free(&sides->named);
}

dr_status dr_sides_copy(dr_sides *out, const dr_sides *sides, size_t regions)
{
    *out = (dr_sides){
        .of = dr_new(regions, sizeof *out->of), .to = dr_new(regions, sizeof *out->to), .inside = sides->inside};
    if (!out->of || !out->to)
        return dr_fail_memory();
    memcpy(out->of, sides->of, regions * sizeof *out->of);
    memcpy(out->to, sides->to, regions * sizeof *out->to);
    return dr_named_merge(&out->named, &sides->named, regions);
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
