#include "result/touched.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result/region_accounts.h"
#include "world/describe.h"

void dr_touched_free(dr_touched_list *list)
{
    free(list->items);
    free(list->masks);
}

/* ---- Importers that are touched alike ---------------------------------------------------------------------------- */

enum { NAMED = sizeof((dr_touched *)0)->named / sizeof(size_t) };

typedef struct search {
    const dr_solution *solution;
    const dr_scenario *scenario;
    double unit;
    dr_touched_list *list;
    bool *used;      /* [n] whether an importer is in a group already */
    bool *sources;   /* [n, i] whether n is touched as a buyer from i */
    double *by_good; /* [s, 2] of a group */
} search;

static bool is_touched(const search *q, size_t n, size_t i, size_t s)
{
    const dr_model *m = q->solution->model;
    return i != n && q->scenario->change[(n * m->regions + i) * m->sectors + s];
}

static void find_sources(search *q)
{
    const dr_model *m = q->solution->model;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions; i++)
            for (size_t s = 0; s < m->sectors; s++)
                q->sources[n * m->regions + i] |= is_touched(q, n, i, s);
}

/* Whether two importers buy from the same exporters under the scenario. What they buy from each other is left aside. */
static bool alike(const search *q, size_t a, size_t b)
{
    size_t r = q->solution->model->regions;
    for (size_t i = 0; i < r; i++)
        if (i != a && i != b && q->sources[a * r + i] != q->sources[b * r + i])
            return false;
    return q->sources[a * r + b] == q->sources[b * r + a];
}

static dr_status add_item(search *q, dr_touched item)
{
    dr_touched_list *list = q->list;
    if (!dr_grow((void **)&list->items, &list->capacity, list->count + 1, sizeof *list->items))
        return dr_fail_memory();
    list->items[list->count++] = item;
    return DR_OK;
}

static void sum_goods(search *q, const bool *importers)
{
    const dr_model *m = q->solution->model;
    memset(q->by_good, 0, 2 * m->sectors * sizeof *q->by_good);
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions && importers[n]; i++)
            for (size_t s = 0; s < m->sectors; s++) {
                size_t flow = (n * m->regions + i) * m->sectors + s;
                if (!is_touched(q, n, i, s))
                    continue;
                q->by_good[2 * s] += m->base.flow[flow];
                q->by_good[2 * s + 1] += q->solution->flow[flow] * q->unit;
            }
}

static bool is_goods(const dr_economy *e, size_t sector)
{
    return strcmp(e->sector_kinds[sector], "goods") == 0;
}

/* The items of the group of importer n: their sum, and each sector. */
static dr_status add_group(search *q, size_t n, bool *importers, bool *exporters)
{
    const dr_model *m = q->solution->model;
    dr_touched sum = {.importers = importers, .exporters = exporters, .sector = SIZE_MAX};
    for (size_t b = n; b < m->regions; b++)
        if (!q->used[b] && alike(q, n, b)) {
            importers[b] = q->used[b] = true;
            for (size_t i = 0; i < m->regions; i++)
                exporters[i] |= q->sources[b * m->regions + i];
        }
    sum_goods(q, importers);
    for (size_t s = 0; s < m->sectors; s++) {
        if (q->by_good[2 * s] == 0)
            continue;
        if (sum.sectors < NAMED)
            sum.named[sum.sectors] = s;
        sum.goods += is_goods(m->economy, s);
        sum.sectors++;
        sum.value[0] += q->by_good[2 * s];
        sum.value[1] += q->by_good[2 * s + 1];
    }
    for (size_t s = 0; s < m->sectors && sum.sectors > 1; s++)
        if (q->by_good[2 * s] > 0) {
            dr_touched one = sum;
            one.sector = s;
            one.sectors = 1;
            one.part = true;
            one.value[0] = q->by_good[2 * s];
            one.value[1] = q->by_good[2 * s + 1];
            DR_TRY(add_item(q, one));
        }
    for (size_t s = 0; s < m->sectors && sum.sectors == 1; s++)
        sum.sector = q->by_good[2 * s] > 0 ? s : sum.sector;
    q->list->wholes += sum.sectors > 0;
    return sum.sectors > 0 ? add_item(q, sum) : DR_OK;
}

/* Wholes before parts; then by the size of the change. */
static int by_kind(const void *a, const void *b)
{
    const dr_touched *x = a, *y = b;
    double one = fabs(x->value[1] - x->value[0]), two = fabs(y->value[1] - y->value[0]);
    return x->part != y->part ? x->part - y->part : (one < two) - (one > two);
}

static dr_status find_groups(search *q)
{
    size_t r = q->solution->model->regions, group = 0;
    bool *masks = q->list->masks;
    find_sources(q);
    for (size_t n = 0; n < r; n++) {
        bool buys = false;
        for (size_t i = 0; i < r; i++)
            buys |= q->sources[n * r + i];
        if (!buys || q->used[n])
            continue;
        DR_TRY(add_group(q, n, masks + 2 * group * r, masks + (2 * group + 1) * r));
        group++;
    }
    return DR_OK;
}

dr_status dr_touched_find(dr_touched_list *out, const dr_solution *solution, const dr_scenario *scenario)
{
    *out = (dr_touched_list){0};
    if (!scenario || scenario->economy != solution->model->economy)
        return DR_OK;
    size_t r = solution->model->regions;
    out->masks = dr_new(2 * r * r, sizeof *out->masks);
    search q = {.solution = solution,
                .scenario = scenario,
                .unit = dr_solution_numeraire(solution).all,
                .list = out,
                .used = dr_new(r, sizeof(bool)),
                .sources = dr_new(r * r, sizeof(bool)),
                .by_good = dr_new(2 * solution->model->sectors, sizeof(double))};
    dr_status status = out->masks && q.used && q.sources && q.by_good ? find_groups(&q) : dr_fail_memory();
    free(q.used);
    free(q.sources);
    free(q.by_good);
    if (status == DR_OK && out->count)
        qsort(out->items, out->count, sizeof *out->items, by_kind);
    return status;
}

/* ---- Words ------------------------------------------------------------------------------------------------------- */

/* The group with the most members, two at least, of which all are in the set; -1: there is none. */
static int largest_group(const dr_economy *e, const bool *set)
{
    size_t most = 1;
    int largest = -1;
    for (size_t g = 0; g < e->groups.count; g++) {
        size_t count = 0;
        bool inside = true;
        for (size_t n = 0; n < e->regions; n++) {
            bool member = e->member[g * e->regions + n];
            count += member;
            inside = inside && (set[n] || !member);
        }
        if (inside && count > most) {
            most = count;
            largest = (int)g;
        }
    }
    return largest;
}

/* The most names in a list, and the most regions that are missing from one. */
enum { MOST_NAMES = 5, MOST_MISSING = 3 };

/* A list of codes, separated by commas, of the regions in the set that are not members of the group (-1: no group),
 * whose name comes first. Returns how many names there are, or SIZE_MAX if they are more than `most`. */
static size_t list_names(char *list, size_t room, const dr_economy *e, const bool *set, int group, size_t most)
{
    size_t names = 0, size = 0;
    *list = '\0';
    if (group >= 0) {
        size += (size_t)snprintf(list, room, "%.60s", e->groups.names[group]);
        names++;
    }
    for (size_t n = 0; n < e->regions; n++) {
        if (!set[n] || (group >= 0 && e->member[(size_t)group * e->regions + n]))
            continue;
        if (names++ == most)
            return SIZE_MAX;
        size += (size_t)snprintf(list + size, room - size, "%s%.60s", size ? "," : "", e->region_codes.names[n]);
    }
    return names;
}

/* "<all> except A and B" if at most `most` of the regions in `among` (NULL: of all) are neither in the set nor in
 * `also` (NULL: nothing), and none of the set is outside. */
static bool say_rest(char out[DR_SET_SIZE], const dr_economy *e, const bool *set, const bool *also,
                     const unsigned char *among, const char *all, size_t most)
{
    char list[DR_SET_SIZE] = "", words[DR_SPOKEN_SIZE];
    size_t missing = 0, size = 0;
    for (size_t n = 0; n < e->regions; n++) {
        bool belongs = !among || among[n];
        if (set[n] && !belongs)
            return false;
        if (set[n] || (also && also[n]) || !belongs)
            continue;
        if (missing++ == most)
            return false;
        size += (size_t)snprintf(list + size, sizeof list - size, "%s%.60s", size ? "," : "", e->region_codes.names[n]);
    }
    if (missing == 0)
        snprintf(out, DR_SET_SIZE, "%s", all);
    else
        snprintf(out, DR_SET_SIZE, "%s except %s", all, dr_spoken(words, e, list));
    return true;
}

/* The set as a list of names, or as a group less a few. */
static bool say_names(char out[DR_SET_SIZE], const dr_economy *e, const bool *set)
{
    char list[DR_SET_SIZE], words[DR_SPOKEN_SIZE];
    if (list_names(list, sizeof list, e, set, largest_group(e, set), MOST_NAMES) != SIZE_MAX)
        return snprintf(out, DR_SET_SIZE, "%s", dr_spoken(words, e, list)), true;
    for (size_t g = 0; g < e->groups.count; g++)
        if (say_rest(out, e, set, NULL, e->member + g * e->regions, dr_spoken(words, e, e->groups.names[g]),
                     MOST_MISSING))
            return true;
    return false;
}

bool dr_set_is_named(const dr_economy *e, const bool *set)
{
    char words[DR_SET_SIZE];
    return memchr(set, false, e->regions) && say_names(words, e, set);
}

const char *dr_set_words(char out[DR_SET_SIZE], const dr_economy *e, const bool *set)
{
    size_t count = 0;
    for (size_t n = 0; n < e->regions; n++)
        count += set[n];
    if (count == e->regions)
        return snprintf(out, DR_SET_SIZE, "all regions"), out;
    if (!say_names(out, e, set) && !say_rest(out, e, set, NULL, NULL, "all regions", MOST_MISSING))
        snprintf(out, DR_SET_SIZE, "%zu regions", count);
    return out;
}

const char *dr_touched_goods(char out[DR_SET_SIZE], const dr_economy *e, const dr_touched *touched)
{
    char words[DR_SPOKEN_SIZE];
    size_t size = 0, all = touched->sectors, goods = 0;
    for (size_t s = 0; s < e->sectors; s++)
        goods += is_goods(e, s);
    if (touched->sector != SIZE_MAX)
        snprintf(out, DR_SET_SIZE, "%s", dr_spoken_sector(words, e, e->sector_codes.names[touched->sector]));
    else if (all == e->sectors)
        snprintf(out, DR_SET_SIZE, "goods and services");
    else if (all == goods && touched->goods == goods)
        snprintf(out, DR_SET_SIZE, "goods");
    else if (all > NAMED)
        snprintf(out, DR_SET_SIZE, "products of %zu sectors", all);
    else
        for (size_t k = 0; k < all && size < DR_SET_SIZE; k++)
            size += (size_t)snprintf(out + size, DR_SET_SIZE - size, "%s%.90s", k ? k + 1 == all ? " and " : ", " : "",
                                     dr_spoken_sector(words, e, e->sector_codes.names[touched->named[k]]));
    return out;
}

/* How many letters it takes to say by names who is in the set: SIZE_MAX if there is no name for it. */
static size_t name_length(const dr_economy *e, const bool *set)
{
    char words[DR_SET_SIZE];
    return say_names(words, e, set) ? strlen(words) : SIZE_MAX;
}

const bool *dr_touched_others(const dr_economy *e, const dr_touched *touched)
{
    const bool *by = touched->importers, *from = touched->exporters;
    size_t importers = 0;
    for (size_t n = 0; n < e->regions; n++) {
        if (by[n] == from[n])
            return NULL;
        importers += by[n];
    }
    const bool *others = name_length(e, by) > name_length(e, from) ? by : from;
    return (others == by ? importers : e->regions - importers) > 1 ? others : NULL;
}

const char *dr_touched_by(char out[DR_SET_SIZE], const dr_economy *e, const dr_touched *touched)
{
    if (dr_touched_others(e, touched) == touched->importers)
        return snprintf(out, DR_SET_SIZE, "all other regions"), out;
    return dr_set_words(out, e, touched->importers);
}

const char *dr_touched_from(char out[DR_SET_SIZE], const dr_economy *e, const dr_touched *touched)
{
    char list[DR_SET_SIZE];
    const bool *set = touched->exporters;
    size_t exporters = 0;
    for (size_t n = 0; n < e->regions; n++)
        exporters += set[n];
    if (exporters > 1 && memcmp(touched->importers, set, e->regions * sizeof *set) == 0)
        return snprintf(out, DR_SET_SIZE, "each other"), out;
    const bool *others = dr_touched_others(e, touched);
    if (others)
        return others == set ? snprintf(out, DR_SET_SIZE, "all other regions"), out : dr_set_words(out, e, set);
    bool few = list_names(list, sizeof list, e, set, largest_group(e, set), MOST_NAMES) != SIZE_MAX;
    if (2 * exporters > e->regions && e->regions > 3 &&
        say_rest(out, e, set, touched->importers, NULL, "all other regions", few ? 0 : MOST_MISSING))
        return out;
    return dr_set_words(out, e, set);
}
