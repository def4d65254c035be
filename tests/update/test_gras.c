/* GRAS on plain arrays: the sums are met, signs are kept, and the cells are the nearest that meet the sums. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "derisk.h"
#include "update/gras.h"

enum { ROWS = 3, COLUMNS = 4, CELLS = ROWS * COLUMNS };

static const size_t each[] = {0, 1, 2, 3}, all[] = {0, 0, 0, 0};

static dr_status balance(dr_gras *g, double *cells, const double *rows, const double *columns)
{
    const dr_margin margins[] = {{each, all, ROWS, 1, rows}, {all, each, 1, COLUMNS, columns}};
    *g = (dr_gras){.cells = cells,
                   .rows = ROWS,
                   .columns = COLUMNS,
                   .margins = margins,
                   .margin_count = 2,
                   .tolerance = 1e-12,
                   .max_sweeps = 2000};
    dr_status status = dr_gras_run(g);
    g->margins = NULL;
    return status;
}

/* sum |a| (z ln z - z + 1), z = x / a. */
static double objective(const double *start, const double *cells)
{
    double sum = 0;
    for (size_t i = 0; i < CELLS; i++) {
        double z = start[i] != 0 ? cells[i] / start[i] : 1;
        sum += fabs(start[i]) * (z > 0 ? z * log(z) - z + 1 : 1);
    }
    return sum;
}

/* Moves of one size around every square of four cells, which keep all sums, wherever one lowers the objective. */
static void move_squares(const double *start, double *cells, double step)
{
    for (size_t square = 0; square < CELLS * CELLS; square++) {
        size_t a = square / CELLS, d = square % CELLS, i = a / COLUMNS, j = a % COLUMNS;
        size_t k = d / COLUMNS, l = d % COLUMNS, b = i * COLUMNS + l, c = k * COLUMNS + j;
        double moved[CELLS];
        memcpy(moved, cells, sizeof moved);
        moved[a] += step;
        moved[d] += step;
        moved[b] -= step;
        moved[c] -= step;
        bool kept = i != k && j != l;
        for (size_t m = 0; m < CELLS; m++)
            kept &= start[m] != 0 ? moved[m] / start[m] >= 0 : moved[m] == 0;
        if (kept && objective(start, moved) < objective(start, cells))
            memcpy(cells, moved, sizeof moved);
    }
}

/* The plain slow twin: ever smaller moves, to 1e-9, from cells that meet the sums. */
static void descend(const double *start, double *cells)
{
    for (int size = 0; size < 52; size++)
        for (size_t again = 0; again < 400; again++)
            move_squares(start, cells, pow(1.5, -size));
}

/* The table of Junius & Oosterhaven (2003), with negative cells and a negative total. */
static void the_nearest_cells_are_found(void **state)
{
    (void)state;
    const double start[CELLS] = {7, 3, 5, -3, 2, 9, 8, 1, -2, 0, 2, 1}, rows[] = {15, 26, -1},
                 columns[] = {9, 16, 17, -2};
    double cells[CELLS], slow[CELLS];
    dr_gras g;
    memcpy(cells, start, sizeof cells);
    assert_int_equal(balance(&g, cells, rows, columns), DR_OK);
    for (size_t i = 0; i < CELLS; i++)
        assert_true(start[i] == 0 ? cells[i] == 0 : cells[i] / start[i] > 0);
    /* Cells that meet the sums, from which the twin goes down. */
    memcpy(slow, cells, sizeof slow);
    slow[0] += 0.4;
    slow[5] += 0.4;
    slow[1] -= 0.4;
    slow[4] -= 0.4;
    assert_true(objective(start, slow) > objective(start, cells) + 1e-3);
    descend(start, slow);
    for (size_t i = 0; i < CELLS; i++)
        assert_true(fabs(slow[i] - cells[i]) < 1e-4);
}

static void sums_are_met_and_kept(void **state)
{
    (void)state;
    const double start[CELLS] = {7, 3, 5, -3, 2, 9, 8, 1, -2, 0, 2, 1};
    double rows[ROWS] = {0}, columns[COLUMNS] = {0}, cells[CELLS];
    dr_gras g;
    for (size_t i = 0; i < CELLS; i++) {
        rows[i / COLUMNS] += start[i];
        columns[i % COLUMNS] += start[i];
    }
    memcpy(cells, start, sizeof cells);
    assert_int_equal(balance(&g, cells, rows, columns), DR_OK);
    assert_memory_equal(cells, start, sizeof cells); /* sums as they are change nothing */
    for (size_t i = 0; i < ROWS; i++)
        rows[i] *= 2;
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] *= 2;
    assert_int_equal(balance(&g, cells, rows, columns), DR_OK);
    for (size_t j = 0; j < COLUMNS; j++) {
        double sum = cells[j] + cells[COLUMNS + j] + cells[2 * COLUMNS + j];
        assert_true(fabs(sum - columns[j]) < 1e-12 * 40);
    }
    columns[0] = NAN; /* free: the rows say what it is */
    memcpy(cells, start, sizeof cells);
    assert_int_equal(balance(&g, cells, rows, columns), DR_OK);
    assert_true(fabs(cells[0] + cells[4] + cells[8] - 14) < 1e-10);
}

static void sums_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    const double start[CELLS] = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1}, rows[] = {4, 4, 2}, columns[] = {3, 3, 3, 1};
    double cells[CELLS];
    dr_gras g;
    memcpy(cells, start, sizeof cells);
    assert_int_equal(balance(&g, cells, rows, columns), DR_NO_SOLUTION); /* the third row has one cell, of at most 1 */
    assert_true(g.sweeps == 2000 && g.gap > 0.1);
    assert_non_null(strstr(dr_error_text(), "the table does not reach its sums: after 2000 sweeps a gap of "));
}

static void factors_solve_their_equation(void **state)
{
    (void)state;
    static const double cases[][3] = {{10, 0, 5},    {10, 4, 5},    {10, 4, -3}, {0, 4, -8},
                                      {1e-8, 4, -8}, {10, 1e-9, 5}, {3, 3, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double r = dr_gras_factor(cases[i][0], cases[i][1], cases[i][2]);
        assert_true(r > 0 && fabs(r * cases[i][0] - cases[i][1] / r - cases[i][2]) < 1e-12 * 20);
    }
    assert_true(dr_gras_factor(10, 0, 0) == 0); /* everything goes */
    assert_true(dr_gras_factor(0, 0, 5) == 1);  /* nothing is there to be changed */
    assert_true(dr_gras_factor(10, 0, -5) == 1);
    assert_true(dr_gras_factor(0, 10, 5) == 1);
}

/* Sums that take many sweeps are not waited for once nobody wants them. */
static void a_cancelled_run_ends(void **state)
{
    static const double rows[ROWS] = {6, 15, 24}, columns[COLUMNS] = {12, 12, 12, 9};
    double cells[CELLS] = {1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6};
    dr_cancel *cancel = NULL;
    dr_gras g;
    (void)state;
    assert_int_equal(dr_cancel_new(&cancel), DR_OK);
    dr_cancel_watch(cancel);
    dr_cancel_now(cancel);
    assert_int_equal(balance(&g, cells, rows, columns), DR_CANCELLED);
    assert_string_equal(dr_error_text(), "cancelled");
    assert_int_equal(g.sweeps, 1);
    dr_cancel_watch(NULL);
    dr_cancel_free(cancel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_cells_are_found),
        cmocka_unit_test(sums_are_met_and_kept),
        cmocka_unit_test(sums_that_contradict_each_other_are_refused),
        cmocka_unit_test(factors_solve_their_equation),
        cmocka_unit_test(a_cancelled_run_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
