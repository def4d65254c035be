/* The options of 'simulate' that ask how sure a result is. */
#ifndef DR_CLI_DRAWS_ROWS_H
#define DR_CLI_DRAWS_ROWS_H

#include "cli/options.h"

/* The tables of a run, and that of all draws. */
extern const char *const cli_draw_tables[];

/* Rows for the table of the command's options. */
#define CLI_OPTIONS_DRAWS                                                                                              \
    {"draws", "N", .takes = CLI_TEXT, .help = "how sure: solve N times with elasticities drawn by their errors"},      \
        {"seed", "SEED", .takes = CLI_TEXT, .help = "with --draws: a whole number; without it, 1"},                    \
        {"elasticity-error", "PART", .takes = CLI_TEXT,                                                                \
         .help = "with --draws: standard error of elasticities that have none, such as 20%"},                          \
    {                                                                                                                  \
        "share-error", "PART", .takes = CLI_TEXT,                                                                      \
                               .help = "with --draws: standard error of the table's shares, such as 5%"                \
    }

/* Refuses options that do not go together. Errors: DR_USAGE. */
dr_status cli_draws_check(const cli_line *line);

/* The table that --draws asks for: bands, or all draws; with a bar. */
dr_status cli_draws_table(dr_table **out, const cli_line *line, const dr_model *model, const dr_scenario *scenario);

#endif
