/* The options of commands that solve the model: which model, and how it is calibrated. */
#ifndef DR_CLI_MODEL_ROWS_H
#define DR_CLI_MODEL_ROWS_H

#include "cli/line.h"
#include "scenario/settings.h"

extern const option_row cli_model_rows[];

/* And the way with products, of commands whose --products is nothing else. */
extern const option_row cli_nest_rows[];

/* The model options given on the command line, over those of a document (NULL: none), which must stay. */
dr_model_options cli_model_options(const cli_line *line, const dr_settings *document);

#endif
