#include "world/unknown_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "world/called.h"
#include "world/sector_words.h"

/* Whether a region is what is left of the world. */
static bool is_rest(const dr_economy *e, size_t region, const dr_countries *countries)
{
    const char *parts = e->region_parts[region];
    const dr_country *entry = *parts ? dr_country_find(countries, parts) : NULL;
    return !*parts || (entry && entry->kind == DR_COUNTRY_REST);
}

dr_status dr_fail_country(const dr_economy *e, const char *name, const dr_countries *countries,
                          const dr_country *country)
{
    char who[160];
    size_t rest = e->regions, whole = e->regions;
    if (dr_same_name(country->code, name) || dr_same_name(country->name, name))
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

dr_status dr_fail_region(const dr_economy *e, const char *name)
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

dr_status dr_fail_sector(const dr_economy *e, const char *name)
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
