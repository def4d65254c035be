/* Many draws: a table is made anew for each, over threads, and its numbers are gathered beside those of the table at
 * the estimates. What a draw is drawn from, and how it is solved, is the caller's. */
#ifndef DR_RESULT_DRAW_RUN_H
#define DR_RESULT_DRAW_RUN_H

#include <pthread.h>

#include "base/failure.h"
#include "base/money.h"
#include "base/table.h"
#include "result/bands.h"

/* Makes the table of draw number `draw` of the seed, from 0, with the rows of the point table in any order.
 * DR_NO_SOLUTION fails the draw only. */
typedef dr_status dr_draw_make(dr_table **out, size_t draw, size_t thread, void *work);

typedef struct dr_draw_run {
    /* given */
    dr_table *point;            /* at the estimates */
    const char *const *columns; /* whose numbers are gathered, NULL at the end; NULL: of all columns of numbers */
    size_t keys;                /* columns, the first, whose texts tell rows apart; 0: all columns of text */
    dr_draw_make *make;
    void *work;
    size_t first, draws; /* the number of draws of the seed that are left out before the first, and that are made */
    unsigned long long seed;
    bool part; /* of a run: draws without an equilibrium are no error, even if they are all */
    int threads;
    bool each; /* every draw is kept; false: the quantiles are */
    void (*progress)(const char *what, size_t done, size_t all, void *user);
    void *user;
    /* found */
    size_t *column, column_count, figures; /* of the point table; figures: a number for each row and column */
    dr_bands *bands;
    double *all; /* [draw, row, column] with `each`; NAN where the draw failed */
    char **why;  /* [draw] why it failed, or NULL, likewise */
    size_t failed, done, worst_draw;
    dr_failure failure; /* of the first draw that failed */
    double residual;    /* the largest of the certificates of all draws, and its equation */
    char equation[128];
    double sweeps, seconds;
    double **room; /* [thread] figures of a draw */
    pthread_mutex_t lock;
} dr_draw_run;

/* Finds the columns that are gathered; dr_draw_run_go does. Errors: DR_MACHINE. */
dr_status dr_draw_run_begin(dr_draw_run *run);

/* Makes all draws, draw `first` + k for each k. Errors: DR_NO_SOLUTION (none of the first DR_BANDS_KEPT can be
 * solved), those of `make`, DR_MACHINE. Free with dr_draw_run_free, on failure too. */
dr_status dr_draw_run_go(dr_draw_run *run);
void dr_draw_run_free(dr_draw_run *run);

/* Adds the quantiles of the draws to the point table, as columns behind each that was gathered: loss, loss_p5,
 * loss_median, loss_p95. Errors: DR_MACHINE. */
dr_status dr_draw_run_widen(dr_draw_run *run);

/* "between 1.2 and 3.4 billion US dollars": the middle 90% of the draws of an amount of money in the point table; of a
 * change in percent "between -0.12% and 0.05%". */
enum { DR_BAND_SIZE = 2 * DR_MONEY_SIZE + 32 };
const char *dr_draw_run_band(char out[DR_BAND_SIZE], const dr_draw_run *run, size_t row, const char *column);

/* Adds the facts on the draws, and a note on those that failed; the certificate becomes that of all draws. */
void dr_draw_run_describe(dr_table *table, const dr_draw_run *run);

#endif
