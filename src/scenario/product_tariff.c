#include "scenario/product_tariff.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/money.h"
#include "measure/product_lists.h"

struct dr_product_tariffs {
    dr_product_trade trade;
    dr_product_lists lists;
    double *all;            /* [n, i, s]: all products of the sector */
    double *under;          /* [n, i, s]: the tariff of the sector, where products have others */
    double *taken;          /* [n, i, s]: the products of the change begun last */
    unsigned short *since;  /* [n, i, s]: number of the first change of products, from 1; 0: none */
    unsigned short *change; /* [row]: number of the change that set its tariff; of none before `since` */
    double *part;           /* [row]: what it adds to the tariff of the sector */
};

/* ---- Product flows ----------------------------------------------------------------------------------------------- */

void dr_product_tariffs_free(dr_product_tariffs *p)
{
    if (!p)
        return;
    dr_product_trade_free(&p->trade);
    dr_product_lists_free(&p->lists);
    free(p->all);
    free(p->under);
    free(p->taken);
    free(p->since);
    free(p->change);
    free(p->part);
    free(p);
}

void dr_product_tariff_forget(dr_product_tariffs *p, size_t flow)
{
    if (p)
        p->since[flow] = 0;
}

static dr_status load_trade(dr_product_tariffs *p, const dr_economy *e)
{
    dr_world *world = NULL;
    int year = 0;
    DR_TRY(dr_world_open(&world, e->world));
    dr_status status = world->has[DR_OF_PRODUCTS] ? dr_product_trade_year(&year, world, e->year) : DR_OK;
    if (status == DR_OK && year == 0)
        status = dr_fail(DR_BAD_INPUT,
                         "products need product flows, and the world has none; 'derisk import' reads those of BACI, "
                         "Comtrade or Comext into it");
    if (status == DR_OK)
        status = dr_product_trade_load(&p->trade, world, e, year);
    dr_world_close(world);
    return status;
}

static dr_status fill(dr_product_tariffs *p, const dr_economy *e)
{
    size_t flows = e->regions * e->regions * e->sectors, at = 0;
    const dr_flows *f = &p->trade.flows;
    p->all = dr_new_doubles(flows);
    p->under = dr_new_doubles(flows);
    p->taken = dr_new_doubles(flows);
    p->since = dr_new(flows, sizeof *p->since);
    p->change = dr_new(f->rows + 1, sizeof *p->change);
    p->part = dr_new_doubles(f->rows + 1);
    if (!p->all || !p->under || !p->taken || !p->since || !p->change || !p->part)
        return dr_fail_memory();
    for (size_t k = 0; k < f->products.count; k++)
        for (size_t row = f->start[k]; row < f->start[k + 1]; row++)
            if (dr_product_trade_flow(&p->trade, k, row, &at))
                p->all[at] += f->value[row];
    return dr_product_lists_read(&p->lists, p->trade.year.classification, p->trade.year.year);
}

dr_status dr_product_tariffs_need(dr_scenario *sc)
{
    if (sc->products)
        return DR_OK;
    if (!*sc->economy->world)
        return dr_fail(DR_BAD_INPUT, "products need the product flows of a world file; the table is none");
    dr_product_tariffs *p = dr_new(1, sizeof *p);
    dr_status status = p ? load_trade(p, sc->economy) : dr_fail_memory();
    if (status == DR_OK)
        status = fill(p, sc->economy);
    if (status == DR_OK)
        sc->products = p;
    else
        dr_product_tariffs_free(p);
    return status;
}

/* ---- Sets of products -------------------------------------------------------------------------------------------- */

dr_status dr_product_set_new(dr_product_set *out, const dr_scenario *sc)
{
    size_t count = sc->products->trade.flows.products.count;
    *out = (dr_product_set){.mask = dr_new(count + 1, sizeof *out->mask), .count = count, .first = count};
    return out->mask ? DR_OK : dr_fail_memory();
}

void dr_product_set_clear(dr_product_set *set)
{
    for (size_t k = set->first; k < set->end; k++)
        set->mask[k] = false;
    set->first = set->count;
    set->end = 0;
}

static void mark(dr_product_set *set, size_t k)
{
    set->mask[k] = true;
    set->first = k < set->first ? k : set->first;
    set->end = k + 1 > set->end ? k + 1 : set->end;
}

/* The products whose label names the list, "CHPL 1; CRM germanium". */
static dr_status add_list(dr_product_set *set, const dr_product_tariffs *p, const char *list, bool *any)
{
    const dr_names *products = &p->trade.flows.products;
    char labels[DR_LISTS_SIZE];
    bool part = false;
    for (size_t k = 0; k < products->count; k++) {
        DR_TRY(dr_product_lists_find(&p->lists, products->names[k], labels, &part));
        if (strstr(labels, list)) {
            mark(set, k);
            *any = true;
        }
    }
    return DR_OK;
}

/* The products whose codes begin with this one, which follow each other. */
static bool add_code(dr_product_set *set, const dr_names *products, const char *code)
{
    size_t length = strlen(code), low = 0, high = products->count, first;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(products->names[middle], code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (first = low; low < products->count && strncmp(products->names[low], code, length) == 0; low++)
        mark(set, low);
    return low > first;
}

/* Copies the digits of a code, without dots between them; false where it is none. */
static bool take_digits(char out[DR_LONGEST_PRODUCT + 1], const char *name)
{
    size_t count = 0;
    for (const char *at = name; *at; at++) {
        if (*at == '.' && at > name && at[1])
            continue;
        if (*at < '0' || *at > '9' || count == DR_LONGEST_PRODUCT)
            return false;
        out[count++] = *at;
    }
    out[count] = '\0';
    return count >= 2;
}

dr_status dr_product_set_add(dr_product_set *set, const dr_scenario *sc, const char *name)
{
    const dr_product_tariffs *p = sc->products;
    char code[DR_LONGEST_PRODUCT + 1], hint[DR_HINT_SIZE];
    static const char *const lists[] = {"chpl", "crm"};
    bool any = false;
    if (strcasecmp(name, lists[0]) == 0 || strcasecmp(name, lists[1]) == 0)
        DR_TRY(add_list(set, p, strcasecmp(name, lists[0]) == 0 ? "CHPL" : "CRM", &any));
    else if (take_digits(code, name))
        any = add_code(set, &p->trade.flows.products, code);
    else
        return dr_fail(DR_BAD_INPUT,
                       "unknown products '%.60s'; expected codes of the Harmonized System such as 8542, or the lists "
                       "chpl and crm%s",
                       name, dr_hint(hint, name, lists, 2));
    if (any)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "there is no product flow of '%.60s' in %d (%s)", name, p->trade.year.year,
                   p->trade.year.classification);
}

dr_status dr_product_set_read(dr_product_set *set, const dr_scenario *sc, const char *path)
{
    static const char *const names[] = {"product"};
    int column = 0;
    bool more = true;
    dr_csv *csv = NULL;
    dr_status status = dr_csv_open(&csv, path);
    if (status == DR_OK)
        status = dr_csv_header(csv, names, 1, &column);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more) {
        status = dr_product_set_add(set, sc, dr_csv_field(csv, (size_t)column));
        if (status == DR_BAD_INPUT)
            status = dr_csv_fail(csv, column, "%s", dr_error_text());
    }
    dr_csv_close(csv);
    return status;
}

/* ---- Tariffs ----------------------------------------------------------------------------------------------------- */

/* Where a flow gets its first tariff of products, that of the sector is kept. */
static dr_status begin_flow(dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t flow)
{
    const dr_economy *e = sc->economy;
    dr_product_tariffs *p = sc->products;
    bool has = sc->change[flow] & DR_CHANGE_TARIFF;
    double tariff = has ? sc->rate[flow] : e->tariff ? e->tariff[flow] : 0;
    DR_TRY(dr_scenario_clear_flow(sc, change, n, i, flow % e->sectors));
    p->since[flow] = (unsigned short)sc->changes;
    p->under[flow] = sc->rate[flow] = tariff;
    sc->change[flow] |= DR_CHANGE_TARIFF;
    return DR_OK;
}

static dr_status conflict(const dr_scenario *sc, size_t k, size_t row, size_t n, size_t i)
{
    const dr_product_tariffs *p = sc->products;
    const char *product = p->trade.flows.products.names[k];
    const dr_names *regions = &sc->economy->region_codes;
    if (p->change[row] == sc->changes)
        return dr_fail(DR_BAD_INPUT, "the flow of product %s from %s to %s is given twice", product, regions->names[i],
                       regions->names[n]);
    return dr_fail(DR_BAD_INPUT,
                   "change %zu (tariff) conflicts with change %d (tariff): both change the flow of product %s from %s "
                   "to %s; 'replace: true' overrides the earlier one",
                   sc->changes, p->change[row], product, regions->names[i], regions->names[n]);
}

static dr_status change_row(dr_scenario *sc, const dr_change *change, size_t k, size_t row, size_t flow)
{
    const dr_economy *e = sc->economy;
    dr_product_tariffs *p = sc->products;
    size_t n = flow / e->sectors / e->regions, i = flow / e->sectors % e->regions;
    if (p->since[flow] == 0)
        DR_TRY(begin_flow(sc, change, n, i, flow));
    if (p->change[row] >= p->since[flow]) {
        if (!change->replace || p->change[row] == sc->changes)
            return conflict(sc, k, row, n, i);
        sc->rate[flow] -= p->part[row];
    }
    double rate = dr_change_rate(change, p->under[flow]);
    if (rate <= -1)
        return dr_fail(DR_BAD_INPUT, "a tariff of %.2f%% on product %s from %s to %s; expected more than -100%%",
                       100 * rate, p->trade.flows.products.names[k], e->region_codes.names[i],
                       e->region_codes.names[n]);
    p->part[row] = p->trade.flows.value[row] / p->all[flow] * (rate - p->under[flow]);
    p->change[row] = sc->last[flow] = (unsigned short)sc->changes;
    p->taken[flow] += p->trade.flows.value[row];
    sc->rate[flow] += p->part[row];
    return DR_OK;
}

dr_status dr_product_tariff(dr_scenario *sc, const dr_change *c, const dr_product_set *set, bool *any, bool *left)
{
    const dr_product_trade *t = &sc->products->trade;
    const dr_economy *e = sc->economy;
    size_t flow = 0;
    for (size_t k = set->first; k < set->end; k++) {
        if (!set->mask[k] || t->sector[k] < 0 || !c->sectors[t->sector[k]])
            continue;
        for (size_t row = t->flows.start[k]; row < t->flows.start[k + 1]; row++) {
            if (!dr_product_trade_flow(t, k, row, &flow))
                continue;
            size_t n = flow / e->sectors / e->regions, i = flow / e->sectors % e->regions;
            if (!c->by[n] || !c->on[i])
                continue;
            if (!c->inside && dr_named_together(&c->named, n, i)) {
                *left = true;
                continue;
            }
            *any = true;
            DR_TRY(change_row(sc, c, k, row, flow));
        }
    }
    return DR_OK;
}

dr_status dr_product_tariff_note(dr_scenario *sc, const char *name)
{
    dr_product_tariffs *p = sc->products;
    const dr_economy *e = sc->economy;
    char money[DR_MONEY_SIZE];
    double taken = 0, all = 0;
    size_t flows = e->regions * e->regions * e->sectors, count = 0;
    for (size_t flow = 0; flow < flows; flow++) {
        if (!(p->taken[flow] > 0))
            continue;
        dr_odd_rates_add(&sc->odd, flow, sc->rate[flow]);
        taken += p->taken[flow];
        all += p->all[flow];
        count++;
        p->taken[flow] = 0;
    }
    return dr_scenario_note(sc,
                            "%s: tariffs on products change those of their sectors in proportion to their part in the "
                            "trade of each pair, t' = t + part (t'[products] - t): %.2f%% of %zu flows, %s in the "
                            "product flows of %d (%s)",
                            name, all > 0 ? 100 * taken / all : 0, count, dr_money(money, taken, p->trade.year.unit),
                            p->trade.year.year, p->trade.year.classification);
}
