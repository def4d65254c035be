/* The corners of what the solver must take: trade elasticities from 0.3 to 60, elasticities of the nests from 0.02 to
 * 3, labour fixed and mobile, costs doubled, tariffs of 100% and 1,000%, and all but 0.1% of a good's supply cut off.
 * Each is certified to 1e-8, or there is a reason why it has no equilibrium, which the test knows. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "equilibrium/solution.h"
#include "support/check.h"
#include "support/synthetic.h"

static const double thetas[] = {0.3, 0.76, 2, 5, 30, 60}, etas[] = {0.02, 0.5, 1, 3}, rhos[] = {0.02, 0.2, 1, 3};

enum { COST, TARIFF, LARGE_TARIFF, CURBS, CURB, BAN, SHOCKS };

/* Into `region`, or by it, of one good or all. */
static dr_scenario *shock_new(const dr_economy *economy, int shock, const char *region, const char *good)
{
    dr_scenario *s = NULL;
    ok(dr_scenario_new(&s, economy));
    if (shock == COST)
        ok(dr_scenario_trade_cost(s, "all", "all", "all", 2, false));
    else if (shock == TARIFF || shock == LARGE_TARIFF)
        ok(dr_scenario_tariff(s, "all", region, "all", shock == TARIFF ? 1 : 10, DR_RATE_SET));
    else if (shock == CURBS || shock == CURB)
        ok(dr_scenario_export_curb(s, region, "all", good, 0.999, DR_RENT_EXPORTER, shock == CURB));
    else
        ok(dr_scenario_ban(s, "A0", "A5", "s0"));
    return s;
}

/* A corner of the grid. */
typedef struct corner {
    double theta, eta, rho;
    bool mobile;
} corner;

static dr_model *model_at(const dr_economy *economy, dr_closure closure, corner at)
{
    char theta[32];
    dr_model *m = NULL;
    snprintf(theta, sizeof theta, "%g", at.theta);
    dr_model_options options = {.size = sizeof(dr_model_options), .elasticity = theta, .closure = closure};
    ok(dr_model_new(&m, economy, &options));
    m->nests.cobb_douglas = at.eta == 1 && at.rho == 1;
    m->nests.phi = m->nests.cobb_douglas ? 1 : 0.9;
    m->nests.psi = at.mobile ? INFINITY : 0;
    for (size_t s = 0; s < m->sectors; s++) {
        m->nests.eta[s] = at.eta;
        m->nests.rho[s] = at.rho;
    }
    return m;
}

/* How many of the shocks from `first` to `last` have no equilibrium; `known` says whether the reason given is one. */
static int count_failures(const dr_model *model, corner at, int first, int last, const char *region, const char *good,
                          bool (*known)(int shock, corner at, const char *reason))
{
    int failed = 0;
    for (int shock = first; shock <= last; shock++) {
        dr_solution *solution = NULL;
        dr_scenario *scenario = shock_new(model->economy, shock, region, good);
        dr_status status = dr_model_solve(&solution, model, scenario);
        if (status == DR_OK)
            assert_true(solution->certificate.worst_residual <= 1e-8);
        else if (status != DR_NO_SOLUTION || !known(shock, at, dr_error_text()))
            fail_msg("shock %d, theta %g, eta %g, rho %g, labour %s: %s", shock, at.theta, at.eta, at.rho,
                     at.mobile ? "mobile" : "fixed", dr_error_text());
        failed += status != DR_OK;
        dr_solution_free(solution);
        dr_scenario_free(scenario);
    }
    return failed;
}

/* The number of failures over the grid. */
static int over_the_grid(const dr_economy *economy, dr_closure closure, int first, int last,
                         bool (*known)(int shock, corner at, const char *reason))
{
    int failed = 0;
    for (size_t t = 0; t < 6; t++)
        for (size_t e = 0; e < 4; e++)
            for (size_t r = 0; r < 4; r++)
                for (int mobile = 0; mobile < 2; mobile++) {
                    corner at = {thetas[t], etas[e], rhos[r], mobile};
                    dr_model *model = model_at(economy, closure, at);
                    failed += count_failures(model, at, first, last, "A0", "s0", known);
                    dr_model_free(model);
                }
    return failed;
}

/* A world in which A0 buys 99.9% of one good from A5. */
static synthetic one_supplier(void)
{
    synthetic y = synthetic_new(6, 4, 9, false, true);
    double all = 0;
    for (size_t i = 0; i < 6; i++)
        all += y.flow[i * 4];
    double rest = all - y.flow[5 * 4];
    for (size_t i = 0; i < 5; i++)
        y.flow[i * 4] *= 0.001 * all / rest;
    y.flow[5 * 4] = 0.999 * all;
    return y;
}

/* With a trade elasticity below 1, what is left of a good after its supplier is gone costs 0.001^(-1/theta) as much:
 * 10^10 times at 0.3, 9,000 times at 0.76. Where nothing can take its place in production either (eta of 0.02) no value
 * is added any more, and what factors earn is lost in rounding. */
static bool nothing_is_left(int shock, corner at, const char *reason)
{
    return shock == BAN && at.theta < 1 && at.eta == 0.02 &&
           strncmp(reason, "no interior equilibrium: factor income collapses in A0, ", 56) == 0;
}

static void balanced_trade_has_a_solution_everywhere(void **state)
{
    (void)state;
    synthetic y = one_supplier();
    dr_economy *economy = synthetic_economy(&y);
    int failed = over_the_grid(economy, DR_CLOSURE_ZERO, 0, SHOCKS - 1, nothing_is_left);
    print_message("%d of %d leave nothing of an economy\n", failed, 192 * SHOCKS);
    assert_true(failed <= 12);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* A0 sells more than it buys, and must go on so: once its exports are taxed away it has nothing left to spend. */
static bool spends_nothing(int shock, corner at, const char *reason)
{
    (void)at;
    const char *spends = strstr(reason, "where A0 spends ");
    return (shock == TARIFF || shock == LARGE_TARIFF) && spends &&
           strtod(spends + strlen("where A0 spends "), NULL) < 5;
}

static void a_surplus_needs_exports(void **state)
{
    (void)state;
    synthetic y = synthetic_new(6, 4, 9, false, true);
    dr_economy *economy = synthetic_economy(&y);
    int failed = over_the_grid(economy, DR_CLOSURE_FIXED, COST, LARGE_TARIFF, spends_nothing);
    assert_int_equal(failed, 192 * 2); /* either tariff, and never the costs */
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* The way is in the certificate: sweeps alone where they do, Newton's method where not, and with it parts of the
 * scenario. */
static void the_way_is_told(void **state)
{
    (void)state;
    synthetic y = synthetic_new(6, 4, 9, false, true);
    dr_economy *economy = synthetic_economy(&y);
    corner easy = {5, 1, 1, true}, hard = {60, 0.5, 0.2, true};
    for (int k = 0; k < 2; k++) {
        dr_certificate c;
        dr_table *table = NULL;
        dr_solution *solution = NULL;
        dr_model *model = model_at(economy, DR_CLOSURE_ZERO, k ? hard : easy);
        dr_scenario *scenario = shock_new(economy, k ? LARGE_TARIFF : TARIFF, "A0", "s0");
        ok(dr_model_solve(&solution, model, scenario));
        dr_solution_certificate(solution, &c);
        assert_true(c.sweeps > 0 && c.parts >= 1);
        assert_true(k ? c.newton_steps > 0 && c.jacobian_products > c.newton_steps
                      : c.newton_steps == 0 && c.jacobian_products == 0 && c.parts == 1);
        ok(dr_solution_regions(&table, solution));
        assert_true(dr_table_fact(table, "certificate.newton_steps") == c.newton_steps);
        assert_true(dr_table_fact(table, "certificate.jacobian_products") == c.jacobian_products);
        assert_true(dr_table_fact(table, "certificate.parts") == c.parts);
        dr_table_free(table);
        dr_solution_free(solution);
        dr_scenario_free(scenario);
        dr_model_free(model);
    }
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* WIOD 2011, or NULL with a message. */
static dr_economy *wiod(void)
{
    char folder[] = "/tmp/derisk-extremes-XXXXXX", table[512], sectors[512], path[64];
    const char *shared = getenv("DERISK_SHARED"), *files[] = {table};
    dr_world *world = NULL;
    dr_economy *economy = NULL;
    snprintf(table, sizeof table, "%s/data/wiod/wiod_2011.csv.gz", shared ? shared : "../shared");
    snprintf(sectors, sizeof sectors, "%s/data/wiod/sectors.csv", shared ? shared : "../shared");
    if (access(table, R_OK) != 0) {
        print_message("skipped: %s is not there\n", table);
        return NULL;
    }
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/wiod.world", folder);
    dr_import_options options = {.size = sizeof(dr_import_options), .sectors = sectors};
    ok(dr_import_icio(NULL, files, 1, path, &options));
    ok(dr_world_open(&world, path));
    ok(dr_economy_load(&economy, world, 2011));
    dr_world_close(world);
    unlink(path);
    rmdir(folder);
    return economy;
}

static bool no_reason(int shock, corner at, const char *reason)
{
    (void)shock, (void)at, (void)reason;
    return false;
}

/* With imbalances fixed, a tariff of 1,000% on all that China sells has a solution where others can take its place
 * easily; and so do curbs on its exports of electrical and optical equipment, whatever the elasticities. */
static void the_full_table(void **state)
{
    (void)state;
    static const corner easy[] = {{30, 1, 1, true}, {30, 0.5, 0.2, false}, {60, 0.02, 1, true}, {60, 3, 0.2, false}},
                        hard[] = {{0.3, 0.5, 0.2, false}, {0.76, 0.5, 0.2, true}, {60, 0.5, 0.2, false}};
    dr_economy *economy = wiod();
    if (!economy)
        skip();
    for (size_t k = 0; k < sizeof easy / sizeof *easy; k++) {
        dr_model *model = model_at(economy, DR_CLOSURE_FIXED, easy[k]);
        count_failures(model, easy[k], LARGE_TARIFF, LARGE_TARIFF, "CHN", "all", no_reason);
        dr_model_free(model);
    }
    for (size_t k = 0; k < sizeof hard / sizeof *hard; k++) {
        dr_model *model = model_at(economy, DR_CLOSURE_FIXED, hard[k]);
        count_failures(model, hard[k], CURBS, CURB, "CHN", "c14", no_reason);
        dr_model_free(model);
    }
    dr_economy_free(economy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(balanced_trade_has_a_solution_everywhere),
        cmocka_unit_test(a_surplus_needs_exports),
        cmocka_unit_test(the_way_is_told),
        cmocka_unit_test(the_full_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
