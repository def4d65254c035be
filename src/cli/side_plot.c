#include "cli/side_plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "cli/emit.h"
#include "report/plot.h"

enum { SIDE, REGION, MOST_LINES = 5, MOST_BARS = 20 };

/* A region of the table: its first row, and the largest change of real income in any scenario. */
typedef struct entry {
    size_t row;
    double size;
} entry;

/* What is drawn: the texts of the first column in their order, and the regions that change most. */
typedef struct picture {
    const dr_table *table;
    size_t welfare; /* column */
    const char **sides;
    size_t side_count;
    entry *regions;
    size_t region_count;
    const char *key; /* of a sweep; NULL: of scenarios */
} picture;

/* ---- What is drawn ----------------------------------------------------------------------------------------------- */

static void add_side(picture *p, const char *side)
{
    for (size_t k = 0; k < p->side_count; k++)
        if (strcmp(p->sides[k], side) == 0)
            return;
    p->sides[p->side_count++] = side;
}

static void add_region(picture *p, size_t row)
{
    double size = fabs(dr_table_number(p->table, row, p->welfare));
    for (size_t k = 0; k < p->region_count; k++)
        if (strcmp(dr_table_text(p->table, p->regions[k].row, REGION), dr_table_text(p->table, row, REGION)) == 0) {
            p->regions[k].size = fmax(p->regions[k].size, size);
            return;
        }
    p->regions[p->region_count++] = (entry){row, size};
}

static int by_size(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Groups are left out, unless there is nothing else. */
static dr_status choose(picture *p)
{
    p->sides = dr_new(p->table->rows + 1, sizeof *p->sides);
    p->regions = dr_new(p->table->rows + 1, sizeof *p->regions);
    if (!p->sides || !p->regions)
        return dr_fail_memory();
    for (int groups = 0; groups < 2 && p->region_count == 0; groups++)
        for (size_t row = 0; row < p->table->rows; row++)
            if (groups || dr_table_row_kind(p->table, row) == DR_ROW_ONE) {
                add_side(p, dr_table_text(p->table, row, SIDE));
                add_region(p, row);
            }
    qsort(p->regions, p->region_count, sizeof *p->regions, by_size);
    return DR_OK;
}

static double change_of(const picture *p, const char *side, const entry *region)
{
    const char *code = dr_table_text(p->table, region->row, REGION);
    for (size_t row = 0; row < p->table->rows; row++)
        if (strcmp(dr_table_text(p->table, row, SIDE), side) == 0 &&
            strcmp(dr_table_text(p->table, row, REGION), code) == 0)
            return dr_table_number(p->table, row, p->welfare);
    return NAN;
}

/* A swept value as a number: 25 of "25%". */
static double value_of(const char *text)
{
    double value = 0;
    char number[64];
    snprintf(number, sizeof number, "%.*s", (int)strcspn(text, "%"), text);
    return dr_parse_number(number, &value) ? value : NAN;
}

/* ---- The pictures ------------------------------------------------------------------------------------------------ */

/* A table with a column of texts or of numbers, and one of percentages for each name. */
static dr_status begin(dr_table **out, const picture *p, dr_column_spec first, const char *const *names, size_t count)
{
    dr_column_spec columns[1 + DR_MOST_SERIES] = {first};
    for (size_t k = 0; k < count; k++)
        columns[1 + k] = (dr_column_spec){names[k], DR_SHOW_PERCENT};
    DR_TRY(dr_table_new(out, columns, 1 + count));
    dr_table_caption(*out, p->table);
    return DR_OK;
}

static dr_status draw(const picture *p, dr_table *table, dr_plot_kind kind, const char *const *labels, size_t count,
                      const char *path)
{
    char what[160];
    bool percent = p->key && strchr(p->sides[0], '%');
    snprintf(what, sizeof what, "change of real income%s%.60s%s", p->key ? " by " : "", p->key ? p->key : "",
             percent ? " (percent)" : "");
    dr_plot plot = {.table = table, .kind = kind, .what = what, .series = count, .ranked = false};
    for (size_t k = 0; k < count; k++) {
        plot.columns[k] = 1 + k;
        plot.labels[k] = labels[k];
    }
    dr_status status = dr_table_done(table);
    return status == DR_OK ? dr_plot_write(&plot, path) : status;
}

/* A line for each of the regions that change most. */
static dr_status draw_lines(const picture *p, const char *path)
{
    const char *names[MOST_LINES];
    dr_table *table = NULL;
    size_t count = p->region_count < MOST_LINES ? p->region_count : MOST_LINES;
    for (size_t k = 0; k < count; k++)
        names[k] = dr_table_name(p->table, p->regions[k].row, REGION);
    DR_TRY(begin(&table, p, (dr_column_spec){p->key, DR_SHOW_NUMBER}, names, count));
    for (size_t side = 0; side < p->side_count; side++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_number(table, row, 0, value_of(p->sides[side]));
        for (size_t k = 0; k < count; k++)
            dr_table_set_number(table, row, 1 + k, change_of(p, p->sides[side], &p->regions[k]));
    }
    dr_status status = draw(p, table, DR_PLOT_LINES, names, count, path);
    dr_table_free(table);
    return status;
}

/* A bar for each scenario beside each region. */
static dr_status draw_bars(const picture *p, const char *path)
{
    dr_table *table = NULL;
    DR_TRY(begin(&table, p, (dr_column_spec){"region", DR_SHOW_TEXT}, p->sides, p->side_count));
    for (size_t k = 0; k < p->region_count && k < MOST_BARS; k++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, dr_table_name(p->table, p->regions[k].row, REGION));
        for (size_t side = 0; side < p->side_count; side++)
            dr_table_set_number(table, row, 1 + side, change_of(p, p->sides[side], &p->regions[k]));
    }
    dr_status status = draw(p, table, DR_PLOT_BARS, p->sides, p->side_count, path);
    dr_table_free(table);
    return status;
}

dr_status cli_side_plot(const cli_line *line, dr_table *table, const char *key)
{
    const char *path = cli_text(line, "plot");
    int welfare = dr_table_find(table, "welfare");
    picture p = {.table = table, .welfare = (size_t)welfare, .key = key};
    if (!path)
        return DR_OK;
    if (welfare < 0 || dr_table_find(table, "region") != REGION)
        return cli_misuse(line, "--plot of several scenarios needs the table of regions");
    DR_TRY(cli_choose_rows(line, table));
    dr_status status = choose(&p);
    if (status == DR_OK && !key && p.side_count > DR_MOST_SERIES)
        status = cli_misuse(line, "--plot: %zu scenarios; a picture has at most %d", p.side_count, DR_MOST_SERIES);
    if (status == DR_OK)
        status = (key ? draw_lines : draw_bars)(&p, path);
    free(p.sides);
    free(p.regions);
    return status;
}
