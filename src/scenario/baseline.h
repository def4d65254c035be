/* Baselines in documents of scenarios and games: changes that come before and become the base, a list of them or the
 * file of another scenario, which may have a baseline of its own. */
#ifndef DR_SCENARIO_BASELINE_H
#define DR_SCENARIO_BASELINE_H

#include "base/yaml.h"
#include "scenario/scenario.h"

#define DR_BASELINE_KEY "baseline"

/* Makes a scenario of `economy` its base; `file`: its document, NULL where it is listed in that of another. */
typedef dr_status dr_baseline_step(void *user, const dr_scenario *scenario, const char *file);

typedef struct dr_baselines {
    const dr_economy *economy; /* that the step changes */
    dr_baseline_step *step;
    void *user;
} dr_baselines;

/* Take the baselines of a document one after another, the first of a chain first; nothing where it has none. `apply`
 * takes the scenario at `path` itself, too. Errors: DR_BAD_INPUT with file:line:column (also an instrument that leaves
 * no base, and files that name each other), those of the step. */
dr_status dr_baselines_apply(const dr_baselines *baselines, const char *path);
dr_status dr_baselines_load(const dr_baselines *baselines, const char *path);
dr_status dr_baselines_parse(const dr_baselines *baselines, const char *text, size_t size, const char *name);

/* Fails where a document has a baseline (NULL: it has none) that has not been made the base of the economy. */
dr_status dr_baseline_check(const dr_yaml *yaml, const dr_economy *economy, const yaml_node_t *node);

#endif
