/* The path over years of 'derisk simulate --years': its scenarios, its tables and its picture. */
#ifndef DR_CLI_SIMULATE_YEARS_H
#define DR_CLI_SIMULATE_YEARS_H

#include "cli/line.h"

typedef struct cli_years cli_years;

/* Room for the path that --years asks for. Errors: DR_MACHINE. */
dr_status cli_years_new(cli_years **out, const cli_line *line);
void cli_years_free(cli_years *years);

/* Where the scenario of a year goes, from 0; it is freed with the path. */
dr_scenario **cli_years_place(cli_years *years, size_t year);

/* Errors: as dr_transition_solve. */
dr_status cli_years_solve(cli_years *years, const cli_line *line, const dr_model *model);

/* Whether a table is one of a path. */
bool cli_years_named(const char *table);

/* A table by its name; NULL: for people (`picked` false) that of what the path is worth, else that of the years. */
dr_status cli_years_table(dr_table **out, const cli_years *years, const char *name, bool picked);

/* Draws real income over the years, a line for each region, where --plot asks for it. */
dr_status cli_years_draw(const cli_line *line, const cli_years *years);

#endif
