#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/residual.h"
#include "base/table_rows.h"
#include "estimate/structural.h"
#include "world/describe.h"

static void resistances_free(dr_resistances *q)
{
    free(q->y);
    free(q->e);
    free(q->a);
    free(q->b);
}

static dr_status resistances_new(dr_resistances *q, size_t regions)
{
    q->y = dr_new_doubles(regions);
    q->e = dr_new_doubles(regions);
    q->a = dr_new_doubles(regions);
    q->b = dr_new_doubles(regions);
    return q->y && q->e && q->a && q->b ? DR_OK : dr_fail_memory();
}

void dr_structural_free(dr_structural *s)
{
    resistances_free(&s->base);
    resistances_free(&s->conditional);
    resistances_free(&s->full);
    free(s->price);
    free(s->sum);
}

/* ---- What was given ---- */

static dr_status check_vector(const dr_structural_data *d, const char *what, const double *numbers)
{
    for (size_t i = 0; i < d->regions; i++)
        if (!(numbers[i] > 0) || !isfinite(numbers[i]))
            return dr_fail(DR_BAD_INPUT, "%s of '%s' is %g, expected a number above 0", what, d->codes[i], numbers[i]);
    return DR_OK;
}

static dr_status check_costs(const dr_structural_data *d, const char *what, const double *costs)
{
    for (size_t i = 0; i < d->regions; i++)
        for (size_t n = 0; n < d->regions; n++) {
            double cost = costs[i * d->regions + n];
            if (!(cost >= 0) || !isfinite(cost) || (i == n && cost == 0))
                return dr_fail(DR_BAD_INPUT, "the %s from '%s' to '%s' is %g, expected a number %s0", what, d->codes[i],
                               d->codes[n], cost, i == n ? "above " : "that is not below ");
        }
    return DR_OK;
}

static dr_status check(const dr_structural_data *d)
{
    const double tolerance = 1e-6;
    double output = 0, expenditure = 0;
    if (d->regions < 2)
        return dr_fail(DR_BAD_INPUT, "%zu regions, expected 2 or more", d->regions);
    if (!(d->sigma > 1) || !isfinite(d->sigma))
        return dr_fail(DR_BAD_INPUT, "sigma is %g, expected a number above 1", d->sigma);
    DR_TRY(check_vector(d, "output", d->output));
    DR_TRY(check_vector(d, "expenditure", d->expenditure));
    DR_TRY(check_costs(d, "trade cost t^(1 - sigma)", d->cost));
    DR_TRY(check_costs(d, "counterfactual trade cost t^(1 - sigma)", d->counterfactual));
    for (size_t i = 0; i < d->regions; i++) {
        output += d->output[i];
        expenditure += d->expenditure[i];
    }
    if (fabs(output - expenditure) > tolerance * output)
        return dr_fail(DR_BAD_INPUT, "output adds up to %g and expenditure to %g, expected the same", output,
                       expenditure);
    return DR_OK;
}

static dr_status find_reference(size_t *reference, const dr_structural_data *d)
{
    char hint[DR_HINT_SIZE];
    for (*reference = 0; d->reference && *reference < d->regions; (*reference)++)
        if (strcmp(d->codes[*reference], d->reference) == 0)
            return DR_OK;
    if (!d->reference)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "unknown reference '%s'%s", d->reference,
                   dr_hint(hint, d->reference, d->codes, d->regions));
}

/* ---- Resistances ---- */

/* The largest relative distance of sums by exporter from y; sums by importer are e by construction. */
static double distance(const dr_resistances *q, const double *sum, size_t regions)
{
    double worst = 0;
    for (size_t i = 0; i < regions; i++)
        worst = dr_worse(worst, q->a[i] * sum[i] / q->y[i] - 1);
    return worst;
}

static void sum_importers(double *sum, const double *cost, const double *b, size_t regions)
{
    for (size_t i = 0; i < regions; i++) {
        sum[i] = 0;
        for (size_t n = 0; n < regions; n++)
            sum[i] += cost[i * regions + n] * b[n];
    }
}

static void sum_exporters(double *sum, const double *cost, const double *a, size_t regions)
{
    memset(sum, 0, regions * sizeof *sum);
    for (size_t i = 0; i < regions; i++)
        for (size_t n = 0; n < regions; n++)
            sum[n] += cost[i * regions + n] * a[i];
}

/* Scales rows and columns of the costs in turn until they add up to y and e (Deming & Stephan 1940), from the a and
 * b that are there. */
static dr_status scale(dr_structural *s, dr_resistances *q, const double *cost)
{
    const double tolerance = 1e-13;
    const int most = 1000000;
    size_t regions = s->regions;
    double residual = INFINITY;
    for (int i = 0; i < most && residual > tolerance; i++) {
        sum_exporters(s->sum, cost, q->a, regions);
        for (size_t n = 0; n < regions; n++)
            q->b[n] = q->e[n] / s->sum[n];
        sum_importers(s->sum, cost, q->b, regions);
        residual = distance(q, s->sum, regions);
        if (residual == INFINITY)
            break;
        for (size_t r = 0; r < regions && residual > tolerance; r++)
            q->a[r] = q->y[r] / s->sum[r];
    }
    double by = q->b[s->reference];
    for (size_t n = 0; n < regions; n++) {
        q->a[n] *= by;
        q->b[n] /= by;
    }
    if (residual <= tolerance)
        return DR_OK;
    return dr_fail(DR_NO_SOLUTION,
                   "resistances have not converged (flows off by %.1e): are there regions without trade?", residual);
}

static double outward(const dr_structural *s, const dr_resistances *q, size_t i)
{
    return pow(q->y[i] * q->e[s->reference] / q->a[i], 1 / (1 - s->data->sigma));
}

static double inward(const dr_structural *s, const dr_resistances *q, size_t n)
{
    return pow(q->e[n] / (q->b[n] * q->e[s->reference]), 1 / (1 - s->data->sigma));
}

static double exports(const dr_structural *s, const dr_resistances *q, const double *cost, size_t i)
{
    double sum = 0;
    for (size_t n = 0; n < s->regions; n++)
        if (n != i)
            sum += q->a[i] * cost[i * s->regions + n] * q->b[n];
    return sum;
}

/* ---- The two counterfactuals ---- */

static void copy(dr_resistances *to, const dr_resistances *from, size_t regions)
{
    size_t bytes = regions * sizeof(double);
    memcpy(to->y, from->y, bytes);
    memcpy(to->e, from->e, bytes);
    memcpy(to->a, from->a, bytes);
    memcpy(to->b, from->b, bytes);
}

/* Output and expenditure at the prices that there are. */
static void earn(dr_structural *s)
{
    const dr_structural_data *d = s->data;
    double earned = 0, spent = 0;
    for (size_t i = 0; i < s->regions; i++) {
        s->full.y[i] = s->price[i] * d->output[i];
        s->full.e[i] = s->price[i] * d->expenditure[i];
        earned += s->full.y[i];
        spent += s->full.e[i];
    }
    for (size_t i = 0; i < s->regions; i++)
        s->full.e[i] *= earned / spent;
}

/* Prices that the resistances ask for; returns by how much they have changed. */
static double reprice(dr_structural *s)
{
    size_t r = s->reference;
    double worst = 0, expenditure = s->full.e[r] / s->base.e[r];
    for (size_t i = 0; i < s->regions; i++) {
        double price = pow(s->full.a[i] / s->base.a[i] / expenditure, 1 / (1 - s->data->sigma));
        worst = dr_worse(worst, price / s->price[i] - 1);
        s->price[i] = price;
    }
    return worst;
}

static dr_status solve_full(dr_structural *s)
{
    const double tolerance = 1e-12;
    const int most = 10000;
    double change = INFINITY;
    copy(&s->full, &s->conditional, s->regions);
    for (size_t i = 0; i < s->regions; i++)
        s->price[i] = 1;
    for (int i = 0; i < most && change > tolerance; i++) {
        earn(s);
        DR_TRY(scale(s, &s->full, s->data->counterfactual));
        change = reprice(s);
    }
    if (change <= tolerance)
        return DR_OK;
    return dr_fail(DR_NO_SOLUTION, "factory-gate prices have not converged (last relative change %.1e)", change);
}

static dr_status solve(dr_structural *s)
{
    const dr_structural_data *d = s->data;
    DR_TRY(resistances_new(&s->base, s->regions));
    DR_TRY(resistances_new(&s->conditional, s->regions));
    DR_TRY(resistances_new(&s->full, s->regions));
    s->price = dr_new_doubles(s->regions);
    s->sum = dr_new_doubles(s->regions);
    if (!s->price || !s->sum)
        return dr_fail_memory();
    memcpy(s->base.y, d->output, s->regions * sizeof(double));
    memcpy(s->base.e, d->expenditure, s->regions * sizeof(double));
    memcpy(s->base.a, d->output, s->regions * sizeof(double)); /* where to begin */
    DR_TRY(scale(s, &s->base, d->cost));
    copy(&s->conditional, &s->base, s->regions);
    DR_TRY(scale(s, &s->conditional, d->counterfactual));
    return solve_full(s);
}

/* ---- The certificate ---- */

typedef struct missed {
    double worst;
    const char *equilibrium, *equation, *region;
} missed;

static void compare(missed *m, const char *equation, const char *region, double found, double wanted)
{
    double by = dr_missed(found / wanted - 1);
    if (by > m->worst)
        *m = (missed){by, m->equilibrium, equation, region};
}

static dr_status within_limit(dr_structural *s, const missed *m)
{
    const double tolerance = 1e-9;
    s->residual = dr_worse(s->residual, m->worst);
    if (m->worst <= tolerance)
        return DR_OK;
    return dr_fail(DR_NO_SOLUTION,
                   "structural gravity, %s: %s of '%s' has a relative residual of %.1e; at most %.0e is allowed",
                   m->equilibrium, m->equation, m->region, m->worst, tolerance);
}

/* Flows add up to what each region sells, and to what it spends. */
static dr_status certify_flows(dr_structural *s, const char *name, const dr_resistances *q, const double *cost)
{
    missed m = {.equilibrium = name};
    for (size_t i = 0; i < s->regions; i++) {
        double sold = 0, bought = 0;
        for (size_t n = 0; n < s->regions; n++) {
            sold += q->a[i] * cost[i * s->regions + n] * q->b[n];
            bought += q->a[n] * cost[n * s->regions + i] * q->b[i];
        }
        compare(&m, "output", s->data->codes[i], sold, q->y[i]);
        compare(&m, "expenditure", s->data->codes[i], bought, q->e[i]);
    }
    return within_limit(s, &m);
}

/* Output at factory-gate prices, which are what resistances ask for. */
static dr_status certify_prices(dr_structural *s)
{
    size_t r = s->reference;
    missed m = {.equilibrium = "full counterfactual"};
    for (size_t i = 0; i < s->regions; i++) {
        double asked = pow(s->full.a[i] / s->base.a[i] * s->base.e[r] / s->full.e[r], 1 / (1 - s->data->sigma));
        compare(&m, "the factory-gate price", s->data->codes[i], s->price[i], asked);
        compare(&m, "the value of output", s->data->codes[i], s->price[i] * s->base.y[i], s->full.y[i]);
    }
    return within_limit(s, &m);
}

dr_status dr_structural_certify(dr_structural *s)
{
    s->residual = 0;
    DR_TRY(certify_flows(s, "base", &s->base, s->data->cost));
    DR_TRY(certify_flows(s, "conditional counterfactual", &s->conditional, s->data->counterfactual));
    DR_TRY(certify_flows(s, "full counterfactual", &s->full, s->data->counterfactual));
    return certify_prices(s);
}

dr_status dr_structural_solve(dr_structural *s, const dr_structural_data *data)
{
    *s = (dr_structural){.data = data, .regions = data->regions};
    DR_TRY(check(data));
    DR_TRY(find_reference(&s->reference, data));
    DR_TRY(solve(s));
    return dr_structural_certify(s);
}

/* ---- The table ---- */

static double percent(double after, double before)
{
    return 100 * (after / before - 1);
}

static void add_row(dr_table *table, const dr_structural *s, size_t i)
{
    const dr_structural_data *d = s->data;
    const dr_resistances *base = &s->base, *conditional = &s->conditional, *full = &s->full;
    double sold = exports(s, base, d->cost, i), p = inward(s, base, i), pi = outward(s, base, i);
    double numbers[] = {base->y[i],
                        base->e[i],
                        sold,
                        percent(exports(s, conditional, d->counterfactual, i), sold),
                        percent(inward(s, conditional, i), p),
                        percent(outward(s, conditional, i), pi),
                        percent(exports(s, full, d->counterfactual, i), sold),
                        percent(inward(s, full, i), p),
                        percent(outward(s, full, i), pi),
                        percent(s->price[i], 1),
                        percent(full->y[i], base->y[i]),
                        percent(full->e[i], base->e[i]),
                        percent(full->y[i] / inward(s, full, i), base->y[i] / p),
                        percent(full->e[i] / inward(s, full, i), base->e[i] / p)};
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, d->codes[i]);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        dr_table_set_number(table, row, 1 + k, numbers[k]);
}

/* Who loses and who gains most. */
static void answer(dr_table *table)
{
    size_t least = dr_table_largest(table, "welfare", -1, DR_NO_ROW),
           most = dr_table_largest(table, "welfare", 1, least);
    char loser[DR_SPOKEN_SIZE], winner[DR_SPOKEN_SIZE];
    dr_table_rank(table, (size_t)dr_table_find(table, "welfare"));
    dr_describe_names(table, NULL);
    if (least == DR_NO_ROW || most == DR_NO_ROW)
        return;
    dr_table_say(table,
                 "Real expenditure changes most for the worse in %s (%.2f%%), and for the better in %s (%.2f%%).",
                 dr_spoken(loser, NULL, dr_table_text_at(table, least, "region")), dr_table_at(table, least, "welfare"),
                 dr_spoken(winner, NULL, dr_table_text_at(table, most, "region")), dr_table_at(table, most, "welfare"));
}

static dr_status tabulate(dr_table **out, const dr_structural *s)
{
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                             {"output", DR_SHOW_VALUE},
                                             {"expenditure", DR_SHOW_VALUE},
                                             {"exports", DR_SHOW_VALUE},
                                             {"exports_conditional", DR_SHOW_PERCENT},
                                             {"inward_conditional", DR_SHOW_PERCENT},
                                             {"outward_conditional", DR_SHOW_PERCENT},
                                             {"exports_full", DR_SHOW_PERCENT},
                                             {"inward_full", DR_SHOW_PERCENT},
                                             {"outward_full", DR_SHOW_PERCENT},
                                             {"price", DR_SHOW_PERCENT},
                                             {"output_full", DR_SHOW_PERCENT},
                                             {"expenditure_full", DR_SHOW_PERCENT},
                                             {"real_gdp", DR_SHOW_PERCENT},
                                             {"welfare", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_table_set_title(table, "Structural gravity: what the counterfactual changes");
    for (size_t i = 0; i < s->regions; i++)
        add_row(table, s, i);
    answer(table);
    dr_table_add_fact(table, "sigma", s->data->sigma);
    dr_table_add_fact_text(table, "reference", s->data->codes[s->reference]);
    dr_table_add_fact(table, "certificate.residual", s->residual);
    return dr_table_finish(out, table, DR_OK);
}

dr_status dr_structural_gravity(dr_table **out, const dr_structural_data *data)
{
    DR_TRY(DR_GIVEN(out, data));
    DR_TRY(DR_GIVEN(data->codes, data->output, data->expenditure, data->cost, data->counterfactual));
    DR_TRY(DR_TEXTS(__func__, data->codes, data->regions));
    dr_structural s;
    dr_status status = dr_structural_solve(&s, data);
    if (status == DR_OK)
        status = tabulate(out, &s);
    dr_structural_free(&s);
    return status;
}
