#include "cli/exposure_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/pictures.h"
#include "report/map.h"
#include "report/plot.h"
#include "report/wide.h"
#include "world/sides.h"

static size_t column_of(const dr_table *table, const char *name)
{
    return (size_t)dr_table_find(table, name);
}

/* ---- Parts of a table -------------------------------------------------------------------------------------------- */

enum { CHOSEN = 3 };

/* A table of three columns of another, with its title and source, and no rows yet. */
static dr_status start_table(dr_table **out, const dr_table *table, const size_t chosen[CHOSEN])
{
    dr_column_spec columns[CHOSEN];
    for (size_t i = 0; i < CHOSEN; i++)
        columns[i] = (dr_column_spec){table->columns[chosen[i]].name, table->columns[chosen[i]].show};
    dr_table *part = NULL;
    DR_TRY(dr_table_new(&part, columns, CHOSEN));
    dr_table_caption(part, table);
    *out = part;
    return DR_OK;
}

static void add_row(dr_table *part, const dr_table *table, size_t row, const size_t chosen[CHOSEN])
{
    size_t added = dr_table_add_row(part);
    for (size_t i = 0; i < CHOSEN; i++)
        if (part->columns[i].show == DR_SHOW_TEXT)
            dr_table_set_text(part, added, i, dr_table_text(table, row, chosen[i]));
        else
            dr_table_set_number(part, added, i, dr_table_number(table, row, chosen[i]));
}

/* ---- Energy ------------------------------------------------------------------------------------------------------ */

/* A fuel, in the unit that covers most of its years. */
typedef struct fuel {
    const char *name, *unit;
    size_t years;
} fuel;

/* Whether two rows are of the same fuel, unit and year; such rows are adjacent. */
static bool same_block(const dr_table *table, size_t a, size_t b)
{
    static const char *const names[] = {"fuel", "unit"};
    size_t year = column_of(table, "year");
    for (size_t i = 0; i < 2; i++)
        if (strcmp(dr_table_text(table, a, column_of(table, names[i])),
                   dr_table_text(table, b, column_of(table, names[i]))) != 0)
            return false;
    return dr_table_number(table, a, year) == dr_table_number(table, b, year);
}

/* Whether the row is the sum over all importers: the last of its block. */
static bool is_sum(const dr_table *table, size_t row)
{
    return row + 1 == table->rows || !same_block(table, row, row + 1);
}

/* Rows are sorted by fuel and unit. */
static size_t find_fuels(fuel fuels[DR_MOST_SERIES], const dr_table *table)
{
    size_t name = column_of(table, "fuel"), unit = column_of(table, "unit"), count = 0;
    fuel at = {"", "", 0};
    for (size_t row = 0; row < table->rows; row++) {
        const char *its_name = dr_table_text(table, row, name), *its_unit = dr_table_text(table, row, unit);
        if (strcmp(at.name, its_name) != 0 || strcmp(at.unit, its_unit) != 0)
            at = (fuel){its_name, its_unit, 0};
        at.years += is_sum(table, row);
        bool again = count > 0 && strcmp(fuels[count - 1].name, its_name) == 0;
        if (again && at.years > fuels[count - 1].years)
            fuels[count - 1] = at;
        else if (!again && count < DR_MOST_SERIES)
            fuels[count++] = at;
    }
    return count;
}

static bool is_of(const dr_table *table, size_t row, const fuel *fuels, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (strcmp(dr_table_text(table, row, column_of(table, "fuel")), fuels[k].name) == 0 &&
            strcmp(dr_table_text(table, row, column_of(table, "unit")), fuels[k].unit) == 0)
            return true;
    return false;
}

/* The share of each fuel year by year, from which the wide table is made. */
static dr_status list_years(dr_table **out, const dr_table *table, const fuel *fuels, size_t count)
{
    const size_t year = column_of(table, "year"),
                 chosen[] = {year, column_of(table, "fuel"), column_of(table, "share")};
    double first = INFINITY, last = -INFINITY;
    dr_table *list = NULL;
    DR_TRY(start_table(&list, table, chosen));
    for (size_t row = 0; row < table->rows; row++) {
        first = fmin(first, dr_table_number(table, row, year));
        last = fmax(last, dr_table_number(table, row, year));
    }
    for (int y = (int)first; y <= (int)last; y++)
        for (size_t row = 0; row < table->rows; row++)
            if ((int)dr_table_number(table, row, year) == y && is_sum(table, row) && is_of(table, row, fuels, count))
                add_row(list, table, row, chosen);
    return dr_table_finish(out, list, DR_OK);
}

/* The share of the supplier in each fuel over the years. */
static dr_status plot_years(const cli_line *line, const dr_table *table)
{
    fuel fuels[DR_MOST_SERIES];
    const char *names[DR_MOST_SERIES];
    dr_table *list = NULL, *wide = NULL;
    dr_plot plot = {.kind = DR_PLOT_LINES, .what = "share in imports of each fuel by quantity"};
    plot.series = find_fuels(fuels, table);
    for (size_t k = 0; k < plot.series; k++) {
        plot.columns[k] = 1 + k;
        plot.labels[k] = names[k] = fuels[k].name;
    }
    dr_status status = list_years(&list, table, fuels, plot.series);
    if (status == DR_OK)
        status = dr_wide_table(&wide, list, 0, 1, 2, names, plot.series);
    if (status == DR_OK) {
        plot.table = wide;
        plot.rows = wide->rows;
        status = dr_plot_write(&plot, cli_text(line, "plot"));
    }
    dr_table_free(list);
    dr_table_free(wide);
    return status;
}

/* The share of the supplier in each fuel and importer of one year. */
static dr_status plot_importers(const cli_line *line, const dr_table *table)
{
    const size_t chosen[] = {column_of(table, "fuel"), column_of(table, "importer"), column_of(table, "share")};
    fuel fuels[DR_MOST_SERIES];
    size_t count = find_fuels(fuels, table);
    dr_table *part = NULL;
    DR_TRY(start_table(&part, table, chosen));
    for (size_t row = 0; row < table->rows; row++)
        if (is_of(table, row, fuels, count) && (!is_sum(table, row) || row == 0 || !same_block(table, row - 1, row)))
            add_row(part, table, row, chosen);
    dr_plot plot = {.table = part,
                    .kind = DR_PLOT_BARS,
                    .what = "share in imports by quantity",
                    .more = {1},
                    .rows = part->rows,
                    .ranked = true,
                    .series = 1,
                    .columns = {2},
                    .labels = {""}};
    dr_status status = dr_table_done(part);
    if (status == DR_OK)
        status = dr_plot_write(&plot, cli_text(line, "plot"));
    dr_table_free(part);
    return status;
}

/* ---- Products and materials -------------------------------------------------------------------------------------- */

/* The materials with a published score, if there are scores, else all. */
static dr_status plot_materials(const cli_line *line, const dr_table *table)
{
    const size_t chosen[] = {column_of(table, "material"), column_of(table, "risk"), column_of(table, "published")};
    dr_table *part = NULL;
    size_t scores = 0;
    for (size_t row = 0; row < table->rows; row++)
        scores += isnan(dr_table_number(table, row, chosen[2])) ? 0 : 1;
    DR_TRY(start_table(&part, table, chosen));
    for (size_t row = 0; row < table->rows; row++)
        if (scores == 0 || !isnan(dr_table_number(table, row, chosen[2])))
            add_row(part, table, row, chosen);
    dr_plot plot = {.table = part,
                    .kind = DR_PLOT_BARS,
                    .what = scores ? "before both, and the published score after both" : "before both",
                    .rows = part->rows,
                    .ranked = true,
                    .series = scores ? 2 : 1,
                    .columns = {1, 2},
                    .labels = {scores ? "before" : "", "published"}};
    dr_status status = dr_table_done(part);
    if (status == DR_OK)
        status = dr_plot_write(&plot, cli_text(line, "plot"));
    dr_table_free(part);
    return status;
}

static dr_status plot_screen(const cli_line *line, const dr_table *table)
{
    const dr_plot plot = {.table = table,
                          .kind = DR_PLOT_BARS,
                          .what = "imports from outside, with the largest source",
                          .more = {column_of(table, "source")},
                          .rows = table->rows,
                          .ranked = true,
                          .series = 1,
                          .columns = {column_of(table, "imports")},
                          .labels = {""}};
    return dr_plot_write(&plot, cli_text(line, "plot"));
}

dr_status cli_plot_products(const cli_line *line, const dr_table *table)
{
    if (cli_text(line, "energy"))
        return cli_text(line, "year") ? plot_importers(line, table) : plot_years(line, table);
    return cli_text(line, "materials") ? plot_materials(line, table) : plot_screen(line, table);
}

/* ---- The map ----------------------------------------------------------------------------------------------------- */

/* The countries of the marked regions, separated by '|'; the caller frees. */
static char *list_countries(const dr_world *world, const bool *mask)
{
    size_t size = 1;
    for (size_t i = 0; i < dr_world_regions(world); i++)
        size += strlen(dr_world_region_parts(world, i)) + 1;
    char *list = dr_new(size, 1), *end = list;
    for (size_t i = 0; list && i < dr_world_regions(world); i++)
        if (mask[i]) {
            if (end > list)
                *end++ = '|';
            end = stpcpy(end, dr_world_region_parts(world, i));
        }
    return list;
}

static dr_status list_own(char **out, dr_world *world, int year, const char *of)
{
    dr_economy *economy = NULL;
    dr_sides sides = {0};
    DR_TRY(dr_economy_load(&economy, world, year));
    dr_status status = dr_sides_read(&sides, economy, NULL, of, NULL);
    if (status == DR_OK && !(*out = list_countries(world, sides.of)))
        status = dr_fail_memory();
    dr_sides_free(&sides);
    dr_economy_free(economy);
    return status;
}

dr_status cli_plot_map(const cli_line *line, const dr_table *table, const char *column, const char *what,
                       dr_world *world, int year)
{
    const char *of = cli_argument(line, 1);
    char *own = NULL;
    const char **places = cli_places(table, 0, world);
    dr_map map = {.table = table, .what = what, .column = column_of(table, column), .places = places, .own_label = of};
    dr_status status = places ? list_own(&own, world, year, of) : dr_fail_memory();
    map.own = own;
    if (status == DR_OK)
        status = dr_map_write(&map, cli_text(line, "map"));
    free(own);
    free(places);
    return status;
}
