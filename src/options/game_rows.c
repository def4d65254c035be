#include "options/game_rows.h"

const option_row option_game_rows[] = {
    {"starts", "N", .kind = OPTION_COUNT, .least = 1, .most = 1000, .fallback = "2",
     .help = "number of starting values from which the game is solved"},
    {"most", "ROWS", .kind = OPTION_COUNT, .most = 1000, .fallback = "20",
     .help = "maximum number of rows in the coercion table; 0: all"},
    {0},
};

dr_game_options option_game(const option_values *values)
{
    return DR_OPTIONS(dr_game_options, .starts = (size_t)option_number(values, "starts"),
                      .most = (size_t)option_number(values, "most"));
}
