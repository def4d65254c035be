/* The options of commands that solve the model: which model, and how it is calibrated. */
#ifndef DR_CLI_MODEL_ROWS_H
#define DR_CLI_MODEL_ROWS_H

#include "cli/line.h"
#include "scenario/settings.h"

extern const option_row cli_model_rows[];

/* The model options given on the command line, over those of a document (NULL: none), which must stay. */
dr_model_options cli_model_options(const cli_line *line, const dr_settings *document);

/* The economy of the world that is the first argument, in the year of --year, else of the document (NULL: none), else
 * the last; its base is that of --baseline, else of the document at `path` (NULL: none), else the table. */
dr_status cli_load_economy(dr_economy **out, const cli_line *line, const dr_settings *document, const char *path);

#endif
