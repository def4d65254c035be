#include "world/row_sums.h"

#include <stdio.h>
#include <string.h>

#include "base/sql.h"
#include "world/products.h"
#include "world/sums.h"
#include "world/world_sql.h"

enum { NO_YEAR = 0 };

static const char *const tables[] = {"energy_flow", "supply_share", "supply_score"};

enum { TABLES = sizeof tables / sizeof *tables };

bool dr_row_sums_of(const char *table)
{
    for (size_t i = 0; i < TABLES; i++)
        if (strcmp(table, tables[i]) == 0)
            return true;
    return false;
}

static bool is_number(const dr_column_rule *column)
{
    return strcmp(column->type, "DOUBLE") == 0;
}

/* FNV-1a (Fowler, Noll & Vo). */
static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
    return hash;
}

/* Of all columns of the row that are no DOUBLE: its place, wherever in the table it is. */
static size_t place_of(const dr_table_rule *rule, const dr_cursor *cursor)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; rule->columns[i].name; i++) {
        size_t size = 0;
        if (strcmp(rule->columns[i].type, "VARCHAR") == 0) {
            const char *bytes = dr_cursor_bytes(cursor, i, &size);
            hash = add_bytes(add_bytes(hash, &size, sizeof size), bytes, size);
        } else if (!is_number(&rule->columns[i])) {
            int64_t number = dr_cursor_index(cursor, i);
            hash = add_bytes(hash, &number, sizeof number);
        }
    }
    return (size_t)hash;
}

/* totals[column] of each column of numbers. */
static dr_status add_rows(dr_total totals[DR_MOST_RULES], const dr_table_rule *rule, const dr_duck *duck)
{
    dr_cursor cursor;
    bool more = false;
    dr_status status =
        dr_sql_open(&cursor, duck, dr_world_sql.contents.rows, DR_VALUES(dr_sql_name("table", rule->name)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        size_t place = place_of(rule, &cursor);
        for (size_t i = 0; rule->columns[i].name; i++)
            if (is_number(&rule->columns[i]))
                dr_total_add(&totals[i], place, dr_cursor_number(&cursor, i));
    }
    dr_cursor_close(&cursor);
    return status;
}

static const char *numbers_of(char numbers[DR_NUMBERS_SIZE], const dr_table_rule *rule, size_t column)
{
    snprintf(numbers, DR_NUMBERS_SIZE, "%s.%s", rule->name, rule->columns[column].name);
    return numbers;
}

static dr_status compare(const dr_world *world, const dr_table_rule *rule)
{
    dr_total totals[DR_MOST_RULES] = {{0}};
    char numbers[DR_NUMBERS_SIZE];
    DR_TRY(add_rows(totals, rule, &world->duck));
    for (size_t i = 0; rule->columns[i].name; i++)
        if (is_number(&rule->columns[i]))
            DR_TRY(dr_sums_compare(&(dr_totals){&totals[i], 1}, &world->duck, &world->layout, NO_YEAR,
                                   numbers_of(numbers, rule, i), NULL, NULL));
    return DR_OK;
}

dr_status dr_row_sums_compare(const dr_world *world, const char *table)
{
    if (world->version < DR_ROW_SUMS_VERSION || !dr_row_sums_of(table))
        return DR_OK;
    return compare(world, dr_table_rule_find(table));
}

static dr_status write_table(const dr_duck *duck, const dr_table_rule *rule)
{
    dr_total totals[DR_MOST_RULES] = {{0}};
    char numbers[DR_NUMBERS_SIZE];
    DR_TRY(add_rows(totals, rule, duck));
    for (size_t i = 0; rule->columns[i].name; i++)
        if (totals[i].cells > 0)
            DR_TRY(dr_sums_put(duck, NO_YEAR, numbers_of(numbers, rule, i), &totals[i]));
    return DR_OK;
}

dr_status dr_row_sums_write(const dr_duck *duck)
{
    DR_TRY(dr_sql_run(duck, dr_world_sql.years.drop_cells,
                      DR_VALUES(dr_sql_name("table", "year_sum"), dr_sql_integer("year", NO_YEAR))));
    for (size_t i = 0; i < TABLES; i++) {
        bool there = false;
        DR_TRY(dr_products_table(duck, tables[i], &there));
        if (there)
            DR_TRY(write_table(duck, dr_table_rule_find(tables[i])));
    }
    return DR_OK;
}
