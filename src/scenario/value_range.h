/* Sweeps: one number of the changes of a scenario takes values from one to another. */
#ifndef DR_SCENARIO_VALUE_RANGE_H
#define DR_SCENARIO_VALUE_RANGE_H

#include <stddef.h>

#include "base/yaml.h"

enum { DR_RANGE_KEY_SIZE = 32, DR_RANGE_VALUE_SIZE = 32, DR_RANGE_MOST = 1000 };

typedef struct dr_range {
    char key[DR_RANGE_KEY_SIZE]; /* of changes: "rate", "times", "cut" */
    bool percent;                /* the values are written in percent */
    double from, step;           /* as written */
    size_t count;
} dr_range;

/* Reads "KEY=FROM:TO:STEP", such as "rate=10%:60%:10%". Errors: DR_BAD_INPUT (another form, more than DR_RANGE_MOST
 * values). */
dr_status dr_range_read(dr_range *out, const char *text);

/* The value at an index, as a scenario writes it. Returns `out`. */
const char *dr_range_value(char out[DR_RANGE_VALUE_SIZE], const dr_range *range, size_t index);

/* Gives the key this value in every change of a document that has it. Errors: DR_BAD_INPUT (none has it),
 * DR_MACHINE. */
dr_status dr_range_document(dr_yaml *yaml, const char *key, const char *value);

/* The same in the keys of one change; *found becomes true where it has the key. Errors: DR_MACHINE. */
dr_status dr_range_keys(dr_yaml *yaml, const yaml_node_t *map, const char *key, const char *value, bool *found);

/* As dr_scenario_load, with this value of the key in every change of the file that has it. */
dr_status dr_scenario_load_swept(dr_scenario **out, const dr_economy *economy, const char *path, const char *key,
                                 const char *value);

#endif
