/* The account of a world that says how much is emitted: in a unit of mass, and named after what it is of. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/sql.h"
#include "world/accounts.h"
#include "world/world_sql.h"

/* Tonnes in a unit, which words may follow ("Mt CO2", "tonnes of CO2"). */
static const struct {
    const char *unit;
    double tonnes;
} units[] = {
    {"million tonnes", 1e6},
    {"thousand tonnes", 1e3},
    {"tonnes", 1},
    {"tonne", 1},
    {"tons", 1},
    {"t", 1},
    {"kilotonnes", 1e3},
    {"kt", 1e3},
    {"Gg", 1e3},
    {"Mt", 1e6},
    {"Tg", 1e6},
    {"megatonnes", 1e6},
    {"kilogrammes", 1e-3},
    {"kilograms", 1e-3},
    {"kg", 1e-3},
    {"Gt", 1e9},
    {"Pg", 1e9},
};

/* 0: it is no unit of mass. */
static double tonnes_in(const char *unit)
{
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        size_t length = strlen(units[k].unit);
        if (strncmp(unit, units[k].unit, length) == 0 && (unit[length] == '\0' || unit[length] == ' '))
            return units[k].tonnes;
    }
    return 0;
}

/* The number of the account that is called so, or the only one in whose name a word for emissions is; -1: none. */
static int find(const dr_names *names)
{
    static const char *const called[] = {"CO2", "CO2 emissions",    "carbon dioxide",
                                         "GHG", "greenhouse gases", "emissions"};
    int found = -1, count = 0;
    for (size_t i = 0; i < sizeof called / sizeof *called; i++)
        for (size_t k = 0; k < names->count; k++)
            if (strcasecmp(names->names[k], called[i]) == 0)
                return (int)k;
    for (size_t k = 0; k < names->count; k++) {
        bool about = false;
        for (size_t i = 0; i < sizeof called / sizeof *called; i++)
            about = about || strcasestr(names->names[k], called[i]);
        count += about;
        found = about ? (int)k : found;
    }
    return count == 1 ? found : -1;
}

/* The accounts of a year in a unit of mass. */
static dr_status list(dr_names *names, const dr_world *world, int year)
{
    dr_cursor cursor;
    bool more = false;
    dr_arena texts = {0};
    dr_status status =
        dr_sql_open(&cursor, &world->duck, dr_world_sql.accounts.of_year, DR_VALUES(dr_sql_integer("year", year)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *name = dr_cursor_text(&cursor, 0, &texts), *unit = dr_cursor_text(&cursor, 1, &texts);
        if (!name || !unit || (tonnes_in(unit) > 0 && dr_names_add(names, name) < 0))
            status = dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

static void convert(dr_account_year *account, const dr_world *world)
{
    double tonnes = tonnes_in(account->unit);
    size_t regions = world->layout.regions.count;
    for (size_t i = 0; i < regions * world->layout.sectors.count; i++)
        account->value[i] *= tonnes;
    for (size_t i = 0; i < regions; i++)
        account->final[i] *= tonnes;
    account->unit = "t";
}

dr_status dr_account_of_emissions(dr_account_year **out, const dr_world *world, int year)
{
    dr_names names = {0};
    *out = NULL;
    if (!world->has[DR_OF_ACCOUNTS])
        return DR_OK;
    dr_status status = list(&names, world, year);
    int found = status == DR_OK ? find(&names) : -1;
    if (found >= 0 && names.names)
        status = dr_account_load(out, world, names.names[found], year);
    if (status == DR_OK && *out)
        convert(*out, world);
    dr_names_free(&names);
    return status;
}
