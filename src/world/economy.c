#include "world/economy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

static void free_beside(dr_beside *beside)
{
    if (!beside)
        return;
    if (beside->thing)
        beside->free(beside->thing);
    pthread_mutex_destroy(&beside->lock);
    free(beside);
}

void dr_economy_free(dr_economy *economy)
{
    if (!economy)
        return;
    dr_names_free(&economy->region_codes);
    dr_names_free(&economy->sector_codes);
    dr_names_free(&economy->groups);
    free(economy->member);
    dr_roster_free(&economy->roster);
    free(economy->flow);
    free(economy->tariff);
    free(economy->input);
    free(economy->final);
    free(economy->value_added);
    dr_names_free(&economy->factors);
    free(economy->factor);
    free(economy->jobs);
    dr_names_free(&economy->jobs_kinds);
    free(economy->jobs_of_kind);
    free(economy->emissions);
    free(economy->emitted_by_final);
    free(economy->deficit);
    free(economy->elasticity);
    free((void *)economy->notes);
    free_beside(economy->products);
    free(economy->stored_estimates.row);
    free(economy->stored_elasticities.row);
    free(economy->covariance);
    dr_arena_free(&economy->arena);
    free(economy);
}

/* `count` texts, each "". */
static const char **empty_texts(dr_arena *arena, size_t count)
{
    const char **texts = dr_arena_take(arena, count * sizeof *texts);
    for (size_t i = 0; texts && i < count; i++)
        texts[i] = "";
    return texts;
}

dr_status dr_economy_bare(dr_economy **out, size_t regions, size_t sectors)
{
    dr_economy *e = dr_new(1, sizeof *e);
    if (!e)
        return dr_fail_memory();
    e->regions = regions;
    e->sectors = sectors;
    e->world = e->source = "";
    e->unit = "units of the table";
    e->region_names = empty_texts(&e->arena, regions);
    e->region_parts = empty_texts(&e->arena, regions);
    e->sector_names = empty_texts(&e->arena, sectors);
    e->sector_slugs = empty_texts(&e->arena, sectors);
    e->sector_kinds = empty_texts(&e->arena, sectors);
    e->sector_isic = empty_texts(&e->arena, sectors);
    e->products = dr_new(1, sizeof *e->products);
    if (e->products)
        pthread_mutex_init(&e->products->lock, NULL);
    if (!e->products || !e->region_names || !e->region_parts || !e->sector_names || !e->sector_slugs ||
        !e->sector_kinds || !e->sector_isic) {
        dr_economy_free(e);
        return dr_fail_memory();
    }
    *out = e;
    return DR_OK;
}

dr_status dr_economy_arrays(dr_economy *e)
{
    e->flow = dr_new_doubles(e->regions * e->regions * e->sectors);
    e->input = dr_new_doubles(e->regions * e->sectors * e->sectors);
    e->final = dr_new_doubles(e->regions * e->sectors);
    return e->flow && e->input && e->final ? DR_OK : dr_fail_memory();
}

dr_status dr_economy_groups(dr_economy *e)
{
    const dr_roster *roster = &e->roster;
    e->member = dr_new(roster->groups.count * e->regions, 1);
    bool *mask = dr_new(e->regions, sizeof *mask);
    dr_status status = e->member && mask ? DR_OK : dr_fail_memory();
    for (size_t g = 0; g < roster->groups.count && status == DR_OK; g++) {
        if (dr_roster_mark(roster, g, e->year, e->region_parts, e->regions, mask).here == 0)
            continue;
        for (size_t i = 0; i < e->regions; i++)
            e->member[e->groups.count * e->regions + i] = mask[i];
        if (dr_names_add(&e->groups, roster->groups.names[g]) < 0)
            status = dr_fail_memory();
    }
    free(mask);
    return status;
}

dr_status dr_economy_has_table(const dr_economy *e)
{
    if (!e->flows_only)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT,
                   "%s: %d has trade flows only, without inputs and final use; expected an input-output table (derisk "
                   "update brings an older one to these flows)",
                   e->world, e->year);
}

static dr_status copy_codes(dr_names *set, const char *const *codes, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++) {
        if (!codes[i] || !*codes[i])
            return dr_fail(DR_BAD_INPUT, "economy: the %s %zu has no code", what, i + 1);
        if (dr_names_find(set, codes[i]) >= 0)
            return dr_fail(DR_BAD_INPUT, "economy: the %s code '%s' appears twice", what, codes[i]);
        if (dr_names_add(set, codes[i]) < 0)
            return dr_fail_memory();
    }
    return DR_OK;
}

/* Copies `count` finite numbers, none below `least`. */
static dr_status copy_numbers(double *to, const double *from, size_t count, double least, const char *what)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(from[i]) || from[i] < least)
            return dr_fail(DR_BAD_INPUT, "economy: %s[%zu] is %g; expected a finite number%s", what, i, from[i],
                           least == 0 ? " of at least 0" : "");
    memcpy(to, from, count * sizeof *to);
    return DR_OK;
}

static dr_status take_numbers(double **to, const double *from, size_t count, double least, const char *what)
{
    if (!from)
        return DR_OK;
    *to = dr_new_doubles(count);
    return *to ? copy_numbers(*to, from, count, least, what) : dr_fail_memory();
}

dr_status dr_economy_add_factors(dr_economy *e)
{
    size_t cells = e->regions * e->sectors;
    e->value_added = dr_new_doubles(cells);
    if (!e->value_added)
        return dr_fail_memory();
    for (size_t i = 0; i < e->factors.count * cells; i++)
        e->value_added[i % cells] += e->factor[i];
    return DR_OK;
}

/* Factors, and value added as their sum. */
static dr_status take_factors(dr_economy *e, const dr_economy_data *data)
{
    size_t cells = data->regions * data->sectors;
    if (!data->factors)
        return DR_OK;
    if (data->value_added)
        return dr_fail(DR_BAD_INPUT, "economy: value_added beside factor, which adds up to it; expected one of them");
    DR_TRY(copy_codes(&e->factors, data->factor_names, data->factors, "factor"));
    DR_TRY(take_numbers(&e->factor, data->factor, data->factors * cells, 0, "factor"));
    return dr_economy_add_factors(e);
}

static dr_status fill(dr_economy *e, const dr_economy_data *data)
{
    size_t r = data->regions, s = data->sectors;
    DR_TRY(dr_economy_arrays(e));
    DR_TRY(copy_codes(&e->region_codes, data->region_codes, r, "region"));
    DR_TRY(copy_codes(&e->sector_codes, data->sector_codes, s, "sector"));
    DR_TRY(copy_numbers(e->flow, data->flow, r * r * s, 0, "flow"));
    DR_TRY(copy_numbers(e->input, data->input, r * s * s, 0, "input"));
    DR_TRY(copy_numbers(e->final, data->final, r * s, -INFINITY, "final"));
    DR_TRY(take_numbers(&e->tariff, data->tariff, r * r * s, -0.999999, "tariff"));
    DR_TRY(take_numbers(&e->value_added, data->value_added, r * s, 0, "value_added"));
    DR_TRY(take_factors(e, data));
    DR_TRY(take_numbers(&e->deficit, data->deficit, r, -INFINITY, "deficit"));
    for (size_t i = 0; i < r * s; i++)
        if (e->final[i] < 0) {
            e->negative_final++;
            e->negative_final_sum += e->final[i];
            e->final[i] = 0;
        }
    return DR_OK;
}

static dr_status check_data(const char *function, const dr_economy_data *data)
{
    const double most = 100000; /* so that products of three counts are numbers */
    DR_TRY(DR_WITHIN(function, data->regions, 0, most));
    DR_TRY(DR_WITHIN(function, data->sectors, 0, most));
    DR_TRY(DR_WITHIN(function, data->factors, 0, most));
    DR_TRY(DR_GIVEN_TO(function, data->region_codes, data->sector_codes, data->flow, data->input, data->final));
    return data->factors ? DR_GIVEN_TO(function, data->factor_names, data->factor) : DR_OK;
}

dr_status dr_economy_new(dr_economy **out, const dr_economy_data *data)
{
    DR_TRY(DR_GIVEN(out, data));
    DR_TRY(check_data(__func__, data));
    dr_economy *e = NULL;
    if (data->regions == 0 || data->sectors == 0)
        return dr_fail(DR_BAD_INPUT, "economy: %zu regions and %zu sectors; expected at least one of each",
                       data->regions, data->sectors);
    DR_TRY(dr_economy_bare(&e, data->regions, data->sectors));
    dr_status status = fill(e, data);
    if (status != DR_OK) {
        dr_economy_free(e);
        return status;
    }
    *out = e;
    return DR_OK;
}

const char *dr_economy_sector(const dr_economy *e, size_t sector)
{
    return *e->sector_slugs[sector] ? e->sector_slugs[sector] : e->sector_codes.names[sector];
}
