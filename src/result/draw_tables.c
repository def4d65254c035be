/* The tables of Monte Carlo draws: bands, and every draw. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result/draw_run.h"

static void add_facts(dr_table *table, const dr_draw_run *d)
{
    for (size_t i = 0; i < d->point->fact_count; i++) {
        const dr_fact *fact = &d->point->facts[i];
        if (strncmp(fact->name, "certificate.", strlen("certificate.")) == 0)
            continue;
        if (fact->text)
            dr_table_add_fact_text(table, fact->name, fact->text);
        else
            dr_table_add_fact(table, fact->name, fact->number);
    }
    dr_table_add_fact(table, "draws.count", (double)d->options->draws);
    if (d->options->first)
        dr_table_add_fact(table, "draws.first", (double)(d->options->first + 1));
    dr_table_add_fact(table, "draws.failed", (double)d->failed);
    dr_table_add_fact(table, "draws.seed", (double)d->options->seed);
    dr_table_add_fact(table, "draws.elasticity_error", d->options->elasticity_error);
    dr_table_add_fact(table, "draws.share_error", d->options->share_error);
    dr_table_add_fact(table, "certificate.worst_residual", d->worst.worst_residual);
    dr_table_add_fact_text(table, "certificate.worst_equation", d->worst.worst_equation);
    dr_table_add_fact(table, "certificate.solves", (double)(d->options->draws - d->failed));
    dr_table_add_fact(table, "certificate.sweeps", d->sweeps);
    dr_table_add_fact(table, "certificate.solve_seconds", d->seconds);
}

static void add_notes(dr_table *table, const dr_draw_run *d)
{
    for (size_t i = 0; i < d->point->note_count; i++)
        dr_table_add_note(table, "%s", d->point->notes[i]);
    if (d->failed)
        dr_table_add_note(table, "draws without an equilibrium: %zu of %zu, left out of quantiles; draw %zu: %s",
                          d->failed, d->options->draws, d->options->first + d->failure.piece + 1, d->failure.line);
}

static void describe(dr_table *table, const dr_draw_run *d, const char *what)
{
    dr_table_set_title(table, "%s, %s %zu draws", d->point->title, what, d->options->draws);
    dr_table_set_unit(table, d->point->unit);
    add_facts(table, d);
    add_notes(table, d);
}

/* Gives the regions the names that they have in the results at the estimates. */
static void name_regions(dr_table *table, size_t column, const dr_table *point)
{
    const dr_spelling *names = point->columns[0].spelling;
    if (names)
        table->columns[column].spelling = dr_table_spelling(table, names->codes, names->count);
}

static const struct {
    const char *suffix;
    double quantile;
} of_bands[] = {{"p5", 0.05}, {"median", 0.5}, {"p95", 0.95}};

enum { BAND = sizeof of_bands / sizeof *of_bands };

/* Each figure has a column with the result at the estimates, and one for each quantile. */
static dr_status bands_table(dr_table **out, const dr_draw_run *d)
{
    const dr_column *point = d->point->columns;
    size_t count = 1 + d->figures * (1 + BAND);
    dr_column_spec *columns = dr_new(count, sizeof *columns);
    char(*names)[64] = dr_new(count, sizeof *names);
    if (columns && names) {
        columns[0] = (dr_column_spec){point[0].name, point[0].show};
        for (size_t c = 1; c < count; c++) {
            size_t figure = (c - 1) / (1 + BAND) + 1, part = (c - 1) % (1 + BAND);
            snprintf(names[c], sizeof names[c], "%s%s%s", point[figure].name, part ? "_" : "",
                     part ? of_bands[part - 1].suffix : "");
            columns[c] = (dr_column_spec){names[c], point[figure].show};
        }
    }
    dr_status status = columns && names ? dr_table_new(out, columns, count) : dr_fail_memory();
    free(columns);
    free(names);
    return status;
}

static void add_band(dr_table *table, const dr_draw_run *d, size_t row)
{
    dr_table_add_row(table);
    dr_table_set_text(table, row, 0, dr_table_text(d->point, row, 0));
    dr_table_set_kind(table, row, dr_table_row_kind(d->point, row));
    for (size_t f = 0; f < d->figures; f++) {
        size_t column = 1 + f * (1 + BAND);
        dr_table_set_number(table, row, column, dr_table_number(d->point, row, f + 1));
        for (size_t q = 0; q < BAND; q++)
            dr_table_set_number(table, row, column + 1 + q,
                                dr_bands_quantile(d->bands, row * d->figures + f, of_bands[q].quantile));
    }
}

dr_status dr_draw_write_bands(dr_table **out, const dr_draw_run *d)
{
    dr_table *table = NULL;
    DR_TRY(bands_table(&table, d));
    describe(table, d, "5% to 95% of");
    name_regions(table, 0, d->point);
    for (size_t row = 0; row < d->rows; row++)
        add_band(table, d, row);
    return dr_table_finish(out, table, DR_OK);
}

static dr_status draws_table(dr_table **out, const dr_draw_run *d)
{
    size_t count = d->figures + d->thetas + 3, column = 0;
    dr_column_spec *columns = dr_new(count, sizeof *columns);
    char(*names)[96] = dr_new(d->thetas, sizeof *names);
    if (columns && names) {
        columns[column++] = (dr_column_spec){"draw", DR_SHOW_COUNT};
        for (size_t c = 0; c <= d->figures; c++)
            columns[column++] = (dr_column_spec){d->point->columns[c].name, d->point->columns[c].show};
        for (size_t s = 0; s < d->thetas; s++) {
            snprintf(names[s], sizeof names[s], "trade_elasticity%s%.64s", d->thetas > 1 ? "_" : "",
                     d->thetas > 1 ? d->model->economy->sector_codes.names[s] : "");
            columns[column++] = (dr_column_spec){names[s], DR_SHOW_NUMBER};
        }
        columns[column] = (dr_column_spec){"failure", DR_SHOW_TEXT};
    }
    dr_status status = columns && names ? dr_table_new(out, columns, count) : dr_fail_memory();
    free(columns);
    free(names);
    return status;
}

static void add_draw(dr_table *table, const dr_draw_run *d, size_t draw, size_t at)
{
    size_t row = dr_table_add_row(table), column = 2;
    dr_table_set_number(table, row, 0, (double)(d->options->first + draw + 1));
    dr_table_set_text(table, row, 1, dr_table_text(d->point, at, 0));
    dr_table_set_kind(table, row, dr_table_row_kind(d->point, at));
    for (size_t f = 0; f < d->figures; f++)
        dr_table_set_number(table, row, column++, d->all[(draw * d->rows + at) * d->figures + f]);
    for (size_t s = 0; s < d->thetas; s++)
        dr_table_set_number(table, row, column++, d->theta[draw * d->thetas + s]);
    dr_table_set_text(table, row, column, d->why[draw] ? d->why[draw] : "");
}

dr_status dr_draw_write_all(dr_table **out, const dr_draw_run *d)
{
    dr_table *table = NULL;
    DR_TRY(draws_table(&table, d));
    describe(table, d, "each of");
    name_regions(table, 1, d->point);
    for (size_t draw = 0; draw < d->options->draws; draw++)
        for (size_t at = 0; at < d->rows; at++)
            add_draw(table, d, draw, at);
    return dr_table_finish(out, table, DR_OK);
}
