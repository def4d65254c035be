#include "scenario/product_change.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/money.h"
#include "scenario/product_parts.h"

/* ---- Product flows ----------------------------------------------------------------------------------------------- */

void dr_product_changes_free(dr_product_changes *p)
{
    if (!p)
        return;
    dr_product_lists_free(&p->lists);
    free(p->under);
    free(p->taken);
    free(p->since);
    free(p->change);
    free(p->rate);
    free(p->part);
    free(p->cost_since);
    free(p->cost_change);
    free(p->times);
    free(p->wedge_since);
    free(p->wedge_change);
    free(p->factor);
    free(p);
}

void dr_product_change_forget(dr_product_changes *p, int kind, size_t flow)
{
    if (p && (kind & DR_CHANGE_TARIFF))
        p->since[flow] = 0;
    if (p && (kind & DR_CHANGE_COST))
        p->cost_since[flow] = 0;
    if (p && (kind & DR_CHANGE_PRODUCT_WEDGE))
        p->wedge_since[flow] = 0;
}

static bool take_room(dr_product_changes *p, size_t flows, size_t rows)
{
    p->under = dr_new_doubles(flows);
    p->taken = dr_new_doubles(flows);
    p->since = dr_new(flows, sizeof *p->since);
    p->cost_since = dr_new(flows, sizeof *p->cost_since);
    p->change = dr_new(rows, sizeof *p->change);
    p->cost_change = dr_new(rows, sizeof *p->cost_change);
    p->rate = dr_new_doubles(rows);
    p->part = dr_new_doubles(rows);
    p->times = dr_new_doubles(rows);
    return p->under && p->taken && p->since && p->cost_since && p->change && p->cost_change && p->rate && p->part &&
           p->times;
}

static dr_status fill(dr_product_changes *p, const dr_economy *e)
{
    size_t flows = e->regions * e->regions * e->sectors;
    DR_TRY(dr_product_trade_need(&p->trade, e));
    return take_room(p, flows, p->trade->flows.rows + 1) ? DR_OK : dr_fail_memory();
}

dr_status dr_product_changes_need(dr_scenario *sc)
{
    if (sc->products)
        return DR_OK;
    dr_product_changes *p = dr_new(1, sizeof *p);
    dr_status status = p ? fill(p, sc->economy) : dr_fail_memory();
    if (status == DR_OK)
        sc->products = p;
    else
        dr_product_changes_free(p);
    return status;
}

/* ---- Sets of products -------------------------------------------------------------------------------------------- */

dr_status dr_product_set_new(dr_product_set *out, const dr_scenario *sc)
{
    size_t count = sc->products->trade->flows.products.count;
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

void dr_product_set_mark(dr_product_set *set, size_t k)
{
    set->mask[k] = true;
    set->first = k < set->first ? k : set->first;
    set->end = k + 1 > set->end ? k + 1 : set->end;
}

/* The lists by name. The raw materials that are critical go by two names. */
static const char *const list_names[] = {"chpl", "crm", "critical", "strategic", "green", "food", "vaccines"};
static const dr_list list_kinds[] = {DR_LIST_CHPL,  DR_LIST_CRITICAL, DR_LIST_CRITICAL, DR_LIST_STRATEGIC,
                                     DR_LIST_GREEN, DR_LIST_FOOD,     DR_LIST_VACCINES};
enum { LISTS = sizeof list_names / sizeof *list_names };

/* The number of a list; LISTS: there is none of that name. */
static size_t list_of(const char *name)
{
    size_t list = 0;
    while (list < LISTS && strcasecmp(name, list_names[list]) != 0)
        list++;
    return list;
}

static dr_status add_list(dr_product_set *set, dr_product_changes *p, size_t list, bool *any)
{
    const dr_names *products = &p->trade->flows.products;
    char labels[DR_LISTS_SIZE];
    if (!p->lists_read)
        DR_TRY(dr_product_lists_read(&p->lists, p->trade->year.classification, p->trade->year.year));
    p->lists_read = true;
    for (size_t k = 0; k < products->count; k++) {
        DR_TRY(dr_product_lists_label(&p->lists, list_kinds[list], products->names[k], labels));
        if (*labels) {
            dr_product_set_mark(set, k);
            *any = true;
        }
    }
    return DR_OK;
}

/* The first product whose code is not before this one; their number: there is none. */
static size_t first_from(const dr_names *products, const char *code)
{
    size_t low = 0, high = products->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(products->names[middle], code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The digits that two codes have in common, from the first on. */
static size_t in_common(const char *a, const char *b)
{
    size_t count = 0;
    while (a[count] && a[count] == b[count])
        count++;
    return count;
}

/* The product whose code is next to this one. */
static const char *nearest(const dr_names *products, const char *code)
{
    size_t after = first_from(products, code);
    const char *before = after > 0 ? products->names[after - 1] : NULL;
    const char *next = after < products->count ? products->names[after] : NULL;
    return !next || (before && in_common(before, code) > in_common(next, code)) ? before : next;
}

/* The products whose codes begin with this one, which follow each other. */
static bool add_code(dr_product_set *set, const dr_names *products, const char *code)
{
    size_t length = strlen(code), low = first_from(products, code), first;
    for (first = low; low < products->count && strncmp(products->names[low], code, length) == 0; low++)
        dr_product_set_mark(set, low);
    return low > first;
}

/* Copies the digits of a code, without "HS" before and dots between them; false where it is none. */
static bool take_digits(char out[DR_LONGEST_PRODUCT + 1], const char *name)
{
    size_t count = 0;
    if (strncasecmp(name, "HS", 2) == 0)
        name += 2;
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
    dr_product_changes *p = sc->products;
    char code[DR_LONGEST_PRODUCT + 1], hint[DR_HINT_SIZE];
    bool any = false;
    if (list_of(name) < LISTS)
        DR_TRY(add_list(set, p, list_of(name), &any));
    else if (take_digits(code, name))
        any = add_code(set, &p->trade->flows.products, code);
    else
        return dr_fail(DR_BAD_INPUT,
                       "unknown products '%.60s'; expected codes of the Harmonized System such as 8542, or the lists "
                       "chpl, critical (or crm), strategic, green, food and vaccines%s",
                       name, dr_hint(hint, name, list_names, LISTS));
    if (any)
        return DR_OK;
    const char *near = list_of(name) < LISTS ? NULL : nearest(&p->trade->flows.products, code);
    return dr_fail(DR_BAD_INPUT, "there is no product flow of '%.60s' in %d (%s)%s%s", name, p->trade->year.year,
                   p->trade->year.classification, near ? "; the nearest product is " : "", near ? near : "");
}

bool dr_product_list(const char *list)
{
    char first[DR_LONGEST_PRODUCT + 8], code[DR_LONGEST_PRODUCT + 1];
    snprintf(first, sizeof first, "%s", list);
    first[strcspn(first, ",")] = '\0';
    return list_of(first) < LISTS || (strncasecmp(first, "HS", 2) == 0 && take_digits(code, first));
}

dr_status dr_product_set_list(dr_product_set *set, const dr_scenario *sc, const char *list)
{
    char *copy = strdup(list), *rest = copy;
    dr_status status = copy ? DR_OK : dr_fail_memory();
    for (char *name; status == DR_OK && (name = strsep(&rest, ","));)
        status = dr_product_set_add(set, sc, name + strspn(name, " "));
    free(copy);
    return status;
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

/* ---- Changes ----------------------------------------------------------------------------------------------------- */

/* Where a flow gets its first tariff of products, that of the sector is kept. */
static dr_status begin_tariffs(dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t flow)
{
    const dr_economy *e = sc->economy;
    dr_product_changes *p = sc->products;
    bool has = sc->change[flow] & DR_CHANGE_TARIFF;
    double tariff = has ? sc->rate[flow] : e->tariff ? e->tariff[flow] : 0;
    dr_change duty = *change;
    duty.kind = DR_CHANGE_TARIFF;
    DR_TRY(dr_scenario_clear_flow(sc, &duty, n, i, flow % e->sectors));
    p->since[flow] = (unsigned short)sc->changes;
    p->under[flow] = sc->rate[flow] = tariff;
    sc->change[flow] |= DR_CHANGE_TARIFF;
    return DR_OK;
}

/* Where it gets its first trade cost of products, that of the sector is 1. A ban of products is an infinite cost: the
 * rest of the flow goes on. */
static dr_status begin_costs(dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t flow)
{
    dr_change cost = *change;
    cost.kind = DR_CHANGE_COST;
    DR_TRY(dr_scenario_clear_flow(sc, &cost, n, i, flow % sc->economy->sectors));
    sc->products->cost_since[flow] = (unsigned short)sc->changes;
    sc->times[flow] = 1;
    sc->change[flow] |= DR_CHANGE_COST;
    return DR_OK;
}

dr_status dr_product_conflict(const dr_scenario *sc, const dr_change *change, size_t k, size_t flow, size_t before,
                              const char *instrument)
{
    const dr_economy *e = sc->economy;
    const char *product = sc->products->trade->flows.products.names[k];
    const char *to = e->region_codes.names[flow / e->sectors / e->regions],
               *from = e->region_codes.names[flow / e->sectors % e->regions];
    if (before == sc->changes)
        return dr_fail(DR_BAD_INPUT, "the flow of product %s from %s to %s is given twice", product, from, to);
    char earlier[DR_CHANGE_WORDS_SIZE];
    dr_change_words(earlier, sc, before, instrument);
    return dr_fail(DR_BAD_INPUT,
                   "change %zu (%s) conflicts with %s: both change the flow of product %s from %s to %s; "
                   "'replace: true' overrides the earlier one",
                   sc->changes, dr_change_name(change->kind, !change->bought), earlier, product, from, to);
}

static dr_status change_tariff(dr_scenario *sc, const dr_change *change, size_t k, size_t row, size_t flow)
{
    const dr_economy *e = sc->economy;
    dr_product_changes *p = sc->products;
    size_t n = flow / e->sectors / e->regions, i = flow / e->sectors % e->regions;
    if (p->since[flow] == 0)
        DR_TRY(begin_tariffs(sc, change, n, i, flow));
    if (p->change[row] >= p->since[flow]) {
        if (!change->replace || p->change[row] == sc->changes)
            return dr_product_conflict(sc, change, k, flow, p->change[row], "tariff");
        sc->rate[flow] -= p->part[row];
    }
    bool quota = change->kind == DR_CHANGE_RATE_QUOTA;
    double rate = quota ? change->in_quota : dr_change_rate(change, p->under[flow]);
    rate += change->specific > 0 ? dr_product_specific(p, change, row) : 0;
    if (rate <= -1)
        return dr_fail(DR_BAD_INPUT, "a tariff of %.2f%% on product %s from %s to %s; expected more than -100%%",
                       100 * rate, p->trade->flows.products.names[k], e->region_codes.names[i],
                       e->region_codes.names[n]);
    p->rate[row] = rate;
    p->part[row] = p->trade->flows.value[row] / p->trade->all[flow] * (rate - p->under[flow]);
    p->change[row] = (unsigned short)sc->changes;
    sc->rate[flow] += p->part[row];
    return DR_OK;
}

static dr_status change_cost(dr_scenario *sc, const dr_change *change, size_t k, size_t row, size_t flow)
{
    const dr_economy *e = sc->economy;
    dr_product_changes *p = sc->products;
    if (p->cost_since[flow] == 0)
        DR_TRY(begin_costs(sc, change, flow / e->sectors / e->regions, flow / e->sectors % e->regions, flow));
    bool changed = p->cost_change[row] >= p->cost_since[flow], ban = change->kind == DR_CHANGE_BAN;
    if (changed && p->cost_change[row] == sc->changes && change->both)
        return DR_OK; /* both directions of a change between overlapping groups */
    if (changed && (!change->replace || p->cost_change[row] == sc->changes))
        return dr_product_conflict(sc, change, k, flow, p->cost_change[row],
                                   dr_change_name(isinf(p->times[row]) ? DR_CHANGE_BAN : DR_CHANGE_COST, false));
    if (ban)
        DR_TRY(dr_product_clear_wedge(sc, change, k, row, flow));
    p->times[row] = ban ? INFINITY : change->amount;
    p->cost_change[row] = (unsigned short)sc->changes;
    p->any_cost = true;
    return DR_OK;
}

static dr_status change_row(dr_scenario *sc, const dr_change *change, size_t k, size_t row, size_t flow)
{
    if (change->kind & DR_CHANGE_DUTIES)
        DR_TRY(change_tariff(sc, change, k, row, flow));
    if (change->kind & (DR_CHANGE_COST | DR_CHANGE_BAN))
        DR_TRY(change_cost(sc, change, k, row, flow));
    if (change->kind & (DR_CHANGE_LIMITS | DR_CHANGE_EXPORT_TAX))
        DR_TRY(dr_product_change_wedge(sc, change, k, row, flow));
    sc->last[flow] = (unsigned short)sc->changes;
    sc->products->taken[flow] += sc->products->trade->flows.value[row];
    return DR_OK;
}

static bool is_meant(const dr_change *c, size_t n, size_t i)
{
    return (c->by[n] && c->on[i]) || (c->both && c->by[i] && c->on[n]);
}

bool dr_product_row_next(dr_product_row *at, const dr_scenario *sc, const dr_change *c, bool *left)
{
    const dr_product_trade *t = sc->products->trade;
    const dr_product_set *set = c->products;
    const dr_economy *e = sc->economy;
    const size_t *start = t->flows.start;
    size_t k = at->begun ? at->product : set->first, row = at->begun ? at->row + 1 : k < set->end ? start[k] : 0, flow;
    for (; k < set->end; row = start[++k])
        for (; set->mask[k] && t->sector[k] >= 0 && c->sectors[t->sector[k]] && row < start[k + 1]; row++) {
            if (!dr_product_trade_flow(t, k, row, &flow))
                continue;
            size_t n = flow / e->sectors / e->regions, i = flow / e->sectors % e->regions;
            bool alone = !c->inside && dr_named_together(&c->named, n, i);
            if (!is_meant(c, n, i))
                continue;
            *left |= alone;
            if (alone)
                continue;
            *at = (dr_product_row){true, k, row, flow};
            return true;
        }
    return false;
}

dr_status dr_product_change(dr_scenario *sc, const dr_change *c, bool *any, bool *left)
{
    for (dr_product_row at = {0}; dr_product_row_next(&at, sc, c, left); *any = true)
        DR_TRY(change_row(sc, c, at.product, at.row, at.flow));
    return DR_OK;
}

dr_status dr_product_change_note(dr_scenario *sc, const char *name)
{
    dr_product_changes *p = sc->products;
    const dr_economy *e = sc->economy;
    char money[DR_MONEY_SIZE];
    double taken = 0, all = 0;
    size_t flows = e->regions * e->regions * e->sectors, count = 0;
    for (size_t flow = 0; flow < flows; flow++) {
        if (!(p->taken[flow] > 0))
            continue;
        if (sc->change[flow] & DR_CHANGE_TARIFF)
            dr_odd_rates_add(&sc->odd, flow, sc->rate[flow]);
        taken += p->taken[flow];
        all += p->trade->all[flow];
        count++;
        p->taken[flow] = 0;
    }
    return dr_scenario_note(sc,
                            "%s: its products are %.2f%% of the trade in their sectors between the economies it names, "
                            "%s of %zu flow%s, in the product flows of %d (%s)",
                            name, all > 0 ? 100 * taken / all : 0, dr_money(money, taken, p->trade->year.unit), count,
                            count == 1 ? "" : "s", p->trade->year.year, p->trade->year.classification);
}

void dr_product_tariff_set(dr_scenario *sc, size_t flow, unsigned row, double rate)
{
    dr_product_changes *p = sc->products;
    const dr_economy *e = sc->economy;
    if (p->since[flow] == 0) {
        bool has = sc->change[flow] & DR_CHANGE_TARIFF;
        p->since[flow] = (unsigned short)sc->changes;
        p->under[flow] = sc->rate[flow] = has ? sc->rate[flow] : e->tariff ? e->tariff[flow] : 0;
        sc->change[flow] |= DR_CHANGE_TARIFF;
    }
    if (p->change[row] >= p->since[flow])
        sc->rate[flow] -= p->part[row];
    p->rate[row] = rate;
    p->part[row] = p->trade->flows.value[row] / p->trade->all[flow] * (rate - p->under[flow]);
    p->change[row] = sc->last[flow] = (unsigned short)sc->changes;
    sc->rate[flow] += p->part[row];
}

/* ---- What they come to ------------------------------------------------------------------------------------------- */

bool dr_scenario_products(const dr_scenario *sc)
{
    return sc && sc->products;
}

bool dr_products_need_nest(const dr_scenario *sc)
{
    return sc && sc->products && (sc->products->any_cost || sc->products->wedge_since);
}

bool dr_products_of_flow(const dr_scenario *sc, size_t flow)
{
    return sc && sc->products &&
           (sc->products->since[flow] > 0 || sc->products->cost_since[flow] > 0 || dr_product_wedges_of(sc, flow));
}

bool dr_product_wedges_of(const dr_scenario *sc, size_t flow)
{
    return sc && sc->products && sc->products->wedge_since && sc->products->wedge_since[flow] > 0;
}

double dr_product_part(const dr_scenario *sc, size_t flow, unsigned row)
{
    return sc->products->trade->flows.value[row] / sc->products->trade->all[flow];
}

double dr_product_tariff(const dr_scenario *sc, double base_tariff, size_t flow, unsigned row)
{
    const dr_product_changes *p = sc ? sc->products : NULL;
    if (!p || p->since[flow] == 0)
        return sc && sc->change[flow] & DR_CHANGE_TARIFF ? sc->rate[flow] : base_tariff;
    return row != DR_NO_PRODUCT && p->change[row] >= p->since[flow] ? p->rate[row] : p->under[flow];
}

double dr_product_rate(const dr_scenario *sc, double base_tariff, size_t flow, unsigned row)
{
    double of_flow = dr_scenario_rate(sc, base_tariff, flow);
    if (!sc || !sc->products || sc->products->since[flow] == 0)
        return of_flow;
    double tariff = dr_product_tariff(sc, base_tariff, flow, row);
    return (1 + tariff) * (1 + of_flow) / (1 + sc->rate[flow]) - 1; /* a tax on use is on top of it */
}

double dr_product_kappa(const dr_scenario *sc, double base_tariff, size_t flow, unsigned row, double theta)
{
    const dr_product_changes *p = sc ? sc->products : NULL;
    if (!dr_products_of_flow(sc, flow) || (sc->change[flow] & DR_CHANGE_BAN))
        return dr_scenario_kappa(sc, base_tariff, flow, theta);
    double times = dr_scenario_times(sc, flow, theta);
    if (row != DR_NO_PRODUCT && dr_product_has_cost(p, flow, row))
        times = p->times[row];
    return (1 + dr_product_rate(sc, base_tariff, flow, row)) / (1 + base_tariff) * times;
}
