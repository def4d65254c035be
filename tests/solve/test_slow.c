/* The fast solver against the slow one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "slow.h"
#include "solve/model.h"

static void ok(dr_status status)
{
    if (status != DR_OK)
        fail_msg("%s", dr_error_text());
}

typedef struct shock {
    const char *name;
    double tariff; /* of A0 on A1, where above 0 */
    double times;  /* cost between A0 and A2 */
    bool ban;      /* by A2 on A3, of the last sector */
} shock;

static dr_scenario *scenario_of(const dr_economy *economy, const synthetic *y, const shock *change)
{
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    if (change->tariff > 0)
        ok(dr_scenario_tariff(scenario, "A0", "A1", "all", change->tariff, false));
    if (change->times != 1)
        ok(dr_scenario_trade_cost(scenario, "A0", "A2", "all", change->times, true));
    if (change->ban)
        ok(dr_scenario_ban(scenario, "A2", "A3", y->sector_names[y->s - 1]));
    return scenario;
}

/* The same shock as arrays, written out by hand. */
static void arrays_of(const synthetic *y, const shock *change, double *tariff, double *kappa)
{
    for (size_t n = 0; n < y->r; n++)
        for (size_t i = 0; i < y->r; i++)
            for (size_t s = 0; s < y->s; s++) {
                size_t f = (n * y->r + i) * y->s + s;
                tariff[f] = change->tariff > 0 && n == 0 && i == 1 ? change->tariff : y->tariff[f];
                kappa[f] = (1 + tariff[f]) / (1 + y->tariff[f]);
                if ((n == 0 && i == 2) || (n == 2 && i == 0))
                    kappa[f] *= change->times;
                if (change->ban && n == 2 && i == 3 && s == y->s - 1)
                    kappa[f] = INFINITY;
            }
}

static void compare(const shock *change, double theta, bool taxed, unsigned long long seed)
{
    synthetic y = synthetic_new(5, 4, seed, taxed, true);
    size_t flows = y.r * y.r * y.s;
    char text[32];
    double *tariff = synthetic_numbers(flows), *kappa = synthetic_numbers(flows), thetas[4];
    for (size_t s = 0; s < y.s; s++)
        thetas[s] = theta;
    snprintf(text, sizeof text, "%g", theta);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = NULL;
    dr_solution *fast = NULL;
    dr_model_options options = {.elasticity = text, .tolerance = 1e-13};
    ok(dr_model_new(&model, economy, &options));
    dr_scenario *scenario = scenario_of(economy, &y, change);
    ok(dr_model_solve(&fast, model, scenario));
    arrays_of(&y, change, tariff, kappa);
    slow plain = slow_solve(&y, thetas, tariff, kappa);
    dr_table *table = NULL;
    ok(dr_solution_regions(&table, fast));
    for (size_t n = 0; n < y.r; n++) {
        double welfare = dr_table_number(table, n, 1);
        if (!(fabs(fast->wage[n] - plain.wage[n]) < 1e-9 && fabs(welfare - plain.welfare[n]) < 1e-9))
            fail_msg("%s, theta %g, region %zu: welfare %.12g%% against %.12g%%", change->name, theta, n, welfare,
                     plain.welfare[n]);
    }
    for (size_t f = 0; f < flows; f++)
        if (!(fabs(fast->flow[f] - plain.flow[f]) <= 1e-9 * y.flow[f]))
            fail_msg("%s, theta %g: flow %zu is %.12g against %.12g", change->name, theta, f, fast->flow[f],
                     plain.flow[f]);
    dr_table_free(table);
    slow_free(&plain);
    dr_scenario_free(scenario);
    dr_solution_free(fast);
    dr_model_free(model);
    dr_economy_free(economy);
    free(tariff);
    free(kappa);
    synthetic_free(&y);
}

static void fast_and_slow_agree(void **state)
{
    static const shock shocks[] = {{"tariff", 0.25, 1, false},
                                   {"cheaper trade", 0, 0.7, false},
                                   {"dearer trade", 0, 3, false},
                                   {"ban", 0, 1, true},
                                   {"all at once", 1, 2, true}};
    static const double thetas[] = {1, 5, 12};
    (void)state;
    for (size_t i = 0; i < sizeof shocks / sizeof *shocks; i++)
        for (size_t t = 0; t < sizeof thetas / sizeof *thetas; t++)
            for (int taxed = 0; taxed < 2; taxed++)
                compare(&shocks[i], thetas[t], taxed, 11 + i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fast_and_slow_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
