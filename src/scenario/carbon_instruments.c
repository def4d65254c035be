/* Prices of carbon in a document. */
#include <math.h>
#include <string.h>

#include "base/names.h"
#include "scenario/carbon.h"
#include "scenario/instruments.h"

#define fail(e, node, ...) dr_yaml_fail((e)->yaml, node, __VA_ARGS__)

/* The price of a tonne, in the currency of the world. */
static dr_status take_price(dr_entry *e)
{
    static const char expected[] = "a price of a tonne such as 50";
    DR_TRY(dr_entry_need(e, DR_KEY_PRICE));
    DR_TRY(dr_entry_number(e, e->v[DR_KEY_PRICE], expected, &e->change.amount));
    if (!(e->change.amount >= 0 && isfinite(e->change.amount)))
        return fail(e, e->v[DR_KEY_PRICE], "a carbon price of %g; expected 0 or more", e->change.amount);
    if (!e->v[DR_KEY_CURRENCY])
        return DR_OK;
    DR_TRY(dr_yaml_need_text(e->yaml, e->v[DR_KEY_CURRENCY], "a currency such as USD"));
    return dr_yaml_at(e->yaml, e->v[DR_KEY_CURRENCY],
                      dr_carbon_check_currency(e->scenario->economy, dr_yaml_text(e->v[DR_KEY_CURRENCY])));
}

dr_status dr_read_carbon_price(dr_entry *e)
{
    DR_TRY(take_price(e));
    if (e->v[DR_KEY_ABATEMENT])
        DR_TRY(dr_entry_number(e, e->v[DR_KEY_ABATEMENT], "an elasticity such as 0.5", &e->change.abatement));
    if (!(e->change.abatement >= 0 && isfinite(e->change.abatement)))
        return fail(e, e->v[DR_KEY_ABATEMENT], "an abatement elasticity of %g; expected 0 or more",
                    e->change.abatement);
    DR_TRY(dr_entry_need(e, DR_KEY_IN));
    DR_TRY(dr_entry_regions(e, e->v[DR_KEY_IN], e->change.by, &e->scenario->named, e->change.names[0]));
    return dr_entry_finish(e);
}

/* Which of the words a key has. */
static dr_status take_word(const dr_entry *e, dr_key key, const char *const *words, size_t *word)
{
    char hint[DR_HINT_SIZE];
    const yaml_node_t *node = e->v[key];
    size_t count = 0;
    if (!node)
        return DR_OK;
    DR_TRY(dr_yaml_need_text(e->yaml, node, words[0]));
    for (; words[count]; count++)
        if (strcmp(words[count], dr_yaml_text(node)) == 0) {
            *word = count;
            return DR_OK;
        }
    return fail(e, node, "unknown %s '%.60s'; expected one such as '%s'%s", dr_entry_keys[key], dr_yaml_text(node),
                words[0], dr_hint(hint, dr_yaml_text(node), words, count));
}

dr_status dr_read_carbon_border(dr_entry *e)
{
    size_t basis = DR_CARBON_DIRECT, rebate = 0;
    DR_TRY(take_price(e));
    DR_TRY(take_word(e, DR_KEY_BASIS, dr_carbon_bases, &basis));
    DR_TRY(take_word(e, DR_KEY_REBATE, dr_carbon_rebates, &rebate));
    e->change.basis = (dr_carbon_basis)basis;
    e->change.rebate = rebate == 1;
    DR_TRY(dr_entry_sides(e, DR_KEY_BY, DR_KEY_ON));
    return dr_entry_finish(e);
}
