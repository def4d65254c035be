/* The options of commands that solve the model: which, and how it is calibrated. */
#ifndef DR_CLI_MODEL_ROWS_H
#define DR_CLI_MODEL_ROWS_H

#include "cli/options.h"
#include "scenario/settings.h"

/* The settings that the options below ask for, before those of a document (NULL: none), which must stay. */
dr_model_options cli_model_options(const cli_line *line, const dr_settings *document);

/* The first of those options that is given; NULL: none is. */
const char *cli_model_option(const cli_line *line);

/* The economy of --year, without it of the document's year (NULL: none), else the last, in the world that is the first argument. */
dr_status cli_load_economy(dr_economy **out, const cli_line *line, const dr_settings *document);

/* Rows for the table of a command's options. */
#define CLI_OPTIONS_MODEL                                                                                              \
    {"closure", "CLOSURE", .takes = CLI_WORD,                                                                          \
     .help = "what trade imbalances do: fixed (the default), income-share or zero", .words = dr_closures},             \
        {"horizon", "HORIZON", .takes = CLI_WORD,                                                                      \
         .help = "short, medium or long: trade elasticity and mobility of labour; without it, long",                   \
         .words = dr_horizons},                                                                                        \
        {"model", "MODEL", .takes = CLI_WORD,                                                                          \
         .help = "caliendo-parro, baqaee-farhi or armington: how goods replace each other", .words = dr_models},       \
        {"thin-markets", "SHARE", .takes = CLI_TEXT,                                                                   \
         .help = "markets left with less than this share of base supply are pooled; 0: never"},                        \
        {"rigid-wages", "REGIONS[:FLOOR]", .takes = CLI_TEXT,                                                          \
         .help = "wages there do not fall below the base's, or below FLOOR (97%) of them"},                            \
    {                                                                                                                  \
        "elasticity", "ELASTICITY", .takes = CLI_TEXT,                                                                 \
                                    .help = "trade elasticity: number, named or stored set, CSV; else the horizon's",  \
                                    .words = dr_elasticity_sets                                                        \
    }

#endif
