#include "model/labour.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "model/factors.h"
#include "model/one_good.h"
#include "scenario/settings.h"
#include "world/select.h"

/* No estimate of the supply of labour is near it; beyond this overhead hardly anything is left to sellers. */
static const double LARGEST_SUPPLY = 10, LARGEST_OVERHEAD = 0.9;

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static dr_status take_supply(dr_model *m)
{
    const char *text = m->options.labour_supply;
    if (!text)
        return DR_OK;
    if (!dr_parse_number(text, &m->labour_supply) || !(m->labour_supply >= 0 && m->labour_supply <= LARGEST_SUPPLY))
        return dr_fail(DR_BAD_INPUT, "labour supply: '%.40s' is not an elasticity; expected a number from 0 to %g",
                       text, LARGEST_SUPPLY);
    if (m->labour_supply > 0 && m->options.rigid_wages)
        return dr_fail(DR_BAD_INPUT, "labour supply and rigid wages both decide on employment; expected one of them");
    return DR_OK;
}

static dr_status take_revenue(dr_model *m)
{
    char hint[DR_HINT_SIZE];
    const char *text = m->options.revenue;
    for (int use = 0; text && dr_revenue_uses[use]; use++)
        if (strcmp(text, dr_revenue_uses[use]) == 0) {
            m->revenue_use = (dr_revenue_use)use;
            return DR_OK;
        }
    return text ? dr_fail(DR_BAD_INPUT, "unknown use of tariff revenue '%.60s'; expected rebate, income-tax or keep%s",
                          text, dr_hint(hint, text, dr_revenue_uses, 3))
                : DR_OK;
}

static dr_status check_overhead(double overhead)
{
    if (overhead >= 0 && overhead <= LARGEST_OVERHEAD)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "an overhead of %g of sales; expected a part from 0 to %g", overhead,
                   LARGEST_OVERHEAD);
}

static dr_status overhead_row(dr_model *m, dr_csv *csv, const int columns[2], bool *known)
{
    const dr_economy *e = m->economy;
    double overhead = 0;
    bool *mask = dr_new(m->regions, sizeof *mask);
    if (!mask)
        return dr_fail_memory();
    dr_status status = dr_select_region(e, dr_csv_field(csv, (size_t)columns[0]), mask, NULL);
    if (status == DR_BAD_INPUT)
        status = dr_csv_fail(csv, columns[0], "%s", dr_error_text());
    if (status == DR_OK)
        status = dr_csv_number(csv, (size_t)columns[1], &overhead);
    if (status == DR_OK && check_overhead(overhead) != DR_OK)
        status = dr_csv_fail(csv, columns[1], "%s", dr_error_text());
    for (size_t n = 0; n < m->regions && status == DR_OK; n++) {
        if (mask[n] && known[n])
            status = dr_csv_fail(csv, columns[0], "the region %s has an overhead already", e->region_codes.names[n]);
        m->overhead[n] = mask[n] ? overhead : m->overhead[n];
        known[n] |= mask[n];
    }
    free(mask);
    return status;
}

static dr_status read_overhead(dr_model *m, dr_csv *csv, bool *known)
{
    static const char *const names[] = {"region", "overhead"};
    int columns[2];
    bool more = true;
    DR_TRY(dr_csv_header(csv, names, 2, columns));
    for (;;) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            break;
        DR_TRY(overhead_row(m, csv, columns, known));
    }
    for (size_t n = 0; n < m->regions; n++)
        if (!known[n])
            return dr_fail(DR_BAD_INPUT, "%s: no overhead for the region %s", m->options.overhead,
                           m->economy->region_codes.names[n]);
    return DR_OK;
}

static dr_status overhead_file(dr_model *m)
{
    dr_csv *csv = NULL;
    bool *known = dr_new(m->regions, sizeof *known);
    if (!known)
        return dr_fail_memory();
    dr_status status = dr_csv_open(&csv, m->options.overhead);
    if (status == DR_OK)
        status = read_overhead(m, csv, known);
    dr_csv_close(csv);
    free(known);
    return status;
}

static dr_status take_overhead(dr_model *m)
{
    const char *text = m->options.overhead;
    double number = 0;
    m->overhead = dr_arena_take(&m->arena, m->stride * sizeof *m->overhead);
    if (!m->overhead)
        return dr_fail_memory();
    memset(m->overhead, 0, m->stride * sizeof *m->overhead);
    if (!text)
        return DR_OK;
    if (!dr_parse_number(text, &number)) {
        if (access(text, R_OK) == 0)
            return overhead_file(m);
        return dr_fail(DR_BAD_INPUT, "overhead: '%.100s' is not a number or a file", text);
    }
    DR_TRY(check_overhead(number));
    for (size_t n = 0; n < m->regions; n++)
        m->overhead[n] = number;
    return DR_OK;
}

/* What comes of prices must not depend on more of itself: with P = A P^s, s = (phi - 1) k / (1 + k) is to be below
 * 1. */
static dr_status fill_reach(dr_model *m, double passed)
{
    double mu = m->scale ? m->scale[0] : 0, response = m->labour_supply / (1 + m->labour_supply);
    m->reach = dr_arena_take(&m->arena, m->stride * sizeof *m->reach);
    if (!m->reach)
        return dr_fail_memory();
    for (size_t n = 0; n < m->stride; n++) {
        double nu = n < m->regions ? m->overhead[n] : 0;
        m->reach[n] = passed + (1 + mu) * nu / (1 - nu);
        if (!((m->reach[n] - 1) * response < 1))
            return dr_fail(DR_BAD_INPUT,
                           "overhead %g of %s and labour supply %g have no equilibrium: more labour would make prices "
                           "fall without end; expected smaller ones",
                           nu, m->economy->region_codes.names[n], m->labour_supply);
    }
    return DR_OK;
}

static dr_status take_sellers(dr_model *m)
{
    double passed = 1;
    const char *option = m->options.overhead ? "overhead" : "pass-through";
    if (!m->options.overhead && !m->options.pass_through)
        return DR_OK;
    if (m->economy == m->whole)
        return dr_fail(DR_BAD_INPUT, "%s is for one good without inputs; expected it with the model armington", option);
    if (m->cost_part)
        return dr_fail(DR_BAD_INPUT, "%s goes with free entry; expected no entry restricted", option);
    if (m->options.pass_through) {
        dr_status status = dr_parse_rate(m->options.pass_through, &passed);
        if (status == DR_OK && !(passed >= 0 && passed <= 1))
            status = dr_fail(DR_BAD_INPUT, "'%.40s' is not a part of a tariff; expected 0%% to 100%%",
                             m->options.pass_through);
        DR_TRY(status == DR_OK ? DR_OK : dr_fail_at(status, "pass-through"));
    }
    DR_TRY(take_overhead(m));
    return fill_reach(m, passed);
}

dr_status dr_labour_fill(dr_model *m)
{
    DR_TRY(take_supply(m));
    DR_TRY(take_revenue(m));
    return take_sellers(m);
}

/* ---- The base ---------------------------------------------------------------------------------------------------- */

void dr_labour_take_overhead(dr_model *m)
{
    const dr_base *b = &m->base;
    size_t r = m->regions;
    for (size_t n = 0; n < r && m->overhead; n++)
        for (size_t i = 0; i < r; i++) {
            double part = m->overhead[n] * b->flow[n * r + i];
            b->value_added[n] += part;
            b->value_added[i] -= part;
            b->deficit[n] -= part;
            b->deficit[i] += part;
        }
}

double dr_labour_overhead(const dr_model *m, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < m->regions && m->overhead; i++)
        sum += m->overhead[n] * m->base.flow[n * m->regions + i];
    return sum;
}

double dr_labour_relief(const dr_model *m, size_t n, double revenue, double factor_income)
{
    const dr_base *b = &m->base;
    if (m->revenue_use != DR_REVENUE_INCOME_TAX)
        return 1;
    return (1 - b->tariff_revenue[n] / b->factor_income[n]) / (1 - revenue / factor_income);
}

dr_status dr_labour_check(const dr_model *m)
{
    double part = m->labour_supply / (1 + m->labour_supply);
    for (size_t n = 0; n < m->regions && part > 0; n++) {
        double labour = 0;
        for (size_t f = 0; f < m->factors; f++)
            for (size_t s = 0; s < m->sectors && dr_factor_is_labour(m, f); s++)
                labour += dr_factor_base(m, f, n, s);
        if (!(part * labour < m->base.income[n]))
            return dr_fail(DR_BAD_INPUT,
                           "labour supply: at the elasticity %g the time worked in %s is worth as much as all that is "
                           "bought there; expected a smaller elasticity",
                           m->labour_supply, m->economy->region_codes.names[n]);
    }
    return DR_OK;
}

/* ---- Refusals ---------------------------------------------------------------------------------------------------- */

dr_status dr_labour_check_scenario(const dr_model *m, const dr_scenario *scenario)
{
    if (!m->reach || !scenario || (scenario->limit_count == 0 && !scenario->carbon))
        return DR_OK;
    return dr_fail(DR_BAD_INPUT,
                   "%s takes tariffs, trade costs and bans, and no limits of volumes, taxes of exporters or prices of "
                   "carbon; expected a model without it",
                   m->options.overhead ? "overhead" : "pass-through");
}
