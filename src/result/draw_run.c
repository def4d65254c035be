#include "result/draw_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "base/print.h"

void dr_draw_run_free(dr_draw_run *run)
{
    for (size_t i = 0; run->why && i < run->draws; i++)
        free(run->why[i]);
    free(run->why);
    free(run->all);
    free(run->column);
    dr_bands_free(run->bands);
}

/* ---- The figures of a table -------------------------------------------------------------------------------------- */

static bool is_gathered(const dr_draw_run *run, const dr_column *column)
{
    bool named = !run->columns;
    for (size_t k = 0; run->columns && run->columns[k]; k++)
        named |= strcmp(run->columns[k], column->name) == 0;
    return named && column->show != DR_SHOW_TEXT;
}

dr_status dr_draw_run_begin(dr_draw_run *run)
{
    run->column = dr_new(run->point->column_count, sizeof *run->column);
    if (!run->column)
        return dr_fail_memory();
    for (size_t c = 0; c < run->point->column_count; c++)
        if (is_gathered(run, &run->point->columns[c]))
            run->column[run->column_count++] = c;
    run->figures = run->point->rows * run->column_count;
    return DR_OK;
}

/* Whether a row of a drawn table is of the same thing as one of the point table: their texts are the same. */
static bool same_row(const dr_draw_run *run, size_t row, const dr_table *b, size_t other)
{
    const dr_table *a = run->point;
    for (size_t c = 0; c < (run->keys ? run->keys : a->column_count); c++)
        if (a->columns[c].show == DR_SHOW_TEXT && strcmp(dr_table_text(a, row, c), dr_table_text(b, other, c)) != 0)
            return false;
    return true;
}

/* The row of a drawn table that is row `row` of the point table: the same one unless tables are sorted. */
static size_t find_row(const dr_draw_run *run, const dr_table *table, size_t row)
{
    for (size_t k = 0; k < table->rows; k++) {
        size_t at = (row + k) % table->rows;
        if (same_row(run, row, table, at))
            return at;
    }
    return table->rows; /* none: its numbers read NAN */
}

static void take_figures(const dr_draw_run *run, const dr_table *table, double *figures)
{
    for (size_t row = 0; row < run->point->rows; row++) {
        size_t at = find_row(run, table, row);
        for (size_t c = 0; c < run->column_count; c++)
            figures[row * run->column_count + c] = dr_table_number(table, at, run->column[c]);
    }
}

/* ---- The draws --------------------------------------------------------------------------------------------------- */

static double fact_or_0(const dr_table *table, const char *name)
{
    double number = dr_table_fact(table, name);
    return isnan(number) ? 0 : number;
}

static void keep_solved(dr_draw_run *run, const dr_table *table, const double *figures, size_t draw)
{
    double residual = fact_or_0(table, "certificate.worst_residual");
    bool first = run->done == run->failed, worse = residual > run->residual;
    if (first || worse || (residual == run->residual && draw < run->worst_draw)) {
        run->residual = residual;
        run->worst_draw = draw;
        dr_print_text(run->equation, sizeof run->equation, "%s",
                      dr_table_fact_text(table, "certificate.worst_equation"));
    }
    run->sweeps += fact_or_0(table, "certificate.sweeps");
    if (run->all)
        memcpy(run->all + draw * run->figures, figures, run->figures * sizeof *figures);
}

static dr_status keep_failed(dr_draw_run *run, size_t draw)
{
    run->failed++;
    for (size_t j = 0; run->all && j < run->figures; j++)
        run->all[draw * run->figures + j] = NAN;
    dr_failure_keep(&run->failure, draw, DR_NO_SOLUTION);
    if (run->why && !(run->why[draw] = strdup(dr_error_text())))
        return dr_fail_memory();
    return DR_OK;
}

/* A draw without an equilibrium (table NULL) is counted, and is not an error. `done`: how many there are now. */
static dr_status keep(dr_draw_run *run, const dr_table *table, double *figures, size_t draw, size_t *done)
{
    dr_status status = DR_OK;
    if (table)
        take_figures(run, table, figures);
    if (table && run->bands)
        dr_bands_add(run->bands, draw, figures);
    pthread_mutex_lock(&run->lock);
    if (table)
        keep_solved(run, table, figures, draw);
    else
        status = keep_failed(run, draw);
    *done = ++run->done;
    pthread_mutex_unlock(&run->lock);
    return status;
}

static dr_status make_draw(dr_draw_run *run, size_t draw, size_t thread)
{
    dr_table *table = NULL;
    size_t done = 0;
    if (!run->room[thread] && !(run->room[thread] = dr_new(run->figures, sizeof **run->room)))
        return dr_fail_memory();
    dr_status status = run->make(&table, run->first + draw, thread, run->work);
    if (status != DR_OK && status != DR_NO_SOLUTION)
        return status;
    status = keep(run, status == DR_OK ? table : NULL, run->room[thread], draw, &done);
    dr_table_free(table);
    if (status == DR_OK && run->progress && thread == 0)
        run->progress("drawing", done, run->draws, run->user);
    return status;
}

static dr_status first_draw(void *work, size_t i, size_t thread)
{
    return make_draw(work, i, thread);
}

static dr_status later_draw(void *work, size_t i, size_t thread)
{
    return make_draw(work, DR_BANDS_KEPT + i, thread);
}

static dr_status none_solved(const dr_draw_run *run)
{
    return dr_fail(DR_NO_SOLUTION, "none of the first %zu draws has an equilibrium; draw %zu: %s", run->failed,
                   run->first + 1, run->failure.line);
}

static dr_status make_in_order(dr_draw_run *run)
{
    size_t first = run->draws < DR_BANDS_KEPT ? run->draws : DR_BANDS_KEPT;
    DR_TRY(dr_parallel(first, run->threads, first_draw, run));
    if ((run->failed == first && !run->part) || (run->bands && !dr_bands_settle(run->bands)))
        return none_solved(run);
    return dr_parallel(run->draws - first, run->threads, later_draw, run);
}

/* Room for what is gathered. */
static dr_status allocate(dr_draw_run *run, size_t threads)
{
    DR_TRY(dr_draw_run_begin(run));
    run->room = dr_new(threads, sizeof *run->room);
    if (!run->room)
        return dr_fail_memory();
    if (!run->each)
        return dr_bands_new(&run->bands, run->figures, run->draws);
    run->all = dr_new(run->draws * run->figures, sizeof *run->all);
    run->why = dr_new(run->draws, sizeof *run->why);
    return run->all && run->why ? DR_OK : dr_fail_memory();
}

dr_status dr_draw_run_go(dr_draw_run *run)
{
    size_t threads = dr_threads(run->threads, run->draws);
    double start = dr_seconds();
    pthread_mutex_init(&run->lock, NULL);
    dr_failure_init(&run->failure);
    dr_status status = allocate(run, threads);
    if (status == DR_OK)
        status = make_in_order(run);
    dr_failure_free(&run->failure);
    pthread_mutex_destroy(&run->lock);
    for (size_t t = 0; run->room && t < threads; t++)
        free(run->room[t]);
    free(run->room);
    run->seconds = dr_seconds() - start;
    return status;
}

/* ---- The tables -------------------------------------------------------------------------------------------------- */

static const struct {
    const char *suffix;
    double quantile;
} parts[] = {{"p5", 0.05}, {"median", 0.5}, {"p95", 0.95}};

enum { PARTS = sizeof parts / sizeof *parts };

static double quantile(const dr_draw_run *run, size_t row, const char *column, double p)
{
    for (size_t c = 0; c < run->column_count; c++)
        if (row < run->point->rows && strcmp(dr_table_column(run->point, run->column[c]), column) == 0)
            return dr_bands_quantile(run->bands, row * run->column_count + c, p);
    return NAN;
}

const char *dr_draw_run_band(char out[DR_BAND_SIZE], const dr_draw_run *run, size_t row, const char *column)
{
    double low = quantile(run, row, column, 0.05), high = quantile(run, row, column, 0.95);
    int at = dr_table_find(run->point, column);
    char least[DR_MONEY_SIZE], most[DR_MONEY_SIZE];
    if (at >= 0 && run->point->columns[at].show == DR_SHOW_VALUE)
        dr_print_text(out, DR_BAND_SIZE, "between %s%s and %s%s", low < 0 ? "-" : "",
                      dr_money(least, low, run->point->unit), high < 0 ? "-" : "",
                      dr_money(most, high, run->point->unit));
    else
        dr_print_text(out, DR_BAND_SIZE, "between %.2f%% and %.2f%%", low, high);
    return out;
}

/* Columns are widened from the last on, so that the places of those before stay what they are. */
dr_status dr_draw_run_widen(dr_draw_run *run)
{
    char name[128];
    for (size_t c = run->column_count; c-- > 0;) {
        const dr_column *column = &run->point->columns[run->column[c]];
        for (size_t q = 0; q < PARTS; q++) {
            size_t at = run->column[c] + 1 + q;
            snprintf(name, sizeof name, "%s_%s", run->point->columns[run->column[c]].name, parts[q].suffix);
            DR_TRY(dr_table_insert(run->point, at, (dr_column_spec){name, column->show}));
            column = &run->point->columns[run->column[c]];
            for (size_t row = 0; row < run->point->rows; row++)
                dr_table_set_number(run->point, row, at,
                                    dr_bands_quantile(run->bands, row * run->column_count + c, parts[q].quantile));
        }
        for (size_t later = c + 1; later < run->column_count; later++)
            run->column[later] += PARTS;
    }
    return DR_OK;
}

void dr_draw_run_describe(dr_table *table, const dr_draw_run *run)
{
    static const char *const of_one_solve[] = {
        "worst_", "market_clearing", "trade_balance",     "walras", "adding_up", "complementarity",
        "sweeps", "newton_steps",    "jacobian_products", "parts",  "solve"};
    char name[64];
    for (size_t k = 0; k < sizeof of_one_solve / sizeof *of_one_solve; k++) {
        snprintf(name, sizeof name, "certificate.%s", of_one_solve[k]);
        dr_table_drop_facts(table, name);
    }
    dr_table_add_fact(table, "draws.count", (double)run->draws);
    if (run->first)
        dr_table_add_fact(table, "draws.first", (double)(run->first + 1));
    dr_table_add_fact(table, "draws.failed", (double)run->failed);
    dr_table_add_fact(table, "draws.seed", (double)run->seed);
    dr_table_add_fact(table, "certificate.worst_residual", run->residual);
    dr_table_add_fact_text(table, "certificate.worst_equation", run->equation);
    dr_table_add_fact(table, "certificate.solves", (double)(run->draws - run->failed));
    if (run->sweeps > 0) /* not every table counts them */
        dr_table_add_fact(table, "certificate.sweeps", run->sweeps);
    dr_table_add_fact(table, "certificate.solve_seconds", run->seconds);
    if (run->failed)
        dr_table_add_note(table, "draws without an equilibrium: %zu of %zu, left out of quantiles; draw %zu: %s",
                          run->failed, run->draws, run->first + run->failure.piece + 1, run->failure.line);
}
