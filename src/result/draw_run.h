/* Monte Carlo draws from the inside: a run of them, and its tables. */
#ifndef DR_RESULT_DRAW_RUN_H
#define DR_RESULT_DRAW_RUN_H

#include <pthread.h>

#include "base/failure.h"
#include "base/table.h"
#include "model/model.h"
#include "result/bands.h"

typedef struct dr_draw_run {
    const dr_model *model;
    const dr_scenario *scenario;
    const dr_draw_options *options;
    dr_table *point;      /* the regions at the estimates, with notes on what is drawn */
    size_t rows, figures; /* of it: figures of each row */
    double *error;        /* [estimate] standard error as a part of the estimate; 0: not drawn */
    size_t drawn;         /* estimates that are */
    size_t effects;       /* of the scenario that are */
    dr_bands *bands;      /* the result wanted: bands, or */
    double *all;          /* [draw, row, figure] */
    char **why;           /* [draw] why it failed, or NULL; with `all` */
    size_t thetas;        /* columns of trade elasticities: one for each sector, or for all together; with `all` */
    double *theta;        /* [draw, column] */
    size_t failed, done;
    dr_failure failure;   /* of the first draw that failed */
    dr_certificate worst; /* of all draws */
    size_t worst_draw;
    double sweeps, seconds;
    bool part;                      /* of a run: draws without an equilibrium are no error, even if they are all */
    struct dr_draw_worker *workers; /* [thread] */
    pthread_mutex_t lock;           /* of what all draws add to */
} dr_draw_run;

/* Solves all draws; the caller has set model, scenario and options (and part). `all`: every draw is kept. Free with
 * dr_draw_run_free, on failure too. Errors: as dr_draw_bands. */
dr_status dr_draw_run_all(dr_draw_run *run, bool all);
void dr_draw_run_free(dr_draw_run *run);

/* DR_USAGE if the arguments of the public `function` are wrong. */
dr_status dr_draw_check(const char *function, const dr_model *model, const dr_scenario *scenario,
                        const dr_draw_options *options);

/* The table of bands of a run that has them, of which it takes point, rows, figures, options, failed, failure, worst,
 * sweeps, seconds and bands; and that of all draws. */
dr_status dr_draw_write_bands(dr_table **out, const dr_draw_run *run);
dr_status dr_draw_write_all(dr_table **out, const dr_draw_run *run);

#endif
