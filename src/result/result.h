/* What tables of a solution share. */
#ifndef DR_RESULT_RESULT_H
#define DR_RESULT_RESULT_H

#include "base/table.h"
#include "equilibrium/solution.h"

/* results.c: adds the model's settings, as facts, and its notes. */
void dr_model_describe(dr_table *table, const dr_model *model);

/* results.c: the exact change of a region's real income, in percent. */
double dr_solution_welfare(const dr_solution *solution, size_t region);

/* results.c: gives a table what every result carries: its title, where it comes from, settings, certificate and notes. */
void dr_solution_describe(dr_table *table, const dr_solution *solution, const char *what);

/* results.c: hands over a table that is filled, or frees it and fails. */
dr_status dr_solution_finish(dr_table **out, dr_table *table);

/* results.c: terms and volume of trade of a region, in percent of its base income. */
void dr_solution_trade_terms(const dr_solution *solution, size_t region, double *terms, double *volume);

#endif
