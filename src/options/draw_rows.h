/* The options of Monte Carlo draws, of 'derisk simulate' and of the server's endpoint draws. */
#ifndef DR_OPTIONS_DRAW_ROWS_H
#define DR_OPTIONS_DRAW_ROWS_H

#include "options/option.h"

extern const option_row option_draw_rows[];

dr_draw_options option_draws(const option_values *values);

#endif
