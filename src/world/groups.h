/* Groups that a command names (EU, EU@2020), and the one rule for trade between their members: an instrument does not
 * apply to it, unless `inside` says otherwise. A list of countries names no group: each is an actor of its own. */
#ifndef DR_WORLD_GROUPS_H
#define DR_WORLD_GROUPS_H

#include "base/table.h"
#include "world/economy.h"

typedef struct dr_group {
    char *name;   /* "EU", "EU@2020" */
    int year;     /* of its composition */
    bool *member; /* [region] */
    dr_group_size size;
} dr_group;

/* Groups, each once. A zeroed struct has none. */
typedef struct dr_named {
    dr_group *group;
    size_t count, capacity;
} dr_named;

/* Adds a group of the economy's roster in its composition of a year; one that a document defines itself; all of
 * another's; and all that have a member here. */
dr_status dr_named_add(dr_named *named, const dr_economy *economy, size_t group, int year);
dr_status dr_named_add_own(dr_named *named, const dr_economy *economy, const char *name, const bool *member);
dr_status dr_named_merge(dr_named *named, const dr_named *more, size_t regions);
dr_status dr_named_all(dr_named *named, const dr_economy *economy);
void dr_named_free(dr_named *named);

/* Whether two regions are members of one of the groups. */
bool dr_named_together(const dr_named *named, size_t a, size_t b);

/* Adds a note and the facts groups.EU.members and groups.EU.in_table where a table lacks some of a group's members of a
 * year, or of the years from `first` to `last`; `here` lists the members in the table ("": no list). The second adds a
 * note and the fact groups.EU.changes where members, in regions made of `parts`, join or leave between two years. */
void dr_group_tell(dr_table *table, const char *name, int first, int last, dr_group_size size, const char *here);
void dr_group_tell_changes(dr_table *table, const dr_roster *roster, size_t group, int first, int last,
                           const char *const *parts, size_t regions);

/* The first of these of each group. */
void dr_named_tell(dr_table *table, const dr_economy *economy, const dr_named *named);

/* The second, of those groups that are not of a year. */
void dr_named_tell_changes(dr_table *table, const dr_economy *economy, const dr_named *named, int first, int last);

/* As dr_named_tell for all groups with a member here, which have rows of their own, except for those in `told` (may be
 * NULL). */
dr_status dr_groups_tell_all(dr_table *table, const dr_economy *economy, const dr_named *told);

/* The flows between members of a group that instruments concern: left alone, or included if so asked. A zeroed struct
 * has none. */
typedef struct dr_insiders {
    unsigned char *flow; /* [n, i, s] bits: 1 left alone, 2 included */
    dr_named named;      /* the groups */
} dr_insiders;

/* Adds those of an instrument of importers `by` on exporters `on`; *left is whether there are flows that it leaves
 * alone. */
dr_status dr_insiders_add(dr_insiders *insiders, const dr_economy *economy, const bool *by, const bool *on,
                          const bool *sectors, const dr_named *named, bool inside);
void dr_insiders_free(dr_insiders *insiders);

/* The note on them in a result: how many flows, between members of which groups, and their value, `flow` being the
 * economy's [n, i, s]. *note is NULL where there are none; to be freed. */
dr_status dr_insiders_note(char **note, const dr_insiders *insiders, const dr_economy *economy, const double *flow,
                           bool included);

/* "EU", "EU or G7": the names, into `out`. Returns it. */
#define DR_GROUP_NAMES_SIZE 128
const char *dr_named_list(char out[DR_GROUP_NAMES_SIZE], const dr_named *named);

#endif
