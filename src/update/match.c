#include "update/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "world/countries.h"
#include "world/isic.h"

/* ---- Items that belong together ---- */

/* A forest over the items of the table, and then those of the flows; a root stands for its tree. */
typedef struct forest {
    size_t *parent, table, flows;
} forest;

static size_t root_of(const forest *f, size_t item)
{
    while (f->parent[item] != item)
        item = f->parent[item];
    return item;
}

static void join(const forest *f, size_t of_table, size_t of_flows)
{
    size_t a = root_of(f, of_table), b = root_of(f, f->table + of_flows);
    f->parent[a > b ? a : b] = a < b ? a : b;
}

static dr_status plant(forest *f, size_t table, size_t flows)
{
    *f = (forest){dr_new(table + flows, sizeof *f->parent), table, flows};
    for (size_t i = 0; f->parent && i < table + flows; i++)
        f->parent[i] = i;
    return f->parent ? DR_OK : dr_fail_memory();
}

/* The first item without a counterpart, or the number of items. */
static size_t alone(const forest *f)
{
    for (size_t i = 0; i < f->table + f->flows; i++) {
        bool met = false;
        size_t from = i < f->table ? f->table : 0, to = i < f->table ? f->table + f->flows : f->table;
        for (size_t j = from; j < to && !met; j++)
            met = root_of(f, i) == root_of(f, j);
        if (!met)
            return i;
    }
    return f->table + f->flows;
}

/* Roots become numbers of blocks, in the order of the table. */
static dr_status number(dr_blocks *out, const forest *f)
{
    size_t all = f->table + f->flows, *blocks = dr_new(all, sizeof *blocks);
    out->table = dr_new(f->table, sizeof *out->table);
    out->flows = dr_new(f->flows, sizeof *out->flows);
    dr_status status = blocks && out->table && out->flows ? DR_OK : dr_fail_memory();
    for (size_t i = 0; i < all && status == DR_OK; i++) {
        size_t root = root_of(f, i);
        blocks[i] = root == i ? out->count++ : blocks[root]; /* a root is the first of its tree */
        *(i < f->table ? &out->table[i] : &out->flows[i - f->table]) = blocks[i];
    }
    free(blocks);
    return status;
}

static dr_status harvest(dr_blocks *out, forest *f, dr_status status)
{
    if (status == DR_OK)
        status = number(out, f);
    free(f->parent);
    return status;
}

/* ---- Regions ---- */

typedef struct region_list {
    const dr_economy *economy;
    int rest; /* the region that stands for all other countries; -1: none */
} region_list;

/* The countries of a region, '|' between; of one that is no country, its code. */
static const char *parts_of(const dr_economy *e, size_t region)
{
    return *e->region_parts[region] ? e->region_parts[region] : e->region_codes.names[region];
}

static region_list list_regions(const dr_economy *e, const dr_countries *countries)
{
    region_list list = {e, -1};
    for (size_t i = 0; i < e->regions; i++) {
        const dr_country *entry = dr_country_find(countries, parts_of(e, i));
        if (entry && entry->kind == DR_COUNTRY_REST)
            list.rest = (int)i;
    }
    return list;
}

/* The region that a country of the other side is in, or the rest of the world; -1: neither. */
static int place(const region_list *list, const char *country)
{
    for (size_t i = 0; i < list->economy->regions; i++)
        if (dr_roster_lists(parts_of(list->economy, i), country))
            return (int)i;
    return list->rest;
}

/* Joins the regions of one side to those that their countries are in on the other. */
static dr_status place_regions(const forest *f, const region_list *from, const region_list *to, bool from_table)
{
    char country[256];
    for (size_t i = 0; i < from->economy->regions; i++)
        for (const char *at = parts_of(from->economy, i); *at; at += *at == '|') {
            size_t length = strcspn(at, "|");
            snprintf(country, sizeof country, "%.*s", (int)length, at);
            at += length;
            int there = place(to, country);
            if (there < 0)
                return dr_fail(DR_BAD_INPUT, "%s: the region %s is in no region of %s, which has no rest of the world",
                               from->economy->world, from->economy->region_codes.names[i], to->economy->world);
            join(f, from_table ? i : (size_t)there, from_table ? (size_t)there : i);
        }
    return DR_OK;
}

static dr_status match_regions(dr_blocks *out, const dr_economy *table, const dr_economy *flows)
{
    forest f = {0};
    const dr_countries *countries = NULL;
    DR_TRY(dr_countries_read(&countries));
    dr_status status = plant(&f, table->regions, flows->regions);
    const region_list ours = list_regions(table, countries), theirs = list_regions(flows, countries);
    if (status == DR_OK)
        status = place_regions(&f, &ours, &theirs, true);
    if (status == DR_OK)
        status = place_regions(&f, &theirs, &ours, false);
    return harvest(out, &f, status);
}

/* ---- Sectors ---- */

static bool same_codes(const dr_economy *a, const dr_economy *b)
{
    bool same = a->sectors == b->sectors;
    for (size_t s = 0; s < a->sectors && same; s++)
        same = dr_names_find(&b->sector_codes, a->sector_codes.names[s]) >= 0;
    return same;
}

/* Whether two sectors have a slug or a division of ISIC in common. */
static bool overlap(const dr_economy *a, size_t s, const dr_economy *b, size_t t)
{
    bool here[DR_ISIC_DIVISIONS] = {false}, there[DR_ISIC_DIVISIONS] = {false};
    if (*a->sector_slugs[s] && strcasecmp(a->sector_slugs[s], b->sector_slugs[t]) == 0)
        return true;
    if (!dr_isic_read(a->sector_isic[s], here) || !dr_isic_read(b->sector_isic[t], there))
        return false;
    for (size_t d = 0; d < DR_ISIC_DIVISIONS; d++)
        if (here[d] && there[d])
            return true;
    return false;
}

static void join_sectors(const forest *f, const dr_economy *table, const dr_economy *flows)
{
    bool by_code = same_codes(table, flows);
    for (size_t s = 0; s < table->sectors; s++)
        for (size_t t = 0; t < flows->sectors; t++)
            if (by_code ? strcmp(table->sector_codes.names[s], flows->sector_codes.names[t]) == 0
                        : overlap(table, s, flows, t))
                join(f, s, t);
}

static dr_status match_sectors(dr_blocks *out, const dr_economy *table, const dr_economy *flows)
{
    forest f = {0};
    dr_status status = plant(&f, table->sectors, flows->sectors);
    if (status == DR_OK) {
        join_sectors(&f, table, flows);
        size_t left = alone(&f);
        if (left < table->sectors + flows->sectors) {
            const dr_economy *of = left < table->sectors ? table : flows, *other = of == table ? flows : table;
            status =
                dr_fail(DR_BAD_INPUT,
                        "%s: the sector %s has no counterpart in %s: no code, slug or division of ISIC Rev. 3 in "
                        "common",
                        of->world, of->sector_codes.names[of == table ? left : left - table->sectors], other->world);
        }
    }
    return harvest(out, &f, status);
}

/* ---- Both ---- */

dr_status dr_match_read(dr_match *out, const dr_economy *table, const dr_economy *flows)
{
    DR_TRY(match_regions(&out->regions, table, flows));
    return match_sectors(&out->sectors, table, flows);
}

void dr_match_free(dr_match *match)
{
    free(match->regions.table);
    free(match->regions.flows);
    free(match->sectors.table);
    free(match->sectors.flows);
    *match = (dr_match){0};
}

/* Appends a text that fits whole with some bytes to spare, else dots, after which nothing is appended. */
static void append(char *text, size_t size, const char *more)
{
    static const char dots[] = "...";
    size_t length = strlen(text), needed = strlen(more);
    if (length >= strlen(dots) && strcmp(text + length - strlen(dots), dots) == 0)
        return;
    if (length + needed + sizeof dots <= size)
        memcpy(text + length, more, needed + 1);
    else if (length + sizeof dots <= size)
        memcpy(text + length, dots, sizeof dots);
}

static void list_block(char *text, size_t size, const size_t *blocks, const dr_names *names, size_t block)
{
    bool first = true;
    for (size_t i = 0; i < names->count; i++)
        if (blocks[i] == block) {
            append(text, size, first ? "" : ", ");
            append(text, size, names->names[i]);
            first = false;
        }
}

static size_t count_block(const size_t *blocks, size_t count, size_t block)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += blocks[i] == block;
    return found;
}

const char *dr_match_text(char *text, size_t size, const dr_blocks *blocks, const dr_names *table,
                          const dr_names *flows)
{
    *text = '\0';
    for (size_t b = 0; b < blocks->count; b++) {
        if (count_block(blocks->table, table->count, b) == 1 && count_block(blocks->flows, flows->count, b) == 1)
            continue;
        append(text, size, *text ? "; " : "");
        list_block(text, size, blocks->flows, flows, b);
        append(text, size, " for ");
        list_block(text, size, blocks->table, table, b);
    }
    return text;
}
