#include "partial/partial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/check.h"
#include "partial/partial_tables.h"

static void partial_free(dr_partial *p)
{
    dr_product_year_free(&p->year);
    dr_flows_free(&p->flows);
    dr_prefixes_free(&p->names_of);
    dr_names_free(&p->regions);
    dr_names_free(&p->elastic.codes);
    free(p->of);
    free(p->base.line);
    free(p->now.line);
    free(p->elastic.value);
}

/* ---- What is asked for ------------------------------------------------------------------------------------------- */

static dr_status take_elasticity(double *out, double given, double otherwise, const char *what)
{
    if (!(given >= 0 && given <= 1000))
        return dr_fail(DR_BAD_INPUT, "an elasticity of %s of %g; expected one above 0, in absolute value", what, given);
    *out = given > 0 ? given : otherwise;
    return DR_OK;
}

/* The defaults are those of the example of Francois and Hall. */
static dr_status take_elasticities(dr_partial *p, const dr_partial_options *o)
{
    DR_TRY(take_elasticity(&p->elasticity[0], o->demand, 1.25, "demand"));
    DR_TRY(take_elasticity(&p->elasticity[1], o->supply, 1.5, "supply"));
    DR_TRY(take_elasticity(&p->elasticity[2], o->substitution, 5, "substitution"));
    return o->elasticities ? dr_partial_read_elasticities(p, o->elasticities) : DR_OK;
}

/* "BY:ON:PRODUCTS:RATE" */
static dr_status add_tariff(dr_partial *p, const char *text)
{
    char *copy = strdup(text), *left = copy, *part[4] = {NULL};
    size_t count = 0;
    double rate = 0;
    dr_status status = copy ? DR_OK : dr_fail_memory();
    for (char *at; copy && (at = strsep(&left, ":")); count++)
        if (count < 4)
            part[count] = at;
    if (status == DR_OK && (count != 4 || !*part[0] || !*part[1] || !*part[2] || !*part[3]))
        status = dr_fail(DR_BAD_INPUT, "tariff '%.80s': expected BY:ON:PRODUCTS:RATE", text);
    if (status == DR_OK)
        status = dr_parse_rate(part[3], &rate);
    if (status == DR_OK)
        status = dr_partial_add(p, &p->now, part[0], part[1], part[2], rate);
    free(copy);
    return status;
}

static dr_status read_all(dr_partial *p, const dr_world *world, const char *const *tariffs, size_t count,
                          const dr_partial_options *o)
{
    DR_TRY(dr_partial_load(p, world, o));
    DR_TRY(take_elasticities(p, o));
    if (o->base_tariffs)
        DR_TRY(dr_partial_read_lines(p, &p->base, o->base_tariffs));
    if (o->new_tariffs)
        DR_TRY(dr_partial_read_lines(p, &p->now, o->new_tariffs));
    for (size_t j = 0; j < count; j++)
        DR_TRY(add_tariff(p, tariffs[j]));
    if (p->now.count == 0)
        return dr_fail(DR_BAD_INPUT, "a partial equilibrium needs tariffs that change; expected at least one");
    dr_partial_sort(&p->base);
    dr_partial_sort(&p->now);
    return DR_OK;
}

/* ---- The solution ------------------------------------------------------------------------------------------------ */

/* Whether a tariff on something that is traded changes. */
static bool changes(const dr_gsim *g)
{
    for (size_t j = 0; j < g->regions * g->regions; j++)
        if (g->trade[j] > 0 && (g->now[j] < g->base[j] || g->now[j] > g->base[j]))
            return true;
    return false;
}

/* Solves one product; *any is whether its tariffs change. */
static dr_status solve_product(const dr_partial *p, dr_gsim *g, size_t k, bool *any)
{
    const char *product = p->flows.products.names[k];
    const double *elasticity = dr_partial_elasticities(p, product);
    size_t pairs = g->regions * g->regions;
    for (size_t j = 0; j < pairs; j++)
        g->base[j] = 1;
    dr_partial_rates(p, &p->base, product, g->base);
    memcpy(g->now, g->base, pairs * sizeof *g->now);
    *any = false;
    if (!dr_partial_rates(p, &p->now, product, g->now))
        return DR_OK;
    dr_partial_trade(p, k, g->trade);
    if (!changes(g))
        return DR_OK;
    *any = true;
    g->demand = -elasticity[0];
    g->supply = elasticity[1];
    g->substitution = elasticity[2];
    dr_status status = dr_gsim_solve(g);
    return status == DR_NO_SOLUTION ? dr_fail_at(status, product) : status;
}

static dr_status solve(const dr_partial *p, dr_partial_rows *rows)
{
    dr_gsim g;
    size_t solved = 0;
    dr_status status = dr_gsim_new(&g, p->regions.count);
    for (size_t k = 0; k < p->flows.products.count && status == DR_OK; k++) {
        bool any = false;
        status = dr_cancel_check();
        if (status == DR_OK)
            status = solve_product(p, &g, k, &any);
        if (status == DR_OK && any) {
            dr_partial_rows_add(rows, p, &g, k);
            solved++;
        }
    }
    dr_gsim_free(&g);
    if (status == DR_OK && solved == 0)
        return dr_fail(DR_BAD_INPUT, "none of these tariffs changes one on a product flow of %d (%s)", p->year.year,
                       p->year.classification);
    return status;
}

dr_status dr_partial_equilibrium(dr_table **out, dr_world *world, const char *table, const char *const *tariffs,
                                 size_t count, const dr_partial_options *options)
{
    DR_TRY(DR_GIVEN(out, world, table));
    if (count > 0)
        DR_TRY(DR_GIVEN(tariffs));
    dr_partial_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    dr_partial p = {0};
    dr_partial_rows rows = {0};
    dr_status status = read_all(&p, world, tariffs, count, &whole);
    if (status == DR_OK)
        status = dr_partial_rows_new(&rows, &p, table);
    if (status == DR_OK)
        status = solve(&p, &rows);
    if (status == DR_OK)
        status = dr_partial_rows_finish(out, &rows, &p);
    dr_partial_rows_free(&rows);
    partial_free(&p);
    return status;
}
