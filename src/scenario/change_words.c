/* Changes in words: the instrument of each kind, and the heading of a scenario, as on the command line. */
#include "base/print.h"
#include "scenario/carbon.h"
#include "scenario/change_parts.h"

const char *dr_change_name(int kind, bool relative)
{
    switch (kind) {
    case DR_CHANGE_TARIFF:
        return "tariff";
    case DR_CHANGE_COST:
        return "trade-cost";
    case DR_CHANGE_LIMIT:
        return relative ? "export-curb" : "quota";
    case DR_CHANGE_EXPORT_TAX:
        return "export-tax";
    case DR_CHANGE_PRODUCTION_TAX:
        return "production-tax";
    case DR_CHANGE_USE_TAX:
        return "use-tax";
    case DR_CHANGE_RATE_QUOTA:
        return "tariff-rate-quota";
    case DR_CHANGE_PRODUCT_WEDGE:
        return "limit or export tax of products";
    case DR_CHANGE_PRODUCTIVITY:
        return "productivity";
    case DR_CHANGE_SUPPLY:
        return "factor-supply";
    case DR_CHANGE_DEMAND:
        return "demand";
    case DR_CHANGE_TRANSFER:
        return "transfer";
    case DR_CHANGE_CARBON_PRICE:
        return "carbon-price";
    case DR_CHANGE_CARBON_BORDER:
        return "carbon-border";
    default:
        return "ban";
    }
}

/* "25%", "+5%", "at most 10%". */
static void rate_text(char out[48], const dr_change *c)
{
    static const char *const words[] = {
        [DR_RATE_SET] = "", [DR_RATE_ADD] = "", [DR_RATE_AT_MOST] = "at most ", [DR_RATE_AT_LEAST] = "at least "};
    bool plus = c->rate == DR_RATE_ADD && c->amount >= 0;
    int size = dr_print_text(out, 48, "%s%s%.10g%%", words[c->rate], plus ? "+" : "", 100 * c->amount);
    if (c->specific > 0)
        dr_print_text(out + size, 48 - (size_t)size, "+%.7g/tonne", c->specific);
}

static void tell_limit(dr_scenario *s, const dr_change *c)
{
    const char *by = c->names[0], *on = c->names[1], *sectors = c->names[2], *inside = c->inside ? ":inside" : "";
    const char *without = *c->except ? " except " : "", *except = c->except;
    if (c->kind == DR_CHANGE_RATE_QUOTA)
        dr_headline_add(&s->changed, "tariff-rate-quota %s:%s:%s:%.10g%s:%.10g%%:%.10g%%%s%s%s", by, on, sectors,
                        (c->relative ? 100 : 1) * c->amount, c->relative ? "%" : "", 100 * c->in_quota,
                        100 * c->over_quota, inside, without, except);
    else if (!c->bought && c->relative)
        dr_headline_add(&s->changed, "export-curb %s:%s:%s:%.10g%%%s%s%s", on, by, sectors, 100 * (1 - c->amount),
                        inside, without, except);
    else
        dr_headline_add(&s->changed, "%s %s:%s:%s:%s%.10g%s%s%s%s", c->bought ? "quota" : "export-curb",
                        c->bought ? by : on, c->bought ? on : by, sectors, c->bought ? "" : "at ",
                        (c->relative ? 100 : 1) * c->amount, c->relative ? "%" : "", inside, without, except);
}

static void tell_shift(dr_scenario *s, const dr_change *c)
{
    const char *in = c->names[0], *from = c->names[1], *sectors = c->names[2];
    if (c->kind == DR_CHANGE_TRANSFER)
        dr_headline_add(&s->changed, "transfer %s:%s:%.10g%s", from, in, (c->relative ? 100 : 1) * c->amount,
                        c->relative ? "%" : "");
    else if (c->from_use)
        dr_headline_add(&s->changed, "direction %s:%s:%s:%.10g%%", in, c->from_use, c->to_use, 100 * c->amount);
    else
        dr_headline_add(&s->changed, "%s %s:%s%s%s:%s%.10g%%%s%s", dr_change_name(c->kind, false), in, sectors,
                        c->factor ? ":" : "", c->factor ? c->factor : "", c->amount > 0 ? "+" : "", 100 * c->amount,
                        *c->except ? " except " : "", c->except);
}

static void tell_carbon(dr_scenario *s, const dr_change *c)
{
    const char *by = c->names[0], *on = c->names[1], *sectors = c->names[2];
    const char *without = *c->except ? " except " : "";
    if (c->kind == DR_CHANGE_CARBON_PRICE && c->abatement == 0)
        dr_headline_add(&s->changed, "carbon-price %s:%s:%.10g%s%s", by, sectors, c->amount, without, c->except);
    else if (c->kind == DR_CHANGE_CARBON_PRICE)
        dr_headline_add(&s->changed, "carbon-price %s:%s:%.10g:%.10g%s%s", by, sectors, c->amount, c->abatement,
                        without, c->except);
    else
        dr_headline_add(&s->changed, "carbon-border %s:%s:%s:%.10g:%s%s%s%s%s", by, on, sectors, c->amount,
                        dr_carbon_bases[c->basis], c->rebate ? ":exports" : "", c->inside ? ":inside" : "", without,
                        c->except);
}

void dr_scenario_tell(dr_scenario *s, const dr_change *c)
{
    const char *by = c->names[0], *on = c->names[1], *sectors = c->names[2], *inside = c->inside ? ":inside" : "";
    const char *without = *c->except ? " except " : "", *except = c->except;
    char rate[48];
    if (!*by && !*on)
        return;
    rate_text(rate, c);
    switch (c->kind) {
    case DR_CHANGE_TARIFF:
        dr_headline_add(&s->changed, "tariff %s:%s:%s:%s%s%s%s", by, on, sectors, rate, inside, without, except);
        break;
    case DR_CHANGE_COST:
        dr_headline_add(&s->changed, "trade-cost %s:%s:%s:%.10g%s%s%s%s", by, on, sectors, c->amount, inside,
                        c->both ? "" : " one way", without, except);
        break;
    case DR_CHANGE_BAN:
        dr_headline_add(&s->changed, "ban %s:%s:%s%s%s%s%s", by, on, sectors, inside, c->both ? " both ways" : "",
                        without, except);
        break;
    case DR_CHANGE_EXPORT_TAX:
        dr_headline_add(&s->changed, "export-tax %s:%s:%s:%s%s%s%s", on, by, sectors, rate, inside, without, except);
        break;
    case DR_CHANGE_PRODUCTION_TAX:
    case DR_CHANGE_USE_TAX:
        dr_headline_add(&s->changed, "%s %s:%s:%s%s%s", dr_change_name(c->kind, false), *on ? on : by, sectors, rate,
                        without, except);
        break;
    case DR_CHANGE_CARBON_PRICE:
    case DR_CHANGE_CARBON_BORDER:
        tell_carbon(s, c);
        break;
    case DR_CHANGE_LIMIT:
    case DR_CHANGE_RATE_QUOTA:
        tell_limit(s, c);
        break;
    default:
        tell_shift(s, c);
    }
}
