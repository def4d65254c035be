#include "world/tariffs.h"

#include <math.h>
#include <stdlib.h>

#include "base/sql.h"
#include "world/economy.h"
#include "world/supplements.h"
#include "world/walk.h"
#include "world/world_sql.h"

/* ---- Reading ---- */

/* An array of rates with the size of the world. */
typedef struct rates {
    double *rate;
    size_t regions, sectors;
    const dr_layout *layout;
    dr_status status;
    int year;
} rates;

static bool is_possible(double rate)
{
    return rate > -1 && rate <= DR_HIGHEST_TARIFF;
}

static dr_status impossible(const rates *r, size_t flow, double rate)
{
    char *const *regions = r->layout->regions.names, *const *sectors = r->layout->sectors.names;
    return dr_fail(DR_BAD_INPUT,
                   "the tariff of %s on %s from %s in %d is %g; expected a fraction above -1 and of at most %g",
                   regions[flow / r->sectors / r->regions], sectors[flow % r->sectors],
                   regions[flow / r->sectors % r->regions], r->year, rate, DR_HIGHEST_TARIFF);
}

/* n, i, s: the tariff of n on what it buys of s from i. */
static void add_rate(dr_walk *walk, const double *values)
{
    rates *r = walk->user;
    for (size_t row = 0; row < walk->rows; row++) {
        size_t flow = (walk->index[0][row] * r->regions + walk->index[1][row]) * r->sectors + walk->index[2][row];
        r->rate[flow] = values[row];
        if (!is_possible(values[row]) && r->status == DR_OK)
            r->status = impossible(r, flow, values[row]);
    }
}

static dr_status begin(rates *r, const dr_layout *layout, int year)
{
    size_t flows = layout->regions.count * layout->regions.count * layout->sectors.count;
    *r = (rates){dr_new_doubles(flows), layout->regions.count, layout->sectors.count, layout, DR_OK, year};
    for (size_t i = 0; r->rate && i < flows; i++)
        r->rate[i] = NAN;
    return r->rate ? DR_OK : dr_fail_memory();
}

/* Hands the rates over if all is well and there are any. */
static dr_status end(rates *r, bool there, dr_status status, double **out)
{
    if (status == DR_OK)
        status = r->status;
    if (status == DR_OK && there)
        *out = r->rate;
    else
        free(r->rate);
    return status;
}

static dr_status has_rows(const dr_duck *duck, int year, bool *there)
{
    return dr_sql_any(there, duck, dr_world_sql.years.has_rows,
                      DR_VALUES(dr_sql_name("table", "tariff"), dr_sql_integer("year", year)));
}

dr_status dr_tariffs_read(double **rate, const dr_world *world, int year)
{
    rates r;
    bool there = false;
    *rate = NULL;
    if (!world->has[DR_OF_TARIFFS])
        return DR_OK;
    DR_TRY(has_rows(&world->duck, year, &there));
    DR_TRY(begin(&r, &world->layout, year));
    dr_walk walk = {.table = "tariff", .add = add_rate, .user = &r};
    return end(&r, there, dr_walk_run(&walk, world, year), rate);
}

dr_status dr_tariffs_stored(double **rate, const dr_writer *writer, int year)
{
    rates r;
    bool there = false;
    *rate = NULL;
    DR_TRY(
        dr_sql_any(&there, &writer->duck, dr_world_sql.contents.has_table, DR_VALUES(dr_sql_text("table", "tariff"))));
    if (there)
        DR_TRY(has_rows(&writer->duck, year, &there));
    if (!there)
        return DR_OK;
    DR_TRY(begin(&r, &writer->layout, year));
    dr_walk walk = {.table = "tariff", .add = add_rate, .user = &r};
    return end(&r, there, dr_walk_duck(&walk, &writer->duck, &writer->layout, DR_SCHEMA_VERSION, year), rate);
}

/* ---- Writing ---- */

static dr_status check(const dr_writer *writer, int year, const double *rate)
{
    const dr_layout *layout = &writer->layout;
    const rates r = {NULL, layout->regions.count, layout->sectors.count, layout, DR_OK, year};
    bool stored = false;
    if (layout->regions.count == 0)
        return dr_fail(DR_BAD_INPUT, "has no tables, to whose flows tariffs could belong; import a table first");
    if (layout->is_long)
        return dr_fail(DR_BAD_INPUT, "is in the long format, whose tariffs are the column 'tariff' of its flows, on "
                                     "which its inputs and final demand depend; import it with other tariffs");
    DR_TRY(dr_sql_any(&stored, &writer->duck, dr_world_sql.years.is_stored, DR_VALUES(dr_sql_integer("year", year))));
    if (!stored)
        return dr_fail(DR_BAD_INPUT, "has no table of %d, to which tariffs could belong", year);
    for (size_t flow = 0; flow < r.regions * r.regions * r.sectors; flow++)
        if (!isnan(rate[flow]) && !is_possible(rate[flow]))
            return impossible(&r, flow, rate[flow]);
    return DR_OK;
}

static dr_status append(const dr_writer *writer, int year, const double *rate)
{
    size_t regions = writer->layout.regions.count, sectors = writer->layout.sectors.count;
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, "tariff"));
    dr_status status = DR_OK;
    for (size_t flow = 0; status == DR_OK && flow < regions * regions * sectors; flow++) {
        if (isnan(rate[flow]))
            continue;
        dr_append_index(&rows, 0, (size_t)year);
        dr_append_index(&rows, 1, flow / sectors / regions);
        dr_append_index(&rows, 2, flow / sectors % regions);
        dr_append_index(&rows, 3, flow % sectors);
        dr_append_number(&rows, 4, rate[flow]);
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

static dr_status write(dr_writer *writer, int year, const double *rate)
{
    DR_TRY(check(writer, year, rate));
    DR_TRY(dr_writer_upgrade(writer));
    DR_TRY(dr_tables_create(&writer->duck, DR_OF_TARIFFS));
    DR_TRY(dr_sql_run(&writer->duck, dr_world_sql.tariffs.drop, DR_VALUES(dr_sql_integer("year", year))));
    DR_TRY(append(writer, year, rate));
    return dr_sums_write_item(&writer->duck, &writer->layout, year, dr_cells_find("tariff"), NULL);
}

dr_status dr_tariffs_write(dr_writer *writer, int year, const double *rate)
{
    return dr_writer_at(writer, write(writer, year, rate));
}

dr_status dr_tariffs_source(dr_writer *writer, const dr_source *source)
{
    const char *prefix = writer->prefix;
    writer->prefix = DR_TARIFF_PREFIX;
    dr_status status = dr_writer_source(writer, source);
    writer->prefix = prefix;
    return status == DR_OK ? dr_tariffs_keep_last(writer) : status;
}

dr_status dr_tariffs_keep_last(dr_writer *writer)
{
    return dr_writer_at(writer, dr_sql_run(&writer->duck, dr_world_sql.tariffs.keep_last, NULL));
}

/* ---- Sums of regions and sectors ---- */

typedef struct fold {
    double *rate; /* [new n, i, s]: revenue for now */
    double *flow, *plain, *count;
} fold;

static void add_up(fold *f, const dr_economy *e, const double *rate, const dr_merge *merge, const dr_layout *to)
{
    for (size_t flow = 0; flow < e->regions * e->regions * e->sectors; flow++) {
        size_t n = flow / e->sectors / e->regions, i = flow / e->sectors % e->regions, s = flow % e->sectors;
        size_t new =
            (merge->regions[n] * to->regions.count + merge->regions[i]) * to->sectors.count + merge->sectors[s];
        f->flow[new] += e->flow[flow];
        if (isnan(rate[flow]))
            continue;
        f->rate[new] += e->flow[flow] * rate[flow];
        f->plain[new] += rate[flow];
        f->count[new]++;
    }
}

static dr_status write_fold(dr_writer *writer, const dr_economy *e, const double *rate, const dr_merge *merge)
{
    size_t flows = writer->layout.regions.count * writer->layout.regions.count * writer->layout.sectors.count;
    fold f = {dr_new_doubles(flows), dr_new_doubles(flows), dr_new_doubles(flows), dr_new_doubles(flows)};
    dr_status status = f.rate && f.flow && f.plain && f.count ? DR_OK : dr_fail_memory();
    if (status == DR_OK) {
        add_up(&f, e, rate, merge, &writer->layout);
        for (size_t flow = 0; flow < flows; flow++)
            f.rate[flow] = f.count[flow] == 0 ? NAN
                           : f.flow[flow] > 0 ? f.rate[flow] / f.flow[flow]
                                              : f.plain[flow] / f.count[flow];
        status = dr_tariffs_write(writer, e->year, f.rate);
    }
    free(f.rate);
    free(f.flow);
    free(f.plain);
    free(f.count);
    return status;
}

dr_status dr_tariffs_fold(dr_writer *writer, dr_world *world, int year, const dr_merge *merge)
{
    double *rate = NULL;
    dr_economy *economy = NULL;
    DR_TRY(dr_tariffs_read(&rate, world, year));
    if (!rate)
        return DR_OK;
    dr_status status = dr_economy_load(&economy, world, year);
    if (status == DR_OK)
        status = write_fold(writer, economy, rate, merge);
    dr_economy_free(economy);
    free(rate);
    return status;
}

/* ---- The contents of a world ---- */

dr_status dr_tariffs_info(dr_table *table, const dr_world *world)
{
    if (!world->has[DR_OF_TARIFFS])
        return DR_OK;
    DR_TRY(dr_sql_table(table, &world->duck, dr_world_sql.info.tariffs, NULL));
    return dr_supplement_info(table, world, "tariff", "tariffs", "tariffs");
}
