/* Gains from trade: what regions lose if they trade no more. With Cobb-Douglas nests it follows from shares of home
 * sales alone (Arkolakis, Costinot & Rodriguez-Clare 2012; Costinot & Rodriguez-Clare 2014, with inputs): at a wage of
 * 1, the price of good k is P[k] = c[k] home[k]^(-1/theta[k]), unit cost c[k] is the product of P^a over inputs, and
 * real income one over the product of P[k]^b[k], b the shares of final demand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "equilibrium/solution.h"
#include "result/welfare.h"
#include "support/check.h"
#include "support/synthetic.h"

/* The formula, in percent. */
static double formula(const dr_model *m, size_t n)
{
    double price[64] = {0}, moved = 1, sum = 0;
    size_t s = m->sectors;
    assert_true(s <= 64);
    while (moved > 1e-15) {
        moved = 0;
        for (size_t k = 0; k < s; k++) {
            double next = -log(m->import_share[(k * m->regions + n) * m->stride + n]) / m->theta[k];
            for (size_t j = 0; j < s; j++)
                next += m->input_share[(k * s + j) * m->stride + n] * price[j];
            moved = fmax(moved, fabs(next - price[k]));
            price[k] = next;
        }
    }
    for (size_t k = 0; k < s; k++)
        sum += m->final_share[k * m->stride + n] * price[k];
    return 100 * (exp(-sum) - 1);
}

static dr_solution *autarky(const dr_model *model, const dr_economy *economy, const char *in)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_change(scenario, "autarky", in));
    ok(dr_model_solve(&solution, model, scenario));
    assert_true(solution->certificate.worst_residual < 1e-9);
    dr_scenario_free(scenario);
    return solution;
}

/* All regions, and one alone, with inputs and without, and in the one-sector model. */
static void as_the_formula(void **state)
{
    static const char *const models[] = {"caliendo-parro", "armington"};
    (void)state;
    for (int k = 0; k < 4; k++) {
        synthetic table = synthetic_new(5, 4, 23, false, k % 2 == 0);
        dr_economy *economy = synthetic_economy(&table);
        dr_model *model = NULL;
        ok(dr_model_new(&model, economy,
                        &DR_OPTIONS(dr_model_options, .model = models[k / 2], .elasticity = "3.5",
                                    .closure = DR_CLOSURE_ZERO, .tolerance = 1e-13)));
        dr_solution *all = autarky(model, economy, "all"), *one = autarky(model, economy, "A1");
        for (size_t n = 0; n < 5; n++) {
            near(dr_solution_welfare(all, n), formula(model, n), 1e-8);
            assert_true(dr_solution_welfare(all, n) < -0.1);
        }
        near(dr_solution_welfare(one, 1), formula(model, 1), 1e-8);
        assert_true(dr_solution_welfare(one, 2) > formula(model, 2));
        dr_solution_free(all);
        dr_solution_free(one);
        dr_model_free(model);
        dr_economy_free(economy);
        synthetic_free(&table);
    }
}

/* ---- What is published ------------------------------------------------------------------------------------------- */

/* Costinot & Rodriguez-Clare (2014), Table 4.1, one sector, as lecture slides of one of the field quote it: the home
 * shares of the WIOD of 2008, trade elasticity 5, gains in percent of real income. China's is of another vintage of the
 * table, with a home share of 0.88 instead of 0.91. */
static const struct {
    const char *region;
    double gains;
} published[] = {{"IRL", 8.0}, {"BEL", 7.5}, {"USA", 1.8}};

static dr_economy *wiod(char *path, size_t size, dr_world **world)
{
    char table[512], sectors[512];
    const char *folder = getenv("DERISK_SHARED"), *files[] = {table};
    dr_economy *economy = NULL;
    snprintf(table, sizeof table, "%s/data/wiod/wiod_2008.csv.gz", folder ? folder : "../shared");
    snprintf(sectors, sizeof sectors, "%s/data/wiod/sectors.csv", folder ? folder : "../shared");
    if (access(table, R_OK) != 0) {
        print_message("no %s\n", table);
        skip();
    }
    snprintf(path, size, "/tmp/derisk-autarky-%d.world", (int)getpid());
    unlink(path);
    ok(dr_import_icio(NULL, files, 1, path, &DR_OPTIONS(dr_import_options, .sectors = sectors)));
    ok(dr_world_open(world, path));
    ok(dr_economy_load(&economy, *world, 2008));
    return economy;
}

static size_t region_of(const dr_economy *e, const char *code)
{
    size_t n = 0;
    while (n < e->regions && strcmp(e->region_codes.names[n], code) != 0)
        n++;
    assert_true(n < e->regions);
    return n;
}

/* The formula at the shares of the table is what is published, to its rounding and 0.15; the model's solution is the
 * formula at its base, in which trade is balanced first, and half a point from what is published. */
static void as_published(void **state)
{
    char path[64];
    dr_world *world = NULL;
    dr_economy *economy = wiod(path, sizeof path, &world);
    dr_model *table = NULL, *balanced = NULL;
    (void)state;
    ok(dr_model_new(&table, economy, &DR_OPTIONS(dr_model_options, .model = "armington", .elasticity = "5")));
    ok(dr_model_new(
        &balanced, economy,
        &DR_OPTIONS(dr_model_options, .model = "armington", .elasticity = "5", .closure = DR_CLOSURE_ZERO)));
    dr_solution *all = autarky(balanced, economy, "all");
    for (size_t k = 0; k < sizeof published / sizeof *published; k++) {
        size_t n = region_of(economy, published[k].region);
        double gains = -formula(table, n), solved = -dr_solution_welfare(all, n);
        print_message("%s: gains of %.2f%% (published %.1f), with balanced trade %.2f\n", published[k].region, gains,
                      published[k].gains, solved);
        near(gains, published[k].gains, 0.15);
        near(solved, -formula(balanced, n), 1e-7);
        near(solved, published[k].gains, 0.5);
    }
    dr_solution_free(all);
    dr_model_free(table);
    dr_model_free(balanced);
    dr_economy_free(economy);
    dr_world_close(world);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_the_formula), cmocka_unit_test(as_published)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
