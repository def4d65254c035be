/* The keys of a scenario, beside the settings of a model. */
#ifndef DR_SCENARIO_SCENARIO_KEYS_H
#define DR_SCENARIO_SCENARIO_KEYS_H

#include "scenario/baseline.h"
#include "scenario/settings.h"

typedef enum dr_scenario_key {
    DR_SCENARIO_CHANGES,
    DR_SCENARIO_TITLE,
    DR_SCENARIO_GROUPS,
    DR_SCENARIO_INCLUDE,
    DR_SCENARIO_BASELINE,
    DR_SCENARIO_OWN_KEYS,
    DR_SCENARIO_KEYS = DR_SCENARIO_OWN_KEYS + DR_SETTINGS
} dr_scenario_key;

/* In that order, then those of settings. */
extern const char *const dr_scenario_keys[DR_SCENARIO_KEYS];

#endif
