#include "cli/simulate_years.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/print.h"
#include "base/table.h"
#include "cli/emit.h"
#include "cli/side_plot.h"
#include "options/path_rows.h"

struct cli_years {
    dr_scenario **in_force; /* [year] */
    size_t count;
    dr_transition *path;
};

static const struct {
    const char *name;
    dr_status (*make)(dr_table **out, const dr_transition *path);
} tables[] = {
    {"years", dr_transition_years}, {"lifetime", dr_transition_lifetime}, {"horizons", dr_transition_horizons}};

enum { YEARS, LIFETIME, TABLES = sizeof tables / sizeof *tables };

void cli_years_free(cli_years *years)
{
    if (!years)
        return;
    dr_transition_free(years->path);
    for (size_t k = 0; years->in_force && k < years->count; k++)
        dr_scenario_free(years->in_force[k]);
    free((void *)years->in_force);
    free(years);
}

dr_status cli_years_new(cli_years **out, const cli_line *line)
{
    cli_years *years = dr_new(1, sizeof *years);
    if (!years)
        return dr_fail_memory();
    years->count = (size_t)cli_number(line, "years");
    years->in_force = dr_new(years->count, sizeof(void *));
    if (!years->in_force) {
        cli_years_free(years);
        return dr_fail_memory();
    }
    *out = years;
    return DR_OK;
}

dr_scenario **cli_years_place(cli_years *years, size_t year)
{
    return &years->in_force[year];
}

dr_status cli_years_solve(cli_years *years, const cli_line *line, const dr_model *model)
{
    cli_bar bar;
    dr_transition_options options = option_path(&line->values);
    options.progress = cli_bar_step;
    options.user = &bar;
    cli_bar_start(&bar, line);
    dr_status status =
        dr_transition_solve(&years->path, model, (const dr_scenario *const *)years->in_force, years->count, &options);
    cli_bar_end(&bar);
    return status;
}

bool cli_years_named(const char *table)
{
    for (size_t k = 0; k < TABLES; k++)
        if (strcmp(tables[k].name, table) == 0)
            return true;
    return false;
}

dr_status cli_years_table(dr_table **out, const cli_years *years, const char *name, bool picked)
{
    size_t k = picked ? YEARS : LIFETIME;
    for (size_t i = 0; name && i < TABLES; i++)
        k = strcmp(tables[i].name, name) == 0 ? i : k;
    return tables[k].make(out, years->path);
}

/* Real income with the years as texts, which the picture puts along its axis. `of` is to outlive it. */
static dr_status make_lines(dr_table **out, const dr_table *of)
{
    static const dr_column_spec columns[] = {
        {"year", DR_SHOW_TEXT}, {"region", DR_SHOW_TEXT}, {"welfare", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, 3));
    dr_table_describe_as(table, of);
    table->columns[1].spelling = of->columns[1].spelling;
    for (size_t row = 0; row < of->rows; row++) {
        char year[32];
        size_t at = dr_table_add_row(table);
        dr_print_text(year, sizeof year, "%.0f", dr_table_number(of, row, 0));
        dr_table_set_text(table, at, 0, year);
        dr_table_set_text(table, at, 1, dr_table_text(of, row, 1));
        dr_table_set_number(table, at, 2, dr_table_number(of, row, 2));
        dr_table_set_kind(table, at, dr_table_row_kind(of, row));
    }
    return dr_table_finish(out, table, DR_OK);
}

dr_status cli_years_draw(const cli_line *line, const cli_years *years)
{
    dr_table *table = NULL, *lines = NULL;
    if (!cli_given(line, "plot"))
        return DR_OK;
    DR_TRY(dr_transition_years(&table, years->path));
    dr_status status = make_lines(&lines, table);
    if (status == DR_OK)
        status = cli_side_plot(line, lines, "year");
    dr_table_free(lines);
    dr_table_free(table);
    return status;
}
