#include "world/sums.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "world/item_names.h"
#include "world/walk.h"
#include "world/world_sql.h"

const char *dr_sums_numbers(char text[DR_NUMBERS_SIZE], const dr_cells *cells, size_t measure, const char *item)
{
    const char *of = item ? item : measure ? cells->measures[measure] : "";
    snprintf(text, DR_NUMBERS_SIZE, "%s%s%s", cells->table, *of ? "." : "", of);
    return text;
}

/* ---- Adding ---- */

/* dr_add_exactly for both sums of a total at once. */
typedef double pair __attribute__((vector_size(2 * sizeof(double))));

void dr_total_add_list(dr_total *total, size_t place, const unsigned *codes, const double *numbers, size_t length)
{
    pair sum = {total->sum, total->mixed}, low = {total->sum_low, total->mixed_low};
    double size = total->size;
    size_t cells = total->cells;
    for (size_t j = 0; j < length; j++) {
        const pair cell = {numbers[j], numbers[j] * dr_place_weight(place + (codes ? codes[j] : j))};
        const pair next = sum + cell, added = next - sum;
        low += (sum - (next - added)) + (cell - added);
        sum = next;
        size += fabs(numbers[j]);
        cells += numbers[j] != 0;
    }
    *total = (dr_total){cells, sum[0], low[0], sum[1], low[1], size};
}

/* ---- Comparing ---- */

/* Sums of the same cells in another order differ by less than this part of the sum of their absolute values. */
#define ROUNDING 1e-15

static bool same(const dr_total *t, double cells, double sum, double mixed)
{
    double allowed = ROUNDING * t->size;
    return cells == (double)t->cells && fabs(t->sum + t->sum_low - sum) <= allowed &&
           fabs(t->mixed + t->mixed_low - mixed) <= 2 * allowed;
}

static dr_status fail_sum(const dr_total *t, const char *numbers, const char *way, double cells, double sum)
{
    if (cells == (double)t->cells && fabs(t->sum + t->sum_low - sum) <= ROUNDING * t->size)
        return dr_fail(DR_BAD_INPUT,
                       "the %zu cells of '%s'%s add up as they did at import, but some of them have been changed since",
                       t->cells, numbers, way);
    return dr_fail(DR_BAD_INPUT, "the %zu cells of '%s'%s add up to %.15g; at import %.0f cells added up to %.15g",
                   t->cells, numbers, way, t->sum + t->sum_low, isnan(cells) ? 0 : cells, isnan(sum) ? 0 : sum);
}

typedef struct comparison {
    const dr_totals *totals;
    const dr_layout *layout;
    const char *numbers;
    int year;
    const bool *sellers, *buyers;
    bool *met; /* [count] */
} comparison;

static bool is_wanted(const comparison *c, size_t at)
{
    size_t regions = c->layout->regions.count;
    return c->totals->count == 1 ||
           ((!c->sellers || c->sellers[at / regions]) && (!c->buyers || c->buyers[at % regions]));
}

static void print_way(char way[128], const comparison *c, size_t at)
{
    size_t regions = c->layout->regions.count;
    if (c->totals->count == 1 && c->year == 0)
        way[0] = '\0';
    else if (c->totals->count == 1)
        snprintf(way, 128, " in %d", c->year);
    else
        snprintf(way, 128, " from %.40s to %.40s in %d", c->layout->regions.names[at / regions],
                 c->layout->regions.names[at % regions], c->year);
}

static dr_status compare_one(comparison *c, size_t at, double cells, double sum, double mixed)
{
    char way[128];
    c->met[at] = true;
    if (!is_wanted(c, at) || same(&c->totals->total[at], cells, sum, mixed))
        return DR_OK;
    print_way(way, c, at);
    return fail_sum(&c->totals->total[at], c->numbers, way, cells, sum);
}

/* origin, destination, cells, total, mixed. */
static dr_status take_row(comparison *c, const dr_cursor *cursor, dr_arena *texts)
{
    size_t regions = c->layout->regions.count, at = 0;
    if (c->totals->count > 1) {
        const char *from = dr_cursor_text(cursor, 0, texts), *to = dr_cursor_text(cursor, 1, texts);
        if (!from || !to)
            return dr_fail_memory();
        int seller = dr_names_find(&c->layout->regions, from), buyer = dr_names_find(&c->layout->regions, to);
        if (seller < 0 || buyer < 0)
            return dr_fail(DR_BAD_INPUT,
                           "the table 'year_sum' has sums of '%s' from '%.40s' to '%.40s', which are not regions",
                           c->numbers, from, to);
        at = (size_t)seller * regions + (size_t)buyer;
    }
    if (c->met[at]) {
        char way[128];
        print_way(way, c, at);
        return dr_fail(DR_BAD_INPUT, "the table 'year_sum' has two rows of the sum of '%s'%s", c->numbers, way);
    }
    return compare_one(c, at, (double)dr_cursor_index(cursor, 2), dr_cursor_number(cursor, 3),
                       dr_cursor_number(cursor, 4));
}

static dr_status compare(comparison *c, const dr_duck *duck)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.years.sums,
                                   DR_VALUES(dr_sql_integer("year", c->year), dr_sql_text("numbers", c->numbers)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more)
        status = take_row(c, &cursor, &texts);
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    for (size_t at = 0; status == DR_OK && at < c->totals->count; at++)
        if (!c->met[at])
            status = compare_one(c, at, 0, 0, 0);
    return status;
}

dr_status dr_sums_compare(const dr_totals *totals, const dr_duck *duck, const dr_layout *layout, int year,
                          const char *numbers, const bool *sellers, const bool *buyers)
{
    comparison c = {totals, layout, numbers, year, sellers, buyers, dr_new(totals->count, sizeof *c.met)};
    dr_status status = c.met ? compare(&c, duck) : dr_fail_memory();
    free(c.met);
    return status;
}

/* ---- Writing ---- */

static dr_status append_total(dr_append *rows, int year, const char *numbers, const char *origin,
                              const char *destination, const dr_total *t)
{
    dr_append_index(rows, 0, (size_t)year);
    dr_append_text(rows, 1, numbers);
    dr_append_text(rows, 2, origin);
    dr_append_text(rows, 3, destination);
    dr_append_index(rows, 4, t->cells);
    dr_append_number(rows, 5, t->sum + t->sum_low);
    dr_append_number(rows, 6, t->mixed + t->mixed_low);
    return dr_append_row(rows);
}

dr_status dr_sums_put(const dr_duck *duck, int year, const char *numbers, const dr_total *total)
{
    dr_append rows;
    DR_TRY(dr_append_open(&rows, duck, "year_sum"));
    return dr_append_end(&rows, append_total(&rows, year, numbers, "", "", total));
}

static dr_status append_totals(dr_append *rows, const dr_totals *totals, const dr_layout *layout, int year,
                               const char *numbers)
{
    char **codes = layout->regions.names;
    size_t regions = layout->regions.count;
    for (size_t at = 0; at < totals->count; at++) {
        bool flow = totals->count > 1;
        if (totals->total[at].cells > 0)
            DR_TRY(append_total(rows, year, numbers, flow ? codes[at / regions] : "", flow ? codes[at % regions] : "",
                                &totals->total[at]));
    }
    return DR_OK;
}

/* A year in which nothing is sold has no answer to any question, and no model. */
static dr_status check_size(const dr_totals *totals, const dr_cells *cells, int year)
{
    double size = 0;
    if (strcmp(cells->table, "final") != 0 && strcmp(cells->table, "flow") != 0)
        return DR_OK;
    for (size_t at = 0; at < totals->count; at++)
        size += totals->total[at].size;
    return size > 0 ? DR_OK
                    : dr_fail(DR_BAD_INPUT, "%d: all cells of '%s' are zero; expected a table with sales", year,
                              cells->table);
}

dr_status dr_sums_write_totals(const dr_totals *totals, const dr_duck *duck, const dr_layout *layout, int year,
                               const dr_cells *cells, size_t measure, const char *item)
{
    char numbers[DR_NUMBERS_SIZE];
    dr_append rows;
    if (measure == 0)
        DR_TRY(check_size(totals, cells, year));
    DR_TRY(dr_append_open(&rows, duck, "year_sum"));
    dr_sums_numbers(numbers, cells, measure, item);
    return dr_append_end(&rows, append_totals(&rows, totals, layout, year, numbers));
}

dr_status dr_sums_write_item(const dr_duck *duck, const dr_layout *layout, int year, const dr_cells *cells,
                             const char *item)
{
    dr_totals totals[DR_MOST_MEASURES] = {{0}};
    dr_walk walk = {.table = cells->table, .item = item, .totals = totals};
    dr_status status = dr_walk_duck(&walk, duck, layout, DR_SCHEMA_VERSION, year);
    for (size_t m = 0; m < DR_MOST_MEASURES && cells->measures[m] && status == DR_OK; m++)
        status = dr_sums_write_totals(&totals[m], duck, layout, year, cells, m, item);
    for (size_t m = 0; m < DR_MOST_MEASURES; m++)
        free(totals[m].total);
    return status;
}

static dr_status write_items(const dr_duck *duck, const dr_layout *layout, int year, const dr_cells *cells)
{
    dr_names items = {0};
    dr_status status = dr_items_read(&items, duck, cells, year);
    for (size_t i = 0; status == DR_OK && i < items.count; i++)
        status = dr_sums_write_item(duck, layout, year, cells, items.names[i]);
    dr_names_free(&items);
    return status;
}

dr_status dr_sums_write(const dr_duck *duck, const dr_layout *layout, int year)
{
    for (const dr_cells *cells = dr_cells_all; cells->table; cells++) {
        if (cells->lists || !dr_cells_of_table(cells, layout->is_long))
            continue;
        DR_TRY(cells->item.column ? write_items(duck, layout, year, cells)
                                  : dr_sums_write_item(duck, layout, year, cells, NULL));
    }
    return DR_OK;
}
