#include "result/model_draws.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"

void dr_model_draws_free(dr_model_draws *d)
{
    for (size_t t = 0; d->drawn && t < d->threads; t++)
        dr_drawn_free(&d->drawn[t]);
    free(d->drawn);
    free(d->theta);
    dr_table_free(d->run.point);
    dr_draw_run_free(&d->run);
    dr_sampler_free(&d->sampler);
}

static dr_status make_draw(dr_table **out, size_t draw, size_t thread, void *work)
{
    dr_model_draws *d = work;
    dr_drawn *drawn = &d->drawn[thread];
    dr_status status = dr_sampler_draw(drawn, &d->sampler, draw);
    if (d->theta && drawn->theta)
        memcpy(d->theta + (draw - d->run.first) * d->thetas, drawn->theta, d->thetas * sizeof *drawn->theta);
    DR_TRY(status);
    return d->make(out, drawn->model, d->sampler.scenario ? &drawn->scenario : NULL, d->of);
}

dr_status dr_model_draws_go(dr_model_draws *d, const dr_model *model, const dr_scenario *scenario,
                            const dr_draw_options *options)
{
    bool each = d->run.each;
    DR_TRY(dr_sampler_new(&d->sampler, model, scenario, options));
    d->threads = dr_threads(options->threads, options->draws);
    d->drawn = dr_new(d->threads, sizeof *d->drawn);
    d->thetas = !each || d->run.part ? 0 : model->estimates.count == 1 ? 1 : model->sectors;
    d->theta = d->thetas ? dr_new(options->draws * d->thetas, sizeof *d->theta) : NULL;
    if (!d->drawn || (d->thetas && !d->theta))
        return dr_fail_memory();
    DR_TRY(d->make(&d->run.point, model, scenario, d->of));
    dr_sampler_note(d->run.point, &d->sampler);
    d->run.make = make_draw;
    d->run.work = d;
    d->run.first = options->first;
    d->run.draws = options->draws;
    d->run.seed = options->seed;
    d->run.threads = options->threads;
    d->run.progress = options->progress;
    d->run.user = options->user;
    return dr_draw_run_go(&d->run);
}

void dr_draws_describe(dr_table *table, const dr_draw_run *run, const dr_draw_options *options)
{
    dr_table_add_fact(table, "draws.elasticity_error", options->elasticity_error);
    dr_table_add_fact(table, "draws.share_error", options->share_error);
    dr_draw_run_describe(table, run);
}

dr_status dr_draws_bands(dr_table **out, dr_draw_run *run, const dr_draw_options *options)
{
    dr_table *table = run->point;
    dr_status status = dr_draw_run_widen(run);
    dr_table_set_title(table, "%s, 5%% to 95%% of %zu draws", table->title, run->draws);
    dr_draws_describe(table, run, options);
    run->point = NULL;
    return dr_table_finish(out, table, status);
}
