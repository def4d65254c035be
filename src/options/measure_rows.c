#include "options/measure_rows.h"

#define YEAR                                                                                                           \
    .kind = OPTION_COUNT, .least = 1, .most = 9999, .example = "2011", .fallback = "the last",                         \
    .help = "year of the world"

#define ACCOUNT .kind = OPTION_TEXT, .example = "CO2"

const option_row option_year_rows[] = {{"year", "YEAR", YEAR}, {0}};

const option_row option_balance_rows[] = {
    {"value-added", NULL, .kind = OPTION_FLAG,
     .help = "add the balance in value added: value added of one side in the final use of the other"},
    {"account", "NAME", ACCOUNT, .excludes = "value-added",
     .help = "instead of trade: what of this account (emissions, jobs) is embodied in it"},
    {"year", "YEAR", YEAR, .excludes = "by=year"},
    {0},
};

const option_row option_exposure_rows[] = {
    {"to", "TO", .kind = OPTION_REGION, .excludes = "table=partners", .fallback = "all others",
     .help = "region or group on which OF depends"},
    {"account", "NAME", ACCOUNT,
     .excludes = "partners hidden routes cut map energy products why materials table=partners|hidden|routes",
     .help = "instead of trade: what of this account (emissions, jobs) is embodied in the final use of either side"},
    {"year", "YEAR", YEAR},
    {0},
};

const option_row option_ties_rows[] = {
    {"sectors", "SECTORS", .kind = OPTION_SECTOR, .fallback = "all", .help = "sectors of the seller"},
    {"year", "YEAR", YEAR},
    {0},
};

static const char *const footprints[] = {"region", "pair", "sector", "year", NULL};
static const char *const positions[] = {"sector", "region", NULL};

const option_row option_footprint_rows[] = {
    {"account", "NAME", ACCOUNT, .fallback = "the only one of the world",
     .help = "account: emissions, jobs, energy or another that was imported"},
    {"by", "WHAT", .kind = OPTION_WORD, .words = footprints, .fallback = "region",
     .help = "a row for each region, for each pair of producer and final user, for each sector, or for each year"},
    {"year", "YEAR", YEAR, .excludes = "by=year"},
    {0},
};

const option_row option_position_rows[] = {
    {"by", "WHAT", .kind = OPTION_WORD, .words = positions, .fallback = "sector",
     .help = "a row for each sector or for each region"},
    {"year", "YEAR", YEAR},
    {0},
};
