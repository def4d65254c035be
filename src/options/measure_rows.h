/* The options of the commands that measure, which the server's endpoints have too. */
#ifndef DR_OPTIONS_MEASURE_ROWS_H
#define DR_OPTIONS_MEASURE_ROWS_H

#include "options/option.h"

extern const option_row option_year_rows[]; /* the year alone */
extern const option_row option_balance_rows[];
extern const option_row option_exposure_rows[];
extern const option_row option_ties_rows[];
extern const option_row option_footprint_rows[];
extern const option_row option_position_rows[];

#endif
