#include "world/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void dr_roster_free(dr_roster *roster)
{
    dr_names_free(&roster->groups);
    free(roster->names);
    free(roster->spell);
    dr_arena_free(&roster->arena);
    *roster = (dr_roster){0};
}

dr_status dr_roster_add(dr_roster *r, const char *code, const char *name, const char *country, long since, long until)
{
    name = dr_arena_text(&r->arena, name);
    country = dr_arena_text(&r->arena, country);
    int group = name && country ? dr_names_add(&r->groups, code) : -1;
    if (group < 0 || !dr_grow((void **)&r->names, &r->name_capacity, r->groups.count, sizeof *r->names) ||
        !dr_grow((void **)&r->spell, &r->capacity, r->count + 1, sizeof *r->spell))
        return dr_fail_memory();
    r->names[group] = name;
    r->spell[r->count++] = (dr_spell){(size_t)group, country, since, until};
    return DR_OK;
}

/* The group of that code or name; a name is also known without its remark: "European Union (until 1993 ...)". */
static int find_group(const dr_roster *r, const char *text, size_t size)
{
    for (size_t g = 0; g < r->groups.count; g++) {
        const char *code = r->groups.names[g], *name = r->names[g], *remark = strstr(name, " (");
        size_t length = remark ? (size_t)(remark - name) : strcspn(name, ":");
        if ((strlen(code) == size && strncasecmp(code, text, size) == 0) ||
            (strlen(name) == size && strncasecmp(name, text, size) == 0) ||
            (length == size && strncasecmp(name, text, size) == 0))
            return (int)g;
    }
    return -1;
}

dr_status dr_roster_find(const dr_roster *roster, const char *name, int *group, int *year)
{
    const char *at = strchr(name, '@');
    size_t size = at ? (size_t)(at - name) : strlen(name);
    *group = find_group(roster, name, size);
    if (*group < 0 || !at)
        return DR_OK;
    char *end = NULL;
    long number = strtol(at + 1, &end, 10);
    if (strspn(at + 1, "0123456789") != 4 || *end || number < 1000)
        return dr_fail(DR_BAD_INPUT, "'%s': expected a year of four digits after the @, such as %s@2020", name,
                       roster->groups.names[*group]);
    *year = (int)number;
    return DR_OK;
}

static bool is_in(const dr_spell *spell, size_t group, int year)
{
    long day = 10000L * year + 701;
    return spell->group == group && spell->since <= day && spell->until >= day;
}

bool dr_roster_lists(const char *parts, const char *country)
{
    size_t size = strlen(country);
    for (const char *at = parts; *at; at += strcspn(at, "|"), at += *at == '|')
        if (strncmp(at, country, size) == 0 && (at[size] == '|' || !at[size]))
            return true;
    return false;
}

static bool has_country(const dr_roster *r, size_t group, int year, const char *country, size_t size)
{
    for (size_t i = 0; i < r->count; i++)
        if (is_in(&r->spell[i], group, year) && strncmp(r->spell[i].country, country, size) == 0 &&
            !r->spell[i].country[size])
            return true;
    return false;
}

bool dr_roster_has(const dr_roster *roster, size_t group, int year, const char *parts)
{
    for (const char *at = parts; *at; at += strcspn(at, "|"), at += *at == '|')
        if (!has_country(roster, group, year, at, strcspn(at, "|")))
            return false;
    return *parts;
}

dr_group_size dr_roster_mark(const dr_roster *r, size_t group, int year, const char *const *parts, size_t regions,
                             bool *mask)
{
    dr_group_size size = {0};
    for (size_t i = 0; i < regions; i++)
        mask[i] = dr_roster_has(r, group, year, parts[i]);
    for (size_t j = 0; j < r->count; j++) {
        bool here = false;
        if (!is_in(&r->spell[j], group, year))
            continue;
        for (size_t i = 0; i < regions && !here; i++)
            here = mask[i] && dr_roster_lists(parts[i], r->spell[j].country);
        size.members++;
        size.here += here;
    }
    return size;
}

/* Appends to a text of limited size. */
static void put(char *out, size_t size, const char *before, const char *text)
{
    size_t length = strlen(out);
    snprintf(out + length, size - length, "%s%s", before, text);
}

/* Whether some region has the country. */
static bool is_here(const char *const *parts, size_t regions, const char *country)
{
    for (size_t i = 0; i < regions; i++)
        if (dr_roster_lists(parts[i], country))
            return true;
    return false;
}

bool dr_roster_changes(const dr_roster *r, size_t group, int first, int last, const char *const *parts, size_t regions,
                       char *out, size_t size)
{
    char when[32];
    out[0] = '\0';
    for (int year = first + 1; year <= last; year++) {
        bool begun = false;
        for (int joins = 1; joins >= 0; joins--) {
            bool sign = false;
            for (size_t j = 0; j < r->count; j++) {
                bool before = is_in(&r->spell[j], group, year - 1), now = is_in(&r->spell[j], group, year);
                if (before == now || now != joins || !is_here(parts, regions, r->spell[j].country))
                    continue;
                snprintf(when, sizeof when, "%s%d: ", *out ? "; " : "", year);
                put(out, size, begun ? "" : when, sign ? " " : joins ? begun ? " + " : "+ " : begun ? " - " : "- ");
                put(out, size, "", r->spell[j].country);
                begun = sign = true;
            }
        }
    }
    return *out;
}
