#include "scenario/carbon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/money.h"
#include "measure/content.h"
#include "scenario/change_parts.h"

const char *const dr_carbon_bases[] = {"direct", "embodied", "benchmark", NULL};
const char *const dr_carbon_rebates[] = {"none", "exports", NULL};

void dr_carbon_free(struct dr_carbon *c)
{
    if (!c)
        return;
    double *arrays[] = {c->price, c->abatement, c->direct, c->embodied, c->border_price, c->duty};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
        free(arrays[k]);
    free(c->last);
    free(c->basis);
    free(c);
}

/* ---- Emissions --------------------------------------------------------------------------------------------------- */

static dr_status check_account(const dr_economy *e)
{
    if (!e->emissions)
        return dr_fail(DR_BAD_INPUT,
                       "the world has no account of emissions, which a price of carbon needs: expected one called CO2 "
                       "or GHG in t, kt or Mt; 'derisk import account FILE.csv' adds one");
    for (size_t cell = 0; cell < e->regions * e->sectors; cell++)
        if (e->emissions[cell] < 0)
            return dr_fail(DR_BAD_INPUT,
                           "the account '%s' has negative emissions of %s in %s (%.6g t); expected 0 or more",
                           e->emissions_account, e->sector_codes.names[cell % e->sectors],
                           e->region_codes.names[cell / e->sectors], e->emissions[cell]);
    return DR_OK;
}

/* Fails where the account says nothing of a region that is priced. */
static dr_status check_region(const dr_economy *e, size_t n)
{
    for (size_t s = 0; s < e->sectors; s++)
        if (e->emissions[n * e->sectors + s] > 0)
            return DR_OK;
    return dr_fail(
        DR_BAD_INPUT,
        "the account '%s' has no emissions of sectors of %s; expected numbers for each region whose carbon is "
        "priced",
        e->emissions_account, e->region_codes.names[n]);
}

static double output_of(const dr_economy *e, size_t i, size_t s)
{
    double sum = 0;
    for (size_t n = 0; n < e->regions; n++)
        sum += e->flow[(n * e->regions + i) * e->sectors + s];
    return sum;
}

static struct dr_carbon *need(dr_scenario *sc)
{
    size_t cells = sc->economy->regions * sc->economy->sectors;
    if (sc->carbon)
        return sc->carbon;
    struct dr_carbon *c = sc->carbon = dr_new(1, sizeof *c);
    if (!c)
        return NULL;
    c->price = dr_new_doubles(cells);
    c->abatement = dr_new_doubles(cells);
    c->direct = dr_new_doubles(cells);
    c->last = dr_new(cells, sizeof *c->last);
    if (!c->price || !c->abatement || !c->direct || !c->last)
        return NULL;
    for (size_t cell = 0; cell < cells; cell++) {
        double output = output_of(sc->economy, cell / sc->economy->sectors, cell % sc->economy->sectors);
        double value = output * dr_money_power(sc->economy->unit ? sc->economy->unit : "", NULL);
        c->direct[cell] = output > 0 ? sc->economy->emissions[cell] / value : 0;
    }
    return c;
}

/* How the table's output is made: inputs over output, and flows over what is spent. */
static void fill_shares(const dr_economy *e, double *input, double *source)
{
    size_t r = e->regions, s = e->sectors;
    for (size_t n = 0; n < r; n++)
        for (size_t k = 0; k < s; k++) {
            double output = output_of(e, n, k), spent = 0;
            for (size_t j = 0; j < s; j++)
                input[(n * s + j) * s + k] = output > 0 ? e->input[(n * s + j) * s + k] / output : 0;
            for (size_t i = 0; i < r; i++) {
                size_t flow = (n * r + i) * s + k;
                spent += e->flow[flow] * (1 + (e->tariff ? e->tariff[flow] : 0));
            }
            for (size_t i = 0; i < r; i++)
                source[(n * r + i) * s + k] = spent > 0 ? e->flow[(n * r + i) * s + k] / spent : 0;
        }
}

static dr_status need_embodied(const dr_economy *e, struct dr_carbon *c)
{
    size_t r = e->regions, s = e->sectors;
    if (c->embodied)
        return DR_OK;
    double *input = dr_new_doubles(r * s * s), *source = dr_new_doubles(r * r * s), *content = dr_new_doubles(r * s);
    dr_status status = input && source && content ? DR_OK : dr_fail_memory();
    if (status == DR_OK) {
        fill_shares(e, input, source);
        status = dr_content(content, c->direct, &(dr_supply_shares){r, s, input, source});
    }
    free(input);
    free(source);
    if (status == DR_OK)
        c->embodied = content;
    else
        free(content);
    return status;
}

/* ---- Prices on emissions ----------------------------------------------------------------------------------------- */

static dr_status price_cell(dr_scenario *sc, const dr_change *change, size_t n, size_t s)
{
    struct dr_carbon *c = sc->carbon;
    size_t cell = n * sc->economy->sectors + s;
    char earlier[DR_CHANGE_WORDS_SIZE];
    const char *what = dr_change_name(change->kind, false);
    if (c->last[cell] && !change->replace)
        return dr_fail(DR_BAD_INPUT, "change %zu (%s) conflicts with %s: both change %s in %s%s", sc->changes, what,
                       dr_change_words(earlier, sc, c->last[cell], what), sc->economy->sector_codes.names[s],
                       sc->economy->region_codes.names[n],
                       sc->reading ? "; 'replace: true' overrides the earlier one" : "");
    c->price[cell] = change->amount;
    c->abatement[cell] = change->abatement;
    c->last[cell] = (unsigned short)sc->changes;
    return DR_OK;
}

dr_status dr_carbon_price(dr_scenario *sc, const dr_change *change)
{
    const dr_economy *e = sc->economy;
    bool any = false;
    DR_TRY(check_account(e));
    if (!need(sc))
        return dr_fail_memory();
    for (size_t n = 0; n < e->regions; n++) {
        if (change->by[n])
            DR_TRY(check_region(e, n));
        for (size_t s = 0; s < e->sectors && change->by[n]; s++)
            if (change->sectors[s] && sc->carbon->direct[n * e->sectors + s] > 0) {
                any = true;
                DR_TRY(price_cell(sc, change, n, s));
            }
    }
    return any ? DR_OK
               : dr_fail(DR_BAD_INPUT,
                         "change %zu (carbon-price) changes nothing: none of the sectors emits anything there",
                         sc->changes);
}

/* With a the elasticity of emissions and r the price at which fuel is twice as dear, a tonne at p leaves the part
 *
 *   left(p) = (1 + p / r)^-a
 *
 * of emissions e per unit of output. Producers abate as long as that is cheaper than the price, so that unit cost rises
 * by the area under this curve, the integral of e left(q) from 0 to p, of which p e left(p) is tax and the rest
 * resources. */
dr_carbon_cost dr_carbon_cost_of(const dr_scenario *sc, size_t cell, double output, double part)
{
    const struct dr_carbon *c = sc ? sc->carbon : NULL;
    dr_carbon_cost cost = {0, 0, 1};
    if (!c || !c->last[cell] || !(output > 0))
        return cost;
    const dr_economy *e = sc->economy;
    double value = output * dr_money_power(e->unit ? e->unit : "", NULL), each = e->emissions[cell] / value;
    double price = part * c->price[cell], a = c->abatement[cell], dearer = 1 + price / DR_CARBON_REFERENCE;
    cost.left = pow(dearer, -a);
    cost.tax = price * each * cost.left;
    if (a == 0)
        return cost;
    double area = a == 1 ? log(dearer) : (pow(dearer, 1 - a) - 1) / (1 - a);
    cost.resources = fmax(0, each * DR_CARBON_REFERENCE * area - cost.tax);
    return cost;
}

/* ---- Duties at the border ---------------------------------------------------------------------------------------- */

double dr_carbon_duty(const dr_scenario *sc, size_t flow)
{
    return sc->change[flow] & DR_CHANGE_CARBON_BORDER ? sc->carbon->duty[flow] : 0;
}

static dr_status need_border(dr_scenario *sc)
{
    struct dr_carbon *c = need(sc);
    size_t flows = sc->economy->regions * sc->economy->regions * sc->economy->sectors;
    if (!c)
        return dr_fail_memory();
    if (c->duty)
        return DR_OK;
    c->duty = dr_new_doubles(flows);
    c->border_price = dr_new_doubles(flows);
    c->basis = dr_new(flows, sizeof *c->basis);
    return c->duty && c->border_price && c->basis ? DR_OK : dr_fail_memory();
}

dr_status dr_carbon_set_duty(dr_scenario *sc, const dr_change *change, size_t flow)
{
    struct dr_carbon *c = sc->carbon;
    size_t s = sc->economy->sectors, r = sc->economy->regions, n = flow / s / r, i = flow / s % r, k = flow % s;
    const double *intensity = change->basis == DR_CARBON_EMBODIED ? c->embodied : c->direct;
    c->border_price[flow] = change->amount;
    c->basis[flow] = (unsigned char)change->basis;
    c->duty[flow] = change->amount * intensity[(change->basis == DR_CARBON_BENCHMARK ? n : i) * s + k];
    return DR_OK;
}

/* The carbon price on what an exporter sells, paid back: at its own emissions, as far as they are left. */
static dr_status rebate(dr_scenario *sc, const dr_change *border, size_t n, size_t i, size_t s)
{
    const struct dr_carbon *c = sc->carbon;
    const dr_economy *e = sc->economy;
    size_t cell = i * e->sectors + s;
    double left = c->last[cell] ? pow(1 + c->price[cell] / DR_CARBON_REFERENCE, -c->abatement[cell]) : 1;
    dr_change back = {
        .kind = DR_CHANGE_EXPORT_TAX, .amount = -border->amount * c->direct[cell] * left, .replace = border->replace};
    if (back.amount == 0)
        return DR_OK;
    if (back.amount <= -1)
        return dr_fail(DR_BAD_INPUT, "a rebate of %.2f%% of the price of %s of %s; expected less than 100%%",
                       -100 * back.amount, e->sector_codes.names[s], e->region_codes.names[i]);
    return dr_scenario_change_flow(sc, &back, n, i, s);
}

static dr_status check_sides(const dr_economy *e, const dr_change *c)
{
    for (size_t n = 0; n < e->regions; n++) {
        if (c->basis == DR_CARBON_BENCHMARK ? c->by[n] : c->on[n] && !c->by[n])
            DR_TRY(check_region(e, n));
        if (c->rebate && c->by[n])
            DR_TRY(check_region(e, n));
    }
    return DR_OK;
}

dr_status dr_carbon_border(dr_scenario *sc, const dr_change *change, bool *any, bool *left)
{
    const dr_economy *e = sc->economy;
    DR_TRY(check_account(e));
    DR_TRY(check_sides(e, change));
    DR_TRY(need_border(sc));
    if (change->basis == DR_CARBON_EMBODIED)
        DR_TRY(need_embodied(e, sc->carbon));
    DR_TRY(dr_scenario_change_flows(sc, change, any, left));
    for (size_t n = 0; n < e->regions && change->rebate; n++)
        for (size_t i = 0; i < e->regions; i++)
            for (size_t s = 0; s < e->sectors; s++) {
                bool out = change->by[i] && change->on[n] && i != n && change->sectors[s];
                if (out && (change->inside || !dr_named_together(&change->named, n, i)))
                    DR_TRY(rebate(sc, change, n, i, s));
            }
    return DR_OK;
}

/* ---- Currencies -------------------------------------------------------------------------------------------------- */

dr_status dr_carbon_check_currency(const dr_economy *e, const char *currency)
{
    static const char *const known[][2] = {
        {"USD", "US dollars"}, {"EUR", "euros"}, {"GBP", "pounds"}, {"JPY", "yen"}, {"CNY", "yuan"}};
    const char *unit = "";
    (void)dr_money_power(e->unit ? e->unit : "", &unit);
    int length = (int)strcspn(unit, ",");
    bool same = !currency || strncasecmp(currency, unit, strlen(currency)) == 0;
    for (size_t k = 0; k < sizeof known / sizeof *known && !same; k++)
        same = strcasecmp(currency, known[k][0]) == 0 && strncasecmp(unit, known[k][1], strlen(known[k][1])) == 0;
    return same ? DR_OK
                : dr_fail(DR_BAD_INPUT,
                          "a price in '%.40s', where the values of the world are in %.*s; expected a price in "
                          "these, or no currency",
                          currency, length, *unit ? unit : "an unnamed unit");
}
