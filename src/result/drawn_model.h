/* Models whose trade elasticities and shares, and scenarios whose estimates, are drawn from their standard errors. Each
 * draw has the random numbers of its own stream (base/random.h), so that nothing depends on the number of threads, and
 * a draw of a number is the same for every question that is put to it. */
#ifndef DR_RESULT_DRAWN_MODEL_H
#define DR_RESULT_DRAWN_MODEL_H

#include "base/table.h"
#include "model/model.h"

/* What is drawn from. All is borrowed but `error` and `root`. */
typedef struct dr_sampler {
    const dr_model *model;
    const dr_scenario *scenario; /* NULL: none */
    const dr_draw_options *options;
    double *error;  /* [estimate] standard error as a part of the estimate; 0: not drawn */
    size_t drawn;   /* estimates that are */
    size_t effects; /* of the scenario that are */
    double *root;   /* [effects of the scenario, the same] of their covariance; NULL: it has none */
    bool joint;     /* some of them are correlated */
} dr_sampler;

/* Errors: DR_BAD_INPUT (number of draws; a negative error; nothing to draw), DR_MACHINE. Free with dr_sampler_free. */
dr_status dr_sampler_new(dr_sampler *out, const dr_model *model, const dr_scenario *scenario,
                         const dr_draw_options *options);
void dr_sampler_free(dr_sampler *sampler);

/* Adds the notes on what is drawn. */
void dr_sampler_note(dr_table *table, const dr_sampler *sampler);

/* A draw, with memory that the next one uses again: one for each thread, zeroed at first. */
typedef struct dr_drawn {
    const dr_model *model; /* of the draw */
    dr_scenario scenario;  /* of the draw; its memory is that of the sampler's */
    double *theta;         /* [s] trade elasticities */
    double *value;         /* [estimate] */
    dr_effect *effects;    /* of the scenario; NULL: it has none */
    dr_model like, *own;   /* the model: a copy that shares its base, or one of its own where the base is drawn too */
    bool ready;
} dr_drawn;

/* The draw of a number of the seed, from 0. Errors: DR_NO_SOLUTION (of its base), DR_MACHINE. */
dr_status dr_sampler_draw(dr_drawn *drawn, const dr_sampler *sampler, size_t draw);
void dr_drawn_free(dr_drawn *drawn);

#endif
