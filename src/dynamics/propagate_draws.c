/* Draws of how firms cope: inventories of each product, and the times in which they restock and expand. Trade
 * elasticities have no part here, as the model has no prices. */
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/random.h"
#include "base/table_rows.h"
#include "dynamics/propagate_tables.h"
#include "result/draw_run.h"

typedef struct draws {
    const dr_propagation *run;
    const dr_propagate_options *options;
} draws;

/* The shock of a draw. Its inventories are to be freed. */
static dr_status draw_shock(dr_shock *out, const draws *d, size_t draw)
{
    size_t sectors = d->run->table->sectors;
    dr_random random = dr_random_stream(d->options->seed, draw);
    *out = *d->run->shock;
    out->coping.inventories = dr_new_doubles(sectors);
    if (!out->coping.inventories)
        return dr_fail_memory();
    out->coping.restock *= dr_random_factor(&random, d->options->error);
    out->coping.expansion *= dr_random_factor(&random, d->options->error);
    for (size_t k = 0; k < sectors; k++)
        out->coping.inventories[k] =
            d->run->shock->coping.inventories[k] * dr_random_factor(&random, d->options->error);
    return DR_OK;
}

static dr_status run_again(dr_table **out, size_t draw, size_t thread, void *work)
{
    const draws *d = work;
    dr_shock shock;
    (void)thread;
    DR_TRY(draw_shock(&shock, d, draw));
    dr_propagation run = {.table = d->run->table,
                          .shock = &shock,
                          .steps = d->run->steps,
                          .days = d->run->days,
                          .to_rest = true,
                          .alone = true};
    dr_status status = dr_propagation_run(&run);
    if (status == DR_OK)
        status = dr_propagation_regions(out, &run);
    if (status == DR_OK)
        dr_table_add_fact_text(*out, "certificate.worst_equation", "goods and inventories");
    if (status == DR_OK)
        dr_table_add_fact(*out, "certificate.worst_residual",
                          run.worst > run.inventories ? run.worst : run.inventories);
    dr_propagation_clear(&run);
    free(shock.coping.inventories);
    return status;
}

/* How sure the largest loss is. */
static void say_band(dr_table *table, const dr_draw_run *run)
{
    size_t most = dr_table_largest(table, "loss", 1, DR_NO_ROW), all = dr_table_total(table);
    char band[DR_BAND_SIZE], of_all[DR_BAND_SIZE];
    if (most == DR_NO_ROW || all == DR_NO_ROW)
        return;
    dr_table_say(table,
                 "In 90%% of the draws of inventories and times the largest of these losses is %s, and that of all "
                 "regions together %s.",
                 dr_draw_run_band(band, run, most, "loss"), dr_draw_run_band(of_all, run, all, "loss"));
}

dr_status dr_propagation_bands(dr_table **out, const dr_propagation *r, const dr_propagate_options *options)
{
    static const char *const columns[] = {"loss", "loss_share", "lowest", "final_use", NULL};
    draws d = {r, options};
    dr_table *table = *out;
    dr_draw_run run = {.point = table,
                       .columns = columns,
                       .make = run_again,
                       .work = &d,
                       .draws = options->draws,
                       .seed = options->seed,
                       .progress = options->progress,
                       .user = options->user};
    dr_status status = dr_draw_run_go(&run);
    if (status == DR_OK) {
        say_band(table, &run);
        status = dr_draw_run_widen(&run);
    }
    if (status == DR_OK) {
        dr_table_set_title(table, "%s, 5%% to 95%% of %zu draws", table->title, run.draws);
        dr_draw_run_describe(table, &run);
        dr_table_add_fact(table, "draws.error", options->error);
        dr_table_add_note(table,
                          "inventories of each product, the time to restock and that to expand are drawn log-normal: "
                          "the mean is the value of the run, the standard deviation %.4g%% of it, an assumption",
                          100 * options->error);
    }
    dr_draw_run_free(&run);
    return status;
}
