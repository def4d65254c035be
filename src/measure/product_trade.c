#include "measure/product_trade.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/sql.h"
#include "measure/measure_sql.h"
#include "world/world_sql.h"

void dr_product_trade_free(dr_product_trade *t)
{
    dr_flows_free(&t->flows);
    dr_product_year_free(&t->year);
    free(t->region);
    free(t->known);
    free(t->sector);
    free(t->all);
    free(t->quantity);
    dr_prefixes_free(&t->names_of);
    *t = (dr_product_trade){0};
}

/* The countries of a region: its parts, or its own code. */
static bool has_part(const dr_economy *names, size_t region, const char *country)
{
    size_t size = strlen(country);
    const char *parts = names->region_parts[region];
    for (const char *at = parts; *at; at += strspn(at, "|")) {
        size_t length = strcspn(at, "|");
        if (length == size && strncmp(at, country, size) == 0)
            return true;
        at += length;
    }
    return !*parts && strcmp(names->region_codes.names[region], country) == 0;
}

static dr_status map_regions(dr_product_trade *t)
{
    const dr_economy *e = t->names;
    size_t count = t->flows.regions.count;
    t->region = dr_new(count + 1, sizeof *t->region);
    t->known = dr_new(e->regions, sizeof *t->known);
    if (!t->region || !t->known)
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++) {
        t->region[i] = -1;
        for (size_t r = 0; r < e->regions && t->region[i] < 0 && !t->flows.untold[i]; r++)
            if (has_part(e, r, t->flows.regions.names[i]))
                t->region[i] = (int)r;
        if (t->region[i] >= 0)
            t->known[t->region[i]] = true;
    }
    return DR_OK;
}

static dr_status map_products(dr_product_trade *t, const dr_world *world)
{
    dr_prefixes sectors = {0};
    size_t count = t->flows.products.count;
    t->sector = dr_new(count + 1, sizeof *t->sector);
    dr_status status =
        t->sector ? dr_prefixes_query(&sectors, &world->duck, dr_measure_sql.products.sectors) : dr_fail_memory();
    for (size_t k = 0; k < count && status == DR_OK; k++)
        t->sector[k] = dr_names_find(&t->names->sector_codes, dr_prefixes_find(&sectors, t->flows.products.names[k]));
    dr_prefixes_free(&sectors);
    return status;
}

dr_status dr_product_trade_year(int *year, const dr_world *world, int near)
{
    int *years = NULL;
    size_t count = 0;
    dr_status status = dr_sql_list(&years, &count, &world->duck, dr_world_sql.products.years, NULL);
    *year = 0;
    for (size_t i = 0; status == DR_OK && i < count; i++)
        if (*year == 0 || abs(years[i] - near) < abs(*year - near))
            *year = years[i];
    free(years);
    return status;
}

dr_status dr_product_names_query(dr_prefixes *names, const dr_world *world, const char *classification)
{
    char *query = NULL;
    bool there = false;
    DR_TRY(dr_products_table(&world->duck, "product_name", &there));
    if (!there)
        return DR_OK;
    DR_TRY(
        dr_sql_fill(&query, dr_measure_sql.products.names, DR_VALUES(dr_sql_text("classification", classification))));
    dr_status status = dr_prefixes_query(names, &world->duck, query);
    free(query);
    return status;
}

dr_status dr_product_trade_load(dr_product_trade *t, const dr_world *world, const dr_economy *names, int year)
{
    const char *rest = NULL;
    *t = (dr_product_trade){.names = names};
    DR_TRY(dr_product_year_read(&t->year, world, year));
    t->scale = dr_money_power(t->year.unit, &rest) / dr_money_power(names->unit, &rest);
    DR_TRY(dr_product_names_query(&t->names_of, world, t->year.classification));
    DR_TRY(dr_flows_load(&t->flows, &world->duck, year));
    DR_TRY(map_products(t, world));
    return map_regions(t);
}

static void free_thing(void *thing)
{
    dr_product_trade_free(thing);
    free(thing);
}

static dr_status sum_products(dr_product_trade *t, const dr_economy *e)
{
    size_t flow = 0;
    t->all = dr_new_doubles(e->regions * e->regions * e->sectors);
    for (size_t k = 0; k < t->flows.products.count && t->all; k++)
        for (size_t row = t->flows.start[k]; row < t->flows.start[k + 1]; row++)
            if (dr_product_trade_flow(t, k, row, &flow))
                t->all[flow] += t->flows.value[row];
    return t->all ? DR_OK : dr_fail_memory();
}

void dr_product_trade_give(const dr_economy *e, dr_product_trade *trade)
{
    e->products->thing = trade;
    e->products->free = free_thing;
}

static dr_status read_nearest(dr_product_trade *t, const dr_economy *e)
{
    dr_world *world = NULL;
    int year = 0;
    if (!*e->world)
        return dr_fail(DR_BAD_INPUT, "products need the product flows of a world file; the table is none");
    DR_TRY(dr_world_open(&world, e->world));
    dr_status status = world->has[DR_OF_PRODUCTS] ? dr_product_trade_year(&year, world, e->year) : DR_OK;
    if (status == DR_OK && year == 0)
        status = dr_fail(DR_BAD_INPUT,
                         "products need product flows, and the world has none; 'derisk import' reads those of BACI, "
                         "Comtrade or Comext into it");
    if (status == DR_OK)
        status = dr_product_trade_load(t, world, e, year);
    dr_world_close(world);
    return status == DR_OK ? sum_products(t, e) : status;
}

static dr_status need(const dr_economy *e)
{
    dr_product_trade *there = e->products->thing;
    if (there)
        return there->all ? DR_OK : sum_products(there, e);
    dr_product_trade *trade = dr_new(1, sizeof *trade);
    dr_status status = trade ? read_nearest(trade, e) : dr_fail_memory();
    if (status == DR_OK)
        dr_product_trade_give(e, trade);
    else if (trade)
        free_thing(trade);
    return status;
}

dr_status dr_product_trade_need(const dr_product_trade **out, const dr_economy *e)
{
    pthread_mutex_lock(&e->products->lock);
    dr_status status = need(e);
    pthread_mutex_unlock(&e->products->lock);
    if (status == DR_OK)
        *out = e->products->thing;
    return status;
}

static dr_status read_quantities(dr_product_trade *t, const dr_economy *e)
{
    dr_world *world = NULL;
    if (t->quantity)
        return DR_OK;
    DR_TRY(dr_world_open(&world, e->world));
    dr_status status = dr_flows_quantities(&t->quantity, &t->flows, &world->duck, t->year.year);
    dr_world_close(world);
    return status;
}

dr_status dr_product_trade_quantities(const double **out, const dr_economy *e)
{
    pthread_mutex_lock(&e->products->lock);
    dr_status status = need(e);
    if (status == DR_OK)
        status = read_quantities(e->products->thing, e);
    pthread_mutex_unlock(&e->products->lock);
    if (status == DR_OK)
        *out = ((const dr_product_trade *)e->products->thing)->quantity;
    return status;
}

bool dr_product_trade_flow(const dr_product_trade *t, size_t k, size_t row, size_t *flow)
{
    int from = t->region[t->flows.exporter[row]], to = t->region[t->flows.importer[row]];
    if (t->sector[k] < 0 || from < 0 || to < 0 || from == to)
        return false;
    *flow = ((size_t)to * t->names->regions + (size_t)from) * t->names->sectors + (size_t)t->sector[k];
    return true;
}
