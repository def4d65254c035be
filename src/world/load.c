/* A year of a world into memory. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/sql.h"
#include "world/accounts.h"
#include "world/economy.h"
#include "world/item_names.h"
#include "world/tariffs.h"
#include "world/walk.h"
#include "world/world_sql.h"

/* A cell as the model takes it: negative ones are zero, and counted. */
static double clip(double value, size_t *count, double *sum)
{
    if (value >= 0)
        return value;
    ++*count;
    *sum += value;
    return 0;
}

/* The tariff of n on what it buys of s from i. */
static double tariff_of(const dr_economy *e, size_t n, size_t i, size_t s)
{
    return e->tariff ? e->tariff[(n * e->regions + i) * e->sectors + s] : 0;
}

/* i, s, n, u: what n buys of s from i, and what sector u of n buys of s, with the duty on it. */
static void add_intermediate(dr_walk *w, const double *values)
{
    dr_economy *e = w->user;
    for (size_t row = 0; row < w->rows; row++) {
        size_t i = w->index[0][row], s = w->index[1][row], n = w->index[2][row], u = w->index[3][row];
        double value = clip(values[row], &e->negative_intermediate, &e->negative_intermediate_sum);
        e->flow[(n * e->regions + i) * e->sectors + s] += value;
        double duty = tariff_of(e, n, i, s) * value;
        e->input[(n * e->sectors + s) * e->sectors + u] += value + duty;
        e->input_duties += duty;
    }
}

/* The same of a list: all users of n. */
static void add_intermediate_list(dr_walk *w, const dr_walk_list *list)
{
    dr_economy *e = w->user;
    const size_t i = list->head[0], s = list->head[1], n = list->head[2], cell = (n * e->regions + i) * e->sectors + s;
    const double rate = tariff_of(e, n, i, s);
    double *input = e->input + (n * e->sectors + s) * e->sectors, flow = e->flow[cell], duties = e->input_duties;
    for (size_t j = 0; j < list->length; j++) {
        double value = clip(list->numbers[j], &e->negative_intermediate, &e->negative_intermediate_sum);
        double duty = rate * value;
        input[list->codes ? list->codes[j] : j] += value + duty;
        flow += value;
        duties += duty;
    }
    e->flow[cell] = flow;
    e->input_duties = duties;
}

/* i, s, n: what n buys of s from i, and the final use of s in n, with the duty on it. */
static void add_final(dr_walk *w, const double *values)
{
    dr_economy *e = w->user;
    for (size_t row = 0; row < w->rows; row++) {
        size_t i = w->index[0][row], s = w->index[1][row], n = w->index[2][row];
        double value = clip(values[row], &e->negative_final, &e->negative_final_sum);
        e->flow[(n * e->regions + i) * e->sectors + s] += value;
        double duty = tariff_of(e, n, i, s) * value;
        e->final[n * e->sectors + s] += value + duty;
        e->final_duties += duty;
    }
}

/* Tariffs beside the table; flows of which none is known have none. */
static dr_status load_tariffs(dr_economy *e, const dr_world *world)
{
    DR_TRY(dr_tariffs_read(&e->tariff, world, e->year));
    for (size_t flow = 0; e->tariff && flow < e->regions * e->regions * e->sectors; flow++)
        if (isnan(e->tariff[flow]))
            e->tariff[flow] = 0;
    return DR_OK;
}

/* Cells are at basic prices, and users pay the duties on what they import. Output is as in the table, so that value
 * added, which is output less inputs, loses the duties on inputs, of which the table's taxes on products consist in
 * part; they are revenue now (docs/model.md). */
static dr_status load_icio(dr_economy *e, const dr_world *world)
{
    DR_TRY(load_tariffs(e, world));
    dr_walk intermediate = {
        .table = "intermediate", .add = add_intermediate, .add_list = add_intermediate_list, .user = e};
    dr_walk final = {.table = "final", .add = add_final, .user = e};
    DR_TRY(dr_walk_run(&intermediate, world, e->year));
    return dr_walk_run(&final, world, e->year);
}

static void clip_array(double *values, size_t count, size_t *negative, double *sum)
{
    for (size_t i = 0; i < count; i++)
        values[i] = clip(values[i], negative, sum);
}

static dr_status load_factors(dr_economy *e, const dr_world *world)
{
    DR_TRY(dr_items_read(&e->factors, &world->duck, dr_cells_find("factor_income"), e->year));
    if (e->factors.count == 0)
        return DR_OK;
    if (!(e->factor = dr_new_doubles(e->factors.count * e->regions * e->sectors)))
        return dr_fail_memory();
    for (size_t f = 0; f < e->factors.count; f++)
        DR_TRY(dr_walk_array(world, e->year, "factor_income", e->factors.names[f],
                             e->factor + f * e->regions * e->sectors, 2));
    return DR_OK;
}

/* n, i, s: what n buys of s from i, and its tariff on it. */
static void add_flow(dr_walk *w, const double *values)
{
    dr_economy *e = w->user;
    for (size_t row = 0; row < w->rows; row++) {
        size_t flow = (w->index[0][row] * e->regions + w->index[1][row]) * e->sectors + w->index[2][row];
        e->flow[flow] += values[row];
        e->tariff[flow] += w->tariffs[row];
    }
}

/* The array of a table that a year may do without; NULL then. */
static dr_status load_optional(double **target, size_t count, const dr_world *world, const char *table, int year)
{
    bool there = false;
    DR_TRY(dr_sql_any(&there, &world->duck, dr_world_sql.years.has_rows,
                      DR_VALUES(dr_sql_name("table", table), dr_sql_integer("year", year))));
    if (there && !(*target = dr_new_doubles(count)))
        return dr_fail_memory();
    dr_walk nothing = {.table = table};
    return there ? dr_walk_array(world, year, table, NULL, *target, strlen(dr_cells_find(table)->codes))
                 : dr_walk_run(&nothing, world, year); /* as at the import */
}

static dr_status load_long(dr_economy *e, const dr_world *world)
{
    size_t r = e->regions, s = e->sectors;
    dr_walk flows = {.table = "flow", .add = add_flow, .user = e};
    if (!(e->tariff = dr_new_doubles(r * r * s)))
        return dr_fail_memory();
    DR_TRY(load_factors(e, world));
    DR_TRY(dr_walk_run(&flows, world, e->year));
    DR_TRY(dr_walk_array(world, e->year, "input", NULL, e->input, 3));
    DR_TRY(dr_walk_array(world, e->year, "final_demand", NULL, e->final, 2));
    DR_TRY(load_optional(&e->value_added, r * s, world, "value_added", e->year));
    DR_TRY(load_optional(&e->deficit, r, world, "deficit", e->year));
    DR_TRY(load_optional(&e->elasticity, s, world, "trade_elasticity", e->year));
    e->flows_only = true;
    for (size_t i = 0; i < r * s && e->flows_only; i++)
        e->flows_only = e->final[i] == 0;
    clip_array(e->flow, r * r * s, &e->negative_intermediate, &e->negative_intermediate_sum);
    clip_array(e->input, r * s * s, &e->negative_intermediate, &e->negative_intermediate_sum);
    clip_array(e->final, r * s, &e->negative_final, &e->negative_final_sum);
    return DR_OK;
}

/* ---- Names ---- */

static dr_status copy_names(dr_names *to, const dr_names *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (dr_names_add(to, from->names[i]) < 0)
            return dr_fail_memory();
    return DR_OK;
}

static dr_status copy_texts(dr_economy *e, const char **to, const char *const *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(to[i] = dr_arena_text(&e->arena, from[i])))
            return dr_fail_memory();
    return DR_OK;
}

static dr_status copy_layout(dr_economy *e, const dr_layout *layout)
{
    DR_TRY(copy_names(&e->region_codes, &layout->regions));
    DR_TRY(copy_names(&e->sector_codes, &layout->sectors));
    DR_TRY(copy_texts(e, e->region_names, layout->region_names, e->regions));
    DR_TRY(copy_texts(e, e->region_parts, layout->region_parts, e->regions));
    DR_TRY(copy_texts(e, e->sector_names, layout->sector_names, e->sectors));
    DR_TRY(copy_texts(e, e->sector_slugs, layout->sector_slugs, e->sectors));
    DR_TRY(copy_texts(e, e->sector_kinds, layout->sector_kinds, e->sectors));
    return copy_texts(e, e->sector_isic, layout->sector_isic, e->sectors);
}

/* The one text that a query gives. */
static dr_status read_text(dr_economy *e, const dr_world *world, const char *statement, const char **out)
{
    dr_cursor cursor;
    bool more = false;
    dr_status status = dr_sql_open(&cursor, &world->duck, statement, DR_VALUES(dr_sql_integer("year", e->year)));
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    if (status == DR_OK && more && !(*out = dr_cursor_text(&cursor, 0, &e->arena)))
        status = dr_fail_memory();
    dr_cursor_close(&cursor);
    return status;
}

static dr_status fill_names(dr_economy *e, const dr_world *world)
{
    DR_TRY(copy_layout(e, &world->layout));
    if (!(e->world = dr_arena_text(&e->arena, world->path)))
        return dr_fail_memory();
    DR_TRY(read_text(e, world, dr_world_sql.years.unit, &e->unit));
    DR_TRY(read_text(e, world, dr_world_sql.years.titles, &e->source));
    DR_TRY(dr_stored_read(&e->stored_estimates, DR_STORED_ESTIMATES, &world->duck, &e->arena));
    DR_TRY(dr_stored_read(&e->stored_elasticities, DR_STORED_ELASTICITIES, &world->duck, &e->arena));
    DR_TRY(dr_stored_covariances(&e->covariance, &e->covariances, &world->duck, &e->arena));
    DR_TRY(dr_roster_read(&e->roster, &world->duck));
    return dr_economy_groups(e);
}

static dr_status fill_arrays(dr_economy *e, const dr_world *world)
{
    DR_TRY(dr_economy_arrays(e));
    DR_TRY(world->layout.is_long ? load_long(e, world) : load_icio(e, world));
    double sold = 0;
    for (size_t i = 0; i < e->regions * e->regions * e->sectors; i++)
        sold += e->flow[i];
    return sold > 0 ? DR_OK : dr_fail(DR_BAD_INPUT, "%d: no flow is above zero; expected sales", e->year);
}

static dr_status find_year(const dr_world *world, int year, int *out)
{
    if (world->year_count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: has no year yet", world->path);
    *out = year ? year : world->years[world->year_count - 1];
    int nearest = world->years[0];
    for (size_t i = 0; i < world->year_count; i++) {
        if (world->years[i] == *out)
            return DR_OK;
        if (abs(world->years[i] - year) < abs(nearest - year))
            nearest = world->years[i];
    }
    if (world->year_count == 1)
        return dr_fail(DR_BAD_INPUT, "%s: has no year %d, only %d", world->path, year, nearest);
    return dr_fail(DR_BAD_INPUT, "%s: has no year %d; it has %zu years from %d to %d, the nearest is %d", world->path,
                   year, world->year_count, world->years[0], world->years[world->year_count - 1], nearest);
}

/* Ends a loading: hands the economy over, or drops it. */
static dr_status finish(dr_economy **out, dr_economy *e, const dr_world *world, dr_status status)
{
    if (status == DR_OK) {
        *out = e;
        return DR_OK;
    }
    dr_economy_free(e);
    return dr_fail_at(status, world->path);
}

dr_status dr_economy_load_names(dr_economy **out, const dr_world *world, int year)
{
    dr_economy *e = NULL;
    int found = 0;
    DR_TRY(find_year(world, year, &found));
    DR_TRY(dr_economy_bare(&e, world->layout.regions.count, world->layout.sectors.count));
    e->year = found;
    return finish(out, e, world, fill_names(e, world));
}

static dr_status load_jobs(dr_economy *e, const dr_world *world)
{
    dr_account_year *account = NULL;
    DR_TRY(dr_account_of_jobs(&account, world, e->year));
    if (!account)
        return DR_OK;
    e->jobs = account->value;
    account->value = NULL;
    e->jobs_account = dr_arena_text(&e->arena, account->name);
    dr_account_free(account);
    return e->jobs_account ? dr_account_jobs_by_kind(&e->jobs_kinds, &e->jobs_of_kind, world, e->year)
                           : dr_fail_memory();
}

static dr_status load_emissions(dr_economy *e, const dr_world *world)
{
    dr_account_year *account = NULL;
    DR_TRY(dr_account_of_emissions(&account, world, e->year));
    if (!account)
        return DR_OK;
    e->emissions = account->value;
    e->emitted_by_final = account->final;
    account->value = account->final = NULL;
    e->emissions_account = dr_arena_text(&e->arena, account->name);
    e->emissions_source = dr_arena_text(&e->arena, account->source);
    dr_account_free(account);
    return e->emissions_account && e->emissions_source ? DR_OK : dr_fail_memory();
}

dr_status dr_economy_load(dr_economy **out, dr_world *world, int year)
{
    DR_TRY(DR_GIVEN(out, world));
    dr_economy *e = NULL;
    DR_TRY(dr_economy_load_names(&e, world, year));
    dr_status status = fill_arrays(e, world);
    if (status == DR_OK)
        status = load_jobs(e, world);
    return finish(out, e, world, status == DR_OK ? load_emissions(e, world) : status);
}
