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
    dr_cursor cursor;
    bool more = false;
    dr_arena texts = {0};
    dr_status status = dr_sql_open(&cursor, duck, statement, values);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *text = dr_cursor_text(&cursor, 0, &texts);
        if (!text || dr_names_add(names, text) < 0)
            status = dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

dr_status dr_sql_list(int **list, size_t *count, const dr_duck *duck, const char *statement, const dr_sql_value *values)
{
    dr_cursor cursor;
    bool more = false;
    size_t capacity = *count;
    dr_status status = dr_sql_open(&cursor, duck, statement, values);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        if (dr_grow((void **)list, &capacity, *count + 1, sizeof **list))
            (*list)[(*count)++] = (int)dr_cursor_index(&cursor, 0);
        else
            status = dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    return status;
}

static void set_text(dr_table *table, size_t row, size_t column, const char *text)
{
    if (text)
        dr_table_set_text(table, row, column, text);
    else
        table->failed = true;
}

dr_status dr_sql_table(dr_table *table, const dr_duck *duck, const char *statement, const dr_sql_value *values)
{
    dr_cursor cursor;
    bool more = false;
    dr_arena texts = {0};
    dr_status status = dr_sql_open(&cursor, duck, statement, values);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        size_t row = dr_table_add_row(table);
        for (size_t i = 0; i < table->column_count; i++)
            if (table->columns[i].show == DR_SHOW_TEXT)
                set_text(table, row, i, dr_cursor_text(&cursor, i, &texts));
            else
                dr_table_set_number(table, row, i, dr_cursor_number(&cursor, i));
        dr_arena_free(&texts);
    }
    dr_cursor_close(&cursor);
    return status == DR_OK ? dr_table_done(table) : status;
}
