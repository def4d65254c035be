/* Changes of policy as options of the command line: one for each instrument of the policy language, in one line
 * (dr_scenario_change). */
#ifndef DR_CLI_CHANGE_ROWS_H
#define DR_CLI_CHANGE_ROWS_H

#include "cli/line.h"
#include "scenario/value_range.h"

extern const option_row cli_change_rows[];

bool cli_is_change(const option_row *row);

/* Whether the command line has any. */
bool cli_has_changes(const cli_line *line);

/* A value of --sweep, and whether a change has taken it. */
typedef struct cli_swept {
    const char *key; /* NULL: there is no sweep */
    char value[DR_RANGE_VALUE_SIZE];
    bool taken;
} cli_swept;

/* Adds those of the command line, in their order; with a sweep, its key gets its value in each that has it. Errors:
 * DR_USAGE (the shape of a change), those of dr_scenario_change, with the option in front. */
dr_status cli_add_changes(dr_scenario *scenario, const cli_line *line, cli_swept *sweep);

#endif
