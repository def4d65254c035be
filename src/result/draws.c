/* Uncertainty bands by Monte Carlo: the same scenario solved for many draws of the trade elasticities and, optionally,
 * of the shares of the base. Every draw is a full solve with its certificate. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "equilibrium/solve.h"
#include "result/model_draws.h"
#include "result/result.h"

dr_status dr_question_regions(dr_table **out, const dr_model *model, const dr_scenario *scenario, const void *of)
{
    dr_solution *solution = NULL;
    (void)of;
    DR_TRY(dr_model_certified(&solution, model, scenario));
    dr_status status = dr_solution_regions(out, solution);
    dr_solution_free(solution);
    return status;
}

/* ---- Each draw --------------------------------------------------------------------------------------------------- */

static dr_status draws_table(dr_table **out, const dr_model_draws *d)
{
    const dr_table *point = d->run.point;
    size_t count = d->run.column_count + d->thetas + 3, column = 0;
    dr_column_spec *columns = dr_new(count, sizeof *columns);
    char(*names)[96] = dr_new(d->thetas, sizeof *names);
    if (columns && names) {
        columns[column++] = (dr_column_spec){"draw", DR_SHOW_COUNT};
        columns[column++] = (dr_column_spec){point->columns[0].name, point->columns[0].show};
        for (size_t f = 0; f < d->run.column_count; f++) {
            size_t c = d->run.column[f];
            columns[column++] = (dr_column_spec){point->columns[c].name, point->columns[c].show};
        }
        for (size_t s = 0; s < d->thetas; s++) {
            snprintf(names[s], sizeof names[s], "trade_elasticity%s%.64s", d->thetas > 1 ? "_" : "",
                     d->thetas > 1 ? d->sampler.model->economy->sector_codes.names[s] : "");
            columns[column++] = (dr_column_spec){names[s], DR_SHOW_NUMBER};
        }
        columns[column] = (dr_column_spec){"failure", DR_SHOW_TEXT};
    }
    dr_status status = columns && names ? dr_table_new(out, columns, count) : dr_fail_memory();
    free(columns);
    free(names);
    return status;
}

static void add_draw(dr_table *table, const dr_model_draws *d, size_t draw, size_t at)
{
    const dr_draw_run *run = &d->run;
    size_t row = dr_table_add_row(table), column = 2;
    dr_table_set_number(table, row, 0, (double)(run->first + draw + 1));
    dr_table_set_text(table, row, 1, dr_table_text(run->point, at, 0));
    dr_table_set_kind(table, row, dr_table_row_kind(run->point, at));
    for (size_t f = 0; f < run->column_count; f++)
        dr_table_set_number(table, row, column++, run->all[draw * run->figures + at * run->column_count + f]);
    for (size_t s = 0; s < d->thetas; s++)
        dr_table_set_number(table, row, column++, d->theta[draw * d->thetas + s]);
    dr_table_set_text(table, row, column, run->why[draw] ? run->why[draw] : "");
}

dr_status dr_draws_each(dr_table **out, const dr_model_draws *d)
{
    dr_table *table = NULL;
    const dr_table *point = d->run.point;
    DR_TRY(draws_table(&table, d));
    dr_table_describe_as(table, point);
    if (point->columns[0].spelling)
        table->columns[1].spelling =
            dr_table_spelling(table, point->columns[0].spelling->codes, point->columns[0].spelling->count);
    dr_table_set_title(table, "%s, each of %zu draws", point->title, d->run.draws);
    dr_draws_describe(table, &d->run, d->sampler.options);
    for (size_t draw = 0; draw < d->run.draws; draw++)
        for (size_t at = 0; at < point->rows; at++)
            add_draw(table, d, draw, at);
    return dr_table_finish(out, table, DR_OK);
}

dr_status dr_draw_check(const char *function, const dr_model *model, const dr_scenario *scenario,
                        const dr_draw_options *options)
{
    DR_TRY(dr_scenario_check(function, model, scenario));
    return DR_WITHIN(function, options->threads, 0, INT_MAX);
}

static dr_status answer(const char *function, dr_table **out, const dr_model *model, const dr_scenario *scenario,
                        const dr_draw_options *options, bool each)
{
    dr_model_draws d = {.make = dr_question_regions, .run.each = each};
    DR_TRY(dr_draw_check(function, model, scenario, options));
    dr_status status = dr_model_draws_go(&d, model, scenario, options);
    if (status == DR_OK)
        status = each ? dr_draws_each(out, &d) : dr_draws_bands(out, &d.run, options);
    dr_model_draws_free(&d);
    return status;
}

dr_status dr_draw_bands(dr_table **out, const dr_model *model, const dr_scenario *scenario,
                        const dr_draw_options *options)
{
    DR_TRY(DR_GIVEN(out, model, options));
    dr_draw_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    return answer(__func__, out, model, scenario, &whole, false);
}

dr_status dr_draw_all(dr_table **out, const dr_model *model, const dr_scenario *scenario,
                      const dr_draw_options *options)
{
    DR_TRY(DR_GIVEN(out, model, options));
    dr_draw_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    return answer(__func__, out, model, scenario, &whole, true);
}
