/* A question put to many drawn models: its table at the estimates, and what becomes of its numbers. */
#ifndef DR_RESULT_MODEL_DRAWS_H
#define DR_RESULT_MODEL_DRAWS_H

#include "result/draw_run.h"
#include "result/drawn_model.h"

/* Makes the table that answers a question, `of`, from a model and a scenario (NULL: none). Called from many threads.
 * DR_NO_SOLUTION fails the draw only. */
typedef dr_status dr_question_make(dr_table **out, const dr_model *model, const dr_scenario *scenario, const void *of);

/* The question of dr_draw_bands: dr_solution_regions of the equilibrium. `of` is NULL. */
dr_question_make dr_question_regions;

typedef struct dr_model_draws {
    dr_question_make *make; /* given, as the next */
    const void *of;
    dr_draw_run run; /* of it `columns`, `keys` and `each` are given */
    dr_sampler sampler;
    dr_drawn *drawn; /* [thread] */
    size_t threads;
    size_t thetas; /* with run.each: columns of trade elasticities, one for each sector, or for all together; not for a
                    * part of a run */
    double *theta; /* [draw, column] */
} dr_model_draws;

/* Makes the table at the estimates and all draws. Errors: as dr_draw_bands. Free with dr_model_draws_free, on failure
 * too. `options` must outlive it. */
dr_status dr_model_draws_go(dr_model_draws *draws, const dr_model *model, const dr_scenario *scenario,
                            const dr_draw_options *options);
void dr_model_draws_free(dr_model_draws *draws);

/* Adds the facts and notes on the draws of a run that were made with the options. */
void dr_draws_describe(dr_table *table, const dr_draw_run *run, const dr_draw_options *options);

/* Hands over the point table of a run with the quantiles beside its numbers. Errors: DR_MACHINE. */
dr_status dr_draws_bands(dr_table **out, dr_draw_run *run, const dr_draw_options *options);

/* The table of every draw. Errors: DR_MACHINE. */
dr_status dr_draws_each(dr_table **out, const dr_model_draws *draws);

/* DR_USAGE if the arguments of the public `function` are wrong. */
dr_status dr_draw_check(const char *function, const dr_model *model, const dr_scenario *scenario,
                        const dr_draw_options *options);

#endif
