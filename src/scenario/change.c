/* One change: its memory, and the values that its amounts may have. */
#include <math.h>
#include <stdlib.h>

#include "scenario/change_parts.h"

dr_status dr_change_new(dr_change *out, const dr_economy *economy, int kind)
{
    *out = (dr_change){.kind = kind};
    out->by = dr_new(economy->regions, sizeof *out->by);
    out->on = dr_new(economy->regions, sizeof *out->on);
    out->sectors = dr_new(economy->sectors, sizeof *out->sectors);
    if (out->by && out->on && out->sectors)
        return DR_OK;
    dr_change_free(out);
    return dr_fail_memory();
}

void dr_change_free(dr_change *change)
{
    free(change->by);
    free(change->on);
    free(change->sectors);
    change->by = change->on = change->sectors = NULL;
    dr_named_free(&change->named);
}

/* The rates and the quota of a tariff-rate quota. */
static dr_status check_rate_quota(const dr_change *c)
{
    if (!(c->in_quota > -1 && isfinite(c->in_quota)))
        return dr_fail(DR_BAD_INPUT, "an in-quota tariff of %.2f%%; expected more than -100%%", 100 * c->in_quota);
    if (!(c->over_quota >= c->in_quota && isfinite(c->over_quota)))
        return dr_fail(
            DR_BAD_INPUT,
            "an over-quota tariff of %.2f%% and an in-quota tariff of %.2f%%; expected one that is not lower",
            100 * c->over_quota, 100 * c->in_quota);
    if (!(c->amount >= 0 && isfinite(c->amount)))
        return dr_fail(DR_BAD_INPUT, "a quota at %g%s; expected a value of at least 0",
                       (c->relative ? 100 : 1) * c->amount, c->relative ? "%" : "");
    return DR_OK;
}

dr_status dr_change_check(const dr_change *change)
{
    double amount = change->amount;
    switch (change->kind) {
    case DR_CHANGE_RATE_QUOTA:
        return check_rate_quota(change);
    case DR_CHANGE_PRODUCTIVITY:
    case DR_CHANGE_SUPPLY:
    case DR_CHANGE_DEMAND:
        if (amount > -1 && isfinite(amount))
            return DR_OK;
        return dr_fail(DR_BAD_INPUT, "a change of %.2f%%; expected more than -100%%", 100 * amount);
    case DR_CHANGE_TRANSFER:
        if (amount > 0 && isfinite(amount) && (!change->relative || amount < 1))
            return DR_OK;
        return dr_fail(DR_BAD_INPUT, "a transfer of %g%s; expected more than 0%s",
                       (change->relative ? 100 : 1) * amount, change->relative ? "%" : "",
                       change->relative ? " and less than 100% of income" : "");
    case DR_CHANGE_CARBON_PRICE:
    case DR_CHANGE_CARBON_BORDER:
        if (!(amount >= 0 && isfinite(amount)))
            return dr_fail(DR_BAD_INPUT, "a carbon price of %g; expected 0 or more", amount);
        if (!(change->abatement >= 0 && isfinite(change->abatement)))
            return dr_fail(DR_BAD_INPUT, "an abatement elasticity of %g; expected 0 or more", change->abatement);
        return DR_OK;
    case DR_CHANGE_TARIFF:
    case DR_CHANGE_EXPORT_TAX:
    case DR_CHANGE_PRODUCTION_TAX:
    case DR_CHANGE_USE_TAX:
        if (amount > -1 && isfinite(amount))
            return DR_OK;
        return dr_fail(DR_BAD_INPUT, "a %s of %.2f%%; expected more than -100%%",
                       change->kind == DR_CHANGE_TARIFF ? "tariff" : "tax", 100 * amount);
    case DR_CHANGE_COST:
        if (amount > 0 && isfinite(amount))
            return DR_OK;
        return dr_fail(DR_BAD_INPUT, "trade cost times %g; expected a finite factor above 0", amount);
    case DR_CHANGE_LIMIT:
        if (change->relative && !(amount >= 0 && amount <= 1))
            return dr_fail(DR_BAD_INPUT, "a cut of %.2f%%; expected one between 0%% and 100%%", 100 * (1 - amount));
        if (!(amount >= 0 && isfinite(amount)))
            return dr_fail(DR_BAD_INPUT, "a quota at %g; expected a value of at least 0", amount);
        return DR_OK;
    default:
        return DR_OK;
    }
}
