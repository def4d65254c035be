#include "base/sql.h"

#include <stdlib.h>

dr_status dr_sql_run(const dr_duck *duck, const char *statement, const dr_sql_value *values)
{
    char *sql = NULL;
    DR_TRY(dr_sql_fill(&sql, statement, values));
    dr_status status = dr_duck_run(duck, "%s", sql);
    free(sql);
    return status;
}

dr_status dr_sql_open(dr_cursor *out, const dr_duck *duck, const char *statement, const dr_sql_value *values)
{
    char *sql = NULL;
    *out = (dr_cursor){0};
    DR_TRY(dr_sql_fill(&sql, statement, values));
    dr_status status = dr_cursor_open(out, duck, "%s", sql);
    free(sql);
    return status;
}

dr_status dr_sql_any(bool *out, const dr_duck *duck, const char *statement, const dr_sql_value *values)
{
    dr_cursor cursor;
    *out = false;
    dr_status status = dr_sql_open(&cursor, duck, statement, values);
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, out);
    dr_cursor_close(&cursor);
    return status;
}

/* A query in brackets is an expression, NULL where it gives no row; sums of integers are of a type of their own. */
dr_status dr_sql_number(double *out, const dr_duck *duck, const char *statement, const dr_sql_value *values)
{
    dr_cursor cursor = {0};
    char *query = NULL;
    bool more = false;
    DR_TRY(dr_sql_fill(&query, statement, values));
    dr_status status = dr_sql_open(&cursor, duck, "SELECT ({query})::DOUBLE", DR_VALUES(dr_sql_part("query", query)));
    free(query);
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    if (status == DR_OK)
        *out = dr_cursor_number(&cursor, 0);
    dr_cursor_close(&cursor);
    return status;
}

dr_status dr_sql_names(dr_names *names, const dr_duck *duck, const char *statement, const dr_sql_value *values)
{
    char *sql = NULL;
    DR_TRY(dr_sql_fill(&sql, statement, values));
    dr_status status = dr_cursor_names(names, duck, "%s", sql);
    free(sql);
    return status;
}

dr_status dr_sql_list(int **list, size_t *count, const dr_duck *duck, const char *statement, const dr_sql_value *values)
{
    char *sql = NULL;
    DR_TRY(dr_sql_fill(&sql, statement, values));
    dr_status status = dr_cursor_list(list, count, duck, "%s", sql);
    free(sql);
    return status;
}

dr_status dr_sql_table(dr_table *table, const dr_duck *duck, const char *statement, const dr_sql_value *values)
{
    char *sql = NULL;
    DR_TRY(dr_sql_fill(&sql, statement, values));
    dr_status status = dr_cursor_fill(table, duck, sql);
    free(sql);
    return status;
}
