/* What a year of a world adds up to. */
#include <stdlib.h>
#include <string.h>

#include "measure/plausible.h"
#include "world/walk.h"

/* A walk that adds to several arrays. */
typedef struct adder {
    dr_year_sums *sums;
    size_t regions, sectors;
    dr_negatives *below;
    bool to_sectors; /* the buyers are sectors */
} adder;

static void take_negative(dr_negatives *below, double value, size_t seller, size_t sector, size_t buyer)
{
    below->count++;
    below->sum += value;
    if (value < below->worst) {
        below->worst = value;
        below->seller = seller;
        below->sector = sector;
        below->buyer = buyer;
    }
}

/* Sales in the inter-country layout: origin, supplier, destination, and the user, a sector or a final use. */
static void add_sales(dr_walk *w, const double *values)
{
    adder *a = w->user;
    for (size_t row = 0; row < w->rows; row++) {
        size_t i = w->index[0][row], s = w->index[1][row], n = w->index[2][row], user = w->index[3][row];
        a->sums->sales[i * a->sectors + s] += values[row];
        a->sums->trade[(n * a->regions + i) * a->sectors + s] += values[row];
        if (a->to_sectors)
            a->sums->inputs[n * a->sectors + user] += values[row];
        else
            a->sums->final += values[row];
        if (values[row] < 0)
            take_negative(a->below, values[row], i, s, n);
    }
}

/* Flows of the long format: importer, exporter, sector. */
static void add_flows(dr_walk *w, const double *values)
{
    adder *a = w->user;
    for (size_t row = 0; row < w->rows; row++) {
        size_t n = w->index[0][row], i = w->index[1][row], s = w->index[2][row];
        a->sums->sales[i * a->sectors + s] += values[row];
        a->sums->trade[(n * a->regions + i) * a->sectors + s] += values[row];
        if (values[row] < 0)
            take_negative(a->below, values[row], i, s, n);
    }
}

/* Inputs of the long format: region, input, sector. */
static void add_inputs(dr_walk *w, const double *values)
{
    adder *a = w->user;
    for (size_t row = 0; row < w->rows; row++) {
        a->sums->inputs[w->index[0][row] * a->sectors + w->index[2][row]] += values[row];
        if (values[row] < 0)
            take_negative(a->below, values[row], w->index[0][row], w->index[1][row], w->index[0][row]);
    }
}

static void add_final(dr_walk *w, const double *values)
{
    adder *a = w->user;
    for (size_t row = 0; row < w->rows; row++) {
        a->sums->final += values[row];
        if (values[row] < 0)
            take_negative(a->below, values[row], w->index[0][row], w->index[1][row], w->index[0][row]);
    }
}

static dr_status walk(dr_year_sums *sums, const dr_world *world, const char *table,
                      void (*add)(dr_walk *walk, const double *values), bool to_sectors)
{
    adder a = {.sums = sums,
               .regions = sums->names->regions,
               .sectors = sums->names->sectors,
               .below = to_sectors ? &sums->inputs_below : &sums->final_below,
               .to_sectors = to_sectors};
    dr_walk rows = {.table = table, .add = add, .user = &a};
    return dr_walk_run(&rows, world, sums->names->year);
}

static dr_status read_long(dr_year_sums *sums, const dr_world *world)
{
    DR_TRY(walk(sums, world, "flow", add_flows, true));
    DR_TRY(walk(sums, world, "input", add_inputs, true));
    DR_TRY(walk(sums, world, "final_demand", add_final, false));
    sums->flows_only = sums->final == 0 && sums->final_below.count == 0;
    memcpy(sums->output, sums->sales, sums->names->regions * sums->names->sectors * sizeof *sums->output);
    return DR_OK;
}

static dr_status read_table(dr_year_sums *sums, const dr_world *world)
{
    DR_TRY(walk(sums, world, "intermediate", add_sales, true));
    DR_TRY(walk(sums, world, "final", add_sales, false));
    return dr_walk_array(world, sums->names->year, "output", NULL, sums->output, 2);
}

/* A table in the long format may leave it out. */
static dr_status read_value_added(dr_year_sums *sums, const dr_world *world)
{
    size_t cells = sums->names->regions * sums->names->sectors;
    DR_TRY(dr_walk_array(world, sums->names->year, "value_added", NULL, sums->value_added, 2));
    for (size_t at = 0; at < cells; at++)
        if (sums->value_added[at] != 0)
            return DR_OK;
    free(sums->value_added);
    sums->value_added = NULL;
    return DR_OK;
}

dr_status dr_year_sums_read(dr_year_sums *out, const dr_world *world, int year)
{
    *out = (dr_year_sums){0};
    DR_TRY(dr_economy_load_names(&out->names, world, year));
    size_t r = out->names->regions, s = out->names->sectors;
    out->sales = dr_new_doubles(r * s);
    out->output = dr_new_doubles(r * s);
    out->inputs = dr_new_doubles(r * s);
    out->value_added = dr_new_doubles(r * s);
    out->trade = dr_new_doubles(r * r * s);
    if (!out->sales || !out->output || !out->inputs || !out->value_added || !out->trade)
        return dr_fail_memory();
    DR_TRY(world->layout.is_long ? read_long(out, world) : read_table(out, world));
    return read_value_added(out, world);
}

void dr_year_sums_free(dr_year_sums *sums)
{
    dr_economy_free(sums->names);
    free(sums->sales);
    free(sums->output);
    free(sums->inputs);
    free(sums->value_added);
    free(sums->trade);
    *sums = (dr_year_sums){0};
}
