#include "options/path_rows.h"

static const char *const mobilities[] = {"free", "fixed", "95%", NULL};
static const char *const capitals[] = {"accounts", "33%", NULL};

const option_row option_path_rows[] = {
    {"years", "N", .kind = OPTION_COUNT, .least = 1, .most = 200,
     .excludes =
         "sensitivity why tie households places social-cost sweep store map draws part horizon rigid-wages numeraire "
         "products pick",
     .help = "an equilibrium for each of the N years after that of the table, from the short to the long run"},
    {"announced", "YEAR", .kind = OPTION_COUNT, .least = 1, .most = 9999, .fallback = "that of the first change",
     .needs = "years", .help = "year from which on people know of all changes and their dates"},
    {"mobility", "MOBILITY", .kind = OPTION_TEXT, .words = mobilities, .fallback = "grows with the years",
     .needs = "years",
     .help = "how labour moves between sectors: free, fixed, the share of workers who stay in their sector in a year "
             "while the others look ahead, or a CSV file: from, to, share"},
    {"capital", "CAPITAL", .kind = OPTION_TEXT, .words = capitals, .fallback = "constant", .needs = "years",
     .help = "let capital accumulate: its share of value added, or the accounts of the world"},
    {"discount", "RATE", .kind = OPTION_RATE, .most = 1, .above = true, .fallback = "4%", .needs = "years",
     .help = "rate at which the real income of later years is discounted"},
    {"steps-per-year", "N", .kind = OPTION_COUNT, .least = 1, .most = 64, .fallback = "1", .needs = "years",
     .help = "steps in which capital accumulates within a year"},
    {0},
};

const option_row option_growth_rows[] = {
    {"growth", "FILE.csv", .kind = OPTION_FILE, .needs = "years",
     .help = "growth of productivity in a year that happens with and without the changes: region, sector, growth, "
             "perhaps year"},
    {0},
};

dr_transition_options option_path(const option_values *values)
{
    return DR_OPTIONS(dr_transition_options, .announced = (int)option_number(values, "announced"),
                      .mobility = option_text(values, "mobility"), .capital = option_text(values, "capital"),
                      .growth = option_text(values, "growth"), .discount = option_number(values, "discount"),
                      .steps = (size_t)option_number(values, "steps-per-year"));
}
