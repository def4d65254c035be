/* The options of 'derisk play' that the server's endpoint play has too. */
#ifndef DR_OPTIONS_GAME_ROWS_H
#define DR_OPTIONS_GAME_ROWS_H

#include "options/option.h"

extern const option_row option_game_rows[];

dr_game_options option_game(const option_values *values);

#endif
