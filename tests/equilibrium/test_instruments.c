/* Instruments against the model in levels, and at their kinks. */
#include "equilibrium/solution.h"
#include "support/check.h"
#include "support/levels_model.h"

typedef struct fixture {
    synthetic y;
    slow_model m;
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
    dr_solution *solution;
    double *tariff; /* [n, i, s] of the base, which the policy in levels may change */
} fixture;

static const slow_model models[] = {{5, 1, 1, 1, INFINITY, 1, 0, 0, 0, 0},
                                    {0.76, 0.5, 0.2, 0.9, 0, 1, 0, 0, 0, 0},
                                    {2, 0.5, 0.2, 0.9, 0.5, 1, 0, 0, 0, 0},
                                    {4, 1.5, 2, 1.2, INFINITY, 1, 0, 0, 0, 0}};

static fixture fixture_new(size_t which, unsigned long long seed, bool income_share)
{
    fixture f = {.y = synthetic_new(3 + seed % 4, 2 + seed / 4 % 3, seed, seed % 3 > 0, true), .m = models[which]};
    char text[32];
    snprintf(text, sizeof text, "%g", f.m.theta);
    f.economy = synthetic_economy(&f.y);
    dr_model_options options = {.size = sizeof options,
                                .elasticity = text,
                                .tolerance = 1e-13,
                                .closure = income_share ? DR_CLOSURE_INCOME_SHARE : DR_CLOSURE_FIXED};
    ok(dr_model_new(&f.model, f.economy, &options));
    for (size_t s = 0; s < f.y.s; s++) {
        f.model->nests.eta[s] = f.m.eta;
        f.model->nests.rho[s] = f.m.rho;
    }
    f.model->nests.phi = f.m.phi;
    f.model->nests.psi = f.m.psi;
    f.model->nests.cobb_douglas = which == 0;
    ok(dr_scenario_new(&f.scenario, f.economy));
    f.tariff = synthetic_numbers(f.y.r * f.y.r * f.y.s);
    memcpy(f.tariff, f.y.tariff, f.y.r * f.y.r * f.y.s * sizeof *f.tariff);
    return f;
}

static void fixture_free(fixture *f)
{
    dr_solution_free(f->solution);
    dr_scenario_free(f->scenario);
    dr_model_free(f->model);
    dr_economy_free(f->economy);
    synthetic_free(&f->y);
    free(f->tariff);
}

/* The budget of each region: what it spends is what it earns; exports and imports at the border balance. */
static void budgets_balance(const fixture *f)
{
    const dr_solution *s = f->solution;
    for (size_t n = 0; n < f->y.r; n++) {
        double trade = 0, size = 0, earned = s->tariff_revenue[n] + s->rents[n] + s->deficit[n];
        for (size_t i = 0; i < f->y.r; i++)
            for (size_t k = 0; k < f->y.s; k++) {
                trade += s->flow[(n * f->y.r + i) * f->y.s + k] - s->flow[(i * f->y.r + n) * f->y.s + k];
                size += s->flow[(n * f->y.r + i) * f->y.s + k];
            }
        for (size_t k = 0; k < f->y.s; k++)
            earned += s->value_added[n * f->y.s + k];
        near(trade / size, s->deficit[n] / size, 1e-10);
        near(earned / s->income[n], 1, 1e-10);
    }
}

static void agree(const fixture *f, const levels *plain)
{
    const dr_solution *s = f->solution;
    for (size_t n = 0; n < f->y.r; n++) {
        double welfare = 0;
        dr_table *table = NULL;
        ok(dr_solution_regions(&table, s));
        welfare = dr_table_number(table, n, 1);
        dr_table_free(table);
        near(welfare, 100 * (plain->real[n] / plain->real0[n] - 1), 1e-9);
        near(s->income[n] / plain->income[n], 1, 1e-11);
        near(s->tariff_revenue[n] / s->income[n], plain->revenue[n] / s->income[n], 1e-11);
        near(s->rents[n] / s->income[n], plain->rents[n] / s->income[n], 1e-11);
        for (size_t k = 0; k < f->y.s; k++) {
            near(s->cost[n * f->y.s + k], plain->cost[n][k] / plain->cost0[n][k], 1e-10);
            near(s->output[n * f->y.s + k] / (plain->made[n][k] * plain->cost[n][k]), 1, 1e-10);
        }
    }
    budgets_balance(f);
}

/* ---- Tariff-rate quotas ------------------------------------------------------------------------------------------ */

static const char *sector_name(const fixture *f, size_t k)
{
    return f->y.sector_names[k];
}

/* A1 has a quota on imports from A0 of sector s0, and A2 one together for A0 and A1 of all sectors. */
static void add_quotas(fixture *f, levels_quota *quotas, unsigned long long *state)
{
    size_t r = f->y.r, s = f->y.s;
    for (size_t q = 0; q < 2; q++) {
        double base = 0, part = 0.2 + 1.2 * synthetic_random(state), in = 0.1 * synthetic_random(state);
        quotas[q] = (levels_quota){
            .in = in, .over = in + 0.5 * synthetic_random(state), .rent = (dr_rent)(3 * synthetic_random(state))};
        for (size_t i = 0; i < (q ? 2u : 1u); i++)
            for (size_t k = 0; k < (q ? s : 1); k++) {
                size_t flow = ((1 + q) * r + i) * s + k;
                quotas[q].flows[quotas[q].count++] = flow;
                base += f->y.flow[flow];
            }
        dr_rate_quota given = {.size = sizeof given,
                               .quota = q ? part * base : part,
                               .relative = q == 0,
                               .in_quota = in,
                               .over_quota = quotas[q].over,
                               .rent = quotas[q].rent,
                               .together = q};
        quotas[q].level = part * base;
        ok(dr_scenario_tariff_rate_quota(f->scenario, q ? "A2" : "A1", q ? "A0,A1" : "A0",
                                         q ? "all" : sector_name(f, 0), &given));
    }
}

static void quotas_agree_with_levels(void **state)
{
    (void)state;
    size_t seen[3] = {0};
    for (unsigned long long seed = 1; seed <= 24; seed++) {
        fixture f = fixture_new(seed % 4, seed, seed % 5 == 0);
        unsigned long long random = seed + 100;
        levels_quota quotas[2];
        levels plain = {0};
        add_quotas(&f, quotas, &random);
        levels_policy policy = {.quotas = quotas, .quota_count = 2, .income_share = seed % 5 == 0};
        assert_int_equal(levels_solve(&plain, &f.y, f.m, policy, seed), 1);
        ok(dr_model_solve(&f.solution, f.model, f.scenario));
        agree(&f, &plain);
        for (size_t q = 0; q < 2; q++) {
            seen[plain.regime[q]]++;
            near(f.solution->limits[q].wedge, plain.mu[q], 1e-9);
            near(f.solution->limits[q].volume / plain.volume[q], 1, 1e-9);
        }
        fixture_free(&f);
    }
    for (size_t regime = 0; regime < 3; regime++)
        assert_true(seen[regime] >= 6);
}

/* The volume of A1's imports from A0 of s0 at a tariff, in base prices. */
static double volume_at(size_t which, double tariff, double *welfare)
{
    fixture f = fixture_new(which, 7, false);
    ok(dr_scenario_tariff(f.scenario, "A1", "A0", "s0", tariff, DR_RATE_SET));
    ok(dr_model_solve(&f.solution, f.model, f.scenario));
    double volume = f.solution->flow[f.y.r * f.y.s] / f.solution->cost[0];
    for (size_t n = 0; n < f.y.r; n++)
        welfare[n] = f.solution->income[n];
    fixture_free(&f);
    return volume;
}

/* With a quota of exactly what is imported at one of the rates, the other rate plays no part; a rent begins at the
 * kink, and at the over-quota rate the importer who has it has the revenue of that tariff. */
static void kinks_are_found(void **state)
{
    (void)state;
    for (size_t which = 0; which < sizeof models / sizeof *models; which++)
        for (int over = 0; over < 2; over++) {
            double income[LR];
            double volume = volume_at(which, over ? 0.4 : 0.05, income);
            fixture f = fixture_new(which, 7, false);
            dr_rate_quota quota = {
                .size = sizeof quota, .quota = volume, .in_quota = 0.05, .over_quota = 0.4, .rent = DR_RENT_IMPORTER};
            ok(dr_scenario_tariff_rate_quota(f.scenario, "A1", "A0", "s0", &quota));
            ok(dr_model_solve(&f.solution, f.model, f.scenario));
            near(f.solution->limits[0].wedge, over ? 1.4 / 1.05 : 1, 1e-9);
            near(f.solution->limits[0].volume / volume, 1, 1e-9);
            for (size_t n = 0; n < f.y.r; n++)
                near(f.solution->income[n] / income[n], 1, 1e-9);
            fixture_free(&f);
        }
}

/* Quotas without effect are plain tariffs. */
static void quotas_of_nothing_and_of_one_rate(void **state)
{
    (void)state;
    for (int nothing = 0; nothing < 2; nothing++) {
        double income[LR];
        fixture f = fixture_new(0, 7, false);
        volume_at(0, 0.3, income);
        dr_rate_quota quota = {
            .size = sizeof quota, .quota = nothing ? 0 : 1, .in_quota = nothing ? 0.1 : 0.3, .over_quota = 0.3};
        ok(dr_scenario_tariff_rate_quota(f.scenario, "A1", "A0", "s0", &quota));
        assert_int_equal(f.scenario->limit_count, 0);
        ok(dr_model_solve(&f.solution, f.model, f.scenario));
        for (size_t n = 0; n < f.y.r; n++)
            near(f.solution->income[n] / income[n], 1, 1e-12);
        fixture_free(&f);
    }
}

/* ---- Known cases ------------------------------------------------------------------------------------------------- */

/* The real income of all regions under a scenario, in percent. */
static void welfare_of(fixture *f, double welfare[LR])
{
    dr_table *table = NULL;
    dr_solution_free(f->solution);
    f->solution = NULL;
    ok(dr_model_solve(&f->solution, f->model, f->scenario));
    ok(dr_solution_regions(&table, f->solution));
    for (size_t n = 0; n < f->y.r; n++)
        welfare[n] = dr_table_number(table, n, 1);
    dr_table_free(table);
}

/* With balanced trade a tariff on all imports is a tax on all exports (Lerner 1936). */
static void a_uniform_tariff_is_a_uniform_export_tax(void **state)
{
    (void)state;
    static const char *const horizons[] = {"short", "medium", "long"};
    for (size_t h = 0; h < 3; h++) {
        double welfare[2][LR];
        for (int taxed = 0; taxed < 2; taxed++) {
            fixture f = {.y = synthetic_new(4, 3, 5, false, true)};
            f.economy = synthetic_economy(&f.y);
            dr_model_options options = {
                .size = sizeof options, .horizon = horizons[h], .closure = DR_CLOSURE_ZERO, .tolerance = 1e-13};
            ok(dr_model_new(&f.model, f.economy, &options));
            ok(dr_scenario_new(&f.scenario, f.economy));
            if (taxed)
                ok(dr_scenario_export_tax(f.scenario, "A0", "A1,A2,A3", "all", 0.2));
            else
                ok(dr_scenario_tariff(f.scenario, "A0", "A1,A2,A3", "all", 0.2, DR_RATE_SET));
            welfare_of(&f, welfare[taxed]);
            fixture_free(&f);
        }
        assert_true(fabs(welfare[0][1]) > 1e-3);
        for (size_t n = 0; n < 4; n++)
            near(welfare[0][n], welfare[1][n], 1e-8);
    }
}

/* A production subsidy and an equal tax on the use of a non-traded good cancel out. */
static void a_subsidy_and_its_tax_undo_each_other(void **state)
{
    (void)state;
    for (size_t which = 0; which < sizeof models / sizeof *models; which++) {
        double welfare[LR];
        fixture f = fixture_new(which, 7, false);
        size_t r = f.y.r, s = f.y.s;
        dr_model_free(f.model);
        for (size_t n = 0; n < r; n++)
            for (size_t i = 0; i < r; i++) {
                size_t flow = (n * r + i) * s;
                f.economy->tariff[flow] = 0;
                f.economy->flow[flow] = n == i ? f.economy->flow[flow] : 0;
            }
        char text[32];
        snprintf(text, sizeof text, "%g", f.m.theta);
        dr_model_options options = {.size = sizeof options, .elasticity = text, .tolerance = 1e-13};
        ok(dr_model_new(&f.model, f.economy, &options));
        ok(dr_scenario_production_tax(f.scenario, "A1", "s0", -0.2));
        welfare_of(&f, welfare);
        assert_true(fabs(welfare[1]) > 1e-3);
        ok(dr_scenario_use_tax(f.scenario, "A1", "s0", 0.25));
        welfare_of(&f, welfare);
        for (size_t n = 0; n < r; n++)
            near(welfare[n], 0, 1e-9);
        fixture_free(&f);
    }
}

/* ---- Shifts and transfers ---------------------------------------------------------------------------------------- */

/* Random productivity, labour, tastes and transfers, all at once beside a tariff. */
static void shifts_agree_with_levels(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 16; seed++) {
        fixture f = fixture_new(seed % 4, seed, seed % 3 == 0);
        unsigned long long random = seed + 300;
        size_t r = f.y.r, s = f.y.s;
        double *shift[3], *received = synthetic_numbers(r), given = 2 * synthetic_random(&random);
        double gives = 0, share = 0.05 * synthetic_random(&random);
        for (size_t k = 0; k < 3; k++) {
            shift[k] = synthetic_numbers(r * s);
            for (size_t cell = 0; cell < r * s; cell++) {
                double change = 0.6 * synthetic_random(&random) - 0.3;
                const char *in = f.y.region_names[cell / s], *of = sector_name(&f, cell % s);
                shift[k][cell] = 1 + change;
                ok(k == 0   ? dr_scenario_productivity(f.scenario, in, of, change)
                   : k == 1 ? dr_scenario_factor_supply(f.scenario, in, "labour", of, change)
                            : dr_scenario_demand(f.scenario, in, of, change));
            }
        }
        ok(dr_scenario_transfer(f.scenario, "A0", "A1,A2", given, false));
        ok(dr_scenario_transfer(f.scenario, "A2", "A0", share, true));
        ok(dr_scenario_tariff(f.scenario, "A1", "A0", "s1", 0.2, DR_RATE_SET));
        f.tariff[(r + 0) * s + 1] = 0.2;
        const double *income = f.model->base.income;
        gives = share * income[2];
        received[0] = gives - given;
        received[1] = given * income[1] / (income[1] + income[2]);
        received[2] = given * income[2] / (income[1] + income[2]) - gives;
        levels plain = {0};
        levels_policy policy = {.tariff = f.tariff,
                                .productivity = shift[0],
                                .labour = shift[1],
                                .taste = shift[2],
                                .transfer = received,
                                .income_share = seed % 3 == 0};
        assert_int_equal(levels_solve(&plain, &f.y, f.m, policy, seed), 1);
        ok(dr_model_solve(&f.solution, f.model, f.scenario));
        agree(&f, &plain);
        for (size_t k = 0; k < 3; k++)
            free(shift[k]);
        free(received);
        fixture_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(quotas_agree_with_levels),
                                       cmocka_unit_test(kinks_are_found),
                                       cmocka_unit_test(quotas_of_nothing_and_of_one_rate),
                                       cmocka_unit_test(a_uniform_tariff_is_a_uniform_export_tax),
                                       cmocka_unit_test(a_subsidy_and_its_tax_undo_each_other),
                                       cmocka_unit_test(shifts_agree_with_levels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
