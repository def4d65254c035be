/* Common parts of the tables of a solution. */
#ifndef DR_RESULT_RESULT_H
#define DR_RESULT_RESULT_H

#include "base/table.h"
#include "equilibrium/solution.h"

/* A ratio of new to base as a change in percent. */
static inline double dr_percent(double ratio)
{
    return 100 * (ratio - 1);
}

/* Adds the model's settings, as facts, and its notes. */
void dr_model_describe(dr_table *table, const dr_model *model);

/* Adds what every table of a solution carries: its title, "<scenario>: <what>, <year>", the source of the data,
 * settings, certificate and notes. */
void dr_solution_describe(dr_table *table, const dr_solution *solution, const char *what);

/* A table of regions without rows; `employment`: with that column, as where wages are rigid. */
dr_status dr_regions_table_new(dr_table **out, bool employment);

/* Notes that `what`, values of several regions, are in the numeraire, and which one it is. */
void dr_note_numeraire(dr_table *table, const dr_solution *solution, const char *what);

/* Hands over a table that is filled, or frees it and fails with what went wrong while it was filled. */
dr_status dr_solution_finish(dr_table **out, dr_table *table);

#endif
