#include "world/cells.h"

#include <stdio.h>
#include <string.h>

const dr_cells dr_cells_all[] = {
    {"intermediate",
     "intermediate_row",
     "rsrs",
     DR_OF_ICIO,
     {"origin", "supplier", "destination", "user"},
     {"value"},
     0,
     2,
     {NULL, NULL, NULL}},
    {"final",
     "final_row",
     "rsru",
     DR_OF_ICIO,
     {"origin", "supplier", "destination", "use"},
     {"value"},
     0,
     2,
     {NULL, NULL, NULL}},
    {"output", NULL, "rs", DR_OF_ICIO, {"region", "sector"}, {"value"}, -1, -1, {NULL, NULL, NULL}},
    {"value_added", NULL, "rs", DR_OF_REGIONS, {"region", "sector"}, {"value"}, -1, -1, {NULL, NULL, NULL}},
    {"flow",
     NULL,
     "rrs",
     DR_OF_LONG,
     {"importer", "exporter", "sector"},
     {"value", "tariff"},
     1,
     0,
     {NULL, NULL, NULL}},
    {"input", NULL, "rss", DR_OF_LONG, {"region", "input", "sector"}, {"value"}, -1, -1, {NULL, NULL, NULL}},
    {"final_demand", NULL, "rs", DR_OF_LONG, {"region", "sector"}, {"value"}, -1, -1, {NULL, NULL, NULL}},
    {"factor_income",
     NULL,
     "rs",
     DR_OF_FACTORS,
     {"region", "sector"},
     {"value"},
     -1,
     -1,
     {"factor", "factor_income", "factor"}},
    {"deficit", NULL, "r", DR_OF_LONG, {"region"}, {"value"}, -1, -1, {NULL, NULL, NULL}},
    {"trade_elasticity", NULL, "s", DR_OF_LONG, {"sector"}, {"value"}, -1, -1, {NULL, NULL, NULL}},
    {"account_value",
     NULL,
     "rs",
     DR_OF_ACCOUNTS,
     {"region", "sector"},
     {"value"},
     -1,
     -1,
     {"account", "account", "name"}},
    {"account_final", NULL, "r", DR_OF_ACCOUNTS, {"region"}, {"value"}, -1, -1, {"account", "account", "name"}},
    {"tariff", NULL, "rrs", DR_OF_TARIFFS, {"importer", "exporter", "sector"}, {"rate"}, 1, 0, {NULL, NULL, NULL}},
    {0},
};

const dr_cells *dr_cells_find(const char *table)
{
    const dr_cells *cells = dr_cells_all;
    while (cells->table && strcmp(cells->table, table) != 0 && !(cells->lists && strcmp(cells->lists, table) == 0))
        cells++;
    return cells->table ? cells : NULL;
}

bool dr_cells_in_lists(const dr_cells *cells, int version)
{
    return cells->lists && version >= DR_LISTS_VERSION;
}

const char *dr_cells_stored(const dr_cells *cells, int version)
{
    return dr_cells_in_lists(cells, version) ? cells->lists : cells->table;
}

bool dr_cells_of_table(const dr_cells *cells, bool is_long)
{
    return cells->family == DR_OF_REGIONS ||
           (is_long ? cells->family == DR_OF_LONG || cells->family == DR_OF_FACTORS : cells->family == DR_OF_ICIO);
}

static const dr_names *names_of(const dr_cells *cells, size_t column, const dr_layout *layout)
{
    char code = cells->codes[column];
    return code == 'r' ? &layout->regions : code == 's' ? &layout->sectors : &layout->uses;
}

size_t dr_cells_limit(const dr_cells *cells, size_t column, const dr_layout *layout)
{
    return names_of(cells, column, layout)->count;
}

const char *dr_cells_name(char text[256], const dr_cells *cells, const dr_layout *layout, const size_t *index)
{
    size_t size = 0;
    *text = '\0';
    for (size_t i = 0; cells->codes[i] && size < 192; i++)
        size += (size_t)snprintf(text + size, 256 - size, "%s%.40s", i ? ", " : "",
                                 names_of(cells, i, layout)->names[index[i]]);
    return text;
}
