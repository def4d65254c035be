/* Memberships of countries in groups over time: EU, G7, BRICS, ... A member in a year is one on its 1 July. */
#ifndef DR_WORLD_ROSTER_H
#define DR_WORLD_ROSTER_H

#include "base/error.h"
#include "base/memory.h"
#include "base/names.h"

/* A country's time in a group, both days included, as 20040501. */
typedef struct dr_spell {
    size_t group;
    const char *country; /* ISO 3166 */
    long since, until;
} dr_spell;

/* All groups of a world. A zeroed struct has none. */
typedef struct dr_roster {
    dr_names groups;    /* codes */
    const char **names; /* [group] */
    size_t name_capacity;
    dr_spell *spell;
    size_t count, capacity;
    dr_arena arena;
} dr_roster;

/* Reads those of a world file. Errors: DR_MACHINE. */
struct dr_duck;
dr_status dr_roster_read(dr_roster *out, const struct dr_duck *duck);

/* Adds a country's time in a group, which is added with it. */
dr_status dr_roster_add(dr_roster *roster, const char *group, const char *name, const char *country, long since,
                        long until);
void dr_roster_free(dr_roster *roster);

/* A group as people name it: its code or name, in any case, and perhaps the year of its composition, "EU@2020". *year
 * stays where there is none. *group is -1 where the text names no group. Errors: DR_BAD_INPUT (what follows the @ is no
 * year). */
dr_status dr_roster_find(const dr_roster *roster, const char *name, int *group, int *year);

/* Whether all countries of a region ('|' between their codes; "" has none) are in the group. */
bool dr_roster_has(const dr_roster *roster, size_t group, int year, const char *parts);

/* Whether the parts of a region have the country. */
bool dr_roster_lists(const char *parts, const char *country);

/* How many members a group has, and how many of them are in a table. */
typedef struct dr_group_size {
    size_t members, here;
} dr_group_size;

/* Marks the regions, made of `parts`, that are in the group. */
dr_group_size dr_roster_mark(const dr_roster *roster, size_t group, int year, const char *const *parts, size_t regions,
                             bool *mask);

/* Which countries of a table, whose regions are made of `parts`, join and leave between two years: "2004: + CYP CZE;
 * 2020: - GBR", into `out`; false if none does. */
bool dr_roster_changes(const dr_roster *roster, size_t group, int first, int last, const char *const *parts,
                       size_t regions, char *out, size_t size);

#endif
