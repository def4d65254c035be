#include "options/draw_rows.h"

const option_row option_draw_rows[] = {
    {"draws", "N", .kind = OPTION_COUNT, .least = 1, .most = 1e9,
     .help = "Monte Carlo: solve N times, drawing trade elasticities from their standard errors"},
    {"seed", "SEED", .kind = OPTION_COUNT, .fallback = "1", .needs = "draws", .help = "seed of the random numbers"},
    {"elasticity-error", "RATE", .kind = OPTION_RATE, .example = "20%", .needs = "draws",
     .help = "standard error of elasticities that have none, as a share of the elasticity"},
    {"share-error", "RATE", .kind = OPTION_RATE, .example = "5%", .needs = "draws",
     .help = "standard error of the shares of the table, as a part of each"},
    {0},
};

dr_draw_options option_draws(const option_values *values)
{
    return DR_OPTIONS(dr_draw_options, .draws = (size_t)option_number(values, "draws"),
                      .seed = (unsigned long long)option_number(values, "seed"),
                      .elasticity_error = option_number(values, "elasticity-error"),
                      .share_error = option_number(values, "share-error"));
}
