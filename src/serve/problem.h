/* The problem that a request poses: an economy, a model of it and their settings, from the cache where they are in
 * it. */
#ifndef DR_SERVE_PROBLEM_H
#define DR_SERVE_PROBLEM_H

#include "serve/call.h"

/* The economy of a year (0: the last) of the world. Given back with serve_cache_give. Errors: as dr_economy_load. */
dr_status serve_economy_take(serve_call *call, int year, serve_entry **out);

typedef struct serve_problem {
    serve_call *call;
    char *document; /* the scenario or game, as YAML; NULL: none */
    dr_settings *settings;
    dr_model_options options; /* those of the settings, with products in a nest where the document changes products */
    serve_entry *economy_entry, *model_entry;
    const dr_economy *economy;
    const dr_model *model;
    dr_economy *own_economy; /* with the baseline of the document, from no cache; NULL: it has none */
    dr_model *own_model;
} serve_problem;

/* Takes what the settings in `document` ask for: a scenario or game, which messages call `name`, or an object of
 * nothing but settings (NULL: none, all are defaults). Errors: DR_USAGE, DR_BAD_INPUT (also an elasticity that is a
 * file), and those of dr_model_new. Freed with serve_problem_free, on failure too. */
dr_status serve_problem_take(serve_problem *out, serve_call *call, const json_t *document, const char *name);
void serve_problem_free(serve_problem *problem);

/* Adds to a table the note on flows that the scenario changes and that differ from customs statistics. Frees the table
 * where that fails. Errors: as dr_note_scenario. */
dr_status serve_note_scenario(serve_call *call, dr_table *table, const dr_scenario *scenario);

/* The scenario of the document. Errors: as dr_scenario_parse. */
dr_status serve_problem_scenario(const serve_problem *problem, dr_scenario **out);

#endif
