/* The tables of a solution by name. */
#ifndef DR_RESULT_RESULT_TABLES_H
#define DR_RESULT_RESULT_TABLES_H

#include "base/error.h"

typedef struct dr_result_table {
    const char *name;
    dr_status (*make)(dr_table **out, const dr_solution *solution);
    /* Of a table that solves parts of the scenario as well. */
    dr_status (*follow)(dr_table **out, const dr_solution *solution, const dr_scenario *scenario);
} dr_result_table;

/* Those of a run that is stored, then those that follow from them. */
enum { DR_STORED_TABLES = 7, DR_RESULT_TABLES = 15 };
extern const dr_result_table dr_result_tables[DR_RESULT_TABLES];

/* Makes the table at `index` of a solution that was solved for under `scenario`. */
dr_status dr_result_make(dr_table **out, size_t index, const dr_solution *solution, const dr_scenario *scenario);

#endif
