#include "import/tariff_set.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/portable.h"
#include "base/sql.h"
#include "import/import_sql.h"
#include "import/sectors.h"
#include "world/world_sql.h"

void dr_unmatched_add(dr_unmatched *unmatched, const char *text)
{
    if (unmatched->count++ == 0)
        snprintf(unmatched->first, sizeof unmatched->first, "%.60s", text);
}

/* ---- Economies ---- */

static bool is_among(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0)
            return true;
    return false;
}

static dr_status add_actor(dr_tariff_set *set, dr_actor_kind kind, size_t index, int *out)
{
    for (size_t i = 0; i < set->actor_count; i++)
        if (set->actors[i].kind == kind && set->actors[i].index == index) {
            *out = (int)i;
            return DR_OK;
        }
    if (set->actor_count == DR_MOST_ACTORS)
        return dr_fail(DR_BAD_INPUT, "more than %d economies and groups", DR_MOST_ACTORS);
    if (!dr_grow((void **)&set->actors, &set->actor_capacity, set->actor_count + 1, sizeof *set->actors))
        return dr_fail_memory();
    *out = (int)set->actor_count;
    set->actors[set->actor_count++] = (dr_actor){kind, index};
    return DR_OK;
}

/* The world's own region by its code or name. */
static dr_status find_region(dr_tariff_set *set, const char *name, int *actor)
{
    const dr_layout *layout = set->places.layout;
    for (size_t i = 0; i < layout->regions.count; i++)
        if (strcasecmp(layout->regions.names[i], name) == 0 || strcasecmp(layout->region_names[i], name) == 0)
            return add_actor(set, DR_ACTOR_REGION, i, actor);
    return DR_OK;
}

/* The European Union has numbers of its own in statistics of trade and tariffs. */
static dr_status find_group(dr_tariff_set *set, const char *name, int *actor)
{
    static const char *const of_union[] = {"918",   "97",    "EUN",       "EU27",           "EU28",
                                           "EU-27", "EU-28", "EU27_2020", "European Union", NULL};
    int group = is_among(name, of_union) ? set->union_group : -1, year = 0;
    if (group < 0 && !strchr(name, '@'))
        DR_TRY(dr_roster_find(&set->roster, name, &group, &year));
    return group < 0 ? DR_OK : add_actor(set, DR_ACTOR_GROUP, (size_t)group, actor);
}

static dr_status find_actor(dr_tariff_set *set, const char *name, int *actor)
{
    static const char *const all[] = {"all", "world", "WLD", "000", "0", NULL};
    const dr_country *country = dr_country_find(set->places.countries, name);
    *actor = DR_NO_ACTOR;
    if (is_among(name, all))
        *actor = DR_ACTOR_OF_ALL;
    else if (country && country->kind == DR_COUNTRY_REST && set->places.rest >= 0)
        return add_actor(set, DR_ACTOR_REGION, (size_t)set->places.rest, actor);
    else if (country && (country->kind == DR_COUNTRY || country->kind == DR_COUNTRY_TERRITORY))
        return add_actor(set, DR_ACTOR_COUNTRY, (size_t)(country - set->places.countries->list), actor);
    else if (!country)
        DR_TRY(find_group(set, name, actor));
    return *actor == DR_NO_ACTOR ? find_region(set, name, actor) : DR_OK;
}

/* Adds a name and makes room for what it means. */
static dr_status remember(dr_names *names, int **meaning, size_t *capacity, const char *name, int *at)
{
    *at = dr_names_add(names, name);
    return *at >= 0 && dr_grow((void **)meaning, capacity, names->count, sizeof **meaning) ? DR_OK : dr_fail_memory();
}

dr_status dr_tariff_actor(dr_tariff_set *set, const char *name, int *actor)
{
    int at = dr_names_find(&set->names, name);
    if (at < 0) {
        int found = DR_NO_ACTOR;
        DR_TRY(find_actor(set, name, &found));
        DR_TRY(remember(&set->names, &set->actor_of, &set->name_capacity, name, &at));
        set->actor_of[at] = found;
    }
    *actor = set->actor_of[at];
    return DR_OK;
}

/* ---- Products ---- */

bool dr_tariff_product(const char *text, uint64_t *code)
{
    uint64_t number = 0, digits = 0;
    for (; *text; text++) {
        if (*text == '.' && digits > 0)
            continue;
        if (!isdigit((unsigned char)*text) || digits == DR_LONGEST_TARIFF_CODE)
            return false;
        number = 10 * number + (uint64_t)(*text - '0');
        digits++;
    }
    digits += digits % 2; /* a spreadsheet drops the zero in front */
    if (digits == 0)
        return false;
    for (uint64_t i = digits; i < DR_LONGEST_TARIFF_CODE; i++)
        number *= 10;
    *code = number * 16 + digits;
    return true;
}

static dr_status take_product(void *user, const char *product, const char *sector)
{
    dr_tariff_set *set = user;
    int at = 0;
    DR_TRY(remember(&set->products, &set->product_sector, &set->product_capacity, product, &at));
    set->product_sector[at] = dr_names_find(&set->places.layout->sectors, sector);
    return DR_OK;
}

/* Reads a list of the sectors of products: that at `path`, or the built-in one (NULL). */
static dr_status read_products(dr_tariff_set *set, const char *path)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_sectors_open(&csv, path));
    dr_status status = dr_sectors_read(csv, set->places.layout, take_product, set);
    dr_csv_close(csv);
    return status;
}

/* The sectors that product flows of the world have been given. */
static dr_status take_stored(dr_tariff_set *set, const dr_writer *writer)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    dr_status status = dr_sql_open(&cursor, &writer->duck, dr_import_sql.tariffs.sectors, NULL);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *product = dr_cursor_text(&cursor, 0, &texts), *sector = dr_cursor_text(&cursor, 1, &texts);
        status = product && sector ? take_product(set, product, sector) : dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

/* Those that derisk knows, with which product flows are stored as well. */
static dr_status take_products(dr_tariff_set *set, const dr_writer *writer)
{
    bool there = false;
    DR_TRY(dr_sql_any(&there, &writer->duck, dr_world_sql.contents.has_table,
                      DR_VALUES(dr_sql_text("table", "product_sector"))));
    if (there)
        DR_TRY(take_stored(set, writer));
    return set->products.count > 0 ? DR_OK : read_products(set, NULL);
}

/* ---- Sectors ---- */

/* The sector of the world that a number of ISIC Rev. 3 of one to four digits is in: its first two are the division. */
static dr_status find_isic(const dr_tariff_set *set, const char *name, int *sector)
{
    const dr_layout *layout = set->places.layout;
    const char *code = "";
    char division[4] = "";
    size_t digits = strspn(name, "0123456789");
    if (digits == 0 || digits > 4 || name[digits])
        return DR_OK;
    snprintf(division, sizeof division, "%s%.2s", digits == 1 ? "0" : "", name);
    DR_TRY(dr_layout_division(&code, layout, division, ""));
    *sector = dr_names_find(&layout->sectors, code);
    return DR_OK;
}

dr_status dr_tariff_sector(dr_tariff_set *set, const char *name, bool isic, uint64_t *code)
{
    int at = dr_names_find(&set->sectors, name);
    if (at < 0) {
        int sector = DR_PLACE_UNKNOWN;
        if (isic && set->places.from.count == 0)
            DR_TRY(find_isic(set, name, &sector));
        else
            DR_TRY(dr_account_sector(&set->places, name, &sector));
        DR_TRY(remember(&set->sectors, &set->sector_of, &set->sector_capacity, name, &at));
        set->sector_of[at] = sector < 0 ? -1 : sector;
    }
    *code = DR_TARIFF_SECTOR + (uint64_t)at;
    return DR_OK;
}

/* ---- The set ---- */

/* A concordance of products has a column of that name; one of sectors has not. */
static dr_status read_concordance(dr_tariff_set *set, const dr_writer *writer, const char *path, bool *of_products)
{
    static const char *const names[] = {"?product"};
    dr_csv *csv = NULL;
    int column[1] = {-1};
    *of_products = false;
    if (!path)
        return DR_OK;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = dr_csv_header(csv, names, 1, column);
    dr_csv_close(csv);
    *of_products = column[0] >= 0;
    if (status != DR_OK || !*of_products)
        return status;
    DR_TRY(dr_account_set_new(&set->places, writer, NULL));
    return read_products(set, path);
}

dr_status dr_tariff_set_new(dr_tariff_set *set, const dr_writer *writer, const char *concordance)
{
    bool of_products = false;
    int all = 0, year = 0;
    *set = (dr_tariff_set){.union_group = -1, .edition = -1};
    DR_TRY(read_concordance(set, writer, concordance, &of_products));
    if (!of_products) {
        DR_TRY(dr_account_set_new(&set->places, writer, concordance));
        DR_TRY(take_products(set, writer));
    }
    DR_TRY(dr_roster_read(&set->roster, &writer->duck));
    DR_TRY(dr_roster_find(&set->roster, "EU", &set->union_group, &year));
    return add_actor(set, DR_ACTOR_ALL, 0, &all);
}

void dr_tariff_set_free(dr_tariff_set *set)
{
    dr_names_free(&set->files);
    dr_names_free(&set->names);
    dr_names_free(&set->sectors);
    dr_names_free(&set->products);
    dr_account_set_free(&set->places);
    dr_roster_free(&set->roster);
    free(set->actors);
    free(set->actor_of);
    free(set->sector_of);
    free(set->product_sector);
    free(set->rows);
}

dr_status dr_tariff_add(dr_tariff_set *set, const dr_tariff_row *row)
{
    if (set->count == set->capacity) {
        double needed = 2.0 * (double)set->count * sizeof *set->rows;
        if (needed > dr_memory_available())
            return dr_fail(DR_MACHINE, "%zu tariffs so far, and %.1f GB of memory are free for more", set->count,
                           dr_memory_available() / 1e9);
    }
    if (!dr_grow((void **)&set->rows, &set->capacity, set->count + 1, sizeof *set->rows))
        return dr_fail_memory();
    set->rows[set->count++] = *row;
    return DR_OK;
}
