/* Transshipment: a part of the flows that a ban or tariff concerns goes on through third countries, whose sales then
 * embody the goods of the origin. The model has trade by origin, so that it is what is left of the flow: at given
 * prices a banned one falls to the part that leaks (as a trade cost that divides it by that, share^(-1 / theta)), and
 * the tariff of one that is taxed is the mean of what pays and what does not. */
#include <math.h>

#include "base/money.h"
#include "scenario/instruments.h"

#define fail(e, node, ...) dr_yaml_fail((e)->yaml, node, __VA_ARGS__)

dr_status dr_read_leakage(dr_entry *e, double *share, double *error)
{
    static const dr_key others[] = {DR_KEY_STANDARD_ERROR, DR_KEY_THROUGH};
    const yaml_node_t *leakage = e->v[DR_KEY_LEAKAGE];
    for (size_t k = 0; k < sizeof others / sizeof *others && !leakage; k++)
        if (e->v[others[k]])
            return fail(e, e->v[others[k]], "'%s' is one of 'leakage', which is missing", dr_entry_keys[others[k]]);
    if (!leakage)
        return DR_OK;
    DR_TRY(dr_entry_rate(e, leakage, share));
    if (!(*share >= 0 && *share < 1))
        return fail(e, leakage, "a leakage of %.4g%%; expected 0%% or more and less than 100%% of the flow",
                    100 * *share);
    if (e->v[DR_KEY_PRODUCTS])
        return fail(e, e->v[DR_KEY_PRODUCTS], "'leakage' is of sectors: it excludes 'products'");
    if (!e->v[DR_KEY_STANDARD_ERROR])
        return DR_OK;
    DR_TRY(dr_entry_rate(e, e->v[DR_KEY_STANDARD_ERROR], error));
    if (!(*error >= 0 && *error < 1))
        return fail(e, e->v[DR_KEY_STANDARD_ERROR],
                    "a standard error of %.4g%%; expected 0%% or more and less than 100%% of the flow", 100 * *error);
    return DR_OK;
}

/* What leaks in the base, and what the third countries sell to the same importers in the same sectors. */
static void measure(const dr_scenario *sc, const bool *through, double share, double *leaks, double *sales)
{
    const dr_economy *e = sc->economy;
    *leaks = *sales = 0;
    for (size_t n = 0; n < e->regions; n++)
        for (size_t s = 0; s < e->sectors; s++) {
            bool concerned = false;
            for (size_t i = 0; i < e->regions; i++) {
                size_t flow = (n * e->regions + i) * e->sectors + s;
                concerned |= sc->last[flow] == sc->changes;
                *leaks += sc->last[flow] == sc->changes ? share * e->flow[flow] : 0;
            }
            for (size_t i = 0; i < e->regions && concerned; i++)
                *sales += through[i] && i != n ? e->flow[(n * e->regions + i) * e->sectors + s] : 0;
        }
}

static dr_status note(dr_entry *e, double share, const bool *through, const char *names)
{
    const dr_economy *economy = e->scenario->economy;
    double leaks, sales;
    char money[DR_MONEY_SIZE];
    measure(e->scenario, through, share, &leaks, &sales);
    DR_TRY(dr_scenario_note(e->scenario,
                            "change %zu: %.4g%% of the flows, %s in the base, goes on through third countries; results "
                            "have it by origin, not as the sales of those",
                            e->scenario->changes, 100 * share, dr_money(money, leaks, economy->unit)));
    if (!e->v[DR_KEY_THROUGH])
        return DR_OK;
    if (!(sales > 0))
        return fail(e, e->v[DR_KEY_THROUGH], "%s sells nothing of this to them in the base", names);
    return dr_scenario_note(e->scenario,
                            "change %zu: if it goes through %s, %.2f%% of what they sell there in these sectors "
                            "embodies the goods of the origin",
                            e->scenario->changes, names, 100 * leaks / (leaks + sales));
}

dr_status dr_note_leakage(dr_entry *e, double share)
{
    char names[DR_HEADLINE_NAMES_SIZE] = "";
    dr_named named = {0};
    bool *through = dr_new(e->scenario->economy->regions, sizeof *through);
    dr_status status = through ? DR_OK : dr_fail_memory();
    if (status == DR_OK && e->v[DR_KEY_THROUGH])
        status = dr_entry_regions(e, e->v[DR_KEY_THROUGH], through, &named, names);
    if (status == DR_OK)
        status = note(e, share, through, names);
    dr_named_free(&named);
    free(through);
    return status;
}

dr_status dr_apply_leaking_ban(dr_entry *e, double share, double error)
{
    const dr_headline before = e->scenario->changed;
    e->change.kind = DR_CHANGE_COST;
    e->change.amount = 1;
    DR_TRY(dr_entry_finish(e));
    e->scenario->changed = before;
    dr_headline_add(&e->scenario->changed, "ban %s:%s:%s, of which %.4g%% leaks%s", e->change.names[0],
                    e->change.names[1], e->change.names[2], 100 * share, e->change.both ? " both ways" : "");
    DR_TRY(dr_scenario_add_effect(e->scenario, (dr_effect){1, log(share), error / share, NULL}));
    return dr_note_leakage(e, share);
}
