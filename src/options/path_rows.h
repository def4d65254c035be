/* The options of a path over years, of 'derisk simulate' and of the server's endpoint simulate. */
#ifndef DR_OPTIONS_PATH_ROWS_H
#define DR_OPTIONS_PATH_ROWS_H

#include "options/option.h"

/* And growth from a file, of the command alone. */
extern const option_row option_path_rows[], option_growth_rows[];

/* The options given; texts are borrowed. */
dr_transition_options option_path(const option_values *values);

#endif
