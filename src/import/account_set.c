#include "import/account_set.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/portable.h"
#include "base/sql.h"
#include "world/world_sql.h"

/* ---- Names ---- */

/* The text among `count` in any case, or -1. */
static int find_text(const char *const *texts, size_t count, const char *text)
{
    for (size_t i = 0; *text && i < count; i++)
        if (strcasecmp(texts[i], text) == 0)
            return (int)i;
    return DR_PLACE_UNKNOWN;
}

/* Whether `code` is among codes with bars between. */
static bool is_part(const char *parts, const char *code)
{
    size_t length = strlen(code);
    for (const char *at = parts; at && *at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (strncmp(at, code, length) == 0 && (at[length] == '|' || at[length] == '\0'))
            return true;
    return false;
}

/* Whether a region takes in the rest of the world, or of a continent. */
static bool has_rest(const dr_account_set *set, const char *parts)
{
    for (size_t i = 0; i < set->countries->count; i++)
        if (set->countries->list[i].kind == DR_COUNTRY_REST && is_part(parts, set->countries->list[i].code))
            return true;
    return !*parts;
}

static int region_of_country(const dr_account_set *set, const dr_country *country)
{
    const dr_layout *layout = set->layout;
    for (size_t i = 0; i < layout->regions.count; i++)
        if (is_part(layout->region_parts[i], country->code))
            return (int)i;
    return country->kind == DR_COUNTRY_REST ? DR_PLACE_UNKNOWN : DR_PLACE_OUTSIDE;
}

static int find_region(dr_account_set *set, const char *name)
{
    const dr_layout *layout = set->layout;
    int index = find_text((const char *const *)layout->regions.names, layout->regions.count, name);
    if (index < 0)
        index = find_text(layout->region_names, layout->regions.count, name);
    const dr_country *country = dr_country_find(set->countries, name);
    if (index < 0 && country)
        index = region_of_country(set, country);
    if (index >= 0 && index == set->rest && (!country || country->kind == DR_COUNTRY_REST))
        set->rest_named = true;
    if (index != DR_PLACE_OUTSIDE)
        return index;
    char *first = set->rest >= 0 ? set->first_folded : set->first_outside;
    if ((*(set->rest >= 0 ? &set->folded : &set->outside))++ == 0)
        snprintf(first, sizeof set->first_folded, "%.60s", name);
    return set->rest >= 0 ? set->rest : DR_PLACE_OUTSIDE;
}

static int find_sector(dr_account_set *set, const char *name)
{
    static const char *const final_words[] = {"final use", "final", "households", "final demand"};
    const dr_layout *layout = set->layout;
    int mapped = dr_names_find(&set->from, name);
    if (mapped >= 0)
        return set->to_of[mapped];
    int index = find_text((const char *const *)layout->sectors.names, layout->sectors.count, name);
    if (index < 0)
        index = find_text(layout->sector_slugs, layout->sectors.count, name);
    if (index < 0)
        index = find_text(layout->sector_names, layout->sectors.count, name);
    if (index < 0 && find_text(final_words, sizeof final_words / sizeof *final_words, name) >= 0)
        return DR_PLACE_FINAL;
    return index;
}

/* Adds a name and makes room for where it leads. */
static dr_status remember(dr_names *names, int **places, size_t *capacity, const char *name, int *at)
{
    *at = dr_names_add(names, name);
    return *at >= 0 && dr_grow((void **)places, capacity, names->count, sizeof **places) ? DR_OK : dr_fail_memory();
}

/* Where a name leads is found once. */
static dr_status look_up(dr_account_set *set, dr_names *names, int **places, size_t *capacity,
                         int (*find)(dr_account_set *set, const char *name), const char *name, int *place)
{
    int at = dr_names_find(names, name);
    if (at < 0) {
        DR_TRY(remember(names, places, capacity, name, &at));
        (*places)[at] = find(set, name);
    }
    *place = (*places)[at];
    return DR_OK;
}

dr_status dr_account_region(dr_account_set *set, const char *name, int *place)
{
    return look_up(set, &set->regions, &set->region_of, &set->region_capacity, find_region, name, place);
}

dr_status dr_account_sector(dr_account_set *set, const char *name, int *place)
{
    return look_up(set, &set->sectors, &set->sector_of, &set->sector_capacity, find_sector, name, place);
}

/* ---- The concordance ---- */

static dr_status take_pair(dr_account_set *set, const dr_csv *csv, const int *columns, size_t *capacity)
{
    const char *from = dr_csv_field(csv, (size_t)columns[0]), *to = dr_csv_field(csv, (size_t)columns[1]);
    const dr_layout *layout = set->layout;
    char hint[DR_HINT_SIZE];
    size_t before = set->from.count;
    int at = -1, place = *to ? find_sector(set, to) : DR_PLACE_OUTSIDE;
    if (!*from || !dr_utf8(from))
        return dr_csv_fail(csv, columns[0], "expected a sector of the accounts, in UTF-8");
    if (place == DR_PLACE_UNKNOWN)
        return dr_csv_fail(csv, columns[1], "the world has no sector '%.60s'%s", to,
                           dr_hint(hint, to, (const char *const *)layout->sectors.names, layout->sectors.count));
    DR_TRY(remember(&set->from, &set->to_of, capacity, from, &at));
    if (set->from.count == before)
        return dr_csv_fail(csv, columns[0], "the sector '%.60s' appears twice", from);
    set->to_of[at] = place;
    return DR_OK;
}

static dr_status read_concordance(dr_account_set *set, dr_csv *csv)
{
    static const char *const names[] = {"sector", "to"};
    int columns[2];
    size_t capacity = 0;
    bool more = false;
    DR_TRY(dr_csv_header(csv, names, 2, columns));
    DR_TRY(dr_csv_known(csv, names, 2));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(take_pair(set, csv, columns, &capacity));
    }
}

/* ---- The set ---- */

/* The one region that is the rest of the world: countries of a file that have no region go there. */
static int find_rest(const dr_account_set *set)
{
    const dr_layout *layout = set->layout;
    int rest = DR_PLACE_UNKNOWN;
    for (size_t i = 0; i < layout->regions.count; i++)
        if (has_rest(set, layout->region_parts[i])) {
            if (rest >= 0)
                return DR_PLACE_UNKNOWN;
            rest = (int)i;
        }
    return rest;
}

dr_status dr_account_set_new(dr_account_set *set, const dr_writer *writer, const char *concordance)
{
    dr_csv *csv = NULL;
    *set = (dr_account_set){.layout = &writer->layout};
    DR_TRY(dr_countries_read(&set->countries));
    set->rest = find_rest(set);
    DR_TRY(dr_sql_list(&set->years, &set->year_count, &writer->duck, dr_world_sql.years.years, NULL));
    if (!concordance)
        return DR_OK;
    DR_TRY(dr_csv_open(&csv, concordance));
    dr_status status = read_concordance(set, csv);
    dr_csv_close(csv);
    return status;
}

void dr_account_set_free(dr_account_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        free(set->parts[i].name);
        free(set->parts[i].unit);
        free(set->parts[i].value);
        free(set->parts[i].final);
    }
    free(set->parts);
    free(set->years);
    free(set->region_of);
    free(set->sector_of);
    free(set->to_of);
    dr_names_free(&set->regions);
    dr_names_free(&set->sectors);
    dr_names_free(&set->from);
    *set = (dr_account_set){0};
}

/* ---- Units ---- */

/* Jobs are counted in persons, however a source has them. */
static const struct {
    const char *unit, *becomes;
    double factor;
} units[] = {
    {"1000 p", "persons", 1000},
    {"1000 persons", "persons", 1000},
    {"thousand persons", "persons", 1000},
    {"thousands of persons", "persons", 1000},
    {"thousand jobs", "persons", 1000},
    {"p", "persons", 1},
    {"people", "persons", 1},
    {"jobs", "persons", 1},
};

bool dr_account_is_money(const char *unit)
{
    static const char *const currencies[] = {"EUR", "USD", "euro", "dollar", "national currency"};
    for (size_t i = 0; i < sizeof currencies / sizeof *currencies; i++)
        if (strcasestr(unit, currencies[i]) && !strchr(unit, '/'))
            return true;
    return false;
}

/* ---- Cells ---- */

static bool has_year(const dr_account_set *set, int year)
{
    for (size_t i = 0; i < set->year_count; i++)
        if (set->years[i] == year)
            return true;
    return false;
}

static dr_status make_part(dr_account_set *set, const char *name, const char *unit, double factor, int year)
{
    size_t cells = set->layout->regions.count * set->layout->sectors.count;
    if ((double)cells * sizeof(double) > dr_memory_available())
        return dr_fail(DR_MACHINE, "the account '%.60s' of %d needs %.1f GB of memory, %.1f GB are free", name, year,
                       (double)cells * sizeof(double) / 1e9, dr_memory_available() / 1e9);
    if (!dr_grow((void **)&set->parts, &set->capacity, set->count + 1, sizeof *set->parts))
        return dr_fail_memory();
    dr_account_part *part = &set->parts[set->count++];
    *part = (dr_account_part){strdup(name), strdup(unit), year, set->file, factor, dr_new_doubles(cells), NULL, 0};
    return part->name && part->unit && part->value ? DR_OK : dr_fail_memory();
}

dr_status dr_account_part_find(dr_account_set *set, const char *name, const char *unit, int year, size_t *out)
{
    double factor = 1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcasecmp(unit, units[i].unit) == 0) {
            factor = units[i].factor;
            unit = units[i].becomes;
            break;
        }
    *out = SIZE_MAX;
    if (!has_year(set, year)) {
        set->other_years++;
        return DR_OK;
    }
    for (size_t i = set->count; i-- > 0;)
        if (set->parts[i].year == year && strcmp(set->parts[i].name, name) == 0) {
            if (strcmp(set->parts[i].unit, unit) != 0 || set->parts[i].factor != factor)
                return dr_fail(DR_BAD_INPUT, "the account '%.60s' of %d is in two units, '%.40s' and '%.40s'", name,
                               year, set->parts[i].unit, unit);
            *out = i;
            return DR_OK;
        }
    *out = set->count;
    return make_part(set, name, unit, factor, year);
}

dr_status dr_account_add(dr_account_set *set, size_t at, int region, int sector, double value)
{
    dr_account_part *part = &set->parts[at];
    if (region < 0 || sector == DR_PLACE_OUTSIDE)
        return DR_OK;
    part->cells++;
    if (sector != DR_PLACE_FINAL) {
        part->value[(size_t)region * set->layout->sectors.count + (size_t)sector] += part->factor * value;
        return DR_OK;
    }
    if (!part->final && !(part->final = dr_new_doubles(set->layout->regions.count)))
        return dr_fail_memory();
    part->final[region] += part->factor * value;
    return DR_OK;
}

dr_status dr_account_year_of(const dr_account_set *set, const char *path, const dr_import_options *options, int *year)
{
    char copy[4096];
    snprintf(copy, sizeof copy, "%s", path);
    if (options->year) {
        *year = options->year;
        return DR_OK;
    }
    for (char *end; *copy; *end = '\0') { /* the file's name, then the folders that it is in */
        if (dr_import_year(copy, year) == DR_OK)
            return DR_OK;
        if (!(end = strrchr(copy, '/')))
            break;
    }
    if (set->year_count == 1) {
        *year = set->years[0];
        return DR_OK;
    }
    return dr_fail(DR_BAD_INPUT, "%s: neither its path nor a column says the year; give --year", path);
}
