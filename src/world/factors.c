#define _GNU_SOURCE /* asprintf */
#include "world/factors.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/rows.h"

dr_status dr_factors_read(dr_names *names, const dr_world *world, int year)
{
    dr_cursor cursor;
    bool there = false;
    dr_status status = dr_cursor_open(&cursor, &world->duck,
                                      "SELECT 1 FROM information_schema.tables WHERE table_name = 'factor_income'");
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &there);
    dr_cursor_close(&cursor);
    if (status != DR_OK || !there)
        return status;
    return dr_cursor_names(names, &world->duck,
                           "SELECT factor FROM factor_income WHERE year = %d GROUP BY factor ORDER BY min(rowid)",
                           year);
}

char *dr_factors_sql(const char *name)
{
    char *sql = NULL, *quoted = dr_duck_quote(name);
    if (!quoted)
        return NULL;
    if (asprintf(&sql, "region, sector, value FROM (SELECT * FROM factor_income WHERE factor = %s)", quoted) < 0)
        sql = NULL;
    free(quoted);
    return sql;
}
