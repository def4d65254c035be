/* One change of policy in a document: a mapping from the instrument to its keys. */
#ifndef DR_SCENARIO_CHANGE_YAML_H
#define DR_SCENARIO_CHANGE_YAML_H

#include "base/yaml.h"
#include "scenario/dates.h"
#include "scenario/scenario.h"

typedef struct dr_change_reader {
    dr_yaml *yaml;
    dr_scenario *scenario;
    const dr_own_groups *own; /* the groups that the documents read so far define */
    bool baseline;            /* the changes become a base: only instruments that a table can hold */
    const dr_dates *dates;    /* the year for which they are read; NULL: none, and they may have no dates */
} dr_change_reader;

/* Reads a change and, if it is in force, applies it as the next of the scenario. Errors: DR_BAD_INPUT with its place,
 * DR_MACHINE. */
dr_status dr_change_read(const dr_change_reader *reader, yaml_node_t *node);

struct dr_instrument;

/* The same where the mapping has the keys of this instrument, of a change that is in force or not. */
dr_status dr_change_read_keys(const dr_change_reader *reader, const struct dr_instrument *of, yaml_node_t *map,
                              bool in_force);

/* The instrument of this name, or NULL. */
const struct dr_instrument *dr_instrument_named(const char *name);

/* The instrument at a position, with its keys; NULL: there are no more. */
enum { DR_CHANGE_MOST_KEYS = 20 };
const char *dr_change_instrument(size_t position, const char *names[DR_CHANGE_MOST_KEYS], size_t *count);

/* The keys of instruments whose values may be a mapping from years to amounts, ending with NULL. */
const char *const *dr_change_amounts(void);

#endif
